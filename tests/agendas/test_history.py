"""Who changed what: a Dutch sentence per change, from what the database wrote down by itself."""

from __future__ import annotations

import re

import pghistory
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agendas import history, theming
from agendas.models import Commitment, ImprovementPoint
from stakeholders.models import Person
from tests.factories import (
    AppointmentFactory,
    CommitmentFactory,
    ContributionFactory,
    MeetingFactory,
    MembershipFactory,
    PartyFactory,
    PointFactory,
    ThemeFactory,
    complete_agenda,
)
from tests.pages import fill_in

pytestmark = pytest.mark.django_db


def sentences(thing) -> list[str]:
    return [change.sentence for change in history.changes_of(thing).changes]


def as_person(person: Person):
    return pghistory.context(user=person.user.pk)


def test_change_tells_who_what_before_and_after(cast):
    point = PointFactory(
        theme=ThemeFactory(trajectory=cast.trajectory), title="Een bankje", first_step="De plek kiezen"
    )
    form = {
        "theme": point.theme_id, "title": "Een bankje", "position": point.position, "first_step": "Hout kopen",
        "ready_on": point.ready_on.isoformat(), "commitments-TOTAL_FORMS": 0, "commitments-INITIAL_FORMS": 0,
    }  # fmt: skip
    address = reverse("point_edit", args=[point.pk])
    assert fill_in(cast.client(cast.leader), address, form).status_code == 302
    expected = (
        f"{cast.leader.name} veranderde de eerste stap van het verbeterpunt ‘Een bankje’: "
        "was ‘De plek kiezen’, is nu ‘Hout kopen’."
    )
    for name, argument in (("trajectory_history", cast.trajectory.pk), ("point_history", point.pk)):
        page = cast.client(cast.reader).get(reverse(name, args=[argument]))
        assert expected in page.content.decode()
        assert expected in [change.sentence for change in page.context["changes"]]


def test_change_by_a_worker_is_the_systems(cast):
    ThemeFactory(trajectory=cast.trajectory, name="Groen")
    assert "Het systeem maakte het thema ‘Groen’." in sentences(cast.trajectory)


def test_change_by_who_left_names_nobody(cast):
    with as_person(cast.adviser):
        ThemeFactory(trajectory=cast.trajectory, name="Groen")
    cast.adviser.user.delete()
    assert "Iemand die hier geen account meer heeft maakte het thema ‘Groen’." in sentences(cast.trajectory)


def test_change_to_nothing_and_from_nothing_says_so(cast):
    point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory), title="Een bankje", means="")
    for means in ("Hout", ""):
        point.means = means
        point.save()
    assert sentences(point)[:2] == [
        "Het systeem veranderde wat ervoor nodig is van het verbeterpunt ‘Een bankje’: was ‘Hout’, is nu leeg.",
        "Het systeem veranderde wat ervoor nodig is van het verbeterpunt ‘Een bankje’: was leeg, is nu ‘Hout’.",
    ]


def test_what_was_deleted_still_has_its_name(cast):
    theme = ThemeFactory(trajectory=cast.trajectory, name="Groen")
    point = PointFactory(theme=theme, title="Een bankje")
    promise = CommitmentFactory(point=point, party=cast.parties[0], role=Commitment.Role.LEADER)
    promise.role = Commitment.Role.EXPERT
    promise.save()
    promise.delete()
    point.theme = ThemeFactory(trajectory=cast.trajectory, name="Samen")
    point.save()
    theme.delete()
    party = cast.parties[0].name
    told = [sentence for sentence in sentences(cast.trajectory) if "thema" in sentence or "Een bankje" in sentence]
    assert told == [  # a test is one moment: then by kind, and the newest of a kind first
        "Het systeem verwijderde het thema ‘Groen’.",
        "Het systeem maakte het thema ‘Samen’.",
        "Het systeem maakte het thema ‘Groen’.",
        "Het systeem veranderde het thema van het verbeterpunt ‘Een bankje’: was ‘Groen’, is nu ‘Samen’.",
        "Het systeem maakte het verbeterpunt ‘Een bankje’.",
        f"Het systeem verwijderde de toezegging van {party} bij ‘Een bankje’.",
        f"Het systeem veranderde de rol van de toezegging van {party} bij ‘Een bankje’: was ‘trekker’, "
        f"is nu ‘{Commitment.Role.EXPERT.label}’.",
        f"Het systeem maakte de toezegging van {party} bij ‘Een bankje’.",
    ]


def test_promise_of_a_point_that_was_removed_is_still_told_behind_the_wall(cast):
    point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory), title="Een bankje")
    CommitmentFactory(point=point, party=cast.parties[0], role=Commitment.Role.LEADER)
    leader = cast.client(cast.leader)
    leader.post(reverse("point_remove", args=[point.pk]), {})
    assert not cast.trajectory.points.exists()
    page = leader.get(reverse("trajectory_history", args=[cast.trajectory.pk])).content.decode()
    assert f"maakte de toezegging van {cast.parties[0]} bij ‘Een bankje’" in page
    assert f"verwijderde de toezegging van {cast.parties[0]} bij ‘Een bankje’" in page


