"""The check that a trajectory keeps a projectleider sees every trajectory, also for a beheerder behind the wall who sees none."""

from django.db import migrations

FUNCTION = "ALTER FUNCTION thuiswijk_a_leader_stays() SECURITY DEFINER SET search_path = public, pg_temp"
BACK = "ALTER FUNCTION thuiswijk_a_leader_stays() SECURITY INVOKER RESET search_path"


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0007_erasing_a_contribution")]
    operations = [migrations.RunSQL(FUNCTION, BACK)]
