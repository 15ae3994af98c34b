"""The text of the manual: every screen has its help, every role its guide, and what they quote is on the screens."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from tests.web.matrix.routes import DECLARED
from xiezhi.kernel.words import Words
from xiezhi.operations.datasets import describe_vocabulary
from xiezhi.operations.processes import Process
from xiezhi.rules.coverage_reasons import REASONS
from xiezhi.web.accounts import passwords, session
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.roles import ROLES, Duty, RoleCode
from xiezhi.web.accounts.words import LABELS
from xiezhi.web.alerts import policies as alerts
from xiezhi.web.deliveries.policies import files
from xiezhi.web.deliveries.queries import quality
from xiezhi.web.help import presenters, queries
from xiezhi.web.jobs.actions import expiry as jobs
from xiezhi.web.kit import messages
from xiezhi.web.matters.gateway import content
from xiezhi.web.notices.actions import reading
from xiezhi.web.reveals import policies as reveals
from xiezhi.web.supervision.actions import trying

NO_PAGE = {
    "accounts:find_units",  # suggestions for a field
    "notices:bell",  # a number beside the bell
    "notices:open",  # leads on to what the notice tells of
    "jobs:progress",
    "trail:progress",
    "trail:csv",
    "trail:fetch",
    "alerts:download",
    "catalogue:template",
    "api:openapi",
    "doctor:live",
    "doctor:ready",
    "doctor:metrics",
}
"""Routes that answer a GET with no page: a part, a file, a number."""

SECTIONS = ["用途", "看到什么", "怎样办理", "办理之后", "常见问题"]
PARTS = ["五分钟走一遍", "日常", "每周每月", "不能做的，找谁", "揭示身份", "关于您记录了什么", "常见问题"]
BOLD = re.compile(r"\*\*(.+?)\*\*")
DOCUMENTS = [*queries.guides().values(), *queries.topics().values()]


def name_of(document: object) -> str:
    return str(getattr(document, "name", document))


def test_every_screen_has_its_help() -> None:
    pages = {name for name, door in DECLARED.items() if "GET" in door.methods and not door.machine} - NO_PAGE
    assert sorted(page for page in pages if queries.topic_of(page) is None) == []


def test_help_is_about_routes_that_are_there_and_each_has_one() -> None:
    named = Counter(route for topic in queries.topics().values() for route in topic.routes)
    assert sorted(set(named) - set(DECLARED)) == []
    assert [route for route, times in named.items() if times > 1] == []


def test_every_role_has_a_guide_of_its_own() -> None:
    guided = Counter(role for one in queries.guides().values() for role in one.roles)
    people = {role for role in RoleCode if role is not RoleCode.MACHINE}
    assert set(guided) == people
    assert set(guided.values()) == {2}, "its own, and the one for everybody"


@pytest.mark.parametrize("topic", queries.topics().values(), ids=name_of)
def test_help_answers_the_same_five_questions(topic: queries.Topic) -> None:
    assert [heading.words for heading in presenters.shown(topic).headings] == SECTIONS


@pytest.mark.parametrize("guide", queries.guides().values(), ids=name_of)
def test_guides_have_the_same_parts(guide: queries.Guide) -> None:
    if guide.name != "everybody":
        assert [heading.words for heading in presenters.shown(guide).headings] == PARTS


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_no_style_no_raw_html_and_no_address_elsewhere(document: queries.Guide | queries.Topic) -> None:
    html = presenters.shown(document).html
    assert not re.search(r"\sstyle=|<script|<img|https?:", html)
    assert set(re.findall(r'href="([^"]*)"', html)) == {
        one for one in re.findall(r'href="([^"]*)"', html) if one.startswith("/help/")
    }


def test_raw_html_is_text() -> None:
    plain = queries.Topic(
        "x", queries.topics()["alert"].title, "<b onclick=x>甲</b>\n\n<script>1</script>\n\n| 甲 |\n|--:|\n| 乙 |\n", (), None
    )
    html = presenters.shown(plain).html
    assert "<b" not in html
    assert "<script" not in html
    assert "style" not in html
    assert "<td>乙</td>" in html


def test_a_link_that_leads_nowhere_is_refused() -> None:
    for wrong in ("nowhere.md", "../guides/nowhere.md", "https://elsewhere.example/", "../../secret.md"):
        with pytest.raises(ValueError, match="manual"):
            presenters.address_of(wrong, "pages")


def test_a_line_that_goes_on_in_the_next_is_one_line() -> None:
    told = queries.Topic("x", queries.topics()["alert"].title, "甲\n乙", (), None)
    assert presenters.shown(told).html == "<p>甲乙</p>\n"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_what_is_bold_stands_on_the_screens(document: queries.Guide | queries.Topic) -> None:
    """Bold are the words of the interface, and the questions of the last part."""
    told, _, questions = document.text.rpartition("## 常见问题")
    asked = {line[2:].partition("**")[0] for line in questions.splitlines() if line.startswith("**")}
    bold = set(BOLD.findall(told)) | {one for one in BOLD.findall(questions) if one not in asked}
    assert {one for one in bold if one not in said()} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_what_is_quoted_as_a_question_is_what_the_screen_says(document: queries.Guide | queries.Topic) -> None:
    """Between curly quotes at the head of an answer; …… stands for what differs from case to case."""
    questions = document.text.rpartition("## 常见问题")[2]
    heads = [line[2:].partition("**")[0] for line in questions.splitlines() if line.startswith("**")]
    parts = {part for head in heads for quoted in re.findall("“(.+?)”", head) for part in re.split("……|[‘’]", quoted) if part}
    assert {part for part in parts if not any(part in text for text in said())} == set()


def test_commands_are_for_administrators() -> None:
    officers = [
        one for one in queries.guides().values() if all(ROLES[RoleCode(role)].duty == Duty.BUSINESS for role in one.roles)
    ]
    assert officers
    assert [one.name for one in officers if "xiezhi " in one.text or "systemctl" in one.text] == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("alert-moves", f"明天起 {alerts.LONGEST_SNOOZE.days} 天以内"),
        ("alert-moves", f"1 至 {alerts.MOST_AT_ONCE} 条"),
        ("alerts", f"最多 {alerts.MOST_AT_ONCE} 条"),
        ("alerts-export", f"{alerts.MOST_ROWS_NOW} 条以内"),
        ("alerts-export", f"最多 {alerts.MOST_ROWS // 10_000} 万条"),
        ("alerts-export", f"{alerts.EXPORT_LASTS.total_seconds() / 3600:.0f} 小时后清除"),
        ("reveals", f"{reveals.LAPSES.total_seconds() / 3600:.0f} 小时内有效"),
        ("reveals-register", f"一天打开 {reveals.MANY_A_DAY} 次"),
        ("notices", f"保留 {reading.KEPT.days} 天"),
        ("jobs", f"{jobs.KEPT.days} 天后"),
        ("tries", f"{trying.KEPT.days} 天后"),
        ("deliveries-upload", f"最多 {files.MOST_FILES} 个文件，每个不超过 {files.MOST_BYTES // 1024**3} GB"),
        ("deliveries-quality", f"最近 {quality.SHOWN} 次"),
        ("sign-in", f"连续 {settings.AXES_FAILURE_LIMIT} 次失败锁定 {settings.AXES_COOLOFF_TIME * 60:.0f} 分钟"),
        ("sessions", f"{settings.XIEZHI_IDLE_MINUTES} 分钟没有操作，或登录满 {settings.XIEZHI_SESSION_HOURS} 小时"),
        ("again", {5: "五分钟内"}[session.PROVEN_FOR.seconds // 60]),
        ("grant", f"新账号是“{LABELS[User._meta.get_field('clearance').default]}”"),
        ("policy", "、".join(sorted(passwords.LENGTH, reverse=True)).replace("、", " 或 ")),
    ],
)
def test_limits_are_those_of_the_code(name: str, said: str) -> None:
    assert said in queries.topics()[name].text


def test_the_index_for_readers_of_the_repository_names_all() -> None:
    listed = set(re.findall(r"\]\(((?:guides|pages)/[\w-]+\.md)\)", (queries.MANUAL / "README.md").read_text("utf-8")))
    assert listed == {path.relative_to(queries.MANUAL).as_posix() for path in queries.MANUAL.glob("*/*.md")}


@cache
def said() -> frozenset[str]:
    """All that the interface can say: texts of its templates, every string of its code, and the core's words that it shows."""
    web = Path(messages.WEB)
    found = {text.said.replace("%%", "%") for text in messages.texts(web)}
    for path in web.rglob("*.py"):
        if "node_modules" not in path.parts:
            found.update(_strings(path))
    vocabulary = describe_vocabulary()
    tables = (vocabulary.kinds, vocabulary.cadences, vocabulary.classifications, REASONS)
    written = [words.zh for process in content().processes.values() for words in _words_of(process)]
    return frozenset(found | {words.zh for table in tables for words in table.values()} | set(written))


def _words_of(process: Process) -> Iterator[Words]:
    """Of a process, which is content: what its states, moves and fields are called."""
    yield from (state.title for state in process.states.values())
    for move in process.moves.values():
        yield from (move.title, move.done)
        for field in move.form.values():
            yield field.title
            yield from field.choices.values()


def _strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
