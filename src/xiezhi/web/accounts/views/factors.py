"""A person's own second factors: enrol, list, remove, and the recovery codes."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy

from xiezhi.web.accounts.actions import signing
from xiezhi.web.accounts.adapters import FactorAdapter
from xiezhi.web.accounts.guard import signed_in, stepped_up
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.request import Request

BOTH = ("GET", "POST")


def _note(request: Request, kind: str, *, added: bool) -> None:
    user = request.user
    assert isinstance(user, User)
    signing.note_factor(user, kind=kind, added=added, by=request.viewer, keep=request.session.session_key or "")


def _use_up(request: Request, code: str) -> None:
    """The code that enrolled proves nobody a second time: allauth remembers only those that signed in."""
    Authenticator.objects.get(user=request.user, type=Authenticator.Type.TOTP).wrap().validate_code(code)


class _EnrolApp(totp.ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _use_up(self.request, form.cleaned_data["code"])
        _note(self.request, "totp", added=True)
        return response


class _RemoveApp(totp.DeactivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _note(self.request, "totp", added=False)
        return response


class _AddKey(webauthn.AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _note(self.request, "webauthn", added=True)
        return response


class _RemoveKey(webauthn.RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        if not FactorAdapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(FactorAdapter.error_messages["cannot_delete_authenticator"]))
            return redirect("mfa_index")
        response: HttpResponse = super().form_valid(form)
        _note(self.request, "webauthn", added=False)
        return response


class _NewCodes(codes.GenerateRecoveryCodesView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        assert isinstance(self.request.user, User)
        signing.note_codes(self.request.user, by=self.request.viewer)
        return response


@signed_in()
def factors(request: Request) -> HttpResponse:
    """What stands for this account, and how many recovery codes are left."""
    mine = list(Authenticator.objects.filter(user_id=request.user.pk).order_by("created_at"))
    recovery = next((one for one in mine if one.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "app": next((one for one in mine if one.type == Authenticator.Type.TOTP), None),
        "keys": [one.wrap() for one in mine if one.type == Authenticator.Type.WEBAUTHN],
        "recovery": recovery,
        "codes_left": len(recovery.wrap().get_unused_codes()) if recovery else 0,
    }
    return render(request, "accounts/factors.html", context)


enrol_app = signed_in(methods=BOTH)(stepped_up(_EnrolApp.as_view()))
remove_app = signed_in(methods=BOTH)(stepped_up(_RemoveApp.as_view()))
add_key = signed_in(methods=BOTH)(stepped_up(_AddKey.as_view()))
remove_key = signed_in(methods=BOTH)(stepped_up(_RemoveKey.as_view()))
new_codes = signed_in(methods=BOTH)(stepped_up(_NewCodes.as_view()))
see_codes = signed_in()(stepped_up(codes.ViewRecoveryCodesView.as_view()))
