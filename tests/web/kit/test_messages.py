"""Every text of the interface has its English, and the check that says so sees what is missing."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from xiezhi.kernel.errors import ContentError
from xiezhi.web.kit import messages

PLANTED = """{% load i18n %}{% translate "甲" %}{% blocktranslate count n=n trimmed %}
 一件 {{ n }}{% plural %}多件 {{ n }}{% endblocktranslate %}{% empty _("乙") %}{# 注释 #}{% comment %}注释{% endcomment %}"""


@pytest.fixture
def web(tmp_path: Path) -> Path:
    app = tmp_path / "thing"
    (app / "templates").mkdir(parents=True)
    (app / "__init__.py").touch()
    (app / "views.py").write_text(
        'from django.utils.translation import gettext as _, pgettext\n\nA = _("丙")\nB = pgettext("动词", "丁")\nC = "戊"\n'
    )
    (app / "templates" / "page.html").write_text(PLANTED)
    return tmp_path


def test_every_text_of_the_interface_has_its_english() -> None:
    assert messages.problems() == []


def test_every_kind_of_text_is_found_with_its_place(web: Path) -> None:
    found = {(text.context, text.said, text.plural): text.place for text in messages.texts(web)}
    assert found == {
        ("", "甲", ""): "thing/templates/page.html:1",
        ("", "一件 %(n)s", "多件 %(n)s"): "thing/templates/page.html:1",
        ("", "乙", ""): "thing/templates/page.html:2",
        ("", "丙", ""): "thing/views.py:3",
        ("动词", "丁", ""): "thing/views.py:4",
    }


def test_missing_english_fails_until_it_is_filled_in(web: Path) -> None:
    with pytest.raises(ContentError, match="5 interface texts"):
        messages.check(web)
    assert list(messages.write(web)) == ["thing: +5 -0"]
    with pytest.raises(ContentError, match="5 interface texts"):
        messages.check(web)
    path = web / "thing" / messages.CATALOGUE
    filled = (
        path.read_text().replace('msgstr[0] ""', 'msgstr[0] "%(n)s thing"').replace('msgstr[1] ""', 'msgstr[1] "%(n)s things"')
    )
    head, *entries = filled.split("\n\n")
    path.write_text("\n\n".join([head, *(entry.replace('msgstr ""', 'msgstr "word"') for entry in entries)]))
    messages.check(web)
    assert messages.compile_all(web) == 1
    assert messages.compile_all(web) == 0
    with path.with_suffix(".mo").open("rb") as handle:
        catalogue = gettext.GNUTranslations(handle)
    assert catalogue.ngettext("一件 %(n)s", "多件 %(n)s", 2) == "%(n)s things"


def test_english_that_loses_a_placeholder_fails(web: Path) -> None:
    list(messages.write(web))
    path = web / "thing" / messages.CATALOGUE
    path.write_text(path.read_text().replace('msgstr[0] ""', 'msgstr[0] "thing"').replace('msgstr[1] ""', 'msgstr[1] "things"'))
    assert any("placeholders differ" in line for line in messages.problems(web))


def test_chinese_outside_the_translation_tags_fails(web: Path) -> None:
    (web / "thing" / "templates" / "page.html").write_text("<p>\n裸字</p>")
    assert messages.untranslatable(web) == ["thing/templates/page.html:1"]


def test_what_nobody_says_any_more_is_pruned(web: Path) -> None:
    list(messages.write(web))
    (web / "thing" / "views.py").write_text("")
    assert list(messages.write(web, prune=True)) == ["thing: +0 -2"]


def test_the_file_is_the_same_whoever_writes_it(web: Path) -> None:
    list(messages.write(web))
    first = (web / "thing" / messages.CATALOGUE).read_bytes()
    assert list(messages.write(web)) == []
    assert b"POT-Creation-Date" not in first
    assert b"page.html" not in first
