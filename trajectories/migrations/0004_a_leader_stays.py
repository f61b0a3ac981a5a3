"""A trajectory that somebody leads never goes without: checked when the transaction ends, whatever changed the roles."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION thuiswijk_a_leader_stays() RETURNS TRIGGER AS $$
DECLARE of_gemeente BIGINT;
BEGIN
    IF TG_TABLE_NAME = 'stakeholders_membership' THEN
        IF OLD.role <> 'projectleider' THEN RETURN NULL; END IF;
        of_gemeente := OLD.gemeente_id;
    ELSE
        SELECT gemeente_id INTO of_gemeente FROM trajectories_trajectory WHERE id = OLD.trajectory_id;
    END IF;
    IF EXISTS (
        SELECT FROM trajectories_trajectory t WHERE t.gemeente_id = of_gemeente AND NOT EXISTS (
            SELECT FROM stakeholders_membership m
            WHERE m.gemeente_id = of_gemeente AND m.role = 'projectleider' AND (NOT m.is_limited OR EXISTS (
                SELECT FROM trajectories_appointment a WHERE a.membership_id = m.id AND a.trajectory_id = t.id))
        )
    ) THEN
        RAISE EXCEPTION 'A trajectory would be left without projectleider' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE CONSTRAINT TRIGGER a_leader_stays AFTER UPDATE OR DELETE ON stakeholders_membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION thuiswijk_a_leader_stays();
CREATE CONSTRAINT TRIGGER a_leader_stays AFTER UPDATE OR DELETE ON trajectories_appointment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION thuiswijk_a_leader_stays();
"""
BACK = """
DROP TRIGGER a_leader_stays ON stakeholders_membership;
DROP TRIGGER a_leader_stays ON trajectories_appointment;
DROP FUNCTION thuiswijk_a_leader_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0003_roles"), ("stakeholders", "0002_roles")]
    operations = [migrations.RunSQL(FUNCTION, BACK)]
