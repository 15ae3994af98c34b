"""The sign-in pages' tests: the clock of the codes stands still while one runs."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth
from pytest_django import Settings


@pytest.fixture(autouse=True)
def the_code_does_not_grow_old(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """A code shown on the phone is the code asked for, and used once stays used, however long the machine takes between.

    Codes change with every half minute of the wall clock: one test in some hundreds read its code on one side of the change and
    sent it on the other.
    """
    began = time.time()
    settings.MFA_TOTP_PERIOD = 3600
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: began))
