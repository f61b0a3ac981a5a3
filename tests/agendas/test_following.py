from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from agendas import endorsing, following, theming, tracing, versions
from agendas.models import Commitment, Document, ProgressReport, Theme
from stakeholders.models import Mail
from tests.factories import ContributionFactory, MeetingFactory, ThemeFactory, complete_agenda
from thuiswijk.lib.canonical import canonical, digest
from trajectories import intake, moderating, participants
from trajectories.models import Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(cast):
    meeting = MeetingFactory(trajectory=cast.trajectory)
    return participants.join(meeting, device=uuid.uuid4())


@pytest.fixture
def said(phone):
    return ContributionFactory(meeting=phone.meeting, participant=phone, text="Een bankje bij het plein.")


def page_of(cast, phone) -> str:
    answer = cast.client().get(reverse("follow", args=[phone.code]))
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    return answer.content.decode()


def seal(cast, agenda) -> None:
    """Freezes the draft, with what it comes from, and registers its sealed document."""
    point = cast.trajectory.points.get()
    tracing.choose(point, now=list(tracing.likely(point)), before=[])
    version = versions.freeze(agenda, by=cast.leader, reason="Wij gaan door.")
    endorsing.open_round(version, deadline=timezone.localdate(), by=cast.leader)
    order = endorsing.close_round(version.round, by=cast.leader, reason="Het duurt te lang.")
    Document.objects.filter(pk=order.pk).update(
        state="stored", stored_at=timezone.now(), sha256="a" * 64, sealed_by="Voorbeeldstad"
    )


def test_words_are_followed_from_nothing_to_a_result(cast, phone, said):
    assert "staat nog niet bij een thema" in page_of(cast, phone)

    agenda = complete_agenda(cast.trajectory)
    theme = cast.trajectory.themes.get()
    theming.place(theme, [said], by=cast.leader)
    page = page_of(cast, phone)
    assert theme.name in page
    assert "nog niets afgesproken" in page
    assert cast.trajectory.points.get().title not in page  # a draft is nobody's promise yet

    seal(cast, agenda)
    page = page_of(cast, phone)
    assert "Dit is er in de verbeteragenda mee gedaan:" in page
    assert cast.trajectory.points.get().title in page
    assert cast.parties[0].name in page

    promise = Commitment.objects.get(point__trajectory=cast.trajectory, role="trekker")
    for state in ("op_koers", "klaar"):
        ProgressReport.objects.create(commitment=promise, state=state, text="Het staat er.", reported_by=cast.leader)
    page = page_of(cast, phone)
    assert "klaar</" in page.replace("\n", "")
    assert "op koers" not in page


def test_point_is_told_wherever_the_words_stand_and_as_it_was_sealed(cast, phone, said):
    agenda = complete_agenda(cast.trajectory)
    tracing.choose(cast.trajectory.points.get(), now=[said], before=[])
    seal(cast, agenda)
    for themes in ([], [ThemeFactory(trajectory=cast.trajectory, declined_because="Te duur.")]):
        for theme in themes:
            theming.place(theme, [said], by=cast.leader)
        page = page_of(cast, phone)
        assert "Dit is er in de verbeteragenda mee gedaan:" in page
        assert page.count(cast.trajectory.points.get().title) == 1
    tracing.choose(cast.trajectory.points.get(), now=[], before=[said])  # for the next version
    assert "Dit is er in de verbeteragenda mee gedaan:" in page_of(cast, phone)


@pytest.mark.parametrize("newcomer", ["", "De fietsclub"])
def test_what_it_learned_to_tell_is_no_news_by_itself(cast, phone, newcomer):
    """The digest as it was before there were points of one's own and refusals: an upgrade mails nobody."""
    expects = {"kind": "verwachting", "addressed_name": newcomer} if newcomer else {}
    said = ContributionFactory(meeting=phone.meeting, participant=phone, **expects)
    old = {
        "text": said.text, "question": "", "said_at": str(said.made_at), "hidden_because": "", "is_late": False,
        "placed": [], "to": newcomer, "reply": "",
    }  # fmt: skip
    phone.email, phone.told = "bewoner@elders.example", digest(canonical({"said": [old]}))
    phone.save()
    assert not following.tell(phone.pk)


def test_words_not_taken_over_say_why(cast, phone, said):
    theme = ThemeFactory(trajectory=cast.trajectory, declined_because="Het plein is van de provincie.")
    theming.place(theme, [said], by=cast.leader)
    assert "Het plein is van de provincie." in page_of(cast, phone)


