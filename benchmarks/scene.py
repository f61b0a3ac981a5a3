"""`python -m benchmarks.scene PAGES`: fills an empty Thuiswijk and writes down which of its pages are measured.

One trajectory in full swing (1,000 contributions, themes, an agenda) for the pages; and 200 parties that were asked to
endorse, each with a browser of its own that followed its link, for an answer counts only once.
"""

import os
import re
import sys
from datetime import timedelta
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "thuiswijk.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from agendas import endorsing, perms, proving, versions  # noqa: E402
from agendas.models import Agenda, Commitment, EndorsementRequest, Placement, Theme  # noqa: E402
from benchmarks import sizes  # noqa: E402
from benchmarks.counting import count  # noqa: E402
from benchmarks.pages import NEW_KEY, Page, Request, write_pages  # noqa: E402
from stakeholders.models import Gemeente, Mail, Membership, Party, Person  # noqa: E402
from tests.factories import (  # noqa: E402
    AgendaFactory,
    CommitmentFactory,
    GemeenteFactory,
    MeetingFactory,
    MembershipFactory,
    PartyFactory,
    PersonFactory,
    PointFactory,
    ThemeFactory,
    TrajectoryFactory,
    signs_in,
)
from trajectories import phases  # noqa: E402
from trajectories.models import Contribution, Meeting, Step, Trajectory  # noqa: E402
from trajectories.phone_views import COOKIE  # noqa: E402

MEETINGS = 5
PHONES = 60
ROUNDS = 20  # of ten parties each
UNPLACED = 5  # every fifth contribution stands under no theme yet


def trajectory_of(gemeente: Gemeente, leader: Person) -> Trajectory:
    """A trajectory with ten parties and their contact persons, and a draft without a gap."""
    trajectory = TrajectoryFactory(gemeente=gemeente)
    kinds = list(Party.Kind)
    parties = [PartyFactory(gemeente=gemeente, kind=kinds[n % len(kinds)]) for n in range(sizes.PARTIES)]
    for party in parties:
        trajectory.participations.create(party=party)
        contact = PersonFactory(user=None)
        MembershipFactory(party=party, gemeente=None, role=Membership.Role.CONTACT, person=contact)
    phases.enter(trajectory, Step.DRAFTING, by=leader)
    AgendaFactory(trajectory=trajectory)
    for t in range(sizes.THEMES):
        theme = ThemeFactory(trajectory=trajectory, summary=sizes.WORDS)
        for p in range(sizes.POINTS_OF_A_THEME):
            point = PointFactory(theme=theme, position=p, why=sizes.WORDS)
            first = t * sizes.POINTS_OF_A_THEME + p
            CommitmentFactory(point=point, party=parties[first % len(parties)])
            for other in (1, 2):
                CommitmentFactory(
                    point=point, party=parties[(first + other) % len(parties)], role=Commitment.Role.CONTRIBUTOR
                )
    return trajectory


def speak(trajectory: Trajectory, count: int = sizes.CONTRIBUTIONS, *, unplaced: int = UNPLACED) -> Meeting:
    """So many contributions in five meetings, all under a theme but every fifth. Answers the meeting that is still open."""
    meetings = [MeetingFactory(trajectory=trajectory) for _ in range(MEETINGS)]
    parties, themes = list(trajectory.parties.order_by("pk")), list(trajectory.themes.all())
    begin = timezone.now() - timedelta(days=1)
    said = Contribution.objects.bulk_create(
        Contribution(
            trajectory=trajectory,
            meeting=meetings[n % MEETINGS],
            text=sizes.spoken(n),
            said_by=parties[n % len(parties)] if n % 2 else None,
            kind=Contribution.Kind.EXPECTATION if n % 4 == 0 else Contribution.Kind.REMARK,
            addressed_to=parties[n % len(parties)] if n % 4 == 0 else None,
            made_at=begin + timedelta(seconds=n),
        )
        for n in range(count)
    )
    Placement.objects.bulk_create(
        Placement(trajectory=trajectory, theme=themes[n % len(themes)], contribution=row)
        for n, row in enumerate(said)
        if n % unplaced
    )
    return meetings[0]


def code_for(asked: EndorsementRequest) -> str:
    """The code that was mailed for this request, and works for as long as measuring takes."""
    proving.send_code(asked, to="ans@voorbeeldstad.example")
    EndorsementRequest.objects.filter(pk=asked.pk).update(code_sent_at=timezone.now() + timedelta(hours=2))
    return "".join(re.findall(r"^\d{4} \d{4}$", Mail.objects.latest("pk").text, re.MULTILINE))


