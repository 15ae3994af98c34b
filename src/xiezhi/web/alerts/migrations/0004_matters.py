"""Every alert is a matter: those that are there begin as matters where they stand, their clocks with this day."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from xiezhi.web.database.rls import FollowingTable, ReplacePolicy, ScopedTable

CLOCK = {
    "open": "[]",
    "snoozed": '[{"clock": "alert_screening", "what": "suspended"}]',
    "dismissed": '[{"clock": "alert_screening", "what": "stopped"}]',
    "merged": '[{"clock": "alert_screening", "what": "stopped"}]',
}
"""What the clock of an alert's screening has done besides beginning, in each state that alerts had so far."""

BEGUN = '[{"clock": "alert_screening", "what": "begun", "number": 3, "unit": "working_days", "strict": false}]'
OPEN_TO = "ARRAY['alert.dismiss', 'alert.dispatch', 'alert.merge', 'alert.snooze']"

TO_MATTERS = (
    "SELECT set_config('xiezhi.system', 'yes', true)",
    """INSERT INTO matters_matter (process, version, number, title_zh, title_en, facts, state, seats, begun_at, moved_at, ended_at,
         steps_count, unit_path, line, cadre_level, label, subject_key, parties)
       SELECT 'alert', 1, number, title_zh, title_en, jsonb_build_object('level', level), state, '{}', raised_at, moved_at,
         CASE WHEN state IN ('dismissed', 'merged') THEN moved_at END, 1, unit_path, line, cadre_level, label, subject_key, parties
       FROM alerts_alert""",
    "UPDATE alerts_alert AS a SET matter_id = m.id FROM matters_matter AS m WHERE m.process = 'alert' AND m.number = a.number",
    *(
        f"""INSERT INTO matters_step (id, matter_id, number, at, kind, move, by_username, by_name, by_role, by_unit_name, state_before,
              state, seats, data, clocks)
            SELECT gen_random_uuid(), id, 1, now(), 'begun', '', 'system:upgrade', '', '', '', '', state, '{{}}', '{{}}',
              '{BEGUN}'::jsonb || '{more}'::jsonb
            FROM matters_matter WHERE state = '{state}'"""
        for state, more in CLOCK.items()
    ),
    # When they end is reckoned as soon as the working calendar is entered.
    """INSERT INTO matters_matterclock (id, matter_id, code, begun_at, lacks_year, extensions, told, suspended_at, stopped_at)
       SELECT gen_random_uuid(), id, 'alert_screening', now(), extract(year FROM now()), 0, '[]',
         CASE WHEN state = 'snoozed' THEN now() END, CASE WHEN state IN ('dismissed', 'merged') THEN now() END
       FROM matters_matter""",
    f"""INSERT INTO matters_task (id, matter_id, kind, region_path, permissions, besides, since, unit_path, line, cadre_level, label,
          subject_key, parties)
        SELECT gen_random_uuid(), id, 'act', '', {OPEN_TO}, '{{}}', moved_at, unit_path, line, cadre_level, label, subject_key, parties
        FROM matters_matter WHERE state IN ('open', 'snoozed')""",
    "SELECT set_config('xiezhi.system', '', true)",
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_remove_oversight_oversight_is_settled_whole_and_more"),
        ("alerts", "0003_parties"),
        ("matters", "0001_matters"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="alert",
            name="alert_state_is_known",
        ),
        migrations.AddField(
            model_name="alert",
            name="holders",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="matter",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.matter"
            ),
        ),
        migrations.AlterField(
            model_name="alert",
            name="state",
            field=models.CharField(default="open", max_length=32),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=django.contrib.postgres.indexes.GinIndex(fields=["holders"], name="alert_holders"),
        ),
        migrations.RunSQL(list(TO_MATTERS), migrations.RunSQL.noop),
        ReplacePolicy(
            ScopedTable("alerts_alert", parties="parties"), ScopedTable("alerts_alert", parties="parties", holders="holders")
        ),
        ReplacePolicy(
            ScopedTable("alerts_history", parties="parties"),
            FollowingTable("alerts_history", of="alerts_alert", column="alert_id"),
        ),
        ReplacePolicy(
            ScopedTable("alerts_seal", parties="parties"), FollowingTable("alerts_seal", of="alerts_alert", column="alert_id")
        ),
    ]
