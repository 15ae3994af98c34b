"""How a template is laid out in its file never shows on the page: each case is what is written, and what is sent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, TemplateDoesNotExist, TemplateSyntaxError
from django.template.engine import Engine

from xiezhi.web.kit.layout import XIEZHI

LOADERS = ["xiezhi.web.kit.layout.Loader"]
LIBRARIES = {
    "django_htmx": "django_htmx.templatetags.django_htmx",
    "help": "xiezhi.web.help.templatetags.help",
    "i18n": "django.templatetags.i18n",
    "kit": "xiezhi.web.kit.templatetags.kit",
    "static": "django.templatetags.static",
}
FOLDERS = sorted((XIEZHI / "web").glob("*/templates"))
PAGES = sorted(str(page.relative_to(folder)) for folder in FOLDERS for page in folder.rglob("*.html"))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(dirs=[str(tmp_path)], loaders=LOADERS, libraries=LIBRARIES)


def shown(engine: Engine, source: str, **context: object) -> str:
    (Path(engine.dirs[0]) / "page.html").write_text(source)
    return engine.get_template("page.html").render(Context(context))


CASES = {
    "elements": ("<p>\n  <a>甲</a>\n  <a>乙</a>\n</p>\n", "<p><a>甲</a><a>乙</a></p>"),
    "text and values": ("（\n{{ one }}\n）\n{{ two }}", "（1）2"),
    "conditions": ("甲\n{% if one %}\n  乙\n{% else %}\n  丙\n{% endif %}\n丁", "甲乙丁"),
    "a blank on the line": ("<b>1</b> <b>2</b>\n<i>3</i>", "<b>1</b> <b>2</b><i>3</i>"),
    "a blank that is said": ('{{ one }}{{ " " }}\n{{ two }}', "1 2"),
    "a text of several lines": ("<p>\n  one\n  two\n</p>", "<p>one\n  two</p>"),
    "attributes": ('<a\n   class="x"\n   href="/">甲</a>', '<a class="x" href="/">甲</a>'),
    "a value keeps its lines": ('<a title="甲\n 乙">丙</a>', '<a title="甲\n 乙">丙</a>'),
    "an attribute by condition": ('<a{% if one > 0 %}\n  class="x"{% endif %}>\n甲</a>', '<a class="x">甲</a>'),
    "a > in a value": ('<a title=">\n"\n id="x">\n甲</a>', '<a title=">\n" id="x">甲</a>'),
    "a sign, no tag": ("1 < 2\n<b>3</b>", "1 < 2<b>3</b>"),
    "pre": ("<pre>\n  甲\n  {{ one }}\n</pre>\n<p>\n乙\n</p>", "<pre>\n  甲\n  1\n</pre><p>乙</p>"),
    "textarea": ("<textarea>\n{{ one }}\n</textarea>\n", "<textarea>\n1\n</textarea>"),
    "an HTML comment": ("<!-- a\n > b -->\n<p>\n甲</p>", "<!-- a\n > b --><p>甲</p>"),
    "a comment with half a tag": ("{% comment %}\n <a title=' {% endcomment %}\n<p>\n甲</p>", "<p>甲</p>"),
    "verbatim": ("{% verbatim %}\n {{ one }}\n{% endverbatim %}\n甲", "\n {{ one }}\n甲"),
    "a translation": ("{% load i18n %}\n{% blocktranslate trimmed %}\n  甲 {{ one }}\n{% endblocktranslate %}\n乙", "甲 1乙"),
    "a translation as it stands": ("{% load i18n %}{% blocktranslate %}\n甲{% endblocktranslate %}\n乙", "\n甲乙"),
}


@pytest.mark.parametrize(("source", "page"), CASES.values(), ids=CASES)
def test_line_breaks_beside_tags_are_not_sent(engine: Engine, source: str, page: str) -> None:
    assert shown(engine, source, one=1, two=2) == page


def test_one_line_or_many_give_the_same_page(engine: Engine) -> None:
    """What a formatter may do, done to excess: a line break wherever two tags meet."""
    source = '<ul>{% for n in all %}<li class="a">{% if n %}<a href="/{{ n }}">{{ n }}</a>{% else %}无{% endif %}，</li>{% endfor %}</ul>'
    broken = re.sub(r"(?<=[>}])(?=[<{无，])|(?<=[无，])(?=[<{])", "\n    ", source).replace("/\n    ", "/")
    assert broken.count("\n") > 10
    once = shown(engine, source, all=[0, 1, 2])
    engine.template_loaders[0].reset()
    assert shown(engine, broken, all=[0, 1, 2]) == once


def test_a_mistake_is_told_with_its_line(engine: Engine) -> None:
    with pytest.raises(TemplateSyntaxError, match="line 4"):
        shown(engine, "<p>\n\n  甲\n  {% nosuch %}\n</p>")


def test_a_page_is_compiled_once_until_the_files_are_read_anew(engine: Engine) -> None:
    assert shown(engine, "甲") == shown(engine, "乙") == "甲"
    engine.template_loaders[0].reset()
    assert shown(engine, "丙") == "丙"


def test_a_page_may_extend_the_one_of_its_own_name(tmp_path: Path) -> None:
    above, below = tmp_path / "above", tmp_path / "below"
    for folder, text in (
        (above, '{% extends "page.html" %}\n{% block a %}\n甲{{ block.super }}\n{% endblock %}'),
        (below, "{% block a %}乙{% endblock %}"),
    ):
        folder.mkdir()
        (folder / "page.html").write_text(text)
    page = Engine(dirs=[str(above), str(below)], loaders=LOADERS).get_template("page.html")
    assert page.render(Context()) == "甲乙"


def test_only_pages_are_read_so(engine: Engine) -> None:
    """A mail's lines are its own."""
    (Path(engine.dirs[0]) / "mail.txt").write_text("甲\n")
    with pytest.raises(TemplateDoesNotExist):
        engine.get_template("mail.txt")
    with pytest.raises(TemplateDoesNotExist):
        engine.get_template("nosuch.html")


def test_folders_of_other_packages_are_left_to_django(engine: Engine) -> None:
    assert all(Path(folder).is_relative_to(XIEZHI) for folder in engine.template_loaders[0].get_dirs()[1:])


@pytest.mark.parametrize("page", PAGES)
def test_every_page_loads_the_tags_it_writes(page: str) -> None:
    """Most are compiled only when somebody opens them."""
    Engine(dirs=[str(folder) for folder in FOLDERS], loaders=LOADERS, libraries=LIBRARIES).get_template(page)
