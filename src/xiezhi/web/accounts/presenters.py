"""Posts, powers and sessions as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from xiezhi.kernel.words import Words
from xiezhi.web.accounts.models import Oversight, Post, SignedInSession, Unit, User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import ROLES, Role, RoleCode
from xiezhi.web.accounts.words import AUTHORITIES, LABELS, REACHES, RELATIONS, Word
from xiezhi.web.language import localise
from xiezhi.web.lines import line_word

BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Held:
    """A post with everything it lets its holder do, spelled out."""

    post: Post
    title: Words
    does: Words
    powers: list[Word]
    reach: Word
    lines: str
    authority: Word
    clearance: Word


@dataclass(frozen=True)
class Device:
    """A session of one's own."""

    handle: str
    name: str
    address: str
    began_at: datetime | None
    seen_at: datetime | None
    here: bool


@dataclass(frozen=True)
class PowersRow:
    """One permission across all roles."""

    permission: Permission
    word: Word
    holds: list[bool]


def listed(words: Iterable[Word]) -> str:
    """Words one after another, as each language does it."""
    return _("、").join(str(word) for word in words)


def role_of(code: str) -> Role:
    return ROLES[RoleCode(code)]


def held(post: Post, user: User) -> Held:
    role = role_of(post.role)
    return Held(
        post=post,
        title=role.title,
        does=role.does,
        powers=[permission.label for permission in Permission if permission in role.permissions],
        reach=REACHES[role.reach],
        lines=listed(line_word(line) for line in post.lines),
        authority=AUTHORITIES[post.cadre_authority],
        clearance=LABELS[min(role.clearance, user.clearance)],
    )


def overseen_change(asked: Oversight) -> tuple[str, str]:
    """Units that would be added and taken away, in words; a dash for none."""
    now = {unit.pk: unit for unit in asked.office.overseen.all()}
    then = {unit.pk: unit for unit in asked.overseen.all()}
    return _named(then[key] for key in then if key not in now), _named(now[key] for key in now if key not in then)


def _named(units: Iterable[Unit]) -> str:
    return listed(localise(unit.title) for unit in units) or "—"


def clearance_word(clearance: int) -> Word:
    return LABELS[clearance]


def relation_word(relation: str) -> Word:
    return RELATIONS.get(relation, relation)


def devices(sessions: Iterable[SignedInSession], here: str) -> list[Device]:
    return [
        Device(one.handle, _device(one.agent), one.address, one.began_at, one.seen_at, one.session_key == here)
        for one in sessions
    ]


def powers() -> tuple[list[Role], list[PowersRow]]:
    """Who may do what, whole: roles across, permissions down."""
    roles = list(ROLES.values())
    return roles, [PowersRow(one, one.label, [one in role.permissions for role in roles]) for one in Permission]


def _device(agent: str) -> str:
    """ "Chrome 120 · Windows": enough to know one's own machine again."""
    browser = next((f"{name} {_version(agent, mark)}".strip() for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " · ".join(filter(None, (browser, system))) or _("未知设备")


def _version(agent: str, mark: str) -> str:
    found = re.search(re.escape(mark) + r"(\d+)", agent)
    return found[1] if found else ""
