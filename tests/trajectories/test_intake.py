from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import ContributionFactory, MeetingFactory
from tests.trajectories.bad_files import bad_files
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.sheets import SheetError
from trajectories import intake
from trajectories.models import Contribution, LateContribution, Meeting, SheetImport

pytestmark = pytest.mark.django_db
BAD = bad_files()


@pytest.fixture
def meeting(cast) -> Meeting:
    return MeetingFactory(trajectory=cast.trajectory)


def say(meeting: Meeting, text: str, key: uuid.UUID | None = None, **more) -> Contribution:
    spoken = {"kind": "opmerking", "said_by": None, "addressed_to": None, **more}
    return intake.record(meeting, key=key or uuid.uuid4(), text=text, **spoken)


def test_inbreng_sent_twice_stands_once(meeting):
    key = uuid.uuid4()
    assert say(meeting, "Meer licht.", key) == say(meeting, "Meer licht.", key)
    assert Contribution.objects.count() == 1


def test_same_key_with_other_words_is_told(meeting):
    key = uuid.uuid4()
    say(meeting, "Meer licht.", key)
    with pytest.raises(Refused, match="al een keer verstuurd"):
        say(meeting, "Meer groen.", key)
    assert Contribution.objects.get().text == "Meer licht."


def test_key_of_another_meeting_is_told(meeting):
    key = uuid.uuid4()
    say(MeetingFactory(), "Meer licht.", key)
    with pytest.raises(Refused):
        say(meeting, "Meer licht.", key)


def test_words_for_a_closed_meeting_are_kept_apart_until_they_are_let_in(meeting, cast):
    key, late_key = uuid.uuid4(), uuid.uuid4()
    say(meeting, "Op tijd.", key)
    meeting.state = Meeting.State.CLOSED
    meeting.save()
    assert say(meeting, "Op tijd.", key).text == "Op tijd."  # a late repeat of what already stands
    late = say(meeting, "Te laat.", late_key, addressed_to=cast.parties[1], kind="verwachting")
    assert isinstance(late, LateContribution)
    assert say(meeting, "Te laat.", late_key, addressed_to=cast.parties[1], kind="verwachting") == late
    with pytest.raises(Refused, match="al een keer verstuurd"):
        say(meeting, "Iets anders.", late_key)
    assert [said.text for said in Contribution.objects.all()] == ["Op tijd."]

    for _ in range(2):
        intake.decide(late, let_in=True, by=cast.leader)
    said = Contribution.objects.get(key=late_key)
    assert (said.text, said.addressed_to, said.made_at) == ("Te laat.", cast.parties[1], late.arrived_at)
    assert LateContribution.objects.get().words == {}
    assert say(meeting, "Te laat.", late_key, addressed_to=cast.parties[1], kind="verwachting") == said


def test_late_words_that_are_not_let_in_stand_nowhere(meeting, cast):
    meeting.state = Meeting.State.CLOSED
    meeting.save()
    late = say(meeting, "Te laat.")
    intake.decide(late, let_in=False, by=cast.leader)
    assert intake.decide(late, let_in=True, by=cast.adviser).is_let_in is False
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("state", [Meeting.State.PLANNED, Meeting.State.CANCELLED])
def test_meeting_that_has_not_begun_takes_in_nothing(meeting, state):
    meeting.state = state
    meeting.save()
    with pytest.raises(Refused, match="niet open"):
        say(meeting, "Te vroeg.")
    assert not LateContribution.objects.exists()


def test_expectation_of_a_party_that_is_not_there_yet_keeps_its_name(meeting):
    said = say(meeting, "Kom eens langs.", kind="verwachting", addressed_name="De wijkagent")
    said.refresh_from_db()
    assert (said.kind, said.addressed_to, said.addressed_name) == ("verwachting", None, "De wijkagent")


def test_expectation_keeps_who_and_to_whom(meeting, cast):
    said = say(meeting, "Maak de lift.", kind="verwachting", said_by=cast.parties[2], addressed_to=cast.parties[1])
    said.refresh_from_db()
    assert (said.said_by, said.addressed_to, said.question) == (cast.parties[2], cast.parties[1], meeting.question)


@pytest.mark.parametrize("field", ["said_by", "addressed_to"])
def test_party_that_takes_no_part_is_refused_by_the_database(meeting, cast, field):
    cast.trajectory.participations.filter(party=cast.parties[1]).delete()
    kind = "verwachting" if field == "addressed_to" else "opmerking"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        say(meeting, "Maak de lift.", kind=kind, **{field: cast.parties[1]})


def sheet(text: str) -> bytes:
    return b"\xef\xbb\xbf" + text.encode()


def test_file_read_in_twice_stands_once(meeting, cast):
    data = sheet(
        "inbreng;partij;aan\nMeer licht.;;\nMaak de lift.;;" + cast.parties[1].name + "\nMeer licht.;bewoner;\n"
    )
    first = intake.read_sheet_of(meeting, name="flappen.csv", data=data, by=cast.leader)
    assert Contribution.objects.count() == 0
    assert intake.confirm(first, by=cast.leader) == 3
    assert intake.confirm(first, by=cast.leader) == 0
    again = intake.read_sheet_of(meeting, name="kopie.csv", data=data, by=cast.adviser)
    assert intake.confirm(again, by=cast.adviser) == 0
    assert sorted(Contribution.objects.values_list("text", flat=True)) == [
        "Maak de lift.",
        "Meer licht.",
        "Meer licht.",
    ]
    assert Contribution.objects.get(kind="verwachting").addressed_to == cast.parties[1]


def test_file_with_one_bad_row_takes_in_nothing(meeting, cast):
    read = intake.read_sheet_of(
        meeting,
        name="flappen.csv",
        data=sheet("inbreng;partij\nMeer licht.;\nMeer groen.;Kerk die er niet is\n"),
        by=cast.leader,
    )
    assert len(read.problems) == 1
    assert "Kerk die er niet is" in read.problems[0]
    with pytest.raises(Refused):
        intake.confirm(read, by=cast.leader)
    assert Contribution.objects.count() == 0


@pytest.mark.parametrize(("file_name", "data"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
def test_bad_file_gives_a_sentence_and_changes_nothing(meeting, cast, file_name, data):
    client = cast.client(cast.leader)
    ContributionFactory(meeting=meeting)
    try:
        read = intake.read_sheet_of(meeting, name=file_name, data=data, by=cast.leader)
    except SheetError as error:
        sentences = [str(error)]
    else:
        sentences = read.problems
        client.post(f"/inlezen/{read.pk}/")  # whoever confirms it all the same
    assert sentences
    assert all(sentence.rstrip().endswith((".", "”", "?", ")", "…")) for sentence in sentences), sentences
    assert Contribution.objects.count() == 1
    assert not SheetImport.objects.filter(confirmed_at__isnull=False).exists()
