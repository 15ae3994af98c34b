"""The smallest form there is: why somebody does what they do."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why, in words that will still mean something in a year."""

    why = forms.CharField(
        label=_("理由"),
        min_length=2,
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"min_length": _("理由至少写两个字")},
    )
