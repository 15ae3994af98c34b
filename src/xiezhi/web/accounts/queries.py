"""What the administrators' screens and a person's own page read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiezhi.kernel import clock
from xiezhi.web.accounts.models import FactorReset, Oversight, Post, Recusal, RecusalTie, SightReview, Unit, User
from xiezhi.web.accounts.models.unit import PARENTS
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import ROLES, Duty
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.kit.cards import Figure, ToDo


def accounts() -> QuerySet[User]:
    """Every account, each with whether it holds a post today."""
    return User.objects.annotate(holds_post=Exists(_held().filter(user=OuterRef("pk"))))


def waiting_for_post() -> QuerySet[User]:
    """Active accounts that the security administrator has given nothing to do yet."""
    held = _held().filter(user=OuterRef("pk"))
    return accounts().filter(~Exists(held), is_active=True).order_by("created_at")


def waiting_resets() -> QuerySet[FactorReset]:
    return FactorReset.objects.filter(granted__isnull=True).select_related("user").order_by("asked_at")


def waiting_lifts() -> QuerySet[Recusal]:
    """Recusals whose people ask to have them lifted. Whom they are about is not in them."""
    return Recusal.objects.filter(lift_asked_at__isnull=False).select_related("user").order_by("lift_asked_at")


def waiting_oversights() -> QuerySet[Oversight]:
    """What offices are to oversee, proposed and not yet confirmed."""
    waiting = Oversight.objects.filter(granted__isnull=True).select_related("office")
    return waiting.prefetch_related("overseen", "office__overseen").order_by("asked_at")


def sight(today: date) -> QuerySet[Post]:
    """Every post that is held today or will be, with all that its sight is made of; grouped by unit, then by person."""
    rest = Post.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))
    overseen = Prefetch("unit__overseen", Unit.objects.select_related(*PARENTS))
    found = rest.select_related("user", *(f"unit__{parents}" for parents in PARENTS)).prefetch_related(overseen)
    return found.order_by("unit__path", "user__display_name", "starts_on", "pk")


def oversight_since(offices: Iterable[int]) -> dict[int, Oversight]:
    """Office → the newest confirmation of what it oversees; without those that were set before two hands were needed."""
    settled = Oversight.objects.filter(office__in=list(offices), granted=True).order_by("office_id", "-settled_at", "-pk")
    return {one.office_id: one for one in settled.distinct("office_id")}


def regions_of(posts: Iterable[Post]) -> dict[str, Unit]:
    """Path → the region that it is, of the units of posts."""
    found = Unit.objects.select_related(*PARENTS).filter(path__in={post.unit.region_path for post in posts})
    return {unit.path: unit for unit in found}


def open_units() -> QuerySet[Unit]:
    return Unit.objects.filter(closed_on__isnull=True).select_related(*PARENTS).order_by("path")


def units_in_sight(viewer: Viewer) -> QuerySet[Unit]:
    """What lies on the viewer's paths, closed units too: old rows stay where they were."""
    condition = Q(pk__in=[])
    for path in viewer.scope.paths:
        condition |= Q(path__gte=path, path__lt=path + "\x7f")
    return Unit.objects.filter(condition).select_related(*PARENTS).order_by("path")


def units_called(text: str, offered: QuerySet[Unit]) -> list[Unit]:
    """Those of `offered` whose full title or code is `text`; where none is, those with that name alone."""
    # A full title ends with the name: its endings are few, and names are found by an index, full titles by none.
    endings = [text[at:] for at in range(len(text))]
    beginnings = text.partition(" (")[0]
    named = offered.filter(Q(name__in=endings) | Q(name_en=beginnings) | Q(code=text)).select_related(*PARENTS)
    whole = [unit for unit in named if text in (unit.code, unit.full_title.zh, unit.full_title.en)]
    return whole or [unit for unit in named if text in (unit.name, unit.name_en)]


