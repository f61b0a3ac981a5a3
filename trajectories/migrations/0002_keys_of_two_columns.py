"""A contribution belongs to its meeting's trajectory, and its parties take part in that trajectory.

Django has no foreign keys of two columns; PostgreSQL does.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE trajectories_contribution ADD CONSTRAINT contribution_of_its_meetings_trajectory "
            "FOREIGN KEY (meeting_id, trajectory_id) REFERENCES trajectories_meeting (id, trajectory_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE trajectories_contribution DROP CONSTRAINT contribution_of_its_meetings_trajectory",
        ),
        migrations.RunSQL(
            "ALTER TABLE trajectories_contribution ADD CONSTRAINT contribution_said_by_takes_part "
            "FOREIGN KEY (trajectory_id, said_by_id) REFERENCES trajectories_participation (trajectory_id, party_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE trajectories_contribution DROP CONSTRAINT contribution_said_by_takes_part",
        ),
        migrations.RunSQL(
            "ALTER TABLE trajectories_contribution ADD CONSTRAINT contribution_addressed_to_takes_part "
            "FOREIGN KEY (trajectory_id, addressed_to_id) REFERENCES trajectories_participation (trajectory_id, party_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE trajectories_contribution DROP CONSTRAINT contribution_addressed_to_takes_part",
        ),
    ]
