"""A person (or a machine) that may sign in. What they may do is in their posts."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from xiezhi.kernel.invisible import unseen
from xiezhi.web.accounts.roles import Duty


def normal_username(typed: str | None) -> str:
    """The one spelling of a username: however it is typed, it is the same account, and counts as the same in a lockout."""
    return unicodedata.normalize("NFKC", typed or "").strip().lower()


def normal_staff_number(typed: str) -> str:
    """One spelling of a staff number: wide letters, small ones and what nobody sees are no other person."""
    return "".join(character for character in unicodedata.normalize("NFKC", typed) if not unseen(character)).strip().upper()


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=normal_username(username))


class User(AbstractBaseUser):
    """`duty` says which roles the account may hold; the database holds every post to it, so that one account can never be
    two of the three administrators (GB/T 22239-2019, 8.1.5)."""

    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=64)
    staff_number = models.CharField(max_length=32, unique=True)
    """Of the person, in the city's register of staff: a second account for the same person is refused."""
    duty = models.CharField(max_length=16, choices=[(duty.value, duty.name) for duty in Duty], default=Duty.BUSINESS)
    clearance = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    expires_on = models.DateField(null=True, blank=True)
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=64)
    language = models.CharField(max_length=8, default="zh-hans")
    theme = models.CharField(max_length=8, default="auto")
    # allauth asks for an address; intranet accounts have none.
    email = models.EmailField(blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "staff_number"]

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(duty__in=[duty.value for duty in Duty]), name="user_duty_is_known"),
            models.CheckConstraint(condition=models.Q(clearance__lte=3), name="user_clearance_is_known"),
            models.UniqueConstraint(fields=("id", "duty"), name="user_id_and_duty"),
            models.CheckConstraint(condition=models.Q(username=Lower("username")), name="username_in_small_letters"),
        )

    def __str__(self) -> str:
        return self.display_name

    def has_expired(self, today: date) -> bool:
        """`expires_on` is the first day on which the account no longer works."""
        return self.expires_on is not None and self.expires_on <= today

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Never: what a person may do is asked of their `Viewer`. Django's own permissions are not used."""
        return False
