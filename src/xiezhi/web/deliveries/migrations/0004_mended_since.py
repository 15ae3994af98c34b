"""What became of the rows that a delivery had set aside."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("deliveries", "0003_looked_at_before_sent"),)

    operations = (
        migrations.AddField(model_name="delivery", name="back", field=models.JSONField(default=list)),
        migrations.AddField(model_name="delivery", name="unkeyed", field=models.PositiveIntegerField(null=True)),
    )
