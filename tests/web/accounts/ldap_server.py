"""A directory that tests can sign in at: `python -m tests.web.accounts.ldap_server FOLDER`, speaking LDAP over TCP, StartTLS and TLS.

ldaptor has its own reading and writing of the protocol, so that ldap3 does not talk to itself. What it leaves open is done as Active
Directory does it: an empty password is a success as nobody, a search needs a bind, and more than was asked for is cut off.

Prints its ports as JSON once it listens, writes its authorities into FOLDER, and every operation into FOLDER/journal.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from ldaptor import inmemory, interfaces
from ldaptor.protocols import pureldap
from ldaptor.protocols.ldap import ldaperrors, ldapserver
from twisted.internet import defer, protocol, reactor, ssl
from twisted.python import components

from tests.web.accounts.ldap_people import BASE, entries


class Directory(ldapserver.LDAPServer):
    """Operations are written down before they are answered, without the passwords."""

    def note(self, operation: str, **facts: Any) -> None:
        with self.factory.journal.open("a") as out:
            out.write(json.dumps({"operation": operation, "tls": self.transport.TLS, **facts}) + "\n")

    def handle_LDAPBindRequest(self, request: Any, controls: Any, reply: Any) -> Any:  # noqa: N802 - ldaptor's word
        self.note("bind", dn=request.dn.decode(), empty=not request.auth)
        if not request.auth:
            return pureldap.LDAPBindResponse(resultCode=0)
        return super().handle_LDAPBindRequest(request, controls, reply)

    def handle_LDAPSearchRequest(self, request: Any, controls: Any, reply: Any) -> Any:  # noqa: N802
        asked = request.filter.toWire()
        self.note("search", filter=asked.decode("utf-8", "replace"))
        if self.boundUser is None and not self.factory.lets_anybody_search:
            return pureldap.LDAPSearchResultDone(resultCode=ldaperrors.LDAPOperationsError.resultCode)
        if b"slow" in asked:
            return defer.Deferred()
        if b"referred" in asked:
            return pureldap.LDAPSearchResultDone(resultCode=ldaperrors.LDAPReferral.resultCode)
        if b"elsewhere" in asked:
            reply(pureldap.LDAPSearchResultReference(uris=[pureldap.LDAPString(self.factory.elsewhere)]))
            return pureldap.LDAPSearchResultDone(resultCode=0)
        return super().handle_LDAPSearchRequest(request, controls, reply)

    def extendedRequest_StartTLS(self, _data: Any, reply: Any) -> None:  # noqa: N802
        self.note("start_tls")
        if self.factory.tls is None:
            raise ldaperrors.LDAPUnwillingToPerform()
        reply(pureldap.LDAPExtendedResponse(resultCode=0, responseName=self.extendedRequest_StartTLS.oid))
        self.transport.startTLS(self.factory.tls)

    extendedRequest_StartTLS.oid = pureldap.LDAPStartTLSRequest.oid  # type: ignore[attr-defined]


class Factory(protocol.ServerFactory):
    protocol = Directory

    def __init__(
        self, root: Any, journal: Path, tls: Any = None, elsewhere: bytes = b"", *, lets_anybody_search: bool = False
    ) -> None:
        self.root, self.journal, self.tls, self.elsewhere = root, journal, tls, elsewhere
        self.lets_anybody_search = lets_anybody_search


components.registerAdapter(lambda factory: factory.root, Factory, interfaces.IConnectedLDAPEntry)


class Authority:
    """Signs certificates for hosts, as a city's own authority does."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        basic = x509.BasicConstraints(ca=True, path_length=None)
        self.certificate = self._signed(self._name, self._key, basic)

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def host(self, *names: str) -> Any:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        made = self._signed(name, key, x509.SubjectAlternativeName([_general(one) for one in names]))
        told = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ) + made.public_bytes(serialization.Encoding.PEM)
        return ssl.PrivateCertificate.loadPEM(told).options()

    def _signed(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType) -> x509.Certificate:
        now = datetime.now(UTC)
        started = x509.CertificateBuilder().subject_name(name).issuer_name(self._name).public_key(key.public_key())
        dated = started.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        full = dated.not_valid_after(now + timedelta(days=30)).add_extension(extension, critical=False)
        return full.sign(self._key, hashes.SHA256())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def main(folder: Path) -> None:
    ours, others = Authority("ours"), Authority("another")
    (folder / "ca.pem").write_bytes(ours.pem())
    journal = folder / "journal"
    journal.touch()
    inmemory.fromLDIFFile(BytesIO(entries().encode())).addCallback(_listen, journal, ours, others).addErrback(_give_up)
    reactor.run()


def _listen(root: Any, journal: Path, ours: Authority, others: Authority) -> None:
    good = ours.host("localhost", "127.0.0.1")
    trap = _port(Factory(root, journal.with_name("trap"), lets_anybody_search=True))
    elsewhere = f"ldap://127.0.0.1:{trap}/{BASE}??sub".encode()
    ports = {
        "plain": _port(Factory(root, journal, good, elsewhere)),
        "without_tls": _port(Factory(root, journal)),
        "open": _port(Factory(root, journal, lets_anybody_search=True)),
        "tls": _port(Factory(root, journal, None, elsewhere), good),
        "another_host": _port(Factory(root, journal), ours.host("dc1.example.cn")),
        "another_authority": _port(Factory(root, journal), others.host("localhost", "127.0.0.1")),
    }
    print(json.dumps(ports), flush=True)


def _port(factory: Factory, tls: Any = None) -> int:
    here = {"interface": "127.0.0.1"}
    port = reactor.listenTCP(0, factory, **here) if tls is None else reactor.listenSSL(0, factory, tls, **here)
    return int(port.getHost().port)


def _give_up(failure: Any) -> None:
    print(failure, file=sys.stderr, flush=True)
    reactor.callLater(0, reactor.stop)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
