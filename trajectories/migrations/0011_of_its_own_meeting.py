"""What stands on a meeting is of that meeting: words of its own participants, items of its own trajectory, noted by who takes part.

Django has no foreign keys of two columns; PostgreSQL does.
"""

from django.db import migrations


def key(table: str, name: str, columns: str, there: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) REFERENCES {there} DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0010_the_room")]
    operations = [
        key(
            "trajectories_contribution",
            "contribution_of_a_participant_of_its_meeting",
            "participant_id, meeting_id",
            "trajectories_participant (id, meeting_id)",
        ),
        key(
            "trajectories_contribution",
            "contribution_noted_by_takes_part",
            "trajectory_id, noted_by_id",
            "trajectories_participation (trajectory_id, party_id)",
        ),
        key(
            "trajectories_meetingitem",
            "item_of_its_meetings_trajectory",
            "meeting_id, trajectory_id",
            "trajectories_meeting (id, trajectory_id)",
        ),
    ]
