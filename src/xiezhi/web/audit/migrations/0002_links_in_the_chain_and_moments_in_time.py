from datetime import UTC, datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_trail_and_chain")]
    operations = [
        migrations.AddConstraint(
            model_name="auditlink",
            constraint=models.CheckConstraint(condition=models.Q(seq__gt=0), name="audit_link_in_the_chain"),
        ),
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=models.CheckConstraint(
                condition=models.Q(at__gte=datetime(2000, 1, 1, tzinfo=UTC), at__lt=datetime(9999, 1, 1, tzinfo=UTC)),
                name="audit_event_in_time",
            ),
        ),
    ]
