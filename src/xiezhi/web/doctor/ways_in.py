"""What can be wrong with the ways in for which somebody else vouches: the directory, the proxy that verifies certificates."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from django.conf import settings

from xiezhi.web.accounts.certificate.reading import LEAST_SECRET
from xiezhi.web.accounts.ldap.site import LdapSite
from xiezhi.web.doctor.finding import DoctorFinding, note, well, wrong


def ldap() -> Iterator[DoctorFinding]:
    """Whether the directory's settings work, as far as one can see without anybody's password: reach it, prove it, search it."""
    site = settings.XIEZHI_LDAP
    if site is None:
        return
    if site.password_file and site.password_file.exists() and stat.S_IMODE(site.password_file.stat().st_mode) & 0o077:
        yield wrong(
            "ldap.readable",
            ("目录账号的密码文件别人也能读", "others can read the password of the directory's account"),
            (f"chmod 600 {site.password_file}", f"chmod 600 {site.password_file}"),
        )
    if any(server.clear for server in site.servers):
        yield note(
            "ldap.clear",
            ("和本机的目录之间是明文", "the way to the directory on this machine is in clear"),
            ("去掉 XIEZHI_LDAP_STARTTLS=no", "unset XIEZHI_LDAP_STARTTLS=no"),
        )
    yield _directory_answers(site)


def _directory_answers(site: LdapSite) -> DoctorFinding:
    # Only a site with a directory has what this imports.
    from xiezhi.web.accounts.ldap.conversation import DirectoryDown, conversation

    try:
        with conversation(site) as directory:
            directory.find("xiezhi-doctor")
    except DirectoryDown as why:
        return wrong(
            "ldap.unreachable",
            (f"单位目录用不了:{why}", f"the directory cannot be used: {why}"),
            ("见 docs/how-to/connect-a-directory.md", "see docs/how-to/connect-a-directory.md"),
        )
    return well("ldap.answers", "单位目录可以查找", "the directory can be searched")


def certificates() -> Iterator[DoctorFinding]:
    """Headers count from a trusted proxy that proves itself: without one nobody gets in, with all the world trusted anybody."""
    site = settings.XIEZHI_CERTIFICATE
    if site is None:
        return
    if not settings.TRUSTED_PROXIES:
        yield wrong(
            "certificate.no_proxy",
            ("设了 XIEZHI_CERTIFICATE_HEADER,却没有可信代理", "XIEZHI_CERTIFICATE_HEADER is set, but no proxy is trusted"),
            ("设置 XIEZHI_TRUSTED_PROXIES", "set XIEZHI_TRUSTED_PROXIES"),
        )
    if any(one.endswith("/0") for one in settings.TRUSTED_PROXIES):
        yield wrong(
            "certificate.anybody",
            ("XIEZHI_TRUSTED_PROXIES 包括了所有地址", "XIEZHI_TRUSTED_PROXIES holds every address there is"),
            ("只写代理自己的地址", "name the proxy's own address only"),
        )
    secret = site.secret_file.read_text().strip() if os.access(site.secret_file, os.R_OK) else ""
    if len(secret) < LEAST_SECRET:
        yield wrong(
            "certificate.no_secret",
            (f"{site.secret_file} 读不到,或不足 {LEAST_SECRET} 个字符", f"{site.secret_file} is missing or too short"),
            (f"openssl rand -hex 32 > {site.secret_file}", f"openssl rand -hex 32 > {site.secret_file}"),
        )
    elif stat.S_IMODE(site.secret_file.stat().st_mode) & 0o077:
        yield wrong(
            "certificate.readable",
            ("代理证明自己用的密钥别人也能读", "others can read the secret by which the proxy proves itself"),
            (f"chmod 600 {site.secret_file}", f"chmod 600 {site.secret_file}"),
        )
    elif settings.TRUSTED_PROXIES:
        yield well("certificate.proxy", "证书登录有可信代理和密钥", "signing in with a certificate has its proxy and its secret")


CHECKS = (ldap, certificates)
