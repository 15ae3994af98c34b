"""What an office oversees is proposed by one administrator and confirmed by another; who sees what is reviewed."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

SETTLED = Q(granted__isnull=True, settled_at__isnull=True, settled_by="") | Q(
    Q(granted__isnull=False, settled_at__isnull=False), ~Q(settled_by="")
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_ties_of_recusals")]

    operations = [
        migrations.CreateModel(
            name="Oversight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("why", models.CharField(max_length=300)),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=64)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(blank=True, max_length=64)),
                ("granted", models.BooleanField(null=True)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="oversight_asked", to="accounts.unit"
                    ),
                ),
                ("overseen", models.ManyToManyField(blank=True, related_name="+", to="accounts.unit")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=~Q(settled_by=F("asked_by")), name="oversight_by_two"),
                    models.CheckConstraint(condition=SETTLED, name="oversight_is_settled_whole"),
                    models.UniqueConstraint(fields=("office",), condition=Q(granted__isnull=True), name="one_oversight_waiting"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SightReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_username", models.CharField(max_length=64)),
                ("by_name", models.CharField(max_length=64)),
                ("words", models.CharField(max_length=300)),
                ("posts", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={"ordering": ("-at", "-pk")},
        ),
    ]
