"""Who may knock at which door, written down by hand: the matrix holds the site to this table, not to what the code says of itself.

A route without a line here fails, and so does a line without a route. Permissions are written as in docs/reference/powers.md.
"""

from __future__ import annotations

from dataclasses import dataclass

PUBLIC, SIGNED_IN = "public", "signed in"
BOTH, POST = ("GET", "POST"), ("POST",)


@dataclass(frozen=True)
class Door:
    """`asks`: a permission, or an audience. `proven`: only right after saying again who one is. `machine`: a token, no session.

    `of`: the kind of thing that the address names; `also`: what the act on it asks for beside. `moves`: the same for an address
    that names the act.
    """

    asks: str
    methods: tuple[str, ...] = ("GET",)
    proven: bool = False
    of: str = ""
    also: str = ""
    machine: bool = False
    moves: tuple[tuple[str, str], ...] = ()


ALERT_MOVES = (
    ("dismiss", "alert.dismiss"),
    ("reopen", "alert.dismiss"),
    ("snooze", "alert.snooze"),
    ("wake", "alert.snooze"),
    ("merge", "alert.merge"),
    ("dispatch", "alert.dispatch"),
    ("urge", "alert.dispatch"),
    *(
        (move, "alert.verify")
        for move in ("sign_for", "decline", "transfer", "extend", "submit", "extend_rectification", "report")
    ),
    *((move, "alert.review") for move in ("send_back", "accept", "rectify", "reject", "confirm")),
)

SIGNING_IN = {
    "account_login": Door(PUBLIC, BOTH),
    "account_ldap": Door(PUBLIC, BOTH),
    "account_certificate": Door(PUBLIC, POST),
    "account_logout": Door(PUBLIC, BOTH),
    "mfa_authenticate": Door(PUBLIC, BOTH),
    "account_reauthenticate": Door(SIGNED_IN, BOTH),
    "mfa_reauthenticate": Door(SIGNED_IN, BOTH),
    "mfa_reauthenticate_webauthn": Door(SIGNED_IN, BOTH),
    "account_change_password": Door(SIGNED_IN, BOTH),
    "mfa_index": Door(SIGNED_IN),
    "mfa_activate_totp": Door(SIGNED_IN, BOTH, proven=True),
    "mfa_deactivate_totp": Door(SIGNED_IN, BOTH, proven=True),
    "mfa_add_webauthn": Door(SIGNED_IN, BOTH, proven=True),
    "mfa_remove_webauthn": Door(SIGNED_IN, BOTH, proven=True),
    "mfa_view_recovery_codes": Door(SIGNED_IN, proven=True),
    "mfa_generate_recovery_codes": Door(SIGNED_IN, BOTH, proven=True),
}

