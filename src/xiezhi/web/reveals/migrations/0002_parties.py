"""A request to reveal says of everybody its alert is about."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from xiezhi.web.database.rls import PartiesTable

SO_FAR = (
    "SELECT set_config('xiezhi.system', 'yes', true)",
    "UPDATE reveals_revealrequest SET parties = ARRAY[subject_key]::text[]",
    "SELECT set_config('xiezhi.system', '', true)",
)
"""What is known without the lake."""


class Migration(migrations.Migration):
    dependencies = [("reveals", "0001_requests")]

    operations = [
        migrations.AddField(
            model_name="revealrequest",
            name="parties",
            field=ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None),
        ),
        migrations.RunSQL(list(SO_FAR), migrations.RunSQL.noop),
        PartiesTable("reveals_revealrequest"),
    ]
