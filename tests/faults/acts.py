"""What the faults need done inside the platform: run there by `manage.py shell`, answered as JSON.

`inside(stack, "lay_out", rounds=2)` in conftest calls `lay_out(rounds=2)` here, in a process of its own.
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from agendas import endorsing, sealing, versions
from agendas.models import Agenda, EndorsementRequest, Round
from stakeholders import invitations
from stakeholders.models import Mail, Membership, Party, Person, User
from tests import factories
from thuiswijk.lib.errors import Refused
from trajectories import intake, inviting, meetings
from trajectories.models import Meeting


def answer(act: str, arguments: str) -> None:
    """Does one act of this module and prints what it answers."""
    sys.stdout.write("\n" + json.dumps(globals()[act](**json.loads(arguments))))


AT_ONCE = 50  # connections: a database takes a hundred by itself, and the platform has its own


def lay_out(*, drafts: int, rounds: int, crowded: list[int]) -> dict[str, Any]:
    """A gemeente with complete drafts, with rounds of three parties and crowded ones of so many, and an open meeting."""
    leader = factories.MembershipFactory().person
    browser = Client()
    factories.signs_in(browser, leader.user)
    meeting = factories.MeetingFactory(
        trajectory__gemeente=leader.memberships.get().gemeente, state=Meeting.State.OPENED
    )
    held = factories.MeetingFactory(trajectory=meeting.trajectory, title="Gehouden avond")
    return {
        "held": held.code,
        "session": browser.cookies["sessionid"].value,
        "meeting": meeting.code,
        "drafts": [_draft(leader, parties=3).trajectory_id for _ in range(drafts)],
        "rounds": [_round(leader, parties=3) for _ in range(rounds)],
        "crowded": [_round(leader, parties=parties) for parties in crowded],
    }


def _draft(leader: Person, *, parties: int) -> Agenda:
    gemeente = leader.memberships.get().gemeente
    trajectory = factories.TrajectoryFactory(gemeente=gemeente)
    for kind in [Party.Kind.GEMEENTE, *[Party.Kind.CLUB] * (parties - 1)]:
        party = factories.PartyFactory(gemeente=gemeente, kind=kind)
        trajectory.participations.create(party=party)
        contact = factories.PersonFactory(user=None)
        factories.MembershipFactory(party=party, gemeente=None, role=Membership.Role.CONTACT, person=contact)
    return factories.complete_agenda(trajectory)


def _round(leader: Person, *, parties: int) -> dict[str, int]:
    version = versions.freeze(_draft(leader, parties=parties), by=leader)
    round_ = endorsing.open_round(version, deadline=timezone.localdate(), by=leader)
    return {"version": version.pk, "round": round_.pk}


def close(*, round_id: int) -> int:
    """Closes a round in which nobody answered; the id of the document that it orders."""
    round_ = Round.objects.get(pk=round_id)
    return endorsing.close_round(round_, by=round_.opened_by, reason="Het duurt te lang.").pk


def close_and_deliver(*, round_id: int, times: int) -> int:
    """Closes a round, delivers the wake-up so many times over, and builds beside the worker as well."""
    document_id = close(round_id=round_id)
    for _ in range(times):
        current_app.send_task("agendas.build_document", args=[document_id], ignore_result=True)
    together([lambda: sealing.build(document_id)] * 3)
    return document_id


def close_meeting(*, code: str) -> int:
    """Closes a meeting at which something was said; the id of the report that it orders."""
    meeting = Meeting.objects.get(code=code)
    factories.ContributionFactory(meeting=meeting)
    leader = Person.objects.filter(memberships__gemeente=meeting.trajectory.gemeente).earliest("pk")
    if meeting.state == Meeting.State.CLOSED:
        meetings.change_state(meeting, Meeting.State.OPENED, by=leader)
    meetings.change_state(meeting, Meeting.State.CLOSED, by=leader)
    return meeting.reports.latest("number").pk


def endorse_while_closing(*, round_id: int) -> dict[str, Any]:
    """Every party of a round answers at the moment at which it closes: half of them before, half from then on.

    Answers the parties whose answer was taken and those that were told that it was too late, and the document's id.
    """
    round_ = Round.objects.select_related("opened_by", "version").get(pk=round_id)
    requests = list(EndorsementRequest.objects.filter(round=round_, is_current=True).select_related("round__version"))
    taken: list[int] = []
    refused: list[int] = []
    start, is_closing = threading.Barrier(len(requests) // 2 + 1), threading.Event()
    documents: list[int] = []
    door = threading.BoundedSemaphore(AT_ONCE)

    def endorse(request: EndorsementRequest, waits: Callable[[], object]) -> None:
        waits()
        with door, contextlib.closing(connection):
            answer(request)

    def answer(request: EndorsementRequest) -> None:
        given = {"answer": "volledig", "reservations": [], "text": "", "name": "Noor", "function": "bestuurder"}
        try:
            endorsing.endorse(
                request, digest=round_.version.digest, on_behalf_of="het bestuur", decided_on=None, **given
            )
            taken.append(request.party_id)
        except Refused:
            refused.append(request.party_id)

    def close_now() -> None:
        start.wait()
        is_closing.set()
        documents.append(close(round_id=round_id))

    half = len(requests) // 2
    waits = [*[start.wait] * half, *[is_closing.wait] * (len(requests) - half)]
    endorsers = [
        lambda request=request, wait=wait: endorse(request, wait) for request, wait in zip(requests, waits, strict=True)
    ]
    together([*endorsers, close_now])
    return {"asked": [r.party_id for r in requests], "taken": taken, "refused": refused, "document": documents[0]}


def accept_together(*, clicks: int) -> dict[str, Any]:
    """One invitation, accepted by so many clicks at the same moment. Answers what stands afterwards."""
    gemeente = factories.GemeenteFactory(code="GM7777")
    who = invitations.Invitee("Noor", "noor.b@elders.example", Membership.Role.READER)
    asked = invitations.invite(gemeente, who, by=None)
    start, people = threading.Barrier(clicks), []

    def accept() -> None:
        start.wait()
        people.append(invitations.accept(asked, name="Noor", function="").pk)

    together([accept] * clicks)
    return {
        "answered": len(people),
        "people": len(set(people)),
        "memberships": gemeente.memberships.count(),
        "accounts": User.objects.filter(email=who.email).count(),
    }


def leave_together() -> dict[str, Any]:
    """The two projectleiders of a gemeente lose their role at the same moment, each in a transaction of its own."""
    gemeente = factories.TrajectoryFactory(gemeente__code="GM7778").gemeente
    people = [factories.PersonFactory(email=f"{name}@elders.example") for name in ("noor", "sam")]
    leaders = [factories.MembershipFactory(gemeente=gemeente, person=person) for person in people]
    start, refused = threading.Barrier(2), []

    def leave(leader: Membership) -> None:
        try:
            with transaction.atomic():
                start.wait()
                leader.delete()
                start.wait()  # neither has committed when both are gone
        except IntegrityError:
            refused.append(leader)

    together([lambda leader=leader: leave(leader) for leader in leaders])
    return {"refused": len(refused), "left": gemeente.memberships.count()}


def mail_together(*, times: int) -> dict[str, Any]:
    """Inviting, telling of a change and reminding, each so many times at the same moment. Answers how many mails each made."""
    gemeente = factories.GemeenteFactory(code="GM7779")
    leader = factories.MembershipFactory(gemeente=gemeente, person__email="leider@elders.example").person
    trajectory = factories.TrajectoryFactory(gemeente=gemeente)
    soon = timezone.now() + timedelta(hours=30)
    meeting = factories.MeetingFactory(trajectory=trajectory, state=Meeting.State.PLANNED, starts_at=soon)
    parties = [factories.PartyFactory(gemeente=gemeente) for _ in range(3)]
    for number, party in enumerate(parties):
        trajectory.participations.create(party=party)
        contact = factories.PersonFactory(user=None, email=f"afspraak{number}@elders.example")
        factories.MembershipFactory(party=party, gemeente=None, role=Membership.Role.CONTACT, person=contact)

    def mails_made_by(act: Callable[[], object]) -> list[int]:
        before, start = Mail.objects.latest("pk").pk if Mail.objects.exists() else 0, threading.Barrier(times)
        together([lambda: (start.wait(), act())] * times)
        made = Mail.objects.filter(pk__gt=before, to__startswith="afspraak").values_list("to", flat=True)
        return sorted(Counter(made).values())

    told = {"invited": mails_made_by(lambda: inviting.invite(meeting, parties, by=leader))}
    Meeting.objects.filter(pk=meeting.pk).update(place="Elders")
    told["changed"] = mails_made_by(lambda: inviting.send_update(meeting, by=leader))
    meeting.invitations.update(sent_at=timezone.now() - timedelta(days=3))
    told["reminded"] = mails_made_by(inviting.remind_all)
    return told


def let_in_together(*, times: int) -> dict[str, Any]:
    """So many late contributions are let in at the same moment, and as many files confirmed, at a meeting with a report.

    Answers what went wrong, how many words stand, how many reports there are, and how many words the newest report holds.
    """
    gemeente = factories.GemeenteFactory(code="GM7780")
    leader = factories.MembershipFactory(gemeente=gemeente, person__email="gastvrouw@elders.example").person
    meeting = factories.MeetingFactory(trajectory__gemeente=gemeente)
    meetings.change_state(meeting, Meeting.State.CLOSED, by=leader)
    meeting.refresh_from_db()
    late = [factories.LateContributionFactory(meeting=meeting, text=f"Te laat {n}.") for n in range(times)]
    data = [f"inbreng\nUit bestand {n}.\n".encode() for n in range(times)]
    sheets = [intake.read_sheet_of(meeting, name="avond.csv", data=one, by=leader) for one in data]
    start, wrong = threading.Barrier(2 * times), []

    def at_once(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except DatabaseError as error:
            wrong.append(str(error))

    decided = [lambda one=one: at_once(lambda: intake.decide(one, let_in=True, by=leader)) for one in late]
    confirmed = [lambda one=one: at_once(lambda: intake.confirm(one, by=leader)) for one in sheets]
    together([*decided, *confirmed])
    newest = json.loads(bytes(meeting.reports.order_by("-number").first().content))
    return {
        "wrong": wrong,
        "standing": meeting.contributions.count(),
        "reports": meeting.reports.count(),
        "in_the_newest": sum(len(asked["said"]) for asked in newest["questions"]),
    }


def together(acts: list[Callable[[], object]]) -> None:
    """Does all of it at the same time, each with a connection of its own."""

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def messages_waiting() -> int:
    """How many wake-ups for documents the broker still holds."""
    with current_app.connection_for_read() as broker:
        return int(broker.default_channel.queue_declare("documents").message_count)
