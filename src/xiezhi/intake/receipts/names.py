"""Names of files and members as a person may be shown them: what a department's computer wrote, without what a terminal obeys."""

from __future__ import annotations

import os
import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def readable_name(name: str) -> str:
    """The name in characters that can be stored and shown.

    Bytes that are no UTF-8 (Python keeps them as surrogates) are read as GB18030, as Chinese Windows writes names, where they can
    be; control characters and marks that turn the direction of writing become �.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        name = _of_bytes(name)
    return "".join("�" if unicodedata.category(char) in _UNSEEN else char for char in name)


def _of_bytes(name: str) -> str:
    try:
        return os.fsencode(name).decode("gb18030")
    except UnicodeError:
        return name.encode("utf-8", errors="replace").decode()
