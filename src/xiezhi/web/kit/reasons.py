"""The smallest form there is: why somebody does what they do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonField(forms.CharField):
    """A few words that say why: at least two, in Django's stead said without its "variable"."""

    def __init__(self, *, min_length: int = 2, max_length: int = 300, **options: Any) -> None:
        options.setdefault("error_messages", {}).setdefault("min_length", _("至少写 %(limit_value)d 个字"))
        super().__init__(min_length=min_length, max_length=max_length, **options)


class ReasonForm(forms.Form):
    """Why, in words that will still mean something in a year."""

    why = ReasonField(label=_("理由"), widget=forms.Textarea({"rows": 3}))
