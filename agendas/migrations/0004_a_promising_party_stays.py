"""A party with commitments can't leave the trajectory: a version would name a party that it does not list.

The trigger stands here and not beside its table, because trajectories knows nothing of commitments.
"""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION agendas_promising_party_stays() RETURNS TRIGGER AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM agendas_commitment c JOIN agendas_improvementpoint p ON p.id = c.point_id
        WHERE c.party_id = OLD.party_id AND p.trajectory_id = OLD.trajectory_id
    ) THEN
        RAISE EXCEPTION 'This party has commitments in the trajectory' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER promising_party_stays BEFORE DELETE OR UPDATE OF party_id, trajectory_id ON trajectories_participation
FOR EACH ROW EXECUTE FUNCTION agendas_promising_party_stays();
"""
BACKWARD = """
DROP TRIGGER promising_party_stays ON trajectories_participation;
DROP FUNCTION agendas_promising_party_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agendas", "0003_keys_of_two_columns"),
        ("trajectories", "0002_keys_of_two_columns"),
    ]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RemoveConstraint(model_name="commitment", name="commitment_is_unique"),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.UniqueConstraint(
                deferrable=models.Deferrable["DEFERRED"],
                fields=("point", "party", "role"),
                name="commitment_is_unique",
            ),
        ),
    ]
