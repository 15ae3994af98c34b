"""What a site may set, read once. Every variable is named XIEZHI_…; docs/reference/settings.md lists them from here."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.certificate.site import CertificateSite
from xiezhi.web.accounts.ldap.site import LdapSite

POLICIES = ("mlps3", "asvs5")
MODES = ("site", "demo")

VARIABLES = {
    "XIEZHI_HOME": ("数据目录", "The data folder: lake, embedded database, keys, uploads."),
    "XIEZHI_MODE": ("site 或 demo", "`site`, or `demo` for the demonstration with its sign-in links."),
    "XIEZHI_DATABASE_URL": ("应用连接数据库的地址", "PostgreSQL as the application's role; unset means the embedded one."),
    "XIEZHI_OWNER_URL": ("迁移时用的地址", "The same database as the owner of its tables; needed by `xiezhi migrate` only."),
    "XIEZHI_BACKUP_URL": ("备份时用的地址", "The same database as a role that sees every row; needed by `xiezhi backup` only."),
    "XIEZHI_HOSTS": ("允许的主机名", "Host names the site answers to, separated by commas."),
    "XIEZHI_POLICY": ("口令策略", "`mlps3` (GB/T 22239-2019) or `asvs5` (OWASP ASVS 5.0)."),
    "XIEZHI_CONTENT": ("本地内容目录", "A site's own content, laid over what is shipped."),
    "XIEZHI_KEY_FILE": ("身份库密钥文件", "The key of the identity vault, kept apart from the data."),
    "XIEZHI_MEMORY": ("引擎内存上限", "Memory an engine may use, as DuckDB spells it."),
    "XIEZHI_THREADS": ("引擎线程数", "Threads an engine may use."),
    "XIEZHI_TRUSTED_PROXIES": ("可信代理地址", "Addresses whose X-Forwarded-For is believed."),
    "XIEZHI_CHECKPOINT_COPY": ("检查点副本目录", "A second place for the trail's checkpoints, on another machine."),
    "XIEZHI_CHECKPOINT_SYSLOG": ("检查点写入系统日志", "`yes` to write each checkpoint of the trail to syslog as well."),
    "XIEZHI_HTTPS": ("是否只走 TLS", "`yes`, or `no` where there is no TLS proxy yet."),
    "XIEZHI_METRICS_TOKEN_FILE": (
        "读取指标的令牌文件",
        "A file with the token that monitoring sends to /metrics/; without it there is no such page.",
    ),
    "XIEZHI_OIDC_URL": (
        "统一身份(OIDC)的地址",
        "Issuer of the directory that people may sign in with; see docs/how-to/connect-a-directory.md.",
    ),
    "XIEZHI_OIDC_ID": ("统一身份的客户端编号", "The client id that the directory gave this site."),
    "XIEZHI_OIDC_SECRET_FILE": ("统一身份的客户端密钥文件", "A file with the client's secret, readable by the service only."),
    "XIEZHI_OIDC_CLAIM": ("工号所在的声明", "The claim that carries the staff number; `staff_number` unless set."),
    "XIEZHI_OIDC_MFA": (
        "统一身份是否已查第二因素",
        "`yes` where the directory itself asks for two factors; else the site asks for its own.",
    ),
    "XIEZHI_LDAP_URL": (
        "目录服务(LDAP、AD)的地址",
        "A directory whose passwords people may sign in with: `ldaps://host`, `ldap://host` (StartTLS); several with commas.",
    ),
    "XIEZHI_LDAP_STARTTLS": (
        "是否用 StartTLS",
        "`yes`; `no` (clear text) is refused unless the directory is on this very machine.",
    ),
    "XIEZHI_LDAP_CA_FILE": (
        "目录服务证书的签发机构",
        "The certificate authority of the directory; unset means the machine's own list.",
    ),
    "XIEZHI_LDAP_BIND_DN": (
        "用来查找人员的目录账号",
        "Whom the search is done as; unset where the directory lets anybody search.",
    ),
    "XIEZHI_LDAP_PASSWORD_FILE": ("该目录账号的密码文件", "A file with that account's password, mode 0600."),
    "XIEZHI_LDAP_BASE": ("从哪里查找", "The DN below which people are."),
    "XIEZHI_LDAP_FILTER": ("怎样查找", "Finds one person by what they type, `{name}`; `(uid={name})` unless set."),
    "XIEZHI_LDAP_STAFF_NUMBER": ("工号所在的属性", "The attribute that holds the staff number; `employeeNumber` unless set."),
    "XIEZHI_LDAP_TIMEOUT": ("等目录多少秒", "Seconds to wait for each of the directory's answers; 5 unless set."),
    "XIEZHI_CERTIFICATE_HEADER": (
        "代理转来客户端证书的请求头",
        "The header in which the proxy hands on a client certificate (UKey) as escaped PEM; set, people may sign in with one.",
    ),
    "XIEZHI_CERTIFICATE_HEADER_VERIFIED": (
        "代理转来核验结果的请求头",
        "The header with the proxy's verdict, `SUCCESS` where it is good; `X-Client-Verified` unless set.",
    ),
    "XIEZHI_CERTIFICATE_HEADER_SECRET": (
        "代理证明自己的请求头",
        "The header in which the proxy proves that it wrote the other two; `X-Client-Proxy` unless set.",
    ),
    "XIEZHI_CERTIFICATE_SECRET_FILE": (
        "代理证明自己用的密钥文件",
        "A file with the secret that the proxy sends there, 16 characters at least, mode 0600.",
    ),
    "XIEZHI_CERTIFICATE_STAFF_NUMBER": (
        "证书里工号所在的位置",
        "Where the certificate has the staff number: the subject's `serialNumber` unless set; `CN`, an OID, `SAN:email` …",
    ),
    "XIEZHI_CERTIFICATE_MFA": (
        "证书加 PIN 是否算两个因素",
        "`yes` where the UKey and its PIN count as two factors; else the site asks for its own second one.",
    ),
    "XIEZHI_LANG": ("命令行语言", "`zh` or `en`, for the command line."),
    "XIEZHI_ACTOR": ("命令行操作人", "Who acts, in records made by the command line."),
    "XIEZHI_NOW": ("测试用时钟", "A fixed clock, for tests."),
    "XIEZHI_KILL_AT": ("测试用故障点", "A fault point to die at, for tests."),
}
"""Every variable that means something. docs/reference/settings.md repeats it, and a test compares."""


@dataclass(frozen=True)
class Directory:
    """An OpenID Connect provider whose people may sign in, where they have an account."""

    url: str
    client: str
    secret_file: Path
    claim: str
    mfa: bool

    @classmethod
    def read(cls, source: Mapping[str, str]) -> Directory | None:
        if not source.get("XIEZHI_OIDC_URL"):
            return None
        missing = [name for name in ("XIEZHI_OIDC_ID", "XIEZHI_OIDC_SECRET_FILE") if not source.get(name)]
        if missing:
            raise UserError(
                "XZ-ENV-02",
                zh=f"设了 XIEZHI_OIDC_URL,还缺 {'、'.join(missing)}",
                en=f"XIEZHI_OIDC_URL is set, but not {', '.join(missing)}",
                todo_zh="见 docs/how-to/connect-a-directory.md",
                todo_en="see docs/how-to/connect-a-directory.md",
            )
        return cls(
            url=source["XIEZHI_OIDC_URL"],
            client=source["XIEZHI_OIDC_ID"],
            secret_file=Path(source["XIEZHI_OIDC_SECRET_FILE"]),
            claim=source.get("XIEZHI_OIDC_CLAIM") or "staff_number",
            mfa=_yes_or_no(source, "XIEZHI_OIDC_MFA", "no"),
        )


@dataclass(frozen=True)
class Environment:
    """`database_url` None means the embedded PostgreSQL in `home`/postgres; `owner_url` is known where migrations may run."""

    home: Path
    mode: str
    database_url: str | None
    owner_url: str | None
    hosts: tuple[str, ...]
    policy: str
    content: Path | None
    key_file: Path | None
    memory: str
    threads: int | None
    trusted_proxies: tuple[str, ...]
    checkpoint_copy: Path | None
    checkpoint_syslog: bool
    https: bool
    directory: Directory | None
    ldap: LdapSite | None
    certificate: CertificateSite | None
    metrics_token_file: Path | None

    @classmethod
    def read(cls, source: Mapping[str, str] = os.environ) -> Environment:
        """Raises UserError naming the variable that cannot be."""
        mode = _one_of(source, "XIEZHI_MODE", MODES)
        return cls(
            home=Path(source.get("XIEZHI_HOME", "xiezhi-data")).absolute(),
            mode=mode,
            database_url=_postgresql(source, "XIEZHI_DATABASE_URL"),
            owner_url=_postgresql(source, "XIEZHI_OWNER_URL"),
            hosts=tuple(source.get("XIEZHI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")),
            policy=_one_of(source, "XIEZHI_POLICY", POLICIES),
            content=_path(source, "XIEZHI_CONTENT"),
            key_file=_path(source, "XIEZHI_KEY_FILE"),
            memory=source.get("XIEZHI_MEMORY", "2GB"),
            threads=_whole(source, "XIEZHI_THREADS"),
            trusted_proxies=tuple(one for one in source.get("XIEZHI_TRUSTED_PROXIES", "").split(",") if one),
            checkpoint_copy=_path(source, "XIEZHI_CHECKPOINT_COPY"),
            checkpoint_syslog=_yes_or_no(source, "XIEZHI_CHECKPOINT_SYSLOG", "no"),
            directory=Directory.read(source),
            ldap=LdapSite.read(source),
            certificate=CertificateSite.read(source),
            metrics_token_file=_path(source, "XIEZHI_METRICS_TOKEN_FILE"),
            https=_yes_or_no(source, "XIEZHI_HTTPS", "no" if mode == "demo" else "yes"),
        )


def _path(source: Mapping[str, str], name: str) -> Path | None:
    return Path(source[name]) if source.get(name) else None


def _yes_or_no(source: Mapping[str, str], name: str, usual: str) -> bool:
    """Raises UserError XZ-ENV-01 for any other word: `true` taken for no had kept checkpoints out of the machine's log."""
    return _one_of(source, name, (usual, "no" if usual == "yes" else "yes")) == "yes"


