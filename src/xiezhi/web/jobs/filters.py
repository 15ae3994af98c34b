"""The filter bar above the queue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.web.jobs.kinds import every_kind
from xiezhi.web.jobs.presenters import kind_word, state_word
from xiezhi.web.jobs.states import JobState
from xiezhi.web.kit.filters import FilterForm


class QueueFilter(FilterForm):
    state = forms.ChoiceField(label=_("状态"), required=False)
    kind = forms.ChoiceField(label=_("种类"), required=False)
    ended = forms.ChoiceField(label=_("结束"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.offer("state", [(state.value, state_word(state)) for state in JobState])
        self.offer("kind", [(kind.code, kind_word(kind.code)) for kind in every_kind()])
        self.offer("ended", [("day", _("一天内结束"))])
