"""Hiding an inbreng with a reason, and erasing one: what is out of sight is out of sight everywhere."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from agendas import drafting, theming, versions
from tests.factories import ContributionFactory, MeetingFactory, ThemeFactory, complete_agenda
from trajectories import intake, moderating
from trajectories.models import ERASED, Contribution

pytestmark = pytest.mark.django_db
WORDS = "Mijn buurman Jan drinkt te veel. Dat weet ik omdat ik hem iedere avond zie, en de hele straat weet het ook."
SHOWING = ["contribution_list", "theme_board", "meeting_detail"]


@pytest.fixture
def meeting(cast):
    return MeetingFactory(trajectory=cast.trajectory)


@pytest.fixture
def said(meeting):
    return ContributionFactory(meeting=meeting, text=WORDS)


def page(cast, name: str, said: Contribution, person=None) -> str:
    pk = said.meeting_id if name == "meeting_detail" else said.trajectory_id
    return cast.client(person or cast.reader).get(reverse(name, args=[pk])).content.decode()


# --- hiding -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", SHOWING)
def test_hidden_inbreng_is_absent_and_shown_one_present(cast, said, name):
    assert WORDS in page(cast, name, said)
    moderating.hide(said, by=cast.leader, reason="Er staat de naam van iemand in")
    assert WORDS not in page(cast, name, said)


def test_hidden_inbreng_is_in_no_count(cast, said):
    theme = ThemeFactory(trajectory=cast.trajectory)
    theming.place(theme, [said], by=cast.leader)
    moderating.hide(said, by=cast.leader, reason="naam")
    trajectory_page = cast.client(cast.reader).get(reverse("trajectory_detail", args=[cast.trajectory.pk]))
    assert trajectory_page.context["meetings"][0].said == 0
    assert drafting.themes_of(cast.trajectory).get(pk=theme.pk).voices == 0
    assert "0 keer inbreng" in page(cast, "meeting_detail", said)


def test_hidden_inbreng_is_in_no_new_version(cast, said):
    agenda = complete_agenda(cast.trajectory)
    theming.place(cast.trajectory.themes.get(), [said], by=cast.leader)
    moderating.hide(said, by=cast.leader, reason="naam")
    version = versions.freeze(agenda, by=cast.leader)
    assert version.data["contributions"] == []
    assert version.data["meetings"][0]["contributions"] == 0


def test_hidden_inbreng_can_not_be_placed(cast, said):
    theme = ThemeFactory(trajectory=cast.trajectory)
    moderating.hide(said, by=cast.leader, reason="naam")
    form = {"theme": theme.pk, "contributions": [said.pk], "place": "1"}
    cast.client(cast.leader).post(reverse("theme_placing", args=[cast.trajectory.pk]), form)
    assert not theme.placements.exists()


def test_page_of_a_meeting_notices_that_one_was_hidden_or_erased(cast, said):
    browser, address = cast.client(cast.leader), reverse("meeting_detail", args=[said.meeting_id])
    for act in (moderating.erase, lambda said, by: moderating.hide(said, by=by, reason="naam")):
        mark = browser.get(address).context["mark"]
        act(said, by=cast.leader)
        assert browser.get(f"{address}?sinds={mark}", headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ({"reason": "belediging"}, "Het is een belediging"),
        ({"reason": "anders", "other": "Staat er twee keer"}, "Staat er twee keer"),
    ],
)
def test_who_leads_hides_with_a_reason_that_the_list_tells(cast, said, form, kept):
    browser = cast.client(cast.leader)
    answer = browser.post(reverse("contribution_hide", args=[said.pk]), form, follow=True)
    said.refresh_from_db()
    assert (said.hidden_reason, said.hidden_by) == (kept, cast.leader)
    for part in (WORDS, f"Reden: {kept}", f"Verborgen door {cast.leader.name}"):
        assert part in answer.content.decode()


@pytest.mark.parametrize(
    "form", [{"reason": ""}, {"reason": "anders"}, {"reason": "anders", "other": " "}, {"reason": "zomaar"}]
)
def test_hiding_without_a_reason_comes_back(cast, said, form):
    answer = cast.client(cast.leader).post(reverse("contribution_hide", args=[said.pk]), form)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    said.refresh_from_db()
    assert said.hidden_at is None


def test_hidden_twice_keeps_the_first_reason(cast, said):
    moderating.hide(said, by=cast.leader, reason="de eerste")
    moderating.hide(said, by=cast.adviser, reason="de tweede")
    said.refresh_from_db()
    assert (said.hidden_reason, said.hidden_by) == ("de eerste", cast.leader)


@pytest.mark.parametrize("name", ["contribution_list", "meeting_detail"])
def test_link_to_hide_is_for_who_leads(cast, said, name):
    address = reverse("contribution_hide", args=[said.pk])
    assert address in page(cast, name, said, cast.leader)
    assert address not in page(cast, name, said, cast.reader)


def test_hidden_list_pages_through_all(cast, meeting):
    for _ in range(55):
        moderating.hide(ContributionFactory(meeting=meeting), by=cast.leader, reason="naam")
    browser, address = cast.client(cast.leader), reverse("contribution_hidden", args=[cast.trajectory.pk])
    first = browser.get(address)
    second = browser.get(f"{address}?na={first.context['older']}")
    assert len({row.pk for row in [*first.context["rows"], *second.context["rows"]]}) == 55


# --- erasing ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", SHOWING)
def test_erased_inbreng_leaves_a_marker(cast, said, name):
    moderating.erase(said, by=cast.leader)
    shown = page(cast, name, said)
    assert WORDS not in shown
    assert ERASED in shown


def test_erased_inbreng_is_a_marker_in_a_new_version_and_stays_in_the_old_one(cast, said):
    agenda = complete_agenda(cast.trajectory)
    theming.place(cast.trajectory.themes.get(), [said], by=cast.leader)
    old = versions.freeze(agenda, by=cast.leader, reason="Wij gaan door.")
    browser, address = cast.client(cast.leader), reverse("contribution_erase", args=[said.pk])
    assert "In versie 1 staat deze tekst nog; die kan niet meer veranderen." in browser.get(address).content.decode()
    assert browser.post(address).status_code == 302
    new = versions.freeze(agenda, by=cast.leader, reason="Wij gaan door.")
    assert [one["text"] for one in old.data["contributions"]] == [WORDS]
    assert [one["text"] for one in new.data["contributions"]] == [ERASED]


def test_screen_names_no_version_that_does_not_hold_the_words(cast, said):
    agenda = complete_agenda(cast.trajectory)
    cast.trajectory.themes.get().placements.create(
        trajectory=cast.trajectory, contribution=ContributionFactory(meeting=said.meeting)
    )
    theming.place(ThemeFactory(trajectory=cast.trajectory), [said], by=cast.leader)
    moderating.hide(said, by=cast.leader, reason="naam")
    versions.freeze(agenda, by=cast.leader, reason="Toch doorgaan")
    shown = cast.client(cast.leader).get(reverse("contribution_erase", args=[said.pk])).content.decode()
    assert "staat deze tekst nog" not in shown


def test_erased_words_are_gone_from_the_file_they_came_from(cast, meeting):
    data = f"inbreng\nMeer licht.\n{WORDS}\n".encode()
    sheet = intake.read_sheet_of(meeting, name="flappen.csv", data=data, by=cast.leader)
    intake.confirm(sheet, by=cast.leader)
    moderating.erase(Contribution.objects.get(text=WORDS), by=cast.leader)
    sheet.refresh_from_db()
    assert [row["text"] for row in sheet.rows] == ["Meer licht.", ERASED]
    assert intake.confirm(sheet, by=cast.leader) == 0
    assert sorted(Contribution.objects.values_list("text", flat=True)) == ["", "Meer licht."]


def test_erased_words_are_gone_from_every_file_of_the_meeting(cast, meeting):
    """The same flip-over, read twice: the older file, confirmed afterwards, brings the words back to nobody."""
    older, newer = (
        intake.read_sheet_of(meeting, name=name, data=f"inbreng\n{rest}\n{words}\n".encode(), by=cast.leader)
        for name, rest, words in (("oud.csv", "Meer groen.", WORDS.upper()), ("nieuw.csv", "Meer licht.", WORDS))
    )
    intake.confirm(newer, by=cast.leader)
    moderating.erase(Contribution.objects.get(text=WORDS), by=cast.leader)
    older.refresh_from_db()
    assert [row["text"] for row in older.rows] == ["Meer groen.", ERASED]
    assert intake.confirm(older, by=cast.leader) == 1
    assert sorted(Contribution.objects.values_list("text", flat=True)) == ["", "Meer groen.", "Meer licht."]


def test_erased_inbreng_that_a_phone_sends_again_stays_erased(cast, said):
    moderating.erase(said, by=cast.leader)
    intake.record(said.meeting, key=said.key, text=WORDS, kind="opmerking", said_by=None, addressed_to=None)
    assert Contribution.objects.get().text == ""


def test_erasing_twice_keeps_who_did_it_first(cast, said):
    moderating.erase(said, by=cast.leader)
    first = Contribution.objects.get()
    moderating.erase(said, by=cast.adviser)
    assert (Contribution.objects.get().erased_at, Contribution.objects.get().erased_by) == (
        first.erased_at,
        cast.leader,
    )


def test_hidden_inbreng_can_be_erased(cast, said):
    moderating.hide(said, by=cast.leader, reason="naam")
    moderating.erase(said, by=cast.leader)
    assert (
        ERASED
        in cast.client(cast.leader).get(reverse("contribution_hidden", args=[cast.trajectory.pk])).content.decode()
    )


def refuses(said: Contribution, **columns) -> bool:
    try:
        with transaction.atomic():
            Contribution.objects.filter(pk=said.pk).update(**columns)
    except IntegrityError:
        return True
    return False


def test_database_lets_words_only_be_erased(cast, said):
    erased = {"text": "", "erased_at": timezone.now(), "erased_by": cast.leader}
    for wrong in (
        {"text": "Iets anders."},
        {"text": ""},
        {"erased_at": timezone.now(), "erased_by": cast.leader},
        erased | {"text": "Iets anders."},
        erased | {"erased_by": None},
        erased | {"kind": "idee"},
    ):
        assert refuses(said, **wrong), wrong
    assert not refuses(said, **erased)
    for wrong in (
        {"text": WORDS},
        {"text": WORDS, "erased_at": None, "erased_by": None},
        {"erased_at": timezone.now()},
        {"erased_by": cast.adviser},
    ):
        assert refuses(said, **wrong), wrong


def test_database_keeps_no_history_of_contributions(cast, said):
    """The words would stay there: no table but the one of contributions itself may hold them."""
    moderating.erase(said, by=cast.leader)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_object_table FROM information_schema.triggers WHERE action_statement LIKE '%%event%%'"
        )
        assert "trajectories_contribution" not in {table for (table,) in cursor.fetchall()}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE %s', [f"%{WORDS}%"])
            assert cursor.fetchone() == (0,), table