def _one_of(source: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = source.get(name) or allowed[0]
    if value not in allowed:
        raise UserError(
            "XZ-ENV-01",
            zh=f"{name} 不能是 {value}",
            en=f"{name} cannot be {value}",
            todo_zh=f"可选:{'、'.join(allowed)}",
            todo_en=f"one of: {', '.join(allowed)}",
        )
    return value


def _whole(source: Mapping[str, str], name: str) -> int | None:
    text = source.get(name, "").strip()
    if not text:
        return None
    if not (text.isdigit() and int(text)):
        raise UserError(
            "XZ-ENV-03",
            zh=f"{name} 不能是 {text}",
            en=f"{name} cannot be {text}",
            todo_zh="写一个正整数,或不设",
            todo_en="write a whole number above 0, or unset it",
        )
    return int(text)


def _postgresql(source: Mapping[str, str], name: str) -> str | None:
    """The value is not repeated: it may hold a password."""
    url = source.get(name) or None
    if url is not None and not (url.startswith(("postgresql://", "postgres://")) and urlsplit(url).path.strip("/")):
        raise UserError(
            "XZ-ENV-04",
            zh=f"{name} 不是 PostgreSQL 地址",
            en=f"{name} is no PostgreSQL address",
            todo_zh="写作 postgresql://角色@主机/数据库",
            todo_en="write postgresql://role@host/database",
        )
    return url


def secret_of(file: Path) -> str:
    """The secret in `file`, made on first use, readable by its owner only. Raises UserError where it cannot be kept."""
    try:
        return _secret_of(file)
    except OSError as error:
        raise UserError(
            "XZ-ENV-05",
            zh=f"不能读写 {file}:{error.strerror}",
            en=f"{file} cannot be read or written: {error.strerror}",
            todo_zh="检查 XIEZHI_HOME,以及以哪个账号运行",
            todo_en="check XIEZHI_HOME, and the account this runs as",
        ) from error


def _secret_of(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _secret_of(file)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(64))
    return file.read_text().strip()
