"""Alerts, their history and seals say of everybody they are about. Those of the evidence come with the next raising."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from xiezhi.web.database.rls import PartiesTable

SO_FAR = (
    "SELECT set_config('xiezhi.system', 'yes', true)",
    "UPDATE alerts_alert SET parties = array_remove(ARRAY[subject_key, counterpart_key]::text[], '')",
    "UPDATE alerts_history AS h SET parties = a.parties FROM alerts_alert AS a WHERE a.id = h.alert_id",
    "UPDATE alerts_seal AS s SET parties = a.parties FROM alerts_alert AS a WHERE a.id = s.alert_id",
    "UPDATE reveals_revealrequest AS r SET parties = r.parties || a.parties FROM alerts_alert AS a WHERE a.number = r.alert_number",
    "SELECT set_config('xiezhi.system', '', true)",
)
"""What is known without the lake."""


class Migration(migrations.Migration):
    dependencies = [("alerts", "0002_seals_causes_and_mismatches"), ("reveals", "0002_parties")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="parties",
            field=ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name="history",
            name="parties",
            field=ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name="seal",
            name="parties",
            field=ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None),
        ),
        migrations.RunSQL(list(SO_FAR), migrations.RunSQL.noop),
        PartiesTable("alerts_alert"),
        PartiesTable("alerts_history"),
        PartiesTable("alerts_seal"),
    ]
