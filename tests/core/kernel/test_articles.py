"""Articles of a law in both languages."""

from __future__ import annotations

import pytest

from xiezhi.kernel.articles import article_words


@pytest.mark.parametrize(
    ("article", "english"),
    [
        ("第二条", "art. 2"),
        ("第十条", "art. 10"),
        ("第十五条", "art. 15"),
        ("第四十条", "art. 40"),
        ("第三十三条", "art. 33"),
        ("第一百三十一条", "art. 131"),
        ("第一百零八条", "art. 108"),
        ("公开招标数额标准", "公开招标数额标准"),
        ("第三条第二款", "第三条第二款"),
    ],
)
def test_a_numbered_article_has_an_english_name(article: str, english: str) -> None:
    words = article_words(article)
    assert (words.zh, words.en) == (article, english)
