"""What a site says of certificates. Settings are read before Django is there, so nothing of Django is imported here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xiezhi.kernel.errors import UserError

ATTRIBUTES = {
    "CN": "2.5.4.3",
    "serialNumber": "2.5.4.5",
    "OU": "2.5.4.11",
    "UID": "0.9.2342.19200300.100.1.1",
    "employeeNumber": "2.16.840.1.113730.3.1.3",
}
"""Of the subject, by the names that people write. `serialNumber` is the subject's, not the certificate's own number."""

SAN = "SAN:"
OTHER_NAMES = ("email", "URI")
OID = re.compile(r"[0-2](\.\d+)+")
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
PAGE = "docs/how-to/connect-a-directory.md"


@dataclass(frozen=True)
class CertificateSite:
    """Headers as WSGI names them. `place`: where the staff number stands, an OID of the subject or SAN:…"""

    certificate: str
    verified: str
    secret: str
    secret_file: Path
    place: str
    two_factors: bool

    @classmethod
    def read(cls, source: Mapping[str, str]) -> CertificateSite | None:
        """Raises UserError naming the setting that is missing or cannot be."""
        if not source.get("XIEZHI_CERTIFICATE_HEADER"):
            return None
        if not source.get("XIEZHI_CERTIFICATE_SECRET_FILE"):
            raise _wrong(
                "XIEZHI_CERTIFICATE_SECRET_FILE",
                "设了 XIEZHI_CERTIFICATE_HEADER,还缺它",
                "it is missing while XIEZHI_CERTIFICATE_HEADER is set",
            )
        headers = (
            _header(source, "XIEZHI_CERTIFICATE_HEADER", ""),
            _header(source, "XIEZHI_CERTIFICATE_HEADER_VERIFIED", "X-Client-Verified"),
            _header(source, "XIEZHI_CERTIFICATE_HEADER_SECRET", "X-Client-Proxy"),
        )
        if len(set(headers)) < len(headers):
            raise _wrong("XIEZHI_CERTIFICATE_HEADER", "三个请求头要各不相同", "the three headers must differ")
        return cls(
            *headers,
            secret_file=Path(source["XIEZHI_CERTIFICATE_SECRET_FILE"]),
            place=_place(source.get("XIEZHI_CERTIFICATE_STAFF_NUMBER") or "serialNumber"),
            two_factors=_yes_or_no(source, "XIEZHI_CERTIFICATE_MFA"),
        )


def _header(source: Mapping[str, str], name: str, usual: str) -> str:
    value = source.get(name) or usual
    if not HEADER.fullmatch(value):
        raise _wrong(name, "写请求头的名字,例如 X-Client-Certificate", "write the name of a header, such as X-Client-Certificate")
    return "HTTP_" + value.upper().replace("-", "_")


def _yes_or_no(source: Mapping[str, str], name: str) -> bool:
    value = source.get(name) or "no"
    if value not in ("yes", "no"):
        raise _wrong(name, "写 yes 或 no", "write yes or no")
    return value == "yes"


def _place(text: str) -> str:
    kind = text.removeprefix(SAN)
    if text.startswith(SAN) and (kind in OTHER_NAMES or OID.fullmatch(kind)):
        return text
    if text in ATTRIBUTES or OID.fullmatch(text):
        return ATTRIBUTES.get(text, text)
    raise _wrong(
        "XIEZHI_CERTIFICATE_STAFF_NUMBER",
        f"可选:{'、'.join(ATTRIBUTES)}、一个 OID、SAN:email、SAN:URI、SAN:加 OID",
        f"one of {', '.join(ATTRIBUTES)}, an OID, SAN:email, SAN:URI, SAN: with an OID",
    )


def _wrong(name: str, zh: str, en: str) -> UserError:
    return UserError("XZ-ENV-07", zh=f"{name}:{zh}", en=f"{name}: {en}", todo_zh=f"见 {PAGE}", todo_en=f"see {PAGE}")
