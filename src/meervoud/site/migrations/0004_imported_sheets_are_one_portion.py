from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def count_as_one_portion(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001  # what Django hands over
    """What was imported before portions were counted stands in one: so it can still be undone."""
    apps.get_model("front_door", "ImportRun").objects.filter(state="confirmed").update(portions=1, portions_written=1)


class Migration(migrations.Migration):
    dependencies = [
        ("front_door", "0003_imports_in_portions"),
    ]

    operations = [
        migrations.RunPython(count_as_one_portion, migrations.RunPython.noop),
    ]
