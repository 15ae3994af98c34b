"""Every seal an alert had, why a hit is gone, and what a replay found to differ."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from xiezhi.web.database.rls import RevokeFromApp, ScopedTable

SEALS_SO_FAR = (
    "SELECT set_config('xiezhi.system', 'yes', true)",
    "INSERT INTO alerts_seal (id, alert_id, seal, run, at, last_run, last_at, unit_path, line, cadre_level, label, subject_key) "
    "SELECT gen_random_uuid(), id, seal, run, renewed_at, run, renewed_at, unit_path, line, cadre_level, label, subject_key "
    "FROM alerts_alert WHERE hit_state <> 'gone'",
    "SELECT set_config('xiezhi.system', '', true)",
)
"""The newest of each alert. Those of earlier runs the lake still has: the list of alerts finds them there."""


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0001_alerts"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="gone_en",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="alert",
            name="gone_zh",
            field=models.TextField(blank=True),
        ),
        migrations.CreateModel(
            name="Mismatch",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("about", models.CharField(max_length=300)),
                ("rule", models.CharField(blank=True, max_length=40)),
                ("zh", models.TextField()),
                ("en", models.TextField()),
                ("found_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("times", models.PositiveIntegerField(default=1)),
                ("handled_at", models.DateTimeField(null=True)),
                ("handled_by", models.BigIntegerField(null=True)),
                ("handled_by_name", models.CharField(blank=True, max_length=64)),
                ("why", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "verbose_name_plural": "mismatches",
                "ordering": ("-found_at", "kind", "about"),
                "indexes": [models.Index(fields=["-found_at"], name="mismatch_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("handled_at__isnull", True)),
                        fields=("kind", "about"),
                        name="one_open_mismatch_of_a_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("handled_at__isnull", True), models.Q(("why", ""), _negated=True), _connector="OR"),
                        name="mismatch_handled_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("seal", models.CharField(db_collation="C", max_length=64)),
                ("run", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("last_run", models.PositiveIntegerField()),
                ("last_at", models.DateTimeField()),
                ("unit_path", models.CharField(db_collation="C", max_length=100)),
                ("line", models.CharField(max_length=32)),
                ("cadre_level", models.PositiveSmallIntegerField(default=0)),
                ("label", models.PositiveSmallIntegerField()),
                ("subject_key", models.CharField(max_length=80)),
                (
                    "alert",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="seals", to="alerts.alert"),
                ),
            ],
            options={
                "ordering": ("-run", "-id"),
                "indexes": [models.Index(fields=["seal"], name="seal_as_printed")],
                "constraints": [models.UniqueConstraint(fields=("alert", "seal"), name="one_seal_of_an_alert")],
            },
        ),
        migrations.RunSQL(list(SEALS_SO_FAR), migrations.RunSQL.noop),
        ScopedTable("alerts_seal"),
        RevokeFromApp("alerts_seal", "DELETE"),
        RevokeFromApp("alerts_mismatch", "DELETE"),
    ]
