"""A page asks the database the same number of questions for 10, 100 and 1,000 contributions, and not many."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.db import connection
from django.template import Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agendas import endorsing, versions
from agendas.models import Placement
from tests.agendas.test_endorsing import link_to, newest_code
from tests.factories import (
    CommitmentFactory,
    MeetingFactory,
    PointFactory,
    SealedFactory,
    ThemeFactory,
    complete_agenda,
)
from trajectories.models import Contribution, Wijk

pytestmark = pytest.mark.django_db
WALL = 4  # a savepoint, the role and the gemeenten, and both undone: outside a test one less
MOST = {
    "home": 8, "trajectory_detail": 9, "contribution_list": 5, "meeting_detail": 10, "meeting_invitations": 9,
    "theme_board": 9, "expectation_list": 9, "point_list": 10, "agenda_detail": 15,
    "meeting_screen": 9, "meeting_notes": 9, "meeting_presence": 11, "work_meeting": 11,
}  # fmt: skip


@pytest.mark.parametrize("name", MOST)
def test_page_asks_as_much_for_many_as_for_few(cast, name):
    SealedFactory(version=versions.freeze(complete_agenda(cast.trajectory), by=cast.leader))
    if name == "trajectory_detail":  # with a map
        square = [[[[450000, 5190000], [451000, 5190000], [451000, 5191000]]]]
        cast.trajectory.wijken.add(Wijk.objects.create(gemeente=cast.here, code="WK999901", year=2025, outline=square))
    meeting = MeetingFactory(trajectory=cast.trajectory, kind="werk")
    theme = ThemeFactory(trajectory=cast.trajectory)
    browser = cast.client(cast.leader)
    of_the_meeting = {one: [meeting.pk] for one in MOST if one.startswith(("meeting_", "work_"))}
    arguments = {"home": [], **of_the_meeting}.get(name, [cast.trajectory.pk])
    asked = []
    for count in (10, 100, 1000):
        missing = count - meeting.contributions.count()
        rows = Contribution.objects.bulk_create(
            Contribution(trajectory=cast.trajectory, meeting=meeting, text=f"Meer licht {n}.") for n in range(missing)
        )
        Placement.objects.bulk_create(
            Placement(trajectory=cast.trajectory, theme=theme, contribution=row) for row in rows[: len(rows) // 2]
        )
        CommitmentFactory(point=PointFactory(theme=theme), party=cast.parties[0])
        browser.get(reverse(name, args=arguments))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page = browser.get(reverse(name, args=arguments))
        assert page.status_code == 200
        asked.append(len(captured))
    assert asked[0] == asked[1] == asked[2], asked
    assert asked[0] <= MOST[name] + WALL, [query["sql"][:150] for query in captured.captured_queries]


def test_inbreng_is_recorded_with_few_questions(cast):
    meeting = MeetingFactory(trajectory=cast.trajectory)
    browser = cast.client()
    browser.post(reverse("contribute_who", args=[meeting.code]), {"party": cast.parties[0].pk})
    form = {
        "key": "4a3e6f62-0d58-4d6e-9a5c-7b1ed3c3a001",
        "text": "Meer licht.",
        "said_by": cast.parties[0].pk,
        "addressed_to": "",
        "item": "0",
    }
    json = {"Accept": "application/json"}
    with CaptureQueriesContext(connection) as captured, patch.object(Template, "render") as rendered:
        assert browser.post(reverse("contribute", args=[meeting.code]), form, headers=json).status_code == 200
    assert not rendered.called, "a page was made for an answer of a hundred bytes"
    # A savepoint, the meeting with its wall, the parties, who, the words; released. Only a test leaves the wall by itself.
    assert len(captured) <= 6 + 1, [query["sql"][:110] for query in captured.captured_queries]
    assert Contribution.objects.get().said_by == cast.parties[0]


def test_answer_of_a_party_is_recorded_with_few_questions(cast):
    agenda = complete_agenda(cast.trajectory)
    version = versions.freeze(agenda, by=cast.leader)
    endorsing.open_round(version, deadline=agenda.ends_on, by=cast.leader)
    browser = cast.client()
    address = browser.get(link_to(cast.parties[0]), follow=True).request["PATH_INFO"]
    form = {
        "digest": version.digest, "answer": "volledig", "name": "A", "function": "b", "on_behalf_of": "c",
        "mandate": "functie", "agreed": "on",
    }  # fmt: skip
    browser.post(address, form)
    code = newest_code()
    with CaptureQueriesContext(connection) as captured:
        assert browser.post(address, form | {"code": code}).status_code == 302
    # The goal is 20; only a test leaves the wall before its transaction ends.
    assert len(captured) <= 20 + 1, [query["sql"][:110] for query in captured.captured_queries]


def test_poll_with_nothing_new_is_empty(cast):
    meeting = MeetingFactory(trajectory=cast.trajectory)
    browser = cast.client(cast.leader)
    address = reverse("meeting_detail", args=[meeting.pk])
    mark = browser.get(address).context["mark"]
    quiet = browser.get(f"{address}?sinds={mark}", headers={"HX-Request": "true"})
    assert (quiet.status_code, quiet.content) == (204, b"")
    Contribution.objects.create(trajectory=cast.trajectory, meeting=meeting, text="Meer licht.")
    news = browser.get(f"{address}?sinds={mark}", headers={"HX-Request": "true"})
    assert news.status_code == 200
    assert "Meer licht." in news.content.decode()
    assert "<html" not in news.content.decode()