def test_hidden_words_say_why_and_late_words_wait(cast, phone, said):
    moderating.hide(said, by=cast.leader, reason="Er staat de naam van iemand in")
    Meeting.objects.filter(pk=phone.meeting_id).update(state="closed")
    spoken = {"kind": "opmerking", "said_by": None, "addressed_to": None}
    late = intake.record(phone.meeting, key=uuid.uuid4(), text="Nog een lamp.", participant=phone, **spoken)
    page = page_of(cast, phone)
    assert "Er staat de naam van iemand in" in page
    assert "Nog een lamp." in page
    assert "beslist nog" in page
    intake.decide(late, let_in=True, by=cast.leader)
    assert "beslist nog" not in page_of(cast, phone)


def test_late_words_that_do_not_count_are_told_so(cast, phone):
    Meeting.objects.filter(pk=phone.meeting_id).update(state="closed")
    spoken = {"kind": "opmerking", "said_by": None, "addressed_to": None}
    late = intake.record(phone.meeting, key=uuid.uuid4(), text="Nog een lamp.", participant=phone, **spoken)
    intake.decide(late, let_in=False, by=cast.leader)
    page = page_of(cast, phone)
    assert "Nog een lamp." in page
    assert "besloten dat het niet meer meetelt" in page
    phone.email, phone.told = "bewoner@elders.example", "iets anders"
    phone.save()
    assert following.tell(phone.pk)
    assert "besloten dat dit niet meer meetelt" in Mail.objects.get().text


def test_party_that_is_not_there_yet_is_named(cast, phone):
    ContributionFactory(meeting=phone.meeting, participant=phone, kind="verwachting", addressed_name="De fietsclub")
    page = page_of(cast, phone)
    assert "U verwacht dit van <strong>De fietsclub</strong>. Die partij doet nog niet mee." in page
    assert "Gevraagd aan" not in page


def test_one_sees_own_words_only(cast, phone, said):
    other = participants.join(phone.meeting, device=uuid.uuid4())
    page = page_of(cast, other)
    assert "Een bankje" not in page
    assert "nog niets verstuurd" in page


def test_code_may_be_typed_as_people_do(cast, phone):
    typed = f" {phone.code[:4].lower()} {phone.code[4:]} "
    answer = cast.client().post(reverse("follow_code"), {"code": typed})
    assert answer["Location"] == f"/volg/{phone.readable_code}/"
    assert cast.client().get(f"/volg/{phone.code.lower()}/").status_code == 200


def test_unknown_code_says_so_and_many_are_stopped(cast, phone):
    browser = cast.client()
    assert "Deze code kennen wij niet" in browser.get("/volg/AAAA-AAAA/").content.decode()
    for _ in range(40):
        answer = browser.post(reverse("follow_code"), {"code": "AAAA-AAAA"})
    assert answer.status_code == 429
    for code in (phone.code, "AAAAAAAA"):  # nothing tells which of them is one
        assert browser.get(reverse("follow", args=[code])).status_code == 429


def test_news_is_mailed_once_per_change_until_it_is_stopped(cast, phone, said):
    browser, address = cast.client(), reverse("follow", args=[phone.code])
    browser.post(address, {"email": "bewoner@elders.example"})
    browser.post(address, {"email": "bewoner@elders.example"})
    assert Mail.objects.get().subject == "Wij houden u op de hoogte"
    following.tell_everybody()
    assert Mail.objects.count() == 1

    theming.place(ThemeFactory(trajectory=cast.trajectory, name="Groen"), [said], by=cast.leader)
    for _ in range(3):
        following.tell_everybody()
    news = Mail.objects.get(subject="Nieuws over uw inbreng")
    assert news.to == "bewoner@elders.example"
    assert "Staat bij het thema Groen." in news.text
    assert phone.readable_code in news.text

    shown = browser.get(address).content.decode()
    assert "b…@elders.example" in shown
    assert "bewoner@elders.example" not in shown
    browser.post(address, {"stop": "1"})
    Theme.objects.update(name="Water")
    following.tell_everybody()
    assert not Mail.objects.exists()  # to whom was mailed went with the address


@pytest.mark.parametrize("address", ["", "geen adres", "a" * 300 + "@elders.example"])
def test_bad_address_gets_a_sentence(cast, phone, address):
    page = cast.client().post(reverse("follow", args=[phone.code]), {"email": address}).content.decode()
    assert "e-mailadres" in page
    assert 'aria-invalid="true"' in page
    assert not Mail.objects.exists()


def test_digest_of_news_is_of_what_can_be_written_down(cast, phone, said):
    agenda = complete_agenda(cast.trajectory)
    theming.place(cast.trajectory.themes.get(), [said], by=cast.leader)
    seal(cast, agenda)
    phone.refresh_from_db()
    following.ask_for_news(phone, email="bewoner@elders.example")
    assert len(phone.told) == 64