def units_like(text: str, offered: QuerySet[Unit]) -> QuerySet[Unit]:
    """Those of `offered` in whose full title the text occurs, in the order of the tree."""
    above = Coalesce("parent__name", Value(""))
    higher = Coalesce("parent__parent__name", Value(""))
    titled = offered.annotate(spelled=Concat(higher, above, "name"))
    return titled.filter(Q(spelled__icontains=text) | Q(name_en__icontains=text) | Q(code__iexact=text)).order_by("path")


def last_review() -> SightReview | None:
    return SightReview.objects.first()


def recused_keys() -> frozenset[str]:
    """Everybody from whom anybody is recused."""
    declared, tied = (model.objects.values_list("subject_key", flat=True) for model in (Recusal, RecusalTie))
    return frozenset(declared.union(tied))


def locked(usernames: Iterable[str]) -> set[str]:
    """Which of these are locked now."""
    since = clock.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    tried = AccessAttempt.objects.filter(username__in=list(usernames), attempt_time__gt=since).values("username")
    failed = tried.annotate(failures=Sum("failures_since_start")).filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    return set(failed.order_by().values_list("username", flat=True))


def factors_of(user: User) -> int:
    """How many second factors stand for an account; recovery codes only stand in for one."""
    return int(Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES).count())


def posts_of_account(user: User) -> QuerySet[Post]:
    """All of them, those that ended too, newest first."""
    return Post.objects.filter(user=user).select_related("unit").order_by("-starts_on", "-pk")


def units() -> QuerySet[Unit]:
    return Unit.objects.order_by("path")


def to_do(viewer: Viewer) -> list[ToDo]:
    """For the security administrator: accounts without a post, and what another administrator asked for."""
    if not viewer.can(Permission.POST_GRANT) or viewer.user_id is None:
        return []
    count, resets = waiting_for_post().exclude(duty=Duty.MACHINE).count(), waiting_resets().count()
    lifts = waiting_lifts().exclude(user_id=viewer.user_id).count()
    waiting = reverse("accounts:waiting")
    found = []
    if count:
        found.append(ToDo(ngettext("%(n)d 个账号等待授权", "%(n)d 个账号等待授权", count) % {"n": count}, waiting, icon="key"))
    if resets:
        found.append(
            ToDo(
                ngettext("%(n)d 个第二因素等待确认重置", "%(n)d 个第二因素等待确认重置", resets) % {"n": resets},
                waiting,
                icon="lock",
            )
        )
    if lifts:
        found.append(ToDo(ngettext("%(n)d 项回避申请解除", "%(n)d 项回避申请解除", lifts) % {"n": lifts}, waiting, icon="eye"))
    if oversights := waiting_oversights().count():
        words = ngettext("%(n)d 项联系单位等待确认", "%(n)d 项联系单位等待确认", oversights) % {"n": oversights}
        found.append(ToDo(words, waiting, icon="tree"))
    return found


def figures(viewer: Viewer) -> list[Figure]:
    """For the administrators: how many accounts, and how many of them can be used."""
    if not viewer.can(Permission.ACCOUNT_READ) or viewer.user_id is None:
        return []
    active = User.objects.filter(is_active=True).count()
    url = reverse("accounts:list")
    return [Figure(_("可用账号"), active, f"{url}?state=active")]


def holders(permission: Permission, *, unit: str = "", duty: Duty | None = None) -> list[int]:
    """Ids of those who hold a post today that carries `permission`. `unit`: only posts at the unit of this name."""
    roles = [code.value for code, role in ROLES.items() if permission in role.permissions and (duty is None or role.duty == duty)]
    found = _held().filter(role__in=roles, user__is_active=True)
    if unit:
        found = found.filter(unit__name=unit)
    return sorted(set(found.values_list("user_id", flat=True)))


def _held() -> QuerySet[Post]:
    today = clock.today()
    return Post.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today), starts_on__lte=today)