def endorsements(gemeente: Gemeente, leader: Person) -> list[Request]:
    """Answers that can be given, each by a party that was asked, from a browser that followed the link."""
    requests = []
    for _ in range(ROUNDS):
        agenda = Agenda.objects.get(trajectory=trajectory_of(gemeente, leader))
        version = versions.freeze(agenda, by=leader, reason="Wij vullen dit samen aan.")
        round_ = endorsing.open_round(version, deadline=timezone.localdate() + timedelta(days=30), by=leader)
        for asked in round_.requests.order_by("pk"):
            session = SessionStore()
            perms.remember_link(session, asked)
            session.create()
            form = {
                "digest": version.digest, "answer": "volledig", "name": "Ans de Boer", "function": "directeur",
                "on_behalf_of": "het bestuur", "mandate": "functie", "agreed": "on", "code": code_for(asked),
            }  # fmt: skip
            cookies = {settings.SESSION_COOKIE_NAME: str(session.session_key)}
            requests.append(Request(reverse("endorse", args=[asked.pk]), form, cookies))
    return requests


def inbreng(meeting: Meeting, *, accept: str = "") -> list[Request]:
    """Words from a hall of phones that each said before who holds them."""
    said = {"key": NEW_KEY, "text": sizes.spoken(0), "said_by": "", "addressed_to": "", "item": "0"}
    requests = []
    for _ in range(PHONES):
        browser = Client(SERVER_NAME="127.0.0.1")
        browser.post(reverse("contribute_who", args=[meeting.code]), {"party": "bewoner"})
        cookies = {COOKIE: browser.cookies[COOKIE].value}
        requests.append(Request(reverse("contribute", args=[meeting.code]), said, cookies, accept))
    return requests


def boards(gemeente: Gemeente, leader: Person, cookies: dict[str, str]) -> dict[str, Page]:
    """Boards of two sizes: the page, its search, what its side asks by itself, and moving one contribution to and fro."""
    found = {}
    for size in sizes.BOARDS:
        trajectory = trajectory_of(gemeente, leader)
        speak(trajectory, size, unplaced=1)
        one, other = trajectory.themes.all()[:2]
        trajectory.contributions.first().placements.create(trajectory=trajectory, theme=one)  # type: ignore[union-attr]
        moved = str(one.placements.get().contribution_id)
        board, placing, side = (
            reverse(n, args=[trajectory.pk]) for n in ("theme_board", "theme_placing", "theme_steps")
        )

        def move(out_of: Theme, to: Theme, moved: str = moved, placing: str = placing) -> Request:
            form = {"contributions": moved, "out_of": str(out_of.pk), "theme": str(to.pk), "move": "1"}
            return Request(placing, form, cookies)

        found |= {
            f"board_{size}": Page([Request(board, cookies=cookies)]),
            f"board_search_{size}": Page([Request(f"{board}?zoek=donker", cookies=cookies)]),
            f"board_side_{size}": Page([Request(side, cookies=cookies)]),
            f"board_move_{size}": Page([move(one, other), move(other, one)]),
        }
    return {name: count(page) for name, page in found.items()}


def pages() -> dict[str, Page]:
    """Fills the database; the pages, each with its number of statements."""
    gemeente = GemeenteFactory(name="Voorbeeldstad")
    leader = MembershipFactory(gemeente=gemeente, role=Membership.Role.LEADER).person
    trajectory = trajectory_of(gemeente, leader)
    meeting = speak(trajectory)
    browser = Client()
    signs_in(browser, leader.user)
    cookies = {settings.SESSION_COOKIE_NAME: browser.cookies[settings.SESSION_COOKIE_NAME].value}

    def shown(name: str) -> Page:
        return Page([Request(reverse(name, args=[trajectory.pk]), cookies=cookies)])

    return {
        "contribution_list": count(shown("contribution_list"), shows='class="said__words"', times=50),
        "theme_board": count(shown("theme_board"), shows='class="said__words"', times=100),
        "trajectory_detail": count(shown("trajectory_detail"), shows=f"<h1>{trajectory.name}</h1>"),
        "agenda_detail": count(shown("agenda_detail"), shows="<h1>"),
        **boards(gemeente, leader, cookies),
        "contribute": count(Page(inbreng(meeting))),
        "contribute_phone": count(Page(inbreng(meeting, accept="application/json"))),
        "endorse": count(Page(endorsements(gemeente, leader), once=True)),
    }


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    write_pages(pages(), Path(sys.argv[1]))
