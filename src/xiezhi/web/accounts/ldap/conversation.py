"""One conversation with the directory: find the entry of a name, then bind as it. Nothing of it is kept.

Every doubt about the directory is `DirectoryDown`, never a wrong password: whoever is told that it is wrong tries others.
"""

from __future__ import annotations

import logging
import secrets
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import ldap3
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_filter_chars

from xiezhi.kernel import clock
from xiezhi.web.accounts.ldap.site import NAME, LdapSite, Server
from xiezhi.web.accounts.ldap.standing import ATTRIBUTES, Values, in_force

log = logging.getLogger("xiezhi.accounts")

SUCCESS, SIZE_LIMIT = 0, 4
REFUSALS = frozenset({19, 32, 34, 48, 49, 50, 53})
"""Answers to a bind that speak of the person: constraint (locked), no such entry, no DN, inappropriate or invalid credentials,
not allowed, unwilling (disabled)."""


class DirectoryDown(Exception):
    """The directory could not be asked, or answered in a way that says nothing of the person. The text is for the log."""


@dataclass(frozen=True)
class Entry:
    """Of one person. `staff_number` "" where the directory has none, or several."""

    dn: str
    staff_number: str
    in_force: bool


class Conversation:
    """Open, and not yet anybody."""

    def __init__(self, site: LdapSite, connection: Any) -> None:
        self._site, self._connection = site, connection

    def find(self, name: str) -> Entry | None:
        """The one entry of what somebody typed. Two are none: who is meant would be a guess."""
        entries = self._search(self._site.filter.replace(NAME, escape_filter_chars(name)))
        if len(entries) > 1:
            log.warning("directory: more than one entry for a name; XIEZHI_LDAP_FILTER must tell people apart")
        return _entry(entries[0], self._site.staff_number) if len(entries) == 1 else None

    def proves(self, entry: Entry | None, password: str) -> bool:
        """Whether this is the entry's password. Where there is no entry one is asked for all the same, to take as long.

        An empty password, or an empty DN, would be a bind as nobody (RFC 4513, 5.1.2), which directories answer with success. The
        password goes as bytes: prepared as text, one of invisible characters would become empty.
        """
        if not password:
            return False
        named = entry is not None and bool(entry.dn)
        dn = entry.dn if entry is not None and named else f"cn={secrets.token_hex(8)},{self._site.base}"
        return self._bind(dn, password.encode()) and named

    def search_as_ourselves(self) -> None:
        """As the account that searches, if the site has one."""
        if self._site.bind_dn and not self._bind(self._site.bind_dn, _secret(self._site)):
            raise DirectoryDown("the directory refused XIEZHI_LDAP_BIND_DN with the password in XIEZHI_LDAP_PASSWORD_FILE")

    def _bind(self, dn: str, password: bytes) -> bool:
        self._connection.user, self._connection.password = dn, password
        self._connection.authentication = ldap3.SIMPLE
        result = self._connection.bind(read_server_info=False)[1]
        self._connection.password = None
        if result["result"] not in {SUCCESS, *REFUSALS}:
            raise DirectoryDown(f"the bind was answered with {result['description']}")
        return bool(result["result"] == SUCCESS)

    def _search(self, words: str) -> list[dict[str, Any]]:
        _done, result, response, _asked = self._connection.search(
            self._site.base,
            words,
            ldap3.SUBTREE,
            dereference_aliases=ldap3.DEREF_NEVER,
            attributes=[self._site.staff_number, *ATTRIBUTES],
            size_limit=2,
            time_limit=self._site.timeout,
        )
        if result["result"] not in (SUCCESS, SIZE_LIMIT):
            raise DirectoryDown(f"the search was answered with {result['description']}")
        return [one for one in response or [] if one["type"] == "searchResEntry"]


@contextmanager
def conversation(site: LdapSite) -> Iterator[Conversation]:
    """With the first of the site's servers that answers. Raises DirectoryDown, also for what goes wrong inside."""
    connection = _opened(site)
    try:
        talk = Conversation(site, connection)
        talk.search_as_ourselves()
        yield talk
    except (LDAPException, OSError) as error:
        raise DirectoryDown(_named(error)) from error
    finally:
        _close(connection)


def _opened(site: LdapSite) -> Any:
    said = []
    for server in site.servers:
        connection = _connection(site, server)
        try:
            connection.open(read_server_info=False)
            if not (server.tls_at_once or server.clear):
                connection.start_tls(read_server_info=False)
        except (LDAPException, OSError) as error:
            _close(connection)
            said.append(f"{server.host}:{server.port}: {_named(error)}")
        else:
            return connection
    raise DirectoryDown("; ".join(said))


def _connection(site: LdapSite, server: Server) -> Any:
    """Referrals are not followed: they would carry the password to whatever machine they name."""
    try:
        tls = None if server.clear else _Tls(site)
    except OSError as error:
        raise DirectoryDown(f"XIEZHI_LDAP_CA_FILE: {_named(error)}") from error
    return ldap3.Connection(
        ldap3.Server(
            server.host, server.port, use_ssl=server.tls_at_once, tls=tls, get_info=ldap3.NONE, connect_timeout=site.timeout
        ),
        authentication=ldap3.ANONYMOUS,
        client_strategy=ldap3.SAFE_SYNC,
        receive_timeout=site.timeout,
        auto_referrals=False,
        check_names=False,
        read_only=True,
        raise_exceptions=False,
    )


class _Tls(ldap3.Tls):
    """The standard library's own check of the chain and of the host's name, in place of ldap3's copy of an old one."""

    def __init__(self, site: LdapSite) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context = ssl.create_default_context(cafile=str(site.ca_file) if site.ca_file else None)

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        connection.socket = self._context.wrap_socket(
            connection.socket, server_hostname=connection.server.host, do_handshake_on_connect=do_handshake
        )


def _entry(found: dict[str, Any], staff_number: str) -> Entry:
    values: Values = {
        name.lower(): [value.decode("utf-8", "replace") for value in given] for name, given in found["raw_attributes"].items()
    }
    numbers = values.get(staff_number.lower(), [])
    return Entry(found["dn"], numbers[0].strip() if len(numbers) == 1 else "", in_force(values, clock.now()))


def _secret(site: LdapSite) -> bytes:
    """Read each time, so that it can be changed without a restart. An empty one would bind as nobody."""
    try:
        secret = site.password_file.read_bytes().rstrip(b"\r\n") if site.password_file else b""
    except OSError as error:
        raise DirectoryDown(f"XIEZHI_LDAP_PASSWORD_FILE: {error.strerror}") from error
    if not secret:
        raise DirectoryDown("XIEZHI_LDAP_PASSWORD_FILE is empty")
    return secret


def _close(connection: Any) -> None:
    try:
        connection.unbind()
    except (LDAPException, OSError):
        log.debug("directory: the connection was gone already")


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
