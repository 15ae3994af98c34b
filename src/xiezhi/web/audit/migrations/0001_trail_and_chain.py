"""The trail, the queue of what is not sealed yet, and the chain."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from xiezhi.web.audit.models.fields import CanonicalJSON
from xiezhi.web.database.rls import RevokeFromApp, TrailTable

QUEUE = """
CREATE FUNCTION public.audit_queue() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO public.audit_pending (event_id) VALUES (NEW.id);
  RETURN NULL;
END $body$;
CREATE TRIGGER audit_queue AFTER INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION public.audit_queue();
"""

UNQUEUE = "DROP TRIGGER audit_queue ON audit_event; DROP FUNCTION public.audit_queue();"


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=80)),
                ("outcome", models.CharField(choices=[("done", "完成"), ("refused", "被拒")], max_length=8)),
                ("user_id", models.BigIntegerField(null=True)),
                ("username", models.CharField(max_length=150)),
                ("display_name", models.CharField(max_length=150)),
                ("post_id", models.BigIntegerField(null=True)),
                ("role", models.CharField(max_length=40)),
                ("unit_name", models.CharField(max_length=200)),
                ("on_kind", models.CharField(max_length=80)),
                ("on_id", models.CharField(max_length=200)),
                ("on_label", models.CharField(max_length=300)),
                ("unit_path", models.CharField(db_collation="C", max_length=200)),
                ("why", models.TextField()),
                ("before", CanonicalJSON(null=True)),
                ("after", CanonicalJSON(null=True)),
                ("details", CanonicalJSON()),
                ("ip", models.CharField(max_length=45)),
                ("request_id", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "审计事件",
                "db_table": "audit_event",
                "indexes": [
                    models.Index(fields=["at", "id"], name="audit_event_by_time"),
                    models.Index(fields=["username", "at", "id"], name="audit_event_by_person"),
                    models.Index(fields=["on_id", "on_kind", "at", "id"], name="audit_event_by_object"),
                    models.Index(fields=["role", "at", "id"], name="audit_event_by_role"),
                    models.Index(fields=["ip", "at", "id"], name="audit_event_by_address"),
                    models.Index(fields=["kind", "at", "id"], name="audit_event_by_kind"),
                    models.Index(condition=models.Q(("outcome", "refused")), fields=["at", "id"], name="audit_event_refused"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditPending",
            fields=[("event_id", models.BigIntegerField(primary_key=True, serialize=False))],
            options={"db_table": "audit_pending"},
        ),
        migrations.CreateModel(
            name="AuditBatch",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("first_seq", models.BigIntegerField()),
                ("last_seq", models.BigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "audit_batch",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_seq__gte", models.F("first_seq"))),
                        name="audit_batch_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.BigIntegerField(unique=True)),
                ("digest", models.BinaryField(max_length=32)),
                ("previous", models.BinaryField(max_length=32)),
                ("batch", models.BigIntegerField()),
            ],
            options={"db_table": "audit_link"},
        ),
        migrations.RunSQL(QUEUE, UNQUEUE),
        TrailTable("audit_event"),
        TrailTable("audit_batch"),
        TrailTable("audit_link"),
        RevokeFromApp("audit_pending", "UPDATE"),
    ]
