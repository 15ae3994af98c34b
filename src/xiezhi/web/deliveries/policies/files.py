"""Which files may come in: by name, size and first bytes, before anything reads them. The core looks inside afterwards."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

MOST_FILES = 200
MOST_BYTES = 2 * 1024**3
LONGEST_NAME = 200
"""Bytes: file systems hold 255 of a name, which are 85 Chinese characters, and it is kept beside others with longer endings."""

LONGEST_ENDING = 20

KINDS: dict[str, tuple[bytes, ...]] = {
    ".csv": (),
    ".tsv": (),
    ".txt": (),
    ".json": (),
    ".jsonl": (),
    ".ndjson": (),
    ".html": (),
    ".htm": (),
    ".xlsx": (b"PK\x03\x04", b"PK\x05\x06"),
    ".xlsm": (b"PK\x03\x04", b"PK\x05\x06"),
    ".zip": (b"PK\x03\x04", b"PK\x05\x06"),
    ".gz": (b"\x1f\x8b",),
    ".xls": (),
}
"""Ending → how such a file may begin; () where the core tells by content (.xls may be a workbook, a page or text)."""

PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"%PDF", b"Rar!", b"7z\xbc\xaf")

_LITTER = re.compile(r"^(\.|~\$|Thumbs\.db$|desktop\.ini$|__MACOSX)", re.IGNORECASE)
_ODD = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u202a-\u202e\u2066-\u2069]+')


@dataclass(frozen=True)
class FileFault:
    """Why a file is not taken, and what to do."""

    name: str
    what: str
    todo: str


def litter(name: str) -> bool:
    """Files that systems strew into folders: left out without a word, like the folder they came in."""
    return bool(_LITTER.match(PurePath(name).name))


def safe_name(name: str) -> str:
    """The name as a person knows the file by, without what could lead elsewhere or hide its ending."""
    plain = _ODD.sub("_", unicodedata.normalize("NFC", PurePath(name.replace("\\", "/")).name)).strip(" .") or "_"
    ending = PurePath(plain).suffix
    if len(plain.encode()) <= LONGEST_NAME or len(ending) > LONGEST_ENDING:
        return _cut(plain, LONGEST_NAME)
    return _cut(plain, LONGEST_NAME - len(ending.encode())) + ending


def _cut(text: str, most: int) -> str:
    """The beginning of a text in at most so many bytes of UTF-8."""
    return text.encode()[:most].decode(errors="ignore")


def fault_of(name: str, size: int, head: bytes) -> FileFault | None:
    """What is wrong with a file as it comes in; None where nothing is."""
    ending = PurePath(name.lower()).suffix
    if ending not in KINDS:
        return FileFault(
            name,
            _("不收 %(ending)s 文件") % {"ending": ending or _("没有扩展名的")},
            _("请交 CSV、XLSX、XLS、JSON 行文件，或装有它们的 ZIP、GZ"),
        )
    if size == 0:
        return FileFault(name, _("文件是空的"), _("重新导出后再交"))
    if size > MOST_BYTES:
        return FileFault(name, _("文件超过 2 GB"), _("按月份或县区拆成几个文件"))
    begins = KINDS[ending]
    if head.startswith(PROGRAMS) or (begins and not head.startswith(begins)):
        return FileFault(name, _("内容与扩展名 %(ending)s 不符") % {"ending": ending}, _("用原来的系统重新导出，不要改扩展名"))
    return None
