"""The masked form may be a registered name, which an alert holds in 200 characters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reveals", "0002_parties")]

    operations = [migrations.AlterField("revealrequest", "masked", models.CharField(max_length=200))]
