"""A post: one person in one role at one unit for a period."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from xiezhi.kernel.words import Words
from xiezhi.web.accounts.roles import ROLES, RoleCode


def _duty_of_role() -> Q:
    """role → duty as one condition: what `ROLES` says, said to the database."""
    pairs = (Q(role=code.value, duty=role.duty.value) for code, role in ROLES.items())
    return reduce(or_, pairs)


class Post(models.Model):
    """Held on [starts_on, ends_on). Granted by someone other than who created the account: two administrators, by constraint.

    `duty` repeats the role's duty, and a foreign key on (user, duty) holds it to the account's.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=32, choices=[(code.value, role.zh) for code, role in ROLES.items()])
    duty = models.CharField(max_length=16)
    title = models.CharField(max_length=64, blank=True)
    lines = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    """Business lines the post sees; empty means all."""
    cadre_authority = models.PositiveSmallIntegerField(default=0)
    """干部管理权限: the highest managing level of subjects it sees. 0 none, 1 town, 2 county, 3 city, 4 province."""
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=64)
    account_created_by = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="post_period_runs_forward"
            ),
            models.CheckConstraint(condition=~Q(granted_by=F("account_created_by")), name="post_granted_by_another"),
            models.CheckConstraint(condition=Q(cadre_authority__lte=4), name="post_authority_is_known"),
            models.CheckConstraint(condition=_duty_of_role(), name="post_role_has_its_duty"),
            models.UniqueConstraint(fields=("user", "unit", "role", "starts_on"), name="one_post_once"),
        )

    def __str__(self) -> str:
        return f"{self.unit.name} {ROLES[RoleCode(self.role)].zh}"

    @property
    def role_title(self) -> Words:
        return ROLES[RoleCode(self.role)].title
