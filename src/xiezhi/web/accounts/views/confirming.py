"""One way to do what needs a reason: a small form in a modal (or on a page of its own), then the act, then back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.request import Request
from xiezhi.web.kit import display
from xiezhi.web.kit.rendering import go, invalid, page_or_part

PAGE, PART = "accounts/confirm_page.html", "kit/confirm.html"


def confirm(
    request: Request, form: Form, act: Callable[[Mapping[str, Any]], Any], *, back: str, done: Any = "", **said: Any
) -> HttpResponse:
    """`said`: title, text, submit, danger. A refusal of the action is shown in the form, in the person's language."""
    context = {"form": form, "url": request.path, "back": back, **said}
    if request.method != "POST":
        return page_or_part(request, PAGE, PART, context)
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except UserError as refusal:
            form.add_error(None, display.refusal(refusal))
        else:
            if done:
                messages.success(request, done)
            return go(request, back)
    return invalid(request, PAGE, PART, context)
