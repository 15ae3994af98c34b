"""Viewer: who acts, in which post, with which powers. What every query starts from and every action takes as `by`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet

from xiezhi.web.accounts.models import Post, Recusal, RecusalTie, Unit, User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import ROLES, Reach, RoleCode
from xiezhi.web.accounts.scope import NOBODY, Scope, entered, system_scope_of


@dataclass(frozen=True)
class Viewer:
    """Immutable for one request: a right taken away acts on the next."""

    user_id: int | None = None
    username: str = ""
    display_name: str = ""
    post_id: int | None = None
    role: RoleCode | None = None
    unit_id: int | None = None
    unit_name: str = ""
    unit_path: str = ""
    region_path: str = ""
    language: str = "zh-hans"
    scope: Scope = NOBODY
    permissions: frozenset[Permission] = field(default_factory=frozenset)

    @property
    def person_id(self) -> int:
        """The id of the person who acts. Raises RuntimeError where none does: a stranger, or the platform itself."""
        if self.user_id is None:
            raise RuntimeError("nobody is signed in")
        return self.user_id

    def can(self, permission: Permission) -> bool:
        return permission in self.permissions


ANONYMOUS = Viewer()


def viewer_of(user: User, post: Post | None) -> Viewer:
    """The viewer a person is in a post of theirs; without one they may sign in and out, and see nothing.

    `post` as read by `posts_of`, which brings all this needs in one query.
    """
    bare = Viewer(
        user_id=user.pk,
        username=user.username,
        display_name=user.display_name,
        language=user.language,
        scope=Scope(user_id=user.pk),
    )
    if post is None:
        return bare
    role = ROLES[RoleCode(post.role)]
    scope = Scope(
        user_id=user.pk,
        paths=_paths(post, role.reach),
        lines=tuple(post.lines) or None,
        cadre=post.cadre_authority,
        clearance=min(role.clearance, user.clearance),
        recused=tuple(sorted({*post.recused, *post.tied})),  # type: ignore[attr-defined]
        trail=Permission.TRAIL_READ in role.permissions,
        unit_id=post.unit_id,
    )
    return replace(
        bare,
        post_id=post.pk,
        role=role.code,
        unit_id=post.unit_id,
        unit_name=post.unit.name,
        unit_path=post.unit.path,
        region_path=post.unit.region_path,
        scope=scope,
        permissions=role.permissions,
    )


def posts_of(user: User, today: date) -> list[Post]:
    """The posts a person holds on a day, oldest first, each with its unit, overseen paths and recusals: one query."""
    return list(_held_on(today).filter(user=user))


def viewers_at(at: Q, today: date) -> list[Viewer]:
    """Everybody who holds one of the posts on a day and may sign in, as the viewer that they are in it: one query."""
    valid = Q(user__expires_on__isnull=True) | Q(user__expires_on__gt=today)
    held = _held_on(today).filter(at, valid, user__is_active=True).select_related("user")
    return [viewer_of(post.user, post) for post in held]


def _held_on(today: date) -> QuerySet[Post]:
    overseen = Unit.objects.filter(overseers=OuterRef("unit_id")).order_by("path").values("path")
    recused = Recusal.objects.filter(user_id=OuterRef("user_id")).order_by("subject_key").values("subject_key")
    tied = RecusalTie.objects.filter(recusal__user_id=OuterRef("user_id")).order_by("subject_key").values("subject_key")
    held = Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gt=today))
    return (
        Post.objects.filter(held)
        .select_related("unit")
        .annotate(overseen=ArraySubquery(overseen), recused=ArraySubquery(recused), tied=ArraySubquery(tied))
        .annotate(region_path=F("unit__region_path"))
        .order_by("starts_on", "pk")
    )


def _paths(post: Post, reach: Reach) -> tuple[str, ...]:
    match reach:
        case Reach.OWN:
            return (post.unit.path,)
        case Reach.REGION:
            return (post.unit.region_path,)
        case Reach.OVERSEEN:
            return tuple(post.overseen)  # type: ignore[attr-defined]
        case Reach.NOTHING:
            return ()


@contextmanager
def acting_as(viewer: Viewer) -> Iterator[Viewer]:
    """A transaction in which `viewer` acts: what background work on someone's behalf runs in."""
    with transaction.atomic(), entered(viewer.scope):
        yield viewer


@contextmanager
def system_scope(name: str, *, trail: bool = False) -> Iterator[Viewer]:
    """A transaction of a named system job. Its name stands in the trail where a person's would."""
    with acting_as(system_viewer(name, trail=trail)) as viewer:
        yield viewer


def system_viewer(name: str, *, trail: bool = False) -> Viewer:
    return Viewer(
        username=f"system:{name}",
        display_name=name,
        scope=replace(system_scope_of(name), trail=trail),
        permissions=frozenset(Permission),
    )