ACCOUNTS = {
    "accounts:setup": Door(PUBLIC, BOTH),
    "accounts:link": Door(PUBLIC),
    "accounts:me": Door(SIGNED_IN),
    "accounts:language": Door(PUBLIC, POST),
    "accounts:theme": Door(PUBLIC, POST),
    "accounts:choose_post": Door(SIGNED_IN, POST),
    "accounts:declare_recusal": Door(SIGNED_IN, BOTH, proven=True),
    "accounts:ask_lift": Door(SIGNED_IN, BOTH, proven=True, of="recusal"),
    "accounts:sessions": Door(SIGNED_IN),
    "accounts:end_sessions": Door(SIGNED_IN, POST),
    "accounts:list": Door("account.read"),
    "accounts:create": Door("account.create", BOTH, proven=True),
    "accounts:waiting": Door("post.grant"),
    "accounts:account": Door("account.read", of="account"),
    "accounts:disable": Door("account.disable", BOTH, proven=True, of="account"),
    "accounts:enable": Door("account.disable", BOTH, proven=True, of="account"),
    "accounts:unlock": Door("account.create", BOTH, of="account"),
    "accounts:reset_password": Door("account.create", BOTH, proven=True, of="account"),
    "accounts:ask_factor_reset": Door("account.create", BOTH, proven=True, of="account"),
    "accounts:clearance": Door("post.grant", BOTH, proven=True, of="account"),
    "accounts:grant": Door("post.grant", BOTH, proven=True, of="account"),
    "accounts:end_post": Door("post.grant", BOTH, proven=True),
    "accounts:lift_recusal": Door("post.grant", BOTH, proven=True),
    "accounts:keep_recusal": Door("post.grant", BOTH, proven=True),
    "accounts:confirm_reset": Door("post.grant", BOTH, proven=True),
    "accounts:refuse_reset": Door("post.grant", BOTH, proven=True),
    "accounts:confirm_oversight": Door("post.grant", BOTH, proven=True),
    "accounts:refuse_oversight": Door("post.grant", BOTH, proven=True),
    "accounts:sight": Door("sight.review"),
    "accounts:sight_file": Door("sight.review", POST),
    "accounts:sight_reviewed": Door("sight.review", BOTH, proven=True),
    "accounts:units": Door("unit.manage"),
    "accounts:find_units": Door(SIGNED_IN),
    "accounts:add_unit": Door("unit.manage", BOTH),
    "accounts:close_unit": Door("unit.manage", BOTH, proven=True),
    "accounts:charge": Door("unit.manage", BOTH, proven=True),
    "accounts:powers": Door("account.read"),
    "accounts:policy": Door("account.read"),
}

WORK = {
    "workbench:home": Door("workbench.open"),
    "alerts:list": Door("alert.read"),
    "alerts:subjects": Door("alert.read"),
    "alerts:together": Door("alert.read", BOTH),
    "alerts:save_view": Door("alert.read", BOTH),
    "alerts:remove_view": Door("alert.read", POST, of="view"),
    "alerts:export": Door("alert.export", BOTH),
    "alerts:download": Door("alert.export", of="export"),
    "alerts:mismatches": Door("replay.check"),
    "alerts:replay_all": Door("replay.check", POST),
    "alerts:handle_mismatch": Door("replay.check", BOTH),
    "alerts:one": Door("alert.read", of="alert"),
    "alerts:evidence": Door("evidence.read", BOTH, of="alert"),
    "alerts:why": Door("evidence.read", of="alert"),
    "alerts:replay": Door("evidence.read", POST, of="alert"),
    "alerts:print": Door("alert.read", of="alert"),
    "alerts:move": Door("alert.read", BOTH, of="alert", moves=ALERT_MOVES),
    "matters:sign": Door(SIGNED_IN, BOTH),
    "reveals:mine": Door("reveal.request"),
    "reveals:waiting": Door("reveal.approve"),
    "reveals:register": Door("reveal.register"),
    "reveals:ask": Door("reveal.request", BOTH),
    "reveals:one": Door("workbench.open", of="reveal"),
    "reveals:decide": Door("reveal.approve", POST, of="reveal"),
    "reveals:open": Door("reveal.request", POST, proven=True, of="reveal"),
    "notices:list": Door(SIGNED_IN),
    "notices:bell": Door(SIGNED_IN),
    "notices:read_all": Door(SIGNED_IN, POST),
    "notices:open": Door(SIGNED_IN, of="notice"),
    "notices:read": Door(SIGNED_IN, POST, of="notice"),
}

