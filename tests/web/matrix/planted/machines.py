"""The interface for machines."""

from __future__ import annotations

from tests.web.matrix.planted.omission import MACHINES, QUERYSETS, Omission, P, asked, gate

TOKENS = (
    Omission(
        "alerts without the permission",
        "api/endpoints/alerts.py",
        f"    require(request.viewer, {P}ALERT_READ)\n    found =",
        "    found =",
        MACHINES,
    ),
    Omission(
        "one alert without the permission",
        "api/endpoints/alerts.py",
        f"    require(request.viewer, {P}ALERT_READ)\n    return _row",
        "    return _row",
        MACHINES,
    ),
    Omission(
        "receipts without the permission",
        "api/endpoints/deliveries.py",
        f"    require(request.viewer, {P}DELIVERY_READ)\n    one =",
        "    one =",
        MACHINES,
    ),
    Omission(
        "rules without the permission",
        "api/endpoints/rules.py",
        f"    require(request.viewer, {P}CATALOGUE_READ)\n",
        "",
        MACHINES,
    ),
    Omission(
        "jobs without the permission", "api/endpoints/jobs.py", f"    require(request.viewer, {P}DELIVERY_READ)\n", "", MACHINES
    ),
    Omission(
        "sending with a token for reading",
        "api/endpoints/deliveries.py",
        f"    require(request.viewer, {P}DELIVERY_UPLOAD)",
        f"    require(request.viewer, {P}DELIVERY_READ)",
        MACHINES,
    ),
    Omission(
        "tokens that may do all their account may",
        "api/queries.py",
        "permissions=viewer.permissions & {Permission(scope) for scope in token.scopes}",
        "permissions=viewer.permissions",
        MACHINES,
    ),
    Omission(
        "tokens that were revoked, or are too old",
        "api/queries.py",
        "not token.works(today) or not user.is_active",
        "not user.is_active",
        gate("token_ends"),
    ),
    Omission(
        "tokens of disabled accounts",
        "api/queries.py",
        "not token.works(today) or not user.is_active or",
        "not token.works(today) or",
        gate("token_ends"),
    ),
    Omission("tokens from anywhere", "api/queries.py", " or not _comes_from(token, address)", "", gate("token_ends")),
    Omission(
        "any job to a machine",
        "api/endpoints/jobs.py",
        "queries.mine(request.viewer)",
        "Job.objects.all()",
        asked("machine_sees"),
        QUERYSETS,
    ),
)
