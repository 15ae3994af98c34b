"""What a site says of its directory. Settings are read before Django is there, so nothing of Django is imported here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from xiezhi.kernel.errors import UserError

NAME = "{name}"
"""Stands in the filter for what a person typed, escaped."""

PORTS = {"ldap": 389, "ldaps": 636}
PAGE = "docs/how-to/connect-a-directory.md"


@dataclass(frozen=True)
class Server:
    """One of the directory's machines. `clear`: without TLS, which is allowed on this machine itself only."""

    host: str
    port: int
    tls_at_once: bool
    clear: bool = False


@dataclass(frozen=True)
class LdapSite:
    """`bind_dn` "" means that the directory lets anybody search."""

    servers: tuple[Server, ...]
    base: str
    filter: str
    staff_number: str
    bind_dn: str
    password_file: Path | None
    ca_file: Path | None
    timeout: int

    @classmethod
    def read(cls, source: Mapping[str, str]) -> LdapSite | None:
        """Raises UserError naming the setting that is missing or cannot be. No value is repeated."""
        if not source.get("XIEZHI_LDAP_URL"):
            return None
        if find_spec("ldap3") is None:
            raise _wrong(
                "XIEZHI_LDAP_URL", "没有安装 ldap3:pip install 'xiezhi[ldap]'", "ldap3 is missing: pip install 'xiezhi[ldap]'"
            )
        if not source.get("XIEZHI_LDAP_BASE", "").strip():
            raise _wrong("XIEZHI_LDAP_BASE", "设了 XIEZHI_LDAP_URL,还缺它", "it is missing while XIEZHI_LDAP_URL is set")
        if bool(source.get("XIEZHI_LDAP_BIND_DN")) != bool(source.get("XIEZHI_LDAP_PASSWORD_FILE")):
            raise _wrong(
                "XIEZHI_LDAP_BIND_DN", "要和 XIEZHI_LDAP_PASSWORD_FILE 一起设", "it goes together with XIEZHI_LDAP_PASSWORD_FILE"
            )
        return cls(
            servers=_servers(source["XIEZHI_LDAP_URL"], starts_tls=source.get("XIEZHI_LDAP_STARTTLS") != "no"),
            base=source["XIEZHI_LDAP_BASE"].strip(),
            filter=_filter(source.get("XIEZHI_LDAP_FILTER") or f"(uid={NAME})"),
            staff_number=source.get("XIEZHI_LDAP_STAFF_NUMBER") or "employeeNumber",
            bind_dn=source.get("XIEZHI_LDAP_BIND_DN", ""),
            password_file=_path(source, "XIEZHI_LDAP_PASSWORD_FILE"),
            ca_file=_path(source, "XIEZHI_LDAP_CA_FILE"),
            timeout=_seconds(source.get("XIEZHI_LDAP_TIMEOUT") or "5"),
        )


def _servers(addresses: str, *, starts_tls: bool) -> tuple[Server, ...]:
    return tuple(_server(urlsplit(one.strip()), starts_tls=starts_tls) for one in addresses.split(",") if one.strip())


def _server(url: SplitResult, *, starts_tls: bool) -> Server:
    try:
        host, port = url.hostname, url.port
    except ValueError:
        host, port = None, None
    if url.scheme not in PORTS or not host or url.username or url.path.strip("/") or url.query:
        raise _wrong(
            "XIEZHI_LDAP_URL", "写作 ldaps://主机[:端口],几台用逗号隔开", "write ldaps://host[:port], several with commas"
        )
    clear = url.scheme == "ldap" and not starts_tls
    if clear and not _is_loopback(host):
        raise _wrong(
            "XIEZHI_LDAP_STARTTLS",
            "不能是 no:密码会以明文经过网络;只有目录就在本机时才可以",
            "it cannot be no: passwords would cross the network in clear; only a directory on this machine may do without",
        )
    return Server(host, port or PORTS[url.scheme], tls_at_once=url.scheme == "ldaps", clear=clear)


def _is_loopback(host: str) -> bool:
    """By the address itself: what a name stands for, others decide."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _filter(text: str) -> str:
    """Without the name it would find the same person for everybody."""
    if NAME not in text or not (text.startswith("(") and text.endswith(")")) or text.count("(") != text.count(")"):
        raise _wrong(
            "XIEZHI_LDAP_FILTER",
            "写成带括号的过滤式,用 {name} 代表所输入的名字,例如 (sAMAccountName={name})",
            "write a filter in brackets with {name} for what is typed, such as (sAMAccountName={name})",
        )
    return text


def _seconds(text: str) -> int:
    if not (text.isdigit() and 1 <= int(text) <= 60):
        raise _wrong("XIEZHI_LDAP_TIMEOUT", "写 1 至 60 的整数(秒)", "write a whole number of seconds from 1 to 60")
    return int(text)


def _path(source: Mapping[str, str], name: str) -> Path | None:
    return Path(source[name]) if source.get(name) else None


def _wrong(name: str, zh: str, en: str) -> UserError:
    return UserError("XZ-ENV-06", zh=f"{name}:{zh}", en=f"{name}: {en}", todo_zh=f"见 {PAGE}", todo_en=f"see {PAGE}")