DATA = {
    "deliveries:list": Door("delivery.read"),
    "deliveries:upload": Door("delivery.upload", BOTH),
    "deliveries:batch": Door("delivery.upload", of="upload"),
    "deliveries:again": Door("delivery.upload", POST, of="upload"),
    "deliveries:send": Door("delivery.upload", POST, of="upload"),
    "deliveries:remove": Door("delivery.upload", POST, of="upload"),
    "deliveries:calendar": Door("delivery.read"),
    "deliveries:chase": Door("delivery.chase", BOTH),
    "deliveries:quality": Door("delivery.read"),
    "deliveries:quality_dataset": Door("delivery.read"),
    "deliveries:delivery": Door("delivery.read", of="delivery"),
    "deliveries:rows": Door("delivery.read", of="delivery"),
    "deliveries:receipt": Door("delivery.read", of="delivery"),
    "deliveries:returned": Door("delivery.read", POST, of="delivery", also="delivery.upload"),
    "catalogue:list": Door("catalogue.read"),
    "catalogue:fields": Door("catalogue.read"),
    "catalogue:purposes": Door("catalogue.read"),
    "catalogue:codelists": Door("catalogue.read"),
    "catalogue:codelist": Door("catalogue.read"),
    "catalogue:dataset": Door("catalogue.read"),
    "catalogue:template": Door("catalogue.read"),
}

MODELS = {
    "supervision:rules": Door("rule.read"),
    "supervision:rule": Door("rule.read"),
    "supervision:cases": Door("rule.read", POST),
    "supervision:try": Door("rule.propose", BOTH),
    "supervision:status": Door("rule.propose", BOTH),
    "supervision:changes": Door("rule.read"),
    "supervision:change": Door("rule.read"),
    "supervision:move": Door("rule.read", BOTH),
    "supervision:tried": Door("rule.read"),
    "supervision:propose": Door("rule.propose", BOTH),
    "supervision:runs": Door("run.read"),
    "supervision:run": Door("run.read"),
    "supervision:start": Door("run.start", POST),
    "supervision:coverage": Door("run.read"),
}

KEEPING = {
    "jobs:mine": Door(SIGNED_IN),
    "jobs:queue": Door("system.run"),
    "jobs:job": Door(SIGNED_IN, of="job"),
    "jobs:progress": Door(SIGNED_IN, of="job"),
    "jobs:cancel": Door(SIGNED_IN, BOTH, of="job"),
    "schedule:table": Door("system.run"),
    "trail:list": Door("trail.read"),
    "trail:event": Door("trail.read"),
    "trail:person": Door("trail.read"),
    "trail:thing": Door("trail.read"),
    "trail:figures": Door("trail.read"),
    "trail:verification": Door("trail.read", BOTH),
    "trail:progress": Door("trail.read", of="trail job"),
    "trail:checkpoint": Door("trail.read"),
    "trail:csv": Door("trail.export"),
    "trail:export": Door("trail.export", POST),
    "trail:fetch": Door("trail.export", of="trail job"),
    "doctor:live": Door(PUBLIC),
    "doctor:ready": Door(PUBLIC),
    "doctor:metrics": Door(PUBLIC),
}

MANUAL = {
    "help:guides": Door(SIGNED_IN),
    "help:guide": Door(SIGNED_IN),
    "help:topic": Door(SIGNED_IN),
    "help:entry": Door(PUBLIC),
}

MACHINES = {
    "api:tokens": Door("machine.manage"),
    "api:issue": Door("machine.manage", BOTH, proven=True),
    "api:revoke": Door("machine.manage", BOTH),
    "api:reference": Door(PUBLIC),
    "api:openapi": Door(PUBLIC),
    "api:datasets": Door("catalogue.read", machine=True),
    "api:dataset": Door("catalogue.read", machine=True),
    "api:deliveries": Door("delivery.read", machine=True),
    "api:sent": Door("delivery.upload", POST, machine=True),
    "api:delivery": Door("delivery.read", machine=True, of="delivery"),
    "api:receipt": Door("delivery.read", machine=True, of="delivery"),
    "api:job": Door("delivery.read", machine=True, of="job"),
    "api:rules": Door("catalogue.read", machine=True),
    "api:alerts": Door("alert.read", machine=True),
    "api:alert": Door("alert.read", machine=True, of="alert"),
}

DECLARED: dict[str, Door] = {**SIGNING_IN, **ACCOUNTS, **WORK, **DATA, **MODELS, **KEEPING, **MANUAL, **MACHINES}
