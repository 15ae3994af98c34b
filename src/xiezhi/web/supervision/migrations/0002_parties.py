"""Counts and tried hits say whom they are about, beside the subject."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from xiezhi.web.database.rls import PartiesTable

SO_FAR = (
    "SELECT set_config('xiezhi.system', 'yes', true)",
    "UPDATE supervision_tally SET parties = ARRAY[subject_key]::text[] WHERE subject_key <> ''",
    "UPDATE supervision_triedhit SET parties = ARRAY[subject_key]::text[] WHERE subject_key <> ''",
    "SELECT set_config('xiezhi.system', '', true)",
)
"""What is known without the lake."""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_models_runs_and_changes")]

    operations = [
        migrations.AddField(
            model_name="tally",
            name="parties",
            field=ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name="triedhit",
            name="parties",
            field=ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None),
        ),
        migrations.RunSQL(list(SO_FAR), migrations.RunSQL.noop),
        PartiesTable("supervision_tally"),
        PartiesTable("supervision_triedhit"),
    ]
