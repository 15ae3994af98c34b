"""The filter bars of the trail. A filter never fails: a value that is not offered is no filter at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiezhi.kernel import clock
from xiezhi.web.accounts.roles import ROLES
from xiezhi.web.audit.kinds import every_kind
from xiezhi.web.audit.models import EventOutcome
from xiezhi.web.language import page_language
from xiezhi.web.trail.queries import EventCriteria, usernames_of
from xiezhi.web.trail.words import OTHER_ROLES, role_word

DAYS = 30
MOST_DAYS = 92


EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
"""Days that a trail can have. One before or after has no neighbour that a calendar can name."""


def _day(label: Any) -> forms.DateField:
    within = [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]
    widget = forms.DateInput({"type": "date", "min": str(EARLIEST), "max": str(LATEST)})
    return forms.DateField(label=label, required=False, widget=widget, validators=within)


class PeriodFilter(forms.Form):
    """A range of days, the last thirty unless it says otherwise."""

    since = _day(_("自"))
    until = _day(_("至"))

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.is_valid()

    def days(self) -> list[date]:
        """Every day of the range, not more than a quarter of a year."""
        last = self.cleaned_data.get("until") or timezone.localdate(clock.now())
        first = self.cleaned_data.get("since") or last - timedelta(days=DAYS - 1)
        first = max(first, last - timedelta(days=MOST_DAYS - 1))
        return [first + timedelta(days=at) for at in range((last - first).days + 1)]

    def said(self) -> dict[str, Any]:
        """What was asked for, as it stands in the trail."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def wanted(self) -> EventCriteria:
        return EventCriteria(since=self.cleaned_data.get("since"), until=self.cleaned_data.get("until"))


class PersonPeriodFilter(PeriodFilter):
    """A person and a range of days."""

    who = forms.CharField(
        label=_("人员"), required=False, max_length=60, widget=forms.TextInput({"placeholder": _("姓名或用户名")})
    )

    field_order: Iterable[str] | None = ("who", "since", "until")

    def usernames(self) -> tuple[str, ...] | None:
        who = self.cleaned_data.get("who")
        return usernames_of(who) if who else None

    def wanted(self) -> EventCriteria:
        return EventCriteria(
            since=self.cleaned_data.get("since"), until=self.cleaned_data.get("until"), usernames=self.usernames()
        )


class EventFilter(PersonPeriodFilter):
    """Everything an event can be looked for by."""

    kind = forms.ChoiceField(label=_("操作"), required=False)
    outcome = forms.ChoiceField(label=_("结果"), required=False)
    role = forms.ChoiceField(label=_("角色"), required=False)
    thing = forms.CharField(label=_("对象编号"), required=False, max_length=200)
    ip = forms.CharField(label=_("来源地址"), required=False, max_length=45)

    field_order: Iterable[str] | None = ("who", "kind", "since", "until", "outcome", "role", "thing", "ip")

    def __init__(self, data: Any) -> None:
        forms.Form.__init__(self, data)
        language = page_language()
        self._offer("kind", sorted(((kind.code, kind.words.in_(language)) for kind in every_kind()), key=lambda one: one[1]))
        self._offer("outcome", EventOutcome.choices)
        self._offer("role", [(code, role_word(code)) for code in (*(str(role.value) for role in ROLES), *OTHER_ROLES)])
        self.is_valid()

    def wanted(self) -> EventCriteria:
        asked = self.cleaned_data
        return EventCriteria(
            since=asked.get("since"),
            until=asked.get("until"),
            usernames=self.usernames(),
            role=asked.get("role") or "",
            kind=asked.get("kind") or "",
            thing=asked.get("thing") or "",
            outcome=asked.get("outcome") or "",
            ip=asked.get("ip") or "",
        )

    def _offer(self, name: str, choices: Any) -> None:
        self.fields[name].choices = [("", _("全部")), *choices]  # type: ignore[attr-defined]
