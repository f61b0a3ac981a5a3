"""The history knows who was there before it began, from this moment on: their terms count from here."""

from django.db import migrations

from thuiswijk.lib import history


def begin(apps, editor):
    for name in ("Person", "Membership"):
        history.begin(editor, apps.get_model("stakeholders", name), apps.get_model("stakeholders", f"{name}Event"))


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0004_erasure_of_a_gemeente")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
