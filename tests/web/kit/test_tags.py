"""What the tags write, in both languages, and that nothing a person typed gets out of them unescaped."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory, override_settings
from django.utils import timezone, translation

from tests.web.kit.sample import AlertFilter, Dismissal, Person
from xiezhi.kernel.level import Level
from xiezhi.kernel.words import Words
from xiezhi.web.kit import messages, navigation, slots
from xiezhi.web.kit.charts import Chart, Node, Series
from xiezhi.web.kit.context import Stranger
from xiezhi.web.kit.navigation import Entry, Group
from xiezhi.web.kit.paging import Page, Total

NASTY = "<script>alert(1)</script>'\""


@pytest.fixture(autouse=True, scope="module")
def compiled() -> None:
    messages.compile_all()


def shown(source: str, **context: Any) -> str:
    return Template("{% load i18n kit %}" + source).render(Context({"request": RequestFactory().get("/?q=1"), **context}))


@pytest.mark.parametrize("level", list(Level))
def test_a_level_is_picture_and_word_not_colour_alone(level: Level) -> None:
    html = shown("{% level value %}", value=level)
    assert f"icons.svg#level-{level}" in html.replace("icons.", "icons.")
    assert f"{level.zh}色预警" in html
    with translation.override("en"):
        assert f"{level.value.capitalize()} alert" in shown("{% level value %}", value=level.value)


def test_an_unknown_level_or_icon_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="purple"):
        shown("{% level 'purple' %}")
    with pytest.raises(TemplateSyntaxError, match="no icon"):
        shown("{% icon 'unicorn' %}")


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (123450, "1,234.50"),
        (5, "0.05"),
        (-105, "-1.05"),
        (0, "0.00"),
        (None, "—"),
        (90071992547409930001, "900,719,925,474,099,300.01"),
    ],
)
def test_money_is_exact(fen: int | None, text: str) -> None:
    assert text in shown("{% money fen %}", fen=fen)


def test_days_and_moments_are_of_the_house_zone() -> None:
    late = datetime(2026, 11, 21, 17, 2, 33, tzinfo=UTC)
    with timezone.override("Asia/Shanghai"):
        assert "2026-11-22 01:02<" in shown("{% moment at %}", at=late)
        assert "01:02:33" in shown("{% moment at seconds=True %}", at=late)
        assert "2026-11-22" in shown("{% day at %}", at=late)
    assert "2026-11-21" in shown("{% day at %}", at=date(2026, 11, 21))
    assert "—" in shown("{% moment at %}", at=None)


@override_settings(ROOT_URLCONF="tests.web.kit.sample")
def test_values_are_escaped_in_every_tag() -> None:
    page = Page([], 20, Total(0))
    chart = Chart("bar", NASTY, [NASTY], [Series(NASTY, [1])], NASTY, heading=NASTY)
    graph = {
        "nodes": [{"id": 1, "label": NASTY}, {"id": 2, "label": NASTY}],
        "edges": [{"source": 1, "target": 2, "label": NASTY}],
    }
    html = shown(
        "{% panel v css=v id=v %}{{ v }}{% endpanel %}{% table v css=v %}{{ v }}{% endtable %}{% fact v %}{{ v }}{% endfact %}"
        "{% dialog_button v 'alerts' css=v include=v %}"
        "{% state v 'good' %}{% masked v 'name' %}{% copy_button v %}{% empty_state v v v %}{% chart c id='x' %}"
        "{% graph g id='y' label=v %}"
        "{% progress j v %}{% pager page %}{% sort_header 'a' v %}{% icon 'home' v %}{{ v|json_attribute }}{% watermark %}",
        v=NASTY,
        page=page,
        c=chart,
        g=graph,
        j={"title": NASTY, "note": NASTY},
        viewer=Person(display_name=NASTY, unit_name=NASTY),
    )
    assert "<script>alert" not in html
    assert "alert(1)</script>" not in html


def test_a_masked_value_does_not_stand_anywhere_in_the_page() -> None:
    assert "199003071234" not in shown("{% masked v 'citizen_id' %}", v="990105199003071234")


def test_words_follow_the_language() -> None:
    words = Words(zh="死亡人员领补贴", en="Subsidy to the dead")
    assert shown("{{ w|words }}{{ d|words }}", w=words, d={"zh": "甲", "en": "A"}) == "死亡人员领补贴甲"
    with translation.override("en"):
        assert shown("{{ w|words }}", w=words) == "Subsidy to the dead"


def test_durations_and_sizes_are_short() -> None:
    assert [shown("{{ s|lasting }}", s=s) for s in (2.34, 75, 7260, 90000, None)] == [
        "2.3 秒",
        "1 分 15 秒",
        "2 小时 1 分",
        "1 天 1 小时",
        "—",
    ]
    assert [shown("{{ s|size }}", s=s) for s in (512, 15360, 3565158, None)] == ["512 B", "15 KB", "3.4 MB", "—"]


def test_a_panel_has_its_heading_and_its_content() -> None:
    assert shown("{% panel '岗位' id='posts' css='mt-3' %}<p>{{ v }}</p>{% endpanel %}", v="甲") == (
        '<section class="panel mt-3" id="posts"><div class="panel-head"><h2>岗位</h2></div>'
        '<div class="panel-body"><p>甲</p></div></section>'
    )
    assert shown("{% panel '岗位' body=False %}<form></form>{% endpanel %}") == (
        '<section class="panel"><div class="panel-head"><h2>岗位</h2></div><form></form></section>'
    )


def test_a_table_stands_in_a_frame_that_keyboards_and_screen_readers_reach() -> None:
    assert shown("{% table '改动' css='cards' tall=True %}<tbody></tbody>{% endtable %}") == (
        '<div class="table-frame tall" tabindex="0" role="region" aria-label="改动">'
        '<table class="table-list cards"><tbody></tbody></table></div>'
    )


def test_a_fact_is_a_name_and_what_stands_under_it() -> None:
    assert shown("{% fact '部门' %}<b>{{ v }}</b>{% endfact %}", v="甲") == "<div><dt>部门</dt><dd><b>甲</b></dd></div>"


@override_settings(ROOT_URLCONF="tests.web.kit.sample")
def test_a_button_opens_the_form_of_a_view_over_the_page() -> None:
    html = shown("{% dialog_button '停用' 'alerts' icon_name='stop' css='btn-danger' include='#list :checked' %}")
    assert html.startswith('<button type="button" class="btn btn-danger" hx-get="')
    assert 'hx-include="#list :checked" hx-target="#modal-content"' in html
    assert html.endswith("</svg>停用</button>")


def test_a_chart_carries_its_figures_as_a_table() -> None:
    chart = Chart("line", "趋势", ["1月", "2月"], [Series("产生", [1234, None]), Series("办结", [5, 6])], "件", heading="月份")
    html = shown("{% chart c id='trend' %}", c=chart)
    assert 'data-source="trend"' in html
    assert 'id="trend"' in html
    assert 'role="img" aria-label="趋势"' in html
    assert [cell in html for cell in ("1,234", "—", "产生 (件)", "<details>")] == [True] * 4
    tree = Chart("tree", "树", root=Node("市", 3, [Node("县", 3)]), unit="件")
    assert "　县" in shown("{% chart c id='t' %}", c=tree)


def test_a_sort_header_says_its_direction_and_turns_it() -> None:
    def head(query: str) -> str:
        request = RequestFactory().get(f"/?{query}")
        return Template("{% load kit %}{% sort_header 'amount' '金额' %}").render(Context({"request": request}))

    assert 'aria-sort="none"' in head("q=1")
    assert "sort=-amount" in head("q=1")
    assert 'aria-sort="descending"' in head("sort=-amount")
    assert "?sort=amount" in head("sort=-amount&page=3")
    assert 'aria-sort="ascending"' in head("sort=amount")


def test_the_pager_keeps_the_filter_and_marks_the_page() -> None:
    page = Page([object()] * 20, 20, Total(10_000, capped=True), number=2, previous={"page": "1"}, next={"page": "3"})  # type: ignore[list-item]
    request = RequestFactory().get("/?q=低保&page=2")
    html = Template("{% load kit %}{% pager page %}").render(Context({"request": request, "page": page}))
    assert "共 10,000+ 条" in html
    assert "第 21–40 条" in html
    assert "?q=%E4%BD%8E%E4%BF%9D&amp;page=3" in html
    assert 'aria-current="page">2<' in html


def test_a_field_is_tied_to_its_help_and_its_error() -> None:
    form = Dismissal(QueryDict("reason=短"))
    html = shown("{% form_fields form %}", form=form)
    assert 'aria-describedby="id_reason_help id_reason_error"' in html
    assert 'id="id_reason_help"' in html
    assert 'id="id_reason_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'href="#id_reason"' in html
    assert "有 3 处需要修改" in html
    assert html.count("form-check-input") >= 3


def test_a_hidden_field_is_in_the_form_and_not_in_the_summary() -> None:
    class Hidden(forms.Form):
        mark = forms.CharField(widget=forms.HiddenInput, initial="7")

    assert 'value="7"' in shown("{% form_fields form %}", form=Hidden())


def test_the_filter_bar_opens_when_a_hidden_condition_is_in_use() -> None:
    request = RequestFactory().get("/?unit=青石县民政局&sort=-at&page=3")
    context = {"request": request, "form": AlertFilter(request.GET)}
    html = Template("{% load kit %}{% filter_bar form first=3 %}").render(Context(context))
    assert "data-open" in html
    assert '<input type="hidden" name="sort" value="-at">' in html
    assert 'name="page"' not in html


def test_the_navigation_shows_only_what_the_viewer_may_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_entries", {})
    monkeypatch.setattr(navigation, "_address", {"a": "/a/", "b": "/a/b/", "c": "/c/", "gone": None}.get)
    navigation.register(Entry("丙", "c", "home", "secret.read", Group.SYSTEM), Entry("乙", "b", "home", "x", order=2))
    navigation.register(Entry("甲", "a", "home", None, order=1), Entry("丁", "gone", "home", None))

    class Some(Stranger):
        def can(self, permission: object) -> bool:
            return permission == "x"

    groups = navigation.shown_to(Some(), "/a/b/17/")
    assert [(group, [(e.label, e.here) for e in entries]) for group, entries in groups] == [
        (Group.WORK, [("甲", False), ("乙", True)])
    ]
    assert [[e.label for e in entries] for _group, entries in navigation.shown_to(Stranger(), "/")] == [["甲"]]


def test_slots_are_filled_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_fillings", {})
    slots.fill(slots.Slot.BANNER, "kit/empty.html", order=9)
    slots.fill(slots.Slot.BANNER, "kit/messages.html", order=1)
    slots.fill(slots.Slot.BANNER, "kit/empty.html", order=9)
    assert slots.templates_of(slots.Slot.BANNER) == ["kit/messages.html", "kit/empty.html"]
    assert 'class="empty"' in shown("{% slot 'banner' %}", text="空")
    assert shown("{% slot 'bell' %}") == ""


def test_the_watermark_is_there_after_sign_in_only() -> None:
    assert "data:image/svg+xml" in shown("{% watermark %}", viewer=Person())
    assert shown("{% watermark %}", viewer=Stranger()) == ""
