"""Who of a unit may take a matter in hand."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from xiezhi.kernel import clock
from xiezhi.web.accounts.models import Post, Unit
from xiezhi.web.accounts.models.unit import PARENTS
from xiezhi.web.accounts.roles import ROLES, RoleCode
from xiezhi.web.accounts.viewer import Viewer, viewers_at
from xiezhi.web.matters.models import Matter


def able_at(unit_id: int, matter: Matter, permissions: Collection[str]) -> list[Viewer]:
    """Those of the unit who hold one of the permissions and would see the matter, were it in their unit's hand."""
    held = [unit_id]
    found = viewers_at(Q(unit=unit_id, role__in=roles_with_one_of(permissions)), clock.today())
    return [one for one in found if set(permissions) & one.permissions and _sees(one, matter, held)]


def seeing_by_place(unit_id: int, matter: Matter, permissions: Collection[str]) -> list[Viewer]:
    """Those of the unit who hold one of the permissions and see the matter by where it lies, in whoever's hand it is."""
    found = viewers_at(Q(unit=unit_id, role__in=roles_with_one_of(permissions)), clock.today())
    return [one for one in found if set(permissions) & one.permissions and sees_by_place(one, matter)]


def sees_by_place(viewer: Viewer, matter: Matter) -> bool:
    """Whether a person sees the matter by where it lies: units, line, rank, label, no recusal."""
    return _sees(viewer, matter, [])


def sees_now(viewer: Viewer, matter: Matter) -> bool:
    """Whether a person sees the matter by where it lies or because their unit has it in hand."""
    return _sees(viewer, matter, matter.holders)


def seeing(at: Q, permissions: Collection[str], matter: Matter) -> list[Viewer]:
    """Those with one of the posts `at` whose role holds all of the permissions, and who see the matter as it stands now."""
    roles = [code for code, role in ROLES.items() if role.permissions >= set(permissions)]
    found = viewers_at(at & Q(role__in=roles), clock.today())
    return [one for one in found if sees_now(one, matter)]


def units_able(matter: Matter, permission: str) -> list[Unit]:
    """Open units in which somebody may take the matter in hand: what a form offers.

    By role, lines, rank and clearance; recusals are looked at once a unit is chosen, so that a list does not tell of them.
    """
    today = clock.today()
    roles = [code for code, role in ROLES.items() if permission in role.permissions and role.clearance >= matter.label]
    posts = Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today),
        Q(lines=[]) | Q(lines__contains=[matter.line]),
        Q(user__expires_on__isnull=True) | Q(user__expires_on__gt=today),
        starts_on__lte=today,
        role__in=roles,
        cadre_authority__gte=matter.cadre_level,
        user__is_active=True,
        user__clearance__gte=matter.label,
    )
    units = Unit.objects.filter(closed_on__isnull=True, pk__in=posts.values("unit")).select_related(*PARENTS)
    return list(units.order_by("path"))


def roles_with_one_of(permissions: Collection[str]) -> list[RoleCode]:
    """Roles by which one may do one thing at least of these."""
    return [code for code, role in ROLES.items() if role.permissions & set(permissions)]


def _sees(viewer: Viewer, matter: Matter, holders: Collection[int]) -> bool:
    return viewer.scope.sees(
        path=matter.unit_path,
        line=matter.line,
        cadre=matter.cadre_level,
        label=matter.label,
        subject=matter.subject_key,
        parties=matter.parties,
        holders=holders,
    )
