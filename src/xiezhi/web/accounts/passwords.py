"""Two password policies that contradict each other, and say so.

`mlps3` follows GB/T 22239-2019, 8.1.4.1 (complexity, periodic change). `asvs5` follows OWASP ASVS 5.0, 6.2, which forbids both
and asks for length and strength instead. A site chooses with XIEZHI_POLICY.
"""

from __future__ import annotations

import secrets
import string
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from xiezhi.web.accounts.models import User

LENGTH = {"mlps3": 10, "asvs5": 12}
LIFETIME = {"mlps3": timedelta(days=90), "asvs5": None}
REMEMBERED = {"mlps3": 5, "asvs5": 0}
STRENGTH = 3
"""Of zxcvbn's 0 to 4: safely unguessable by ten thousand tries a second offline for a slow hash."""

EASY = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"

CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits)


def due(user: User, now: datetime) -> bool:
    """Whether the password must be changed before anything else: given by an administrator, or older than the policy allows."""
    lifetime = LIFETIME[settings.XIEZHI_POLICY]
    changed = user.password_changed_at
    if not user.has_usable_password():
        return False
    return user.must_change_password or (lifetime is not None and (changed is None or now - changed >= lifetime))


def rules(*, first: bool = False) -> list[str]:
    """What the policy asks of a new password, a sentence each. `first`: of an account that had none before."""
    said = [
        Length().get_help_text(),
        Complexity().get_help_text(),
        Strength().get_help_text(),
        "" if first else NotUsedBefore().get_help_text(),
    ]
    return [text for text in said if text]


def temporary() -> str:
    """A password to be given once and changed at the first sign-in: of every kind of character, none that look alike."""
    while True:
        made = "-".join("".join(secrets.choice(EASY) for _letter in range(4)) for _group in range(4))
        if all(any(letter in group for letter in made) for group in CLASSES):
            return made


class Length:
    def validate(self, password: str, user: User | None = None) -> None:
        least = LENGTH[settings.XIEZHI_POLICY]
        if not least <= len(password) <= 128:
            raise ValidationError(_("密码须有 %(least)d 至 128 个字符。") % {"least": least}, code="length")

    def get_help_text(self) -> str:
        return _("至少 %(least)d 个字符。") % {"least": LENGTH[settings.XIEZHI_POLICY]}


class Strength:
    """Refuses what a guesser tries first, the account's own words among it."""

    def validate(self, password: str, user: User | None = None) -> None:
        own = [user.username, user.display_name, user.staff_number] if user else []
        if zxcvbn(password[:72], user_inputs=[*own, "xiezhi", "獬豸"])["score"] < STRENGTH:
            raise ValidationError(_("这个密码容易被猜中。换一个更长、不用常见词和个人信息的。"), code="weak")

    def get_help_text(self) -> str:
        return _("不用常见词、姓名和工号。")


class Complexity:
    """mlps3 only: three of lower case, upper case, digits and other characters."""

    def validate(self, password: str, user: User | None = None) -> None:
        if settings.XIEZHI_POLICY != "mlps3":
            return
        kinds = sum(any(letter in group for letter in password) for group in CLASSES)
        kinds += any(letter not in "".join(CLASSES) for letter in password)
        if kinds < 3:
            raise ValidationError(_("密码须含大写字母、小写字母、数字、其他字符中的三种。"), code="plain")

    def get_help_text(self) -> str:
        return _("大写、小写、数字、其他字符至少三种。") if settings.XIEZHI_POLICY == "mlps3" else ""


class NotUsedBefore:
    """mlps3 only: none of the last five."""

    def validate(self, password: str, user: User | None = None) -> None:
        count = REMEMBERED[settings.XIEZHI_POLICY]
        if user is None or user.pk is None or not count:
            return
        digests = [user.password, *user.past_passwords.values_list("digest", flat=True)[:count]]
        if any(digest and check_password(password, digest) for digest in digests):
            raise ValidationError(_("最近 %(count)d 次用过的密码不能再用。") % {"count": count}, code="used")

    def get_help_text(self) -> str:
        count = REMEMBERED[settings.XIEZHI_POLICY]
        return _("不能是最近 %(count)d 次用过的。") % {"count": count} if count else ""
