"""The interface for machines."""

from __future__ import annotations

from tests.web.matrix.planted.omission import MACHINES, QUERYSETS, Omission, P, asked, door, gate

_ALONE = (
    "        request.viewer, request.held_posts = ANONYMOUS, []\n        try:\n            token, viewer = _known(request)\n"
    "        except Problem as problem:\n"
)
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
        "a session opens the interface of machines",
        "api/door.py",
        _ALONE,
        _ALONE.replace(
            "request.viewer, request.held_posts", "person = request.viewer\n        request.viewer, request.held_posts"
        )
        + "            if person.user_id is None:\n                return answer(request, problem)\n"
        + "            request.viewer = person\n            with entered(person.scope):\n"
        + "                return view(request, *args, **kwargs)\n",
        door("api"),
    ),
    Omission(
        "any job to a machine",
        "api/endpoints/jobs.py",
        "queries.mine(request.viewer)",
        "Job.objects.all()",
        asked("machine_sees"),
        QUERYSETS,
    ),
)
