"""Who sees what, post by post: for a periodic review, on the screen, as a file and as a digest of both."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xiezhi.kernel.hashing import canonical, sha256
from xiezhi.kernel.spreadsheet import row_of
from xiezhi.kernel.workbook import new_workbook, write_texts
from xiezhi.web.accounts import queries
from xiezhi.web.accounts.models import Oversight, Post, Unit
from xiezhi.web.accounts.presenters import listed, role_of
from xiezhi.web.accounts.roles import Reach
from xiezhi.web.accounts.words import AUTHORITIES, LABELS, REACHES, Word
from xiezhi.web.kit import display
from xiezhi.web.language import localise
from xiezhi.web.lines import line_word

FORMATS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True)
class Seen:
    """A post with the sight it gives. `confirmed`: of the units its office oversees, where two hands set them."""

    post: Post
    role: str
    reach: Word
    units: list[Unit]
    lines: str
    authority: Word
    clearance: Word
    confirmed: Oversight | None
    valid: str

    @property
    def unit_names(self) -> str:
        return listed(localise(unit.full_title) for unit in self.units) or "—"

    @property
    def confirmation(self) -> str:
        if self.confirmed is None or self.confirmed.settled_at is None:
            return ""
        said = {
            "asked": self.confirmed.asked_by,
            "by": self.confirmed.settled_by,
            "at": display.moment(self.confirmed.settled_at),
        }
        return _("%(asked)s 提议，%(by)s 于 %(at)s 确认") % said

    def cells(self) -> list[str]:
        post = self.post
        return [
            post.user.display_name,
            post.user.username,
            localise(post.unit.full_title),
            self.role,
            str(self.reach),
            self.unit_names,
            self.confirmation,
            self.lines,
            str(self.authority),
            str(self.clearance),
            post.starts_on.isoformat(),
            post.ends_on.isoformat() if post.ends_on else "",
            post.granted_by,
            display.moment(post.granted_at),
            self.valid,
        ]


def heads() -> list[str]:
    return [
        _("姓名"),
        _("用户名"),
        _("单位"),
        _("角色"),
        _("看到的范围"),
        _("看到的单位"),
        _("联系单位的确认"),
        _("业务条线"),
        _("干部管理权限"),
        _("密级许可"),
        _("起"),
        _("止"),
        _("授予人"),
        _("授予时间"),
        _("账号状态"),
    ]


def seen_by_posts(posts: Sequence[Post], today: date) -> list[Seen]:
    regions = queries.regions_of(posts)
    confirmed = queries.oversight_since({post.unit_id for post in posts})
    return [_seen(post, regions, confirmed, today) for post in posts]


def _seen(post: Post, regions: dict[str, Unit], confirmed: dict[int, Oversight], today: date) -> Seen:
    role = role_of(post.role)
    overseen = role.reach == Reach.OVERSEEN
    return Seen(
        post=post,
        role=localise(role.title),
        reach=REACHES[role.reach],
        units=_units(post, role.reach, regions),
        lines=listed(line_word(line) for line in post.lines) or _("全部"),
        authority=AUTHORITIES[post.cadre_authority],
        clearance=LABELS[min(role.clearance, post.user.clearance)],
        confirmed=confirmed.get(post.unit_id) if overseen else None,
        valid=_validity(post, today),
    )


def _units(post: Post, reach: Reach, regions: dict[str, Unit]) -> list[Unit]:
    match reach:
        case Reach.OWN:
            return [post.unit]
        case Reach.OVERSEEN:
            return list(post.unit.overseen.all())
        case Reach.REGION:
            return [regions[post.unit.region_path]] if post.unit.region_path in regions else []
        case Reach.NOTHING:
            return []


def _validity(post: Post, today: date) -> str:
    user = post.user
    if not user.is_active:
        return _("已停用")
    if user.expires_on is not None and user.expires_on <= today:
        return _("已到期")
    return _("尚未开始") if post.starts_on > today else _("可用")


def digest_of(rows: Sequence[Seen]) -> str:
    """Of what the list says, whatever language it is shown in."""
    return sha256(
        canonical(
            [
                {
                    "user": row.post.user.username,
                    "active": row.post.user.is_active,
                    "unit": row.post.unit.code,
                    "role": row.post.role,
                    "sees": sorted(unit.code for unit in row.units),
                    "lines": sorted(row.post.lines),
                    "cadre": row.post.cadre_authority,
                    "clearance": min(role_of(row.post.role).clearance, row.post.user.clearance),
                    "from": row.post.starts_on.isoformat(),
                    "to": row.post.ends_on.isoformat() if row.post.ends_on else None,
                    "granted": [row.post.granted_by, row.post.granted_at.isoformat()],
                }
                for row in rows
            ]
        )
    )


def as_file(rows: Sequence[Seen], kind: str) -> bytes:
    """The list as CSV or a workbook, each cell through the guard that every file passes."""
    table = [row_of(heads()), *(row_of(row.cells()) for row in rows)]
    return _xlsx(table) if kind == "xlsx" else _csv(table)


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(table: Sequence[Sequence[str]]) -> bytes:
    made = io.BytesIO()
    with new_workbook(made) as book:
        sheet = book.add_worksheet(_("可见范围"))
        sheet.set_column(0, len(table[0]) - 1, 18)
        sheet.freeze_panes(1, 1)
        for place, cells in enumerate(table):
            write_texts(sheet, place, cells)
    return made.getvalue()