def test_forty_placements_at_once_are_one_sentence(cast):
    theme = ThemeFactory(trajectory=cast.trajectory, name="Groen")
    meeting = MeetingFactory(trajectory=cast.trajectory)
    said = [ContributionFactory(meeting=meeting) for _ in range(40)]
    with as_person(cast.leader):
        theming.place(theme, said, by=cast.leader)
        theming.take_out(theme, said[:3])
    told = sentences(cast.trajectory)
    assert f"{cast.leader.name} zette 40 keer inbreng bij het thema ‘Groen’." in told
    assert f"{cast.leader.name} haalde 3 keer inbreng uit het thema ‘Groen’." in told


def test_who_was_appointed_is_told_by_name(cast):
    colleague = MembershipFactory(gemeente=cast.here, is_limited=True, name="Sam de Wit")
    with as_person(cast.leader):
        AppointmentFactory(trajectory=cast.trajectory, membership=colleague).delete()
    told = sentences(cast.trajectory)
    assert f"{cast.leader.name} wees Sam de Wit aan bij dit traject." in told
    assert f"{cast.leader.name} haalde Sam de Wit weg bij dit traject." in told


def test_long_text_is_folded_away(cast):
    agenda = complete_agenda(cast.trajectory)
    agenda.story = "Er was eens een plein. " * 20
    agenda.save()
    page = cast.client(cast.reader).get(reverse("agenda_history", args=[cast.trajectory.pk])).content.decode()
    assert "veranderde de verhalen uit de wijk van de verbeteragenda.</p>" in page
    assert re.search(r"<details[^>]*>\s*<summary>Bekijk de tekst van toen en van nu", page)


def test_text_of_somebody_is_shown_and_not_run(cast):
    ThemeFactory(trajectory=cast.trajectory, name="<b>Groen</b> {title}")
    page = cast.client(cast.reader).get(reverse("trajectory_history", args=[cast.trajectory.pk])).content.decode()
    assert "&lt;b&gt;Groen&lt;/b&gt; {title}" in page


def test_history_holds_nothing_of_another_trajectory(cast):
    ThemeFactory(trajectory=cast.elsewhere, name="Van hen")
    party = PartyFactory(gemeente=cast.there)
    cast.elsewhere.participations.create(party=party)
    CommitmentFactory(point=PointFactory(theme=ThemeFactory(trajectory=cast.elsewhere), title="Hun punt"), party=party)
    told = " ".join(sentences(cast.trajectory))
    assert "Van hen" not in told
    assert "Hun punt" not in told


def test_history_pages_through_everything_once(cast):
    point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory))
    for number in range(130):
        ImprovementPoint.objects.filter(pk=point.pk).update(title=f"Titel {number}")
    browser, address, seen = cast.client(cast.reader), reverse("trajectory_history", args=[cast.trajectory.pk]), []
    query = ""
    while query is not None:
        page = browser.get(address + query)
        seen += [change.sentence for change in page.context["changes"]]
        query = f"?na={page.context['older']}" if page.context["older"] else None
    titles = [int(re.search(r"is nu ‘Titel (\d+)’", s).group(1)) for s in seen if "is nu ‘Titel" in s]
    assert titles == list(range(129, -1, -1))
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    "mark", ["", "x", "1-2", "1-2-3-4", "-1-2-3", "9" * 30 + "-1-1", "99999999999999999-1-1", "１-2-3"]
)
def test_odd_mark_is_no_error(cast, mark):
    page = cast.client(cast.reader).get(reverse("trajectory_history", args=[cast.trajectory.pk]), {"na": mark})
    assert page.status_code == 200


def test_history_asks_as_much_for_many_as_for_few(cast):
    complete_agenda(cast.trajectory)
    meeting, theme = MeetingFactory(trajectory=cast.trajectory), ThemeFactory(trajectory=cast.trajectory)
    browser, asked = cast.client(cast.reader), []
    for count in (5, 50):
        for number in range(count):
            with as_person(cast.leader if number % 2 else cast.adviser):
                point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory))
                CommitmentFactory(point=point, party=cast.parties[number % 3])
                theming.place(theme, [ContributionFactory(meeting=meeting)], by=cast.leader)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(reverse("trajectory_history", args=[cast.trajectory.pk])).status_code == 200
        asked.append(len(captured))
    assert asked[1] <= asked[0] <= 14, [query["sql"][:120] for query in captured]


@pytest.mark.parametrize("told", history.TOLD, ids=lambda told: told.model.__name__)
def test_every_column_that_people_type_is_told(told):
    """A new column of a tracked row gets words here, or is named as one that nobody reads."""
    silent = {
        "id", "trajectory", "gemeente", "code", "made_at", "since", "appointed_by", "membership", "placed_at", "placed_by",
        "contribution", "point", "item", "revision", "is_paused", "is_revealed", "done_by", "confirmed_by",
        "digest", "noted_at", "noted_by", "replied_at", "replied_by",
    }  # fmt: skip
    if told.words:
        columns = {column.name for column in told.model._meta.concrete_fields}
        assert columns - silent == set(told.words)
