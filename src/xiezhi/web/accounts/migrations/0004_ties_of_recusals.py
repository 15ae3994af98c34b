"""A recusal reaches whom the data ties to its subject."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_lifting_recusals")]

    operations = [
        migrations.CreateModel(
            name="RecusalTie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_key", models.CharField(max_length=64)),
                ("found_at", models.DateTimeField()),
                (
                    "recusal",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="ties", to="accounts.recusal"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("recusal", "subject_key"), name="one_tie_a_subject")],
            },
        ),
    ]
