"""Who may sign in with a password, and who a session belongs to."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from xiezhi.kernel import clock
from xiezhi.web.accounts.models import User, normal_staff_number
from xiezhi.web.accounts.roles import Duty


class AccountBackend(ModelBackend):
    """A wrong name, a wrong password, a disabled, an expired and a machine's account are refused alike, after one hashing each.

    A machine has no screen: its way in is a token.
    """

    def user_can_authenticate(self, user: Any) -> bool:
        known = isinstance(user, User) and user.is_active and user.duty != Duty.MACHINE
        return known and not user.has_expired(clock.today())

    def get_user(self, user_id: Any) -> User | None:
        """Of a session, a disabled account too: the middleware ends the session then, and says so in the trail."""
        return User.objects.filter(pk=user_id).first()


def with_staff_number(staff_number: str | None) -> User | None:
    """Whoever has the number, in whichever spelling it comes."""
    number = normal_staff_number(staff_number or "")
    return User.objects.filter(staff_number=number).first() if number else None


def account_of(staff_number: str) -> User | None:
    """The account of a staff number that somebody else vouches for, compared whole, if it may be used."""
    user = with_staff_number(staff_number)
    return user if user is not None and AccountBackend().user_can_authenticate(user) else None
