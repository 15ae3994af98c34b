"""Roles with too much, and limits of what a post sees that fell away."""

from __future__ import annotations

from tests.web.matrix.planted.omission import DATABASE, MATRIX, POLICIES, QUERYSETS, A, Omission, asked, door

RECUSED = ("tests/web/alerts/test_recused.py",)
_COUNTY = 'Sees the county, approves",\n             Reach.REGION, LEAD - {P.RULE_APPROVE}'


ROLES = (
    Omission(
        "a village liaison reads evidence",
        A + "roles.py",
        "frozenset({P.WORKBENCH_OPEN, P.ALERT_READ}), clearance=1",
        "frozenset({P.WORKBENCH_OPEN, P.ALERT_READ, P.EVIDENCE_READ}), clearance=1",
        door("alerts"),
    ),
    Omission(
        "the system administrator grants posts",
        A + "roles.py",
        "P.UNIT_MANAGE,\n                                       P.SYSTEM_RUN,",
        "P.UNIT_MANAGE, P.POST_GRANT,\n                                       P.SYSTEM_RUN,",
        door("accounts"),
    ),
    Omission(
        "a department contact reads alerts",
        A + "roles.py",
        "frozenset({P.WORKBENCH_OPEN, P.DELIVERY_READ, P.DELIVERY_UPLOAD, P.CATALOGUE_READ}), Duty.DEPARTMENT",
        "frozenset({P.WORKBENCH_OPEN, P.DELIVERY_READ, P.DELIVERY_UPLOAD, P.CATALOGUE_READ, P.ALERT_READ}), Duty.DEPARTMENT",
        door("alerts"),
    ),
    Omission(
        "a county leader approves models",
        A + "roles.py",
        _COUNTY,
        _COUNTY.replace(" - {P.RULE_APPROVE}", ""),
        (MATRIX, "tests/web/accounts/test_powers.py", "-k", "supervision or current"),
    ),
    Omission(
        "a stationed group sees the whole city",
        A + "roles.py",
        'in", Reach.OVERSEEN, HANDLE | KNOW),',
        'in", Reach.REGION, HANDLE | KNOW),',
        asked("list_shows_all"),
    ),
    Omission(
        "a town officer is cleared for more",
        A + "roles.py",
        "P.REVEAL_REQUEST}, clearance=1)",
        "P.REVEAL_REQUEST}, clearance=2)",
        asked("list_shows_all"),
    ),
)


