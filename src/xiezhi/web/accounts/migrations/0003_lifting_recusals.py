"""A recusal may be lifted: its person asks, the security administrator agrees."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sessions_and_factor_resets")]

    operations = [
        migrations.AddField(model_name="recusal", name="lift_asked_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="recusal",
            name="lift_why",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
    ]
