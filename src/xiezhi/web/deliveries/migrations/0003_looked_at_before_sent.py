"""A file is looked at before it is sent, and may be removed."""

from __future__ import annotations

from django.db import migrations, models

STATES = [
    ("looking", "识别中"),
    ("ready", "待报送"),
    ("waiting", "待核对"),
    ("checking", "核对中"),
    ("received", "已接收"),
    ("refused", "被拒收"),
    ("failed", "未完成"),
    ("removed", "已移除"),
]


class Migration(migrations.Migration):
    dependencies = (("deliveries", "0002_empty_deliveries"),)

    operations = (
        migrations.RemoveConstraint(model_name="upload", name="upload_state_is_known"),
        migrations.RemoveConstraint(model_name="upload", name="upload_end_has_its_time"),
        migrations.AlterField(
            model_name="upload", name="state", field=models.CharField(choices=STATES, default="waiting", max_length=16)
        ),
        migrations.AddField(model_name="upload", name="preview", field=models.JSONField(default=list)),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [state for state, _word in STATES])), name="upload_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", False),
                    models.Q(("state__in", ["received", "refused", "removed"]), _negated=True),
                    _connector="OR",
                ),
                name="upload_end_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("preview", []), ("state", "ready"), _connector="OR"),
                name="upload_preview_is_kept_no_longer_than_needed",
            ),
        ),
    )
