"""What kind of file this is, by its content. The name is only compared, and a disagreement noted."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import PurePath

from xiezhi.intake.files.encoding import decode_sample
from xiezhi.intake.files.json_stream import decoded
from xiezhi.intake.refusals import refuse, refuse_damaged
from xiezhi.intake.sheets.sheet import Part
from xiezhi.kernel.words import Words

_SAMPLE = 256 << 10
_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""What a workbook with a password holds in the place of its sheets (MS-OFFCRYPTO)."""

_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"%PDF", "PDF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"PAR1", "Parquet"),
    (b"SQLite format 3\0", "SQLite"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
    (b"\x00\x01\x00\x00Standard Jet DB", "Access"),
    (b"\x00\x01\x00\x00Standard ACE DB", "Access"),
    (b"\x09\x00\x04\x00", "Excel 2"),
    (b"\x09\x02\x06\x00", "Excel 3"),
    (b"\x09\x04\x06\x00", "Excel 4"),
)
_TAR, _TAR_AT = b"ustar", 257
_DBF = re.compile(rb"[\x03\x30\x31\x83\x8b\xf5].[\x01-\x0c][\x01-\x1f]", re.DOTALL)
"""dBASE and FoxPro: a version, and the day of the last change."""

_WORD, _BOOKS = "WordDocument".encode("utf-16-le"), tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_SPREADSHEET_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
_NAMED = {".csv": "text", ".tsv": "text", ".txt": "text", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".json": "json",
          ".jsonl": "json", ".ndjson": "json", ".html": "html", ".htm": "html"}  # fmt: skip
_CONTROLS = "\t\n\r\0\x01\x0b\x0c\x1a\x1c\x1d\x1e\x1f"
_FEW = 10
_OPEN_CONTRACTING = {"ocid", "releases", "records", "compiledRelease"}


def sniff(part: Part, ocds: bool | None) -> tuple[str, Part]:
    """The kind (`text`, `html`, `xlsx`, `xls`, `json` or `ocds`), and the part with a note where its name says otherwise.

    Raises RefusedDelivery `empty_file`, `encrypted` or `unknown_format`.
    """
    kind = _kind(part, ocds)
    said = _NAMED.get(PurePath(part.name.lower()).suffix)
    found = "json" if kind == "ocds" else kind
    if said and said != found:
        suffix = PurePath(part.name).suffix
        note = Words(
            zh=f"扩展名为 {suffix},内容实为 {found},按内容读取", en=f"named {suffix} but holds {found}; read as what it holds"
        )
        part = replace(part, notes=(*part.notes, note))
    return kind, part


def container(head: bytes) -> str | None:
    """`zip` or `gzip` where a file begins like one."""
    kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    return kind if kind in ("zip", "gzip") else None


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether a zip is an office document and no bundle of files."""
    return any(name.lower() in ("[content_types].xml", "mimetype") for name in archive.namelist()[:200])


def _kind(part: Part, ocds: bool | None) -> str:
    with part.path.open("rb") as handle:
        head = handle.read(_SAMPLE)
    if not head:
        raise refuse("empty_file", part.file, member=part.member)
    magic = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None) or _by_structure(head)
    if magic == "zip":
        return _office(part)
    if magic == "xls":
        return _compound(part, head)
    if magic:
        raise refuse("unknown_format", part.file, member=part.member, what=magic)
    return _text_kind(part, decode_sample(head), ocds)


def _by_structure(head: bytes) -> str | None:
    """Formats without a mark at their beginning that would be taken for text in an odd encoding."""
    if head[_TAR_AT:].startswith(_TAR):
        return "tar"
    return "DBF" if _DBF.match(head) and b"\0" in head[4:32] else None


def _compound(part: Part, head: bytes) -> str:
    """An OLE file: a workbook, one with a password, or a letter."""
    found = head + _end_of(part)
    if _PACKAGE in found:
        raise refuse("encrypted", part.file, member=part.member)
    if _WORD in found and not any(book in found for book in _BOOKS):
        raise refuse("unknown_format", part.file, member=part.member, what="DOC")
    return "xls"


def _end_of(part: Part) -> bytes:
    with part.path.open("rb") as handle:
        handle.seek(max(0, part.path.stat().st_size - _SAMPLE))
        return handle.read()


def _office(part: Part) -> str:
    try:
        with zipfile.ZipFile(part.path) as archive:
            names = {name.replace("\\", "/") for name in archive.namelist()}
            said = _media_type(archive)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise refuse_damaged(part.file, part.member, error) from error
    if any(name.lower() == "xl/workbook.xml" for name in names):
        return "xlsx"
    what = "XLSB" if "xl/workbook.bin" in names else "DOCX" if "word/document.xml" in names else "office document"
    if said.startswith(_OPEN_DOCUMENT):
        what = f"OpenDocument {said.removeprefix(_OPEN_DOCUMENT)}"
    raise refuse("unknown_format", part.file, member=part.member, what=what)


def _media_type(archive: zipfile.ZipFile) -> str:
    """What an OpenDocument file says it is; empty for any other. Only its beginning is read, however large it says it is."""
    if "mimetype" not in archive.namelist():
        return ""
    with archive.open("mimetype") as member:
        return member.read(100).decode("ascii", "replace")


def _text_kind(part: Part, text: str, ocds: bool | None) -> str:
    begin = text.lstrip("\ufeff \t\r\n\0")
    if not begin:
        raise refuse("empty_file", part.file, member=part.member)
    if _is_binary(text):
        raise refuse("unknown_format", part.file, member=part.member, what="binary")
    if begin[:13].lower() == "mime-version:":
        raise refuse("unknown_format", part.file, member=part.member, what="MHTML")
    if begin[0] == "{" or (begin[0] == "[" and begin[1:].lstrip()[:1] in ("{", "]")):
        return "ocds" if _is_ocds(begin, ocds) else "json"
    lower = begin[:4000].lower()
    if begin[0] == "<" and "<table" in text.lower() and _SPREADSHEET_2003 not in lower:
        return "html"
    if begin[0] == "<" and _SPREADSHEET_2003 in lower:
        raise refuse("unknown_format", part.file, member=part.member, what="XML (Excel 2003)")
    if begin[0] == "<" and ("<html" in lower or "<?xml" in lower or "<!doctype" in lower):
        raise refuse("unknown_format", part.file, member=part.member, what="XML/HTML")
    return "text"


def _is_binary(text: str) -> bool:
    """Control characters that no table holds. NUL is not counted: damaged exports have it."""
    sample = text[:20_000]
    strange = sum(1 for char in sample if (char < " " and char not in _CONTROLS) or char == "\ufffd")
    return strange > _FEW and strange * 20 > len(sample)


def _is_ocds(begin: str, ocds: bool | None) -> bool:
    if ocds is not None:
        return ocds
    known = decoded(begin.split("\n", 1)[0])
    if known is None:
        return any(f'"{key}"' in begin for key in _OPEN_CONTRACTING)
    known = known[0] if isinstance(known, list) and known else known
    return isinstance(known, dict) and bool(_OPEN_CONTRACTING & known.keys())
