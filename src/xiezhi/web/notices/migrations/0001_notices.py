"""Notices. Each is seen by the person it is for; anybody may tell somebody something."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import xiezhi.web.kit.cards
from xiezhi.web.database.rls import OwnRowsTable


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("title_zh", models.CharField(max_length=200)),
                ("title_en", models.CharField(max_length=300)),
                ("url", models.CharField(max_length=300)),
                ("urgency", models.CharField(default=xiezhi.web.kit.cards.Urgency["OPEN"], max_length=12)),
                ("due", models.DateTimeField(null=True)),
                ("key", models.CharField(blank=True, max_length=160)),
                ("made_at", models.DateTimeField()),
                ("by_username", models.CharField(max_length=64)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "通知",
                "indexes": [
                    models.Index(fields=["user", "-made_at", "id"], name="notice_by_person"),
                    models.Index(condition=models.Q(("read_at__isnull", True)), fields=["user"], name="notice_unread"),
                    models.Index(condition=models.Q(("read_at__isnull", False)), fields=["read_at"], name="notice_read"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True), fields=("user", "key"), name="one_notice_of_a_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ["open", "lapsing", "overdue", "draft"])),
                        name="notice_urgency_is_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("url__startswith", "/")), name="notice_stays_on_the_site"),
                ],
            },
        ),
        OwnRowsTable("notices_notice", insert="any"),
    ]
