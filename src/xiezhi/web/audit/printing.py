"""A checkpoint on paper: text to read aloud and compare, and a QR code that holds its whole line."""

from __future__ import annotations

import io

import segno

from xiezhi.web.audit.checkpoints import Checkpoint

GROUP = 8


def spaced(digest: str) -> str:
    """A digest in groups, for eyes and voices."""
    return " ".join(digest[at : at + GROUP] for at in range(0, len(digest), GROUP))


def as_text(checkpoint: Checkpoint) -> str:
    """Both languages side by side: the paper may be read years later by somebody else."""
    lines = (
        ("来源 origin", checkpoint.origin),
        ("编号 number", str(checkpoint.number)),
        ("环数 size", str(checkpoint.size)),
        ("时间 at", checkpoint.at),
        ("根 root", spaced(checkpoint.root)),
        ("前一检查点 previous", spaced(checkpoint.previous)),
        ("签名 signature", spaced(checkpoint.signature)),
        *((("断裂 broken", checkpoint.broken),) if checkpoint.broken else ()),
    )
    body = "\n".join(f"{name}: {text}" for name, text in lines)
    check = f"xiezhi audit verify --expect {checkpoint.size}:{checkpoint.root}"
    return f"獬豸审计检查点 xiezhi trail checkpoint\n{body}\n核对 to check: {check}\n"


def qr_text(checkpoint: Checkpoint) -> str:
    """The QR code in block characters, for a terminal or a printer of text."""
    out = io.StringIO()
    segno.make(checkpoint.line(), error="m").terminal(out, compact=True)
    return out.getvalue()


def qr_image(checkpoint: Checkpoint) -> str:
    """The QR code as an SVG data address, for a page."""
    return str(segno.make(checkpoint.line(), error="m").svg_data_uri(scale=4, dark="#000", light="#fff"))
