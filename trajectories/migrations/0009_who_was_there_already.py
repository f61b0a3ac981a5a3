"""The history knows who was there before it began, from this moment on: their terms count from here."""

from django.db import migrations

from thuiswijk.lib import history


def begin(apps, editor):
    for name in ("Appointment",):
        history.begin(editor, apps.get_model("trajectories", name), apps.get_model("trajectories", f"{name}Event"))


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0008_a_leader_stays_whoever_looks"), ("stakeholders", "0005_who_was_there_already")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
