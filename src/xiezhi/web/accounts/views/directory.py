"""To the directory and back. Routed only where a site has one."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect import views

from xiezhi.web.accounts.guard import public

go_there = public(methods=("POST",))(views.login)
come_back = public()(views.callback)
