"""Chinese text that was written as UTF-8 and read as GBK: 你好 became 浣犲ソ. It looks like Chinese, and means nothing.

Three bytes of UTF-8 make a character, two of GBK: two characters became three, which their codes give away. The first
leads as UTF-8 does and goes on as it does, the second has it the other way round, the third goes on twice.
"""

from __future__ import annotations

_LEADS, _MORE = range(0xE4, 0xEA), range(0x80, 0xC0)
"""First and further bytes of Chinese characters in UTF-8."""


def _those(leads: range, trails: range) -> str:
    """The characters of GBK with such bytes, as ranges of a character class."""
    pairs = (bytes((lead, trail)) for lead in leads if lead > 0x80 for trail in trails)
    codes = sorted({ord(char) for pair in pairs for char in pair.decode("gb18030", "ignore") if len(char) == 1})
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(chr(low) if low == high else f"{chr(low)}-{chr(high)}" for low, high in ranges)


MAYBE = f"[{_those(_LEADS, _MORE)}]"
"""The first of three: rare characters, in a text that is worth a closer look."""

MISREAD = f"{MAYBE}[{_those(_MORE, _LEADS)}][{_those(_MORE, _MORE)}]"
"""Such a text holds the three somewhere. One character alone has no form of its own. None of two million random names did."""
