"""Ways to an identity."""

from __future__ import annotations

from tests.web.matrix.planted.omission import CANARIES, D, Omission, P, R, asked, gate

REVEALS = (
    Omission(
        "rows in clear to whoever reads deliveries",
        D + "policies/access.py",
        f"    return viewer.can({P}DELIVERY_UPLOAD) and viewer.scope.sees(path=delivery.unit_path)",
        "    return viewer.scope.sees(path=delivery.unit_path)",
        asked("deliveries:returned"),
    ),
    Omission(
        "a town officer moves alerts as a county's does",
        "matters/policies/hands.py",
        "    if not viewer.can(Permission(move.by.permission)):",
        "    if False:",
        ("tests/web/matters/test_moving.py", "-k", "refused_move"),
    ),
    Omission(
        "whoever reported a verification accepts it",
        "matters/policies/hands.py",
        "    if viewer.user_id in makers:",
        "    if False:",
        ("tests/web/matters/test_moving.py", "-k", "does_not_review"),
    ),
    Omission(
        "anybody moves what another unit has in hand",
        "matters/policies/hands.py",
        "    if move.by.hand is Hand.HOLDER and matter.holder_id is not None and matter.holder_id != viewer.unit_id:",
        "    if False:",
        ("tests/web/matters/test_moving.py", "-k", "another_unit"),
    ),
    Omission(
        "one signs what one proposed",
        "matters/policies/signatures.py",
        "by.user_id not in {proposal.proposed_by, *signed}",
        "by.user_id not in signed",
        ("tests/web/matters/test_moving.py", "-k", "signatures_of_its_chain or own_proposal"),
    ),
    Omission(
        "opening what another asked for",
        R + "actions/revealing.py",
        '    if one.asked_by_id != by.person_id:\n        raise UserError(\n            "XZ-REV-04"',
        '    if one.asked_by_id is None:\n        raise UserError(\n            "XZ-REV-04"',
        asked("asker_and_whoever"),
    ),
    Omission(
        "reading what another asked for",
        R + "queries.py",
        f"    return requests(viewer) if viewer.can({P}REVEAL_APPROVE) else own(viewer)",
        "    return requests(viewer)",
        asked("asker_and_whoever"),
    ),
    Omission(
        "opening what was refused",
        R + "states.py",
        "    RevealState.REFUSED: frozenset(),",
        "    RevealState.REFUSED: frozenset({RevealState.OPENED}),",
        ("tests/web/reveals/test_reveals.py", "-k", "every_move"),
    ),
    Omission(
        "opening again and again",
        R + "states.py",
        "    RevealState.OPENED: frozenset(),",
        "    RevealState.OPENED: frozenset({RevealState.OPENED}),",
        ("tests/web/reveals/test_reveals.py", "-k", "every_move"),
    ),
    Omission(
        "another's ticket",
        R + "policies.py",
        'if said.pop("user", None) != viewer.user_id:',
        'if not said.pop("user", None):',
        ("tests/web/reveals/test_reveals.py", "-k", "ticket"),
    ),
    Omission(
        "telling approvers who may not see it",
        R + "queries.py",
        f"viewer.can({P}REVEAL_APPROVE) and wanted.seen_in(viewer.scope) for",
        f"viewer.can({P}REVEAL_APPROVE) for",
        ("tests/web/reveals/test_reveals.py", "-k", "second_person"),
    ),
    Omission(
        "requests that never lapse",
        R + "actions/revealing.py",
        "    if one.lapses_at <= clock.now():",
        "    if one.lapses_at is None:",
        gate("lapsed"),
    ),
    Omission(
        "identities in the evidence",
        "../kernel/masking.py",
        "    return _keep(text, 6, 4, least_hidden=5)",
        "    return text",
        (CANARIES, "-k", "evidence"),
    ),
    Omission(
        "days of birth in the evidence",
        "alerts/presenters/evidence.py",
        "    return str(discreet(cell.column, localise(cell.value)))",
        "    return str(localise(cell.value))",
        (CANARIES, "-k", "birth"),
    ),
    Omission(
        "identities in the log",
        "config/logs.py",
        'LONG_NUMBER.sub(r"\\1***\\2", value) if key in texts',
        "value if key in texts",
        (CANARIES, "-k", "typed"),
    ),
    Omission(
        "typed identities in the trail",
        "audit/record.py",
        "        path = without_identities(on)",
        "        path = on",
        (CANARIES, "-k", "typed"),
    ),
    Omission(
        "subjects in the auditor's register",
        R + "views/register.py",
        '"subjects": bool(request.viewer.scope.paths),',
        '"subjects": True,',
        ("tests/web/reveals/test_reveals.py", "-k", "register_tells"),
    ),
)
