"""What an article of a law is called: 第三十三条, and art. 33 to whoever reads English."""

from __future__ import annotations

import re

from xiezhi.kernel.words import Words

_NUMBERED = re.compile("第([零一二三四五六七八九十百]+)条")
_UNITS = {"十": 10, "百": 100}
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}


def article_words(article: str) -> Words:
    """Both names of an article. What is no single numbered article keeps its Chinese words: it is the name of a passage."""
    numbered = _NUMBERED.fullmatch(article)
    return Words(zh=article, en=f"art. {_number(numbered[1])}" if numbered else article)


def _number(written: str) -> int:
    """一百三十一 → 131. A unit without a digit before it stands for one of it: 十五."""
    total, digit = 0, 0
    for sign in written.replace("零", ""):
        if sign in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[sign], 0
        else:
            digit = _DIGITS[sign]
    return total + digit
