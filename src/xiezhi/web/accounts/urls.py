"""Routes of signing in, of one's own account, and of the administrators' screens.

Of allauth only what we need is routed, each route by name: nobody signs up, and no password comes by mail.
"""

from __future__ import annotations

from importlib import import_module

from django.conf import settings as site
from django.urls import URLPattern, URLResolver, include, path

from xiezhi.web.accounts.views import (
    accounts,
    certificate,
    factors,
    granting,
    links,
    own,
    powers,
    settings,
    setup,
    sight,
    signing,
    units,
)

# allauth looks these names up, so they stand outside our namespace.
allauth = [
    path("login/", signing.sign_in, name="account_login"),
    path("ldap/", signing.ldap, name="account_ldap"),
    path("certificate/", certificate.arrive, name="account_certificate"),
    path("logout/", signing.sign_out, name="account_logout"),
    path("code/", signing.code, name="mfa_authenticate"),
    path("again/", signing.password_again, name="account_reauthenticate"),
    path("again/code/", signing.code_again, name="mfa_reauthenticate"),
    path("again/key/", signing.key_again, name="mfa_reauthenticate_webauthn"),
    path("password/", signing.change_password, name="account_change_password"),
    path("factors/", factors.factors, name="mfa_index"),
    path("factors/app/", factors.enrol_app, name="mfa_activate_totp"),
    path("factors/app/remove/", factors.remove_app, name="mfa_deactivate_totp"),
    path("factors/key/", factors.add_key, name="mfa_add_webauthn"),
    path("factors/key/<int:pk>/remove/", factors.remove_key, name="mfa_remove_webauthn"),
    path("factors/codes/", factors.see_codes, name="mfa_view_recovery_codes"),
    path("factors/codes/new/", factors.new_codes, name="mfa_generate_recovery_codes"),
]

ours = [
    path("setup/<str:secret>/", setup.setup, name="setup"),
    path("enter/<str:secret>/", links.enter, name="link"),
    path("me/", own.me, name="me"),
    path("me/language/", settings.language, name="language"),
    path("me/theme/", settings.theme, name="theme"),
    path("me/post/", settings.choose_post, name="choose_post"),
    path("me/recusals/new/", own.declare_recusal, name="declare_recusal"),
    path("me/recusals/<int:recusal_id>/lift/", own.ask_lift, name="ask_lift"),
    path("me/sessions/", own.sessions, name="sessions"),
    path("me/sessions/end/", own.end_sessions, name="end_sessions"),
    path("accounts/", accounts.account_list, name="list"),
    path("accounts/new/", accounts.create, name="create"),
    path("accounts/waiting/", granting.waiting, name="waiting"),
    path("accounts/<int:user_id>/", accounts.account, name="account"),
    path("accounts/<int:user_id>/disable/", accounts.set_active, {"active": False}, name="disable"),
    path("accounts/<int:user_id>/enable/", accounts.set_active, {"active": True}, name="enable"),
    path("accounts/<int:user_id>/unlock/", accounts.unlock, name="unlock"),
    path("accounts/<int:user_id>/password/", accounts.reset_password, name="reset_password"),
    path("accounts/<int:user_id>/factors/reset/", accounts.ask_factor_reset, name="ask_factor_reset"),
    path("accounts/<int:user_id>/clearance/", granting.clearance, name="clearance"),
    path("accounts/<int:user_id>/posts/new/", granting.grant, name="grant"),
    path("accounts/posts/<int:post_id>/end/", granting.end_post, name="end_post"),
    path("accounts/recusals/<int:recusal_id>/lift/", granting.settle_lift, {"granted": True}, name="lift_recusal"),
    path("accounts/recusals/<int:recusal_id>/keep/", granting.settle_lift, {"granted": False}, name="keep_recusal"),
    path("accounts/resets/<int:reset_id>/confirm/", granting.settle_reset, {"granted": True}, name="confirm_reset"),
    path("accounts/resets/<int:reset_id>/refuse/", granting.settle_reset, {"granted": False}, name="refuse_reset"),
    path(
        "accounts/oversights/<int:oversight_id>/confirm/", granting.settle_oversight, {"granted": True}, name="confirm_oversight"
    ),
    path(
        "accounts/oversights/<int:oversight_id>/refuse/", granting.settle_oversight, {"granted": False}, name="refuse_oversight"
    ),
    path("accounts/sight/", sight.sight, name="sight"),
    path("accounts/sight/file/", sight.sight_file, name="sight_file"),
    path("accounts/sight/reviewed/", sight.reviewed, name="sight_reviewed"),
    path("units/", units.unit_list, name="units"),
    path("units/find/", units.find, name="find_units"),
    path("units/new/", units.add, name="add_unit"),
    path("units/<int:unit_id>/close/", units.close, name="close_unit"),
    path("units/<int:unit_id>/overseen/", units.charge, name="charge"),
    path("powers/", powers.powers, name="powers"),
    path("policy/", powers.policy, name="policy"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("account/", include(allauth)), path("", include((ours, "accounts")))]

if site.XIEZHI_OIDC:
    # Only such a site has what this imports.
    directory = import_module("xiezhi.web.accounts.views.directory")
    urlpatterns += [
        path("account/directory/<str:provider_id>/", directory.go_there, name="openid_connect_login"),
        path("account/directory/<str:provider_id>/back/", directory.come_back, name="openid_connect_callback"),
    ]
