"""Jobs. Each is seen by whoever asked for it, and by system scopes."""

import uuid
from typing import ClassVar

from django.db import migrations, models

import xiezhi.web.jobs.states
from xiezhi.web.database.rls import OwnRowsTable


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=64)),
                ("title", models.CharField(max_length=200)),
                ("key", models.CharField(blank=True, max_length=160)),
                ("arguments", models.JSONField(default=dict)),
                ("state", models.CharField(default=xiezhi.web.jobs.states.JobState["WAITING"], max_length=12)),
                ("share", models.PositiveSmallIntegerField(null=True)),
                ("stage", models.CharField(blank=True, max_length=40)),
                ("detail", models.CharField(blank=True, max_length=200)),
                ("result", models.JSONField(null=True)),
                ("failure_zh", models.TextField(blank=True)),
                ("failure_en", models.TextField(blank=True)),
                ("reference", models.CharField(blank=True, max_length=16)),
                ("user_id", models.BigIntegerField(null=True)),
                ("by_username", models.CharField(max_length=64)),
                ("post_id", models.BigIntegerField(null=True)),
                ("unit_id", models.BigIntegerField(null=True)),
                ("unit_name", models.CharField(blank=True, max_length=200)),
                ("system", models.CharField(blank=True, max_length=40)),
                ("asked_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("lease_owner", models.CharField(blank=True, max_length=100)),
                ("lease_token", models.UUIDField(null=True)),
                ("cancel_asked", models.BooleanField(default=False)),
                ("not_before", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "后台任务",
                "indexes": [
                    models.Index(fields=["user_id", "-asked_at"], name="job_by_person"),
                    models.Index(fields=["-asked_at", "id"], name="job_by_time"),
                    models.Index(
                        condition=models.Q(("state__in", ["doing", "waiting"])), fields=["state", "lease_until"], name="job_live"
                    ),
                    models.Index(fields=["kind", "-asked_at"], name="job_by_kind"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["doing", "waiting"]), models.Q(("key", ""), _negated=True)),
                        fields=("key",),
                        name="one_live_job_of_a_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "doing", "done", "failed", "cancelled"])),
                        name="job_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share__isnull", True), ("share__lte", 100), _connector="OR"),
                        name="job_share_is_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", xiezhi.web.jobs.states.JobState["DOING"]), ("lease_token__isnull", True), _connector="OR"
                        ),
                        name="job_lease_while_doing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", xiezhi.web.jobs.states.JobState["DOING"]), _negated=True),
                            models.Q(("lease_token__isnull", False), ("lease_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="job_doing_has_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["doing", "waiting"]), ("finished_at__isnull", False), _connector="OR"),
                        name="job_over_has_its_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("user_id__isnull", True), _negated=True),
                            models.Q(("system", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="job_has_a_requester",
                    ),
                ],
            },
        ),
        OwnRowsTable("jobs_job"),
    ]
