"""docs/reference/powers.md, from `roles`: `python -m xiezhi.web.accounts.powers_page` writes it, a test says when it is old."""

from __future__ import annotations

import sys
from pathlib import Path

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import ROLES, Reach

REACHES = {
    Reach.NOTHING: "no business data",
    Reach.OWN: "own unit and below",
    Reach.OVERSEEN: "overseen units and below",
    Reach.REGION: "own region and below",
}

HEAD = """# Powers

Who may do what. Generated from `src/xiezhi/web/accounts/roles.py` by `python -m xiezhi.web.accounts.powers_page`; the screen
权限一览 (`/powers/`) shows the same to the three administrators.

A post gives its holder the permissions of its role, on the rows that lie within its reach, its lines of business, its cadre
authority and the label up to which both the role and the account are cleared. An account has one duty; a role of another duty
cannot be granted to it. Whoever created an account cannot grant it a post, and nobody grants to themselves.
"""


def page() -> str:
    """The whole page."""
    return "\n".join((HEAD, *_roles(), "", "## Permissions", "", *_permissions(), ""))


def _roles() -> list[str]:
    rows = ["| Role | 角色 | Duty | Sees | Label up to | Does |", "|---|---|---|---|---|---|"]
    said = (
        f"| {role.en} | {role.zh} | {role.duty} | {REACHES[role.reach]} | {role.clearance} | {role.does_en} |"
        for role in ROLES.values()
    )
    return [*rows, *said]


def _permissions() -> list[str]:
    rows = ["| Permission | Roles |", "|---|---|"]
    for permission in Permission:
        holders = [role.en for role in ROLES.values() if permission in role.permissions]
        rows.append(f"| `{permission}` | {'; '.join(holders) or 'nobody'} |")
    return rows


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference/powers.md").write_text(page(), encoding="utf-8")
