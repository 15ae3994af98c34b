"""Matters, their steps, clocks, proposals and tasks, and the working calendar. Steps are only ever added."""

from __future__ import annotations

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from xiezhi.web.database.rls import FollowingTable, RevokeFromApp, ScopedTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0007_remove_oversight_oversight_is_settled_whole_and_more"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=200)),
                ("entered_at", models.DateTimeField()),
                ("entered_by", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ("year",),
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("works", models.BooleanField()),
                ("name", models.CharField(blank=True, max_length=60)),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="days", to="matters.calendaryear"
                    ),
                ),
            ],
            options={
                "ordering": ("day",),
            },
        ),
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit_path", models.CharField(db_collation="C", max_length=100)),
                ("line", models.CharField(max_length=32)),
                ("cadre_level", models.PositiveSmallIntegerField(default=0)),
                ("label", models.PositiveSmallIntegerField()),
                ("subject_key", models.CharField(max_length=80)),
                (
                    "parties",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), db_default=[], default=list, size=None
                    ),
                ),
                (
                    "holders",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), db_default=[], default=list, size=None
                    ),
                ),
                ("process", models.CharField(max_length=32)),
                ("version", models.PositiveIntegerField()),
                ("number", models.CharField(max_length=32)),
                ("title_zh", models.CharField(max_length=200)),
                ("title_en", models.CharField(max_length=300)),
                ("facts", models.JSONField(default=dict)),
                ("state", models.CharField(max_length=32)),
                ("seats", models.JSONField(default=dict)),
                ("begun_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("steps_count", models.PositiveIntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "holder",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
            ],
            options={
                "ordering": ("-begun_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="MatterClock",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=32)),
                ("begun_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("warns_at", models.DateTimeField(null=True)),
                ("suspended_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("extensions", models.PositiveSmallIntegerField(default=0)),
                ("lacks_year", models.PositiveSmallIntegerField(null=True)),
                ("alarm_at", models.DateTimeField(null=True)),
                ("told", models.JSONField(default=list)),
                (
                    "matter",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="clocks", to="matters.matter"),
                ),
            ],
            options={
                "ordering": ("matter", "begun_at"),
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("move", models.CharField(max_length=32)),
                ("data", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待审批"), ("carried", "已同意"), ("declined", "未同意"), ("withdrawn", "已撤回")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("signatures", models.JSONField()),
                ("signed", models.PositiveSmallIntegerField(default=0)),
                ("proposed_at", models.DateTimeField()),
                ("proposed_by", models.BigIntegerField()),
                ("proposed_name", models.CharField(max_length=64)),
                ("proposer_post", models.BigIntegerField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "matter",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="proposals", to="matters.matter"),
                ),
                (
                    "proposer_unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
            ],
            options={
                "ordering": ("-proposed_at",),
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("begun", "开始"),
                            ("moved", "办理"),
                            ("proposed", "送审"),
                            ("signed", "同意"),
                            ("declined", "不同意"),
                            ("withdrawn", "撤回"),
                            ("reminded", "到期提醒"),
                            ("escalated", "逾期上报"),
                        ],
                        max_length=10,
                    ),
                ),
                ("move", models.CharField(blank=True, max_length=32)),
                ("by_user", models.BigIntegerField(null=True)),
                ("by_username", models.CharField(max_length=64)),
                ("by_name", models.CharField(blank=True, max_length=64)),
                ("by_role", models.CharField(blank=True, max_length=40)),
                ("by_unit_name", models.CharField(blank=True, max_length=100)),
                ("state_before", models.CharField(blank=True, max_length=32)),
                ("state", models.CharField(max_length=32)),
                ("seats", models.JSONField(default=dict)),
                ("data", models.JSONField(default=dict)),
                ("clocks", models.JSONField(default=list)),
                (
                    "by_unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="matters.matter"),
                ),
            ],
            options={
                "ordering": ("matter", "number"),
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("unit_path", models.CharField(db_collation="C", max_length=100)),
                ("line", models.CharField(max_length=32)),
                ("cadre_level", models.PositiveSmallIntegerField(default=0)),
                ("label", models.PositiveSmallIntegerField()),
                ("subject_key", models.CharField(max_length=80)),
                (
                    "parties",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), db_default=[], default=list, size=None
                    ),
                ),
                (
                    "holders",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), db_default=[], default=list, size=None
                    ),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("act", "办理"), ("sign", "审批")], max_length=4)),
                ("region_path", models.CharField(blank=True, db_collation="C", max_length=100)),
                ("permissions", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                (
                    "besides",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None),
                ),
                ("since", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "matter",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="matters.matter"),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
            ],
            options={
                "ordering": ("due_at", "since", "id"),
            },
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["holder", "due_at", "id"], name="matter_in_hand"
            ),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(fields=["unit_path", "process", "state"], name="matter_place_state"),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=django.contrib.postgres.indexes.GinIndex(fields=["holders"], name="matter_holders"),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.UniqueConstraint(fields=("process", "number"), name="one_matter_of_a_number"),
        ),
        migrations.AddIndex(
            model_name="matterclock",
            index=models.Index(condition=models.Q(("alarm_at__isnull", False)), fields=["alarm_at"], name="clock_alarm"),
        ),
        migrations.AddConstraint(
            model_name="matterclock",
            constraint=models.UniqueConstraint(fields=("matter", "code"), name="one_clock_of_a_code"),
        ),
        migrations.AddConstraint(
            model_name="matterclock",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__isnull", False), ("lacks_year__isnull", False), _connector="OR"),
                name="clock_end_is_known_or_said",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")), fields=("matter",), name="one_proposal_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "carried", "declined", "withdrawn"])), name="proposal_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(fields=("matter", "number"), name="one_step_of_a_number"),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["begun", "moved", "proposed", "signed", "declined", "withdrawn", "reminded", "escalated"])
                ),
                name="step_kind_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(condition=models.Q(("unit__isnull", False)), fields=["unit", "due_at"], name="task_of_a_unit"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["unit_path", "due_at"], name="task_place"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=django.contrib.postgres.indexes.GinIndex(fields=["holders"], name="task_holders"),
        ),
        ScopedTable("matters_matter", parties="parties", holders="holders"),
        ScopedTable("matters_task", parties="parties", holders="holders"),
        FollowingTable("matters_step", of="matters_matter", column="matter_id"),
        FollowingTable("matters_matterclock", of="matters_matter", column="matter_id"),
        FollowingTable("matters_proposal", of="matters_matter", column="matter_id"),
        RevokeFromApp("matters_step", "UPDATE, DELETE"),
        RevokeFromApp("matters_matter", "DELETE"),
    ]
