"""A reservation says of which point it is: until now one text stood with a list of points.

Answers are append-only, so this one time their triggers stand aside; the words stay what they were. A reservation without
points, from before those were asked, keeps "" as its point. A no could name points too: those stand before its reason.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


CONVERTED = """
ALTER TABLE agendas_endorsement DISABLE TRIGGER USER;
UPDATE agendas_endorsement SET text = '', reservations = (
    SELECT jsonb_agg(jsonb_build_object('point', point, 'text', text))
    FROM jsonb_array_elements_text(CASE points WHEN '[]' THEN '[""]' ELSE points END) AS point
) WHERE answer = 'voorbehoud';
UPDATE agendas_endorsement SET text = 'Punt ' || (
    SELECT string_agg(point, ', ') FROM jsonb_array_elements_text(points) AS point
) || ': ' || text WHERE answer = 'niet' AND points <> '[]';
ALTER TABLE agendas_endorsement ENABLE TRIGGER USER;
ALTER TABLE agendas_endorsementrequest DISABLE TRIGGER USER;
UPDATE agendas_endorsementrequest SET proposal = proposal - 'points' || CASE proposal ->> 'answer'
WHEN 'voorbehoud' THEN jsonb_build_object('text', '', 'reservations', (
    SELECT jsonb_agg(jsonb_build_object('point', point, 'text', proposal ->> 'text'))
    FROM jsonb_array_elements_text(CASE proposal -> 'points' WHEN '[]' THEN '[""]' ELSE proposal -> 'points' END) AS point
)) ELSE '{"reservations": []}' END WHERE proposal ? 'points';
ALTER TABLE agendas_endorsementrequest ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('agendas', '0024_timestamps_and_two_people'),
        ('stakeholders', '0008_terms'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='endorsement',
            name='of_the_open_version',
        ),
        migrations.RemoveConstraint(
            model_name='endorsement',
            name='endorsement_reservation_says_what',
        ),
        migrations.AddField(
            model_name='endorsement',
            name='reservations',
            field=models.JSONField(blank=True, default=list, verbose_name='voorbehouden'),
        ),
        migrations.RunSQL(CONVERTED),
        migrations.RemoveField(
            model_name='endorsement',
            name='points',
        ),
        migrations.AlterField(
            model_name='endorsement',
            name='text',
            field=models.TextField(blank=True, max_length=2000, verbose_name='reden van een nee'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='endorsement',
            trigger=pgtrigger.compiler.Trigger(name='of_the_open_version', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE is_closed BOOLEAN; frozen_digest TEXT; needed INTEGER;', func="\n                SELECT r.closed_at IS NOT NULL, v.digest INTO is_closed, frozen_digest\n                FROM agendas_round r JOIN agendas_agendaversion v ON v.id = r.version_id\n                WHERE r.id = NEW.round_id FOR SHARE OF r;\n                IF is_closed OR frozen_digest IS DISTINCT FROM NEW.digest THEN\n                    RAISE EXCEPTION 'The round is closed, or another version was endorsed'\n                    USING ERRCODE = 'check_violation';\n                END IF;\n                -- Every reservation says of which point it is, once, and what it is.\n                IF (\n                    SELECT count(*) <> count(DISTINCT r.point) OR bool_or(coalesce(r.point, '') = '' OR coalesce(r.text, '') = '')\n                    FROM jsonb_to_recordset(NEW.reservations) AS r (point TEXT, text TEXT)\n                ) THEN\n                    RAISE EXCEPTION 'A reservation is of one point, and says what' USING ERRCODE = 'check_violation';\n                END IF;\n                SELECT signatories INTO needed FROM stakeholders_party WHERE id = NEW.party_id;\n                IF needed = 2 AND NEW.second_name = '' THEN\n                    RAISE EXCEPTION 'Two people sign for this party' USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.second_id IS NOT NULL AND NOT EXISTS (\n                    SELECT 1 FROM agendas_endorsementrequest s JOIN agendas_endorsementrequest f ON f.id = s.seconds_id\n                    WHERE s.id = NEW.second_id AND f.id = NEW.request_id AND s.person_id IS DISTINCT FROM f.person_id\n                ) THEN\n                    RAISE EXCEPTION 'The second one was asked beside somebody else, or is the first'\n                    USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.second_id IS NOT NULL AND lower(NEW.second_name) = lower(NEW.name) THEN\n                    RAISE EXCEPTION 'The second one has the name of the first' USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.scan_id IS NOT NULL AND NOT EXISTS (\n                    SELECT 1 FROM agendas_scan s WHERE s.id = NEW.scan_id AND s.request_id = NEW.request_id\n                ) THEN\n                    RAISE EXCEPTION 'The scan is of another answer' USING ERRCODE = 'check_violation';\n                END IF;\n                -- One human may be known by two addresses: as a person, and of the account.\n                IF NEW.second_id IS NOT NULL AND EXISTS (\n                    WITH known AS (\n                        SELECT r.id AS request, lower(a.address) AS address FROM agendas_endorsementrequest r\n                        LEFT JOIN stakeholders_person p ON p.id = r.person_id\n                        LEFT JOIN stakeholders_user u ON u.id = p.user_id\n                        CROSS JOIN LATERAL (VALUES (p.email), (u.email), (\n                            CASE r.id WHEN NEW.second_id THEN NEW.second_code_sent_to ELSE NEW.code_sent_to END\n                        )) AS a (address)\n                        WHERE r.id IN (NEW.request_id, NEW.second_id) AND a.address <> ''\n                    )\n                    SELECT 1 FROM known f JOIN known s USING (address)\n                    WHERE f.request = NEW.request_id AND s.request = NEW.second_id\n                ) THEN\n                    RAISE EXCEPTION 'The second one reads an address of the first' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ", hash='6248f770d1551f75206bd8d17bf9f720787591aa', operation='INSERT', pgid='pgtrigger_of_the_open_version_ca8df', table='agendas_endorsement', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='endorsement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'volledig'), ('reservations', []), ('text', '')), models.Q(('answer', 'voorbehoud'), ('text', ''), models.Q(('reservations', []), _negated=True)), models.Q(('answer', 'niet'), ('reservations', []), models.Q(('text', ''), _negated=True)), _connector='OR'), name='endorsement_reservation_says_what'),
        ),
    ]
