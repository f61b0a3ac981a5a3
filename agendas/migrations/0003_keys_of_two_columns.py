"""A placement and a point stay within one trajectory.

Django has no foreign keys of two columns; PostgreSQL does.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agendas", "0002_relations")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE agendas_placement ADD CONSTRAINT placement_of_its_themes_trajectory "
            "FOREIGN KEY (theme_id, trajectory_id) REFERENCES agendas_theme (id, trajectory_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE agendas_placement DROP CONSTRAINT placement_of_its_themes_trajectory",
        ),
        migrations.RunSQL(
            "ALTER TABLE agendas_placement ADD CONSTRAINT placement_of_its_contributions_trajectory "
            "FOREIGN KEY (contribution_id, trajectory_id) REFERENCES trajectories_contribution (id, trajectory_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE agendas_placement DROP CONSTRAINT placement_of_its_contributions_trajectory",
        ),
        migrations.RunSQL(
            "ALTER TABLE agendas_improvementpoint ADD CONSTRAINT point_of_its_themes_trajectory "
            "FOREIGN KEY (theme_id, trajectory_id) REFERENCES agendas_theme (id, trajectory_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE agendas_improvementpoint DROP CONSTRAINT point_of_its_themes_trajectory",
        ),
    ]
