"""Characters that show nothing and take no room: nobody sees that two keys, codes or names differ by them."""

from __future__ import annotations

INVISIBLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
    (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
    (0x1D173, 0x1D17A), (0xE0001, 0xE007F), (0xE0100, 0xE01EF),
)  # fmt: skip
"""First and last code points of their ranges (Unicode, Default_Ignorable_Code_Point)."""


def unseen(character: str) -> bool:
    """Whether a character shows nothing, or turns the direction of those after it."""
    return any(first <= ord(character) <= last for first, last in INVISIBLE)
