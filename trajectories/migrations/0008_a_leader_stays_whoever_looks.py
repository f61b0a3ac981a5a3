"""The check that a trajectory keeps a projectleider sees every trajectory, also for a beheerder behind the wall who sees none.

And one such check at a time in a gemeente: of two who leave in the same moment the second one is told.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("trajectories.migrations.0004_a_leader_stays").FUNCTION.partition("CREATE CONSTRAINT")[0]
HOLD = "PERFORM FROM stakeholders_gemeente WHERE id = of_gemeente FOR NO KEY UPDATE;\n    IF EXISTS ("
LOCKED = BEFORE.replace("IF EXISTS (", HOLD, 1)
FUNCTION = "ALTER FUNCTION thuiswijk_a_leader_stays() SECURITY DEFINER SET search_path = public, pg_temp"
BACK = "ALTER FUNCTION thuiswijk_a_leader_stays() SECURITY INVOKER RESET search_path"


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0007_erasing_a_contribution")]
    operations = [migrations.RunSQL(LOCKED, BEFORE), migrations.RunSQL(FUNCTION, BACK)]
