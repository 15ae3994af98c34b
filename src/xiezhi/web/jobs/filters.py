"""The filter bar above the queue."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.web.jobs.kinds import every_kind
from xiezhi.web.jobs.presenters import kind_word, state_word
from xiezhi.web.jobs.states import JobState


class QueueFilter(forms.Form):
    """What is not a known choice filters nothing."""

    state = forms.ChoiceField(label=_("状态"), required=False)
    kind = forms.ChoiceField(label=_("种类"), required=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        everything = ("", _("全部"))
        self.fields["state"].choices = [everything, *((state.value, state_word(state)) for state in JobState)]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [everything, *((kind.code, kind_word(kind.code)) for kind in every_kind())]  # type: ignore[attr-defined]

    def chosen(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")
