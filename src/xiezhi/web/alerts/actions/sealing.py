"""Every seal an alert has had is kept: a new run gives another as soon as anything the hit rests on has changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from xiezhi.web.supervision.queries import finished_runs
from xiezhi.web.supervision.states import HitState

SCOPE = ("unit_path", "line", "cadre_level", "label", "subject_key", "parties")
"""What a seal has of its alert, so that whoever sees the one sees the other."""


def keep_seals(rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Add the seals of a batch of alerts that stand, as `raising` shaped them. One that an alert has already is dated again.

    In the transaction that renewed the alerts. A hit that is gone brings the seal of an earlier run, which is there.
    """
    standing = [row for row in rows if row["hit_state"] != HitState.GONE and "number" in row]
    ended = finished_runs({row["run"] for row in standing})
    given = [
        {"fingerprint": row["fingerprint"], "seal": row["seal"], "run": row["run"], "at": ended.get(row["run"], now).isoformat()}
        for row in standing
    ]
    copied, own = ", ".join(SCOPE), ", ".join(f"a.{name}" for name in SCOPE)
    with connection.cursor() as cursor:
        if given:
            cursor.execute(
                f"INSERT INTO alerts_seal AS s (id, alert_id, seal, run, at, last_run, last_at, {copied}) "
                f"SELECT gen_random_uuid(), a.id, r.seal, r.run, r.at, r.run, r.at, {own} "
                "FROM jsonb_to_recordset(%s::jsonb) AS r(fingerprint text, seal text, run int, at timestamptz) "
                "JOIN alerts_alert AS a ON a.fingerprint = r.fingerprint "
                "ON CONFLICT (alert_id, seal) DO UPDATE SET "
                "run = least(s.run, excluded.run), at = least(s.at, excluded.at), "
                "last_run = greatest(s.last_run, excluded.last_run), last_at = greatest(s.last_at, excluded.last_at)",
                [json.dumps(given)],
            )
        # Earlier seals follow an alert that now lies elsewhere.
        cursor.execute(
            f"UPDATE alerts_seal AS s SET ({copied}) = ({own}) FROM alerts_alert AS a "
            "WHERE a.id = s.alert_id AND a.fingerprint = ANY(%s) "
            f"AND ({', '.join(f's.{name}' for name in SCOPE)}) IS DISTINCT FROM ({own})",
            [[row["fingerprint"] for row in rows]],
        )
