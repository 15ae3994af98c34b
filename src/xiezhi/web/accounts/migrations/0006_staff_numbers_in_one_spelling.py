from django.db import migrations

from xiezhi.web.accounts.models.user import normal_staff_number


def respell(apps, editor):
    """One that another account has already in this spelling stays as it is: an administrator settles who that is."""
    User = apps.get_model("accounts", "User")
    users = User.objects.using(editor.connection.alias)
    for user in users.all():
        number = normal_staff_number(user.staff_number)
        if number != user.staff_number and not users.filter(staff_number=number).exists():
            users.filter(pk=user.pk).update(staff_number=number)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_oversight_by_two")]
    operations = [migrations.RunPython(respell, migrations.RunPython.noop)]
