"""Whose certificate the proxy has verified. A header is a claim of whoever sent it: it counts only with proof of who that was."""

from __future__ import annotations

import logging
from datetime import datetime
from urllib.parse import unquote

from cryptography import x509
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from xiezhi.web.accounts.certificate.site import SAN, CertificateSite
from xiezhi.web.audit.context import UNIX, is_trusted

log = logging.getLogger("xiezhi.accounts")

SUCCESS, NONE = "SUCCESS", "NONE"
"""What nginx says of a certificate; else FAILED:why."""

LEAST_SECRET = 16
TEXTS = (0x0C, 0x13, 0x16)
"""DER's tags of UTF8String, PrintableString, IA5String."""


class NotVouched(Exception):
    """`reason`, a word for the trail: untrusted, missing, failed, unreadable, expired, numberless, several."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def staff_number(request: HttpRequest, site: CertificateSite, now: datetime) -> str:
    """Of the person whose certificate came with this very request. Raises NotVouched."""
    if not _is_from_our_proxy(request, site):
        raise NotVouched("untrusted")
    verdict = request.META.get(site.verified, "")
    if verdict in ("", NONE):
        raise NotVouched("missing")
    if verdict != SUCCESS:
        raise NotVouched("failed")
    try:
        return _number(_certificate(request.META.get(site.certificate, "")), site.place, now)
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise NotVouched("unreadable") from error


def _is_from_our_proxy(request: HttpRequest, site: CertificateSite) -> bool:
    """By the address that connected, and by the secret that the proxy's own configuration adds where it overwrites the headers.

    The address alone would trust every program on the proxy's machine, and a proxy that lets the client's own headers through.
    """
    nearest = str(request.META.get("REMOTE_ADDR") or UNIX)
    shown, known = request.META.get(site.secret, ""), _secret(site)
    return is_trusted(nearest) and len(known) >= LEAST_SECRET and constant_time_compare(shown, known)


def _secret(site: CertificateSite) -> str:
    """Read each time, so that it can be changed without a restart. "" where it cannot be read."""
    try:
        return site.secret_file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        log.warning("certificates: XIEZHI_CERTIFICATE_SECRET_FILE cannot be read: %s", type(error).__name__)
        return ""


def _certificate(sent: str) -> x509.Certificate:
    """nginx's $ssl_client_escaped_cert: one PEM, escaped as in an address."""
    if not sent:
        raise NotVouched("missing")
    (one,) = x509.load_pem_x509_certificates(unquote(sent).encode())
    return one


def _number(certificate: x509.Certificate, place: str, now: datetime) -> str:
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise NotVouched("expired")
    numbers = _in_names(certificate, place.removeprefix(SAN)) if place.startswith(SAN) else _in_subject(certificate, place)
    if len(numbers) > 1:
        raise NotVouched("several")
    if not numbers or not numbers[0].strip():
        raise NotVouched("numberless")
    return numbers[0].strip()


def _in_subject(certificate: x509.Certificate, oid: str) -> list[str]:
    found = certificate.subject.get_attributes_for_oid(x509.ObjectIdentifier(oid))
    return [one.value if isinstance(one.value, str) else one.value.decode() for one in found]


def _in_names(certificate: x509.Certificate, kind: str) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    if kind == "email":
        return names.get_values_for_type(x509.RFC822Name)
    if kind == "URI":
        return names.get_values_for_type(x509.UniformResourceIdentifier)
    return [_text(one.value) for one in names.get_values_for_type(x509.OtherName) if one.type_id.dotted_string == kind]


def _text(der: bytes) -> str:
    """One short DER string, which is all that a staff number can be. Raises ValueError."""
    if len(der) < 2 or der[0] not in TEXTS or der[1] != len(der) - 2 or der[1] > 0x7F:
        raise ValueError("no short string")
    return der[2:].decode()
