"""A delivery without rows has a state of its own."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("deliveries", "0001_uploads_and_deliveries"),)

    operations = (
        migrations.AlterField(
            model_name="delivery",
            name="fate",
            field=models.CharField(
                choices=[
                    ("clean", "全部接收"),
                    ("faulty", "有退回行"),
                    ("nothing_new", "无新内容"),
                    ("empty", "没有数据行"),
                    ("refused", "整件拒收"),
                    ("erased", "已销毁"),
                ],
                max_length=16,
            ),
        ),
    )