SIGHT = (
    Omission(
        "every post sees every line", A + "viewer.py", "lines=tuple(post.lines) or None,", "lines=None,", asked("list_shows_all")
    ),
    Omission(
        "every post sees the highest ranks", A + "viewer.py", "cadre=post.cadre_authority,", "cadre=9,", asked("list_shows_all")
    ),
    Omission(
        "an account's own clearance is not asked for",
        A + "viewer.py",
        "clearance=min(role.clearance, user.clearance),",
        "clearance=role.clearance,",
        asked("list_shows_all"),
    ),
    Omission(
        "a role's clearance is not asked for",
        A + "viewer.py",
        "clearance=min(role.clearance, user.clearance),",
        "clearance=user.clearance,",
        asked("list_shows_all"),
    ),
    Omission(
        "nobody has to recuse themselves",
        A + "viewer.py",
        "recused=tuple(sorted({*post.recused, *post.tied})),",
        "recused=(),",
        asked("list_shows_all"),
    ),
    Omission(
        "a recusal does not reach whom the data ties to its subject",
        A + "viewer.py",
        "recused=tuple(sorted({*post.recused, *post.tied})),",
        "recused=tuple(sorted(post.recused)),",
        RECUSED,
    ),
    Omission(
        "whoever stands in the evidence is no party",
        "supervision/queries/placing.py",
        "{*told.parties, subject_key, counterpart_key}",
        "{subject_key, counterpart_key}",
        RECUSED,
    ),
    Omission(
        "rows of an evidence that was not renewed are shown",
        "alerts/views/one.py",
        "    if not queries.rows_may_be_shown(request.viewer, told.rows):",
        "    if not told.rows:",
        RECUSED,
    ),
    Omission(
        "whoever proposes what an office oversees sets it",
        A + "actions/units.py",
        "    asked.overseen.set(overseen)\n",
        "    asked.overseen.set(overseen)\n    office.overseen.set(overseen)\n",
        ("tests/web/accounts/test_sight.py", "-k", "proposal or proposed"),
    ),
    Omission(
        "a region's post sees the city",
        A + "viewer.py",
        "            return (post.unit.region_path,)",
        "            return (post.unit.region_path[:5],)",
        asked("list_shows_all"),
    ),
    Omission(
        "a post of one unit sees its region",
        A + "viewer.py",
        "            return (post.unit.path,)",
        "            return (post.unit.region_path,)",
        asked("list_shows_all and deliveries"),
    ),
    Omission(
        "querysets without units",
        A + "scope.py",
        "    found = queryset.filter(reduce(or_, where))",
        "    found = queryset.all()",
        asked("list_shows_all"),
        QUERYSETS,
    ),
    Omission(
        "querysets without lines",
        A + "scope.py",
        'if "line" in names and',
        'if "lines" in names and',
        asked("list_shows_all"),
        QUERYSETS,
    ),
    Omission(
        "querysets without rank",
        A + "scope.py",
        "cadre_level__lte=scope.cadre)",
        "cadre_level__gte=0)",
        asked("list_shows_all"),
        QUERYSETS,
    ),
    Omission(
        "querysets without labels",
        A + "scope.py",
        "label__lte=scope.clearance)",
        "label__lte=HIGHEST)",
        asked("list_shows_all"),
        QUERYSETS,
    ),
    Omission(
        "querysets without recusal",
        A + "scope.py",
        'if "subject_key" in names and',
        'if "subject" in names and',
        asked("list_shows_all"),
        QUERYSETS,
    ),
    Omission(
        "querysets that ask for the subject alone",
        A + "scope.py",
        'if "parties" in names and',
        'if "party" in names and',
        asked("list_shows_all"),
        QUERYSETS,
    ),
    Omission(
        "policies that ask for the subject alone",
        "database/functions.py",
        '        parts.append(f"({parties} IS NULL OR NOT {parties} && (SELECT public.xiezhi_recused()))")',
        "        pass",
        asked("list_shows_all"),
        DATABASE,
    ),
    Omission(
        "policies told of every line",
        A + "scope.py",
        'LINES: "*" if self.lines is None else list(self.lines),',
        'LINES: "*",',
        asked("list_shows_all"),
        DATABASE,
    ),
    Omission(
        "policies told of the highest rank",
        A + "scope.py",
        "CADRE: self.cadre,",
        "CADRE: HIGHEST,",
        asked("list_shows_all"),
        DATABASE,
    ),
    Omission(
        "policies told of full clearance",
        A + "scope.py",
        "CLEARANCE: self.clearance,",
        "CLEARANCE: HIGHEST,",
        asked("list_shows_all"),
        DATABASE,
    ),
    Omission(
        "policies told of no recusal",
        A + "scope.py",
        "RECUSED: list(self.recused),",
        "RECUSED: [],",
        asked("list_shows_all"),
        DATABASE,
    ),
    Omission(
        "everybody is a system job to the database",
        A + "scope.py",
        'SYSTEM: "yes" if self.system else "",',
        'SYSTEM: "yes",',
        asked("list_shows_all"),
        DATABASE,
    ),
    Omission(
        "policies that skip labels",
        "database/functions.py",
        '        parts.append(f"{label} <= (SELECT public.xiezhi_clearance())")',
        "        pass",
        (POLICIES,),
        DATABASE,
    ),
    Omission(
        "a table of coverage without policy",
        "supervision/migrations/0001_models_runs_and_changes.py",
        '        ScopedTable("supervision_coverage", cadre=None, label=None, subject=None),\n',
        "",
        (POLICIES,),
        DATABASE,
    ),
    Omission(
        "a policy that leaves recusal out",
        "alerts/migrations/0003_parties.py",
        '        PartiesTable("alerts_alert"),\n',
        "",
        (POLICIES,),
        DATABASE,
    ),
    Omission(
        "notices to whoever looks",
        "notices/migrations/0001_notices.py",
        'OwnRowsTable("notices_notice", insert="any"),',
        "",
        (POLICIES,),
        DATABASE,
    ),
)
