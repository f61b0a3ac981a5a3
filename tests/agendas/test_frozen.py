"""What is frozen can't be changed by anyone, through plain SQL either (product: "Rules that hold whatever the road")."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from agendas import endorsing, versions
from agendas.models import AgendaVersion, Document, Endorsement, Round
from tests.factories import ContributionFactory, complete_agenda
from trajectories import phases
from trajectories.models import Contribution, Step

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed_round(cast, django_capture_on_commit_callbacks) -> Round:
    """A version that one party endorsed and whose round is closed, with a phase entered and something said."""
    agenda = complete_agenda(cast.trajectory)
    version = versions.freeze(agenda, by=cast.leader)
    round_ = endorsing.open_round(version, deadline=agenda.ends_on, by=cast.leader)
    endorsing.endorse(
        round_.requests.first(), digest=version.digest, answer="volledig", reservations=[], text="", name="A. Jansma",
        function="directeur", on_behalf_of="het bestuur", decided_on=None,
    )  # fmt: skip
    endorsing.close_round(round_, by=cast.leader, reason="De vakantie begint.")
    ContributionFactory(meeting__trajectory=cast.trajectory)
    phases.enter(cast.trajectory, Step.START, by=cast.leader)
    return Round.objects.get()


def refused(statement: str) -> bool:
    """Whether the database refuses a statement, whoever asks."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks waiting can't be truncated at all
            cursor.execute(statement)
    except IntegrityError:
        return True
    return False


FROZEN = [
    "agendas_agendaversion", "agendas_endorsement", "agendas_round", "trajectories_phase",
    "trajectories_contribution", "agendas_document", "agendas_roundevent",
]  # fmt: skip
UPDATES = [
    "UPDATE agendas_agendaversion SET number = number + 1",
    "UPDATE agendas_agendaversion SET content = 'x'",
    "UPDATE agendas_endorsement SET text = 'anders'",
    "UPDATE agendas_endorsement SET answer = 'niet', text = 'anders'",
    "UPDATE agendas_roundevent SET body = '{}'",
    "UPDATE agendas_roundevent SET number = number + 100",
    "UPDATE agendas_round SET closed_reason = 'anders'",
    "UPDATE agendas_round SET closed_at = NULL, closed_by_id = NULL, closed_reason = ''",
    "UPDATE trajectories_phase SET step = 'nakoming'",
    "UPDATE trajectories_contribution SET text = 'anders'",
    "UPDATE trajectories_contribution SET kind = 'idee'",
    "UPDATE trajectories_contribution SET said_by_id = (SELECT min(party_id) FROM trajectories_participation)",
    "UPDATE agendas_document SET answers = 'x' WHERE kind = 'vastgesteld'",
]


@pytest.mark.parametrize("table", FROZEN)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_frozen_table_refuses_removal(closed_round, table, statement):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] > 0
    assert refused(statement.format(table))


@pytest.mark.parametrize("statement", UPDATES)
def test_frozen_row_refuses_update(closed_round, statement):
    assert refused(statement)


def test_refusal_has_no_switch(closed_round):
    """pgtrigger's own triggers are silent for a session that asks so; these are not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_%'")
        names = ",".join(name for (name,) in cursor.fetchall())
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + names + "}"])
    for table in FROZEN:
        assert refused(f"DELETE FROM {table}"), table
    for statement in UPDATES:
        assert refused(statement), statement


def test_stored_document_stays(closed_round):
    document = closed_round.version.documents.get(kind=Document.Kind.DRAFT)
    Document.objects.filter(pk=document.pk).update(state="stored", sha256="0" * 64, stored_at=closed_round.closed_at)
    assert refused(f"UPDATE agendas_document SET sha256 = '{'1' * 64}' WHERE id = {document.pk}")
    assert refused(
        f"UPDATE agendas_document SET state = 'waiting', sha256 = '', stored_at = NULL WHERE id = {document.pk}"
    )


def test_version_with_another_digest_is_refused(closed_round):
    version = closed_round.version
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaVersion.objects.create(
            agenda=version.agenda, number=2, content=b"{}", digest=version.digest, frozen_by=version.frozen_by
        )


def test_endorsement_after_closing_is_refused_by_the_database(closed_round):
    request = closed_round.requests.last()
    assert not Endorsement.objects.filter(party=request.party).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Endorsement.objects.create(
            round=closed_round, party=request.party, request=request, digest=closed_round.version.digest,
            answer="volledig", name="B. Bakker", function="voorzitter", on_behalf_of="het bestuur",
        )  # fmt: skip


def test_hiding_a_contribution_is_allowed_with_a_reason(closed_round, cast):
    said = Contribution.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.filter(pk=said.pk).update(hidden_at=closed_round.closed_at, hidden_by=cast.leader)
    Contribution.objects.filter(pk=said.pk).update(
        hidden_at=closed_round.closed_at, hidden_by=cast.leader, hidden_reason="Er staat een naam in."
    )
    assert not Contribution.objects.shown().exists()
