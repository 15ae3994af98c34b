"""Tokens as the security administrator sees them, who is behind one, and the alerts that machines ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db.models import Q, QuerySet

from xiezhi.kernel import clock
from xiezhi.web.accounts.models import Unit, User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import Duty
from xiezhi.web.accounts.viewer import Viewer, posts_of, viewer_of
from xiezhi.web.alerts import queries as on_screen
from xiezhi.web.alerts.models import Alert
from xiezhi.web.api.models import MachineToken

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tokens(viewer: Viewer) -> QuerySet[MachineToken]:
    found = MachineToken.objects.select_related("user")
    return found if viewer.can(Permission.MACHINE_MANAGE) else found.none()


def machines(viewer: Viewer) -> QuerySet[User]:
    """Accounts a token may be issued to."""
    found = User.objects.filter(duty=Duty.MACHINE, is_active=True).order_by("username")
    return found if viewer.can(Permission.MACHINE_MANAGE) else found.none()


def token_of(digest: str) -> MachineToken | None:
    """The token of a digest, whether or not it works."""
    return MachineToken.objects.select_related("user").filter(digest=digest).first()


def machine_of(token: MachineToken, address: str) -> Viewer | None:
    """The viewer a token stands for, as its account is now; None where token, account, post or address do not hold."""
    today = clock.today()
    user = token.user
    if not token.works(today) or not user.is_active or user.has_expired(today) or not _comes_from(token, address):
        return None
    posts = posts_of(user, today)
    if user.duty != Duty.MACHINE or not posts:
        return None
    viewer = viewer_of(user, posts[0])
    return replace(viewer, permissions=viewer.permissions & {Permission(scope) for scope in token.scopes})


def _comes_from(token: MachineToken, address: str) -> bool:
    if not token.networks:
        return True
    return bool(address) and any(ip_address(address) in ip_network(one) for one in token.networks)


def alerts(
    viewer: Viewer, *, level: str = "", rule: str = "", unit: str = "", raised_since: datetime | None = None
) -> QuerySet[Alert]:
    """What the list on screen gives, in the order in which it last changed. `unit`: the code of a unit, with all below it."""
    place = Unit.objects.filter(code=unit).values_list("path", flat=True).first() if unit else ""
    if place is None:
        return Alert.objects.none()
    found = on_screen.alerts(viewer, on_screen.AlertCriteria(levels=(level,) if level else (), rule=rule, unit_path=place))
    if raised_since is not None:
        found = found.filter(raised_at__gte=raised_since)
    return found.select_related("unit").order_by("moved_at", "pk")


def changed_after(found: QuerySet[Alert], moved: int, last: int) -> QuerySet[Alert]:
    """Those after the row that a cursor names: by when it changed, in microseconds, and its key."""
    try:
        at = EPOCH + timedelta(microseconds=moved)
    except OverflowError:
        return found.none()
    return found.filter(Q(moved_at__gt=at) | Q(moved_at=at, pk__gt=last))


def microseconds(moment: datetime) -> int:
    """Whole, so that the cursor names exactly the moment that the database holds."""
    return (moment - EPOCH) // timedelta(microseconds=1)
