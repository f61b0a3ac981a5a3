from __future__ import annotations

import html
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from agendas import differences, drafting, expecting, history, theming, tracing, versions
from agendas.models import Origin
from tests.factories import ContributionFactory, MeetingFactory, PointFactory, ThemeFactory, complete_agenda
from trajectories import moderating

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cast):
    return MeetingFactory(trajectory=cast.trajectory)


@pytest.fixture
def point(cast):
    theme = ThemeFactory(trajectory=cast.trajectory, name="Groen")
    return PointFactory(theme=theme, title="Nieuwe bomen langs de Lindelaan", why="De straat is in de zomer te heet.")


@pytest.fixture
def said(cast, meeting, point):
    words = ["Op zaterdag is er niets te doen.", "Er staat geen boom meer.", "De zomer is te heet in onze straat."]
    rows = [ContributionFactory(meeting=meeting, text=text) for text in words]
    theming.place(point.theme, rows, by=cast.leader)
    return rows


def test_what_is_most_like_the_point_stands_first_and_what_was_chosen_before_all(said, point):
    assert [one.text for one in tracing.likely(point)] == [said[2].text, said[1].text, said[0].text]
    tracing.choose(point, now=[said[0]], before=[])
    assert tracing.likely(point)[0] == said[0]


def test_what_stands_elsewhere_is_found_on_asking(meeting, said, point):
    elsewhere = ContributionFactory(meeting=meeting, text="Bomen graag.")
    assert elsewhere not in tracing.likely(point)
    assert elsewhere in tracing.likely(point, everything=True)


def test_choosing_changes_only_what_was_ticked_or_unticked(said, point):
    first, second, third = said
    assert tracing.choose(point, now=[first, second], before=[]) == (2, 0)
    tracing.choose(point, now=[third], before=[])  # a colleague, on a page of before that
    assert tracing.choose(point, now=[second], before=[first, second]) == (0, 1)
    assert {origin.contribution for origin in point.origins.all()} == {second, third}


def test_same_choice_twice_is_once(said, point):
    for _ in range(2):
        tracing.choose(point, now=said, before=[])
    assert Origin.objects.count() == 3


def test_words_of_another_trajectory_are_refused_by_the_database(cast, point):
    foreign = ContributionFactory(meeting__trajectory=cast.elsewhere)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        tracing.choose(point, now=[foreign], before=[])


def test_page_keeps_what_is_ticked(cast, said, point):
    browser, address = cast.client(cast.leader), reverse("point_origins", args=[point.pk])
    first, second = said[0].pk, said[1].pk
    choose = reverse("origins_choose", args=[point.pk])
    browser.post(choose, {"now": [first, second]})
    page = browser.get(address).content.decode()
    assert set(re.findall(r'name="now" value="(\d+)" checked', page)) == {str(first), str(second)}
    shown_ticked = re.findall(r'name="before" value="(\d+)"', page)
    browser.post(choose, {"now": [second], "before": shown_ticked})
    assert {origin.contribution for origin in point.origins.all()} == {said[1]}


def test_what_was_hidden_meanwhile_takes_no_other_tick_away_and_stays_linked(cast, said, point):
    tracing.choose(point, now=said[:1], before=[])
    moderating.hide(said[0], by=cast.leader, reason="Er staat een naam in")
    address = reverse("origins_choose", args=[point.pk])
    ticked = {"now": [said[0].pk, said[1].pk, 999999, "x"], "before": [said[0].pk]}
    page = cast.client(cast.leader).post(address, ticked, follow=True).content.decode()
    assert "Bewaard: 1 keer inbreng erbij, 0 eraf." in page
    assert {origin.contribution for origin in point.origins.all()} == {said[0], said[1]}


def test_it_answers_what_it_did_and_not_what_was_asked(said, point):
    tracing.choose(point, now=said[:1], before=[])
    assert tracing.choose(point, now=said[:1], before=[]) == (0, 0)
    assert tracing.choose(point, now=[], before=said[:2]) == (0, 1)


def test_who_reads_sees_the_words_and_can_not_choose(cast, said, point):
    tracing.choose(point, now=[said[0]], before=[])
    browser, address = cast.client(cast.reader), reverse("point_origins", args=[point.pk])
    page = browser.get(address).content.decode()
    assert said[0].text in page
    assert said[1].text not in page
    assert browser.post(reverse("origins_choose", args=[point.pk]), {"now": [said[1].pk]}).status_code == 403


def test_every_word_is_followed_in_two_clicks_both_ways(cast, said, point):
    tracing.choose(point, now=[said[0]], before=[])
    browser = cast.client(cast.leader)
    points = browser.get(reverse("point_list", args=[cast.trajectory.pk])).content.decode()
    assert "Komt uit 1 keer inbreng" in points
    origins = reverse("point_origins", args=[point.pk])
    assert f'href="{origins}"' in points
    assert said[0].text in browser.get(origins).content.decode()

    board = browser.get(reverse("theme_board", args=[cast.trajectory.pk]) + f"?thema={point.theme.pk}").content.decode()
    detail = reverse("contribution_detail", args=[said[0].pk])
    assert f'href="{detail}"' in board
    page = browser.get(detail).content.decode()
    for words in (said[0].text, "Bewoner", said[0].meeting.title, point.theme.name, point.title):
        assert words in page


def test_hidden_words_are_followed_by_who_leads_only(cast, said, point):
    tracing.choose(point, now=said, before=[])
    moderating.hide(said[0], by=cast.leader, reason="Er staat een naam in")
    address = reverse("contribution_detail", args=[said[0].pk])
    assert "Er staat een naam in" in cast.client(cast.leader).get(address).content.decode()
    assert cast.client(cast.reader).get(address).status_code == 404
    assert drafting.points_of(cast.trajectory).get().voices == 2


def test_gap_asks_where_a_point_comes_from_and_for_residents(cast, meeting):
    agenda = complete_agenda(cast.trajectory)
    point = cast.trajectory.points.get()
    of_party = ContributionFactory(meeting=meeting, said_by=cast.parties[0])
    of_resident = ContributionFactory(meeting=meeting)
    theming.place(point.theme, [of_party, of_resident], by=cast.leader)
    gap = drafting.gaps(agenda)[0]
    assert gap.sentence == f"Verbeterpunt “{point.title}” zegt nog niet uit welke inbreng het komt."
    assert gap.url == reverse("point_origins", args=[point.pk])
    tracing.choose(point, now=[of_party], before=[])
    assert [gap.sentence for gap in drafting.gaps(agenda)] == [
        "Minder dan de helft van de verbeterpunten komt uit wat bewoners zeiden: 0 van 1."
    ]
    tracing.choose(point, now=[of_resident], before=[])
    assert drafting.gaps(agenda) == []


def test_version_says_where_a_point_comes_from_and_what_changed_in_that(cast, meeting):
    agenda = complete_agenda(cast.trajectory)
    point = cast.trajectory.points.get()
    rows = [ContributionFactory(meeting=meeting), ContributionFactory(meeting=meeting, said_by=cast.parties[0])]
    theming.place(point.theme, rows, by=cast.leader)
    tracing.choose(point, now=rows, before=[])
    theming.gather(point.theme, rows, into="Het plein")
    data = versions.freeze(agenda, by=cast.leader).data
    assert {one["group"] for one in data["contributions"]} == {"Het plein"}
    assert (data["points"][0]["voices"], data["points"][0]["residents"]) == (2, 1)
    assert [(one["id"], one["points"]) for one in data["contributions"]] == [(row.pk, ["1.1"]) for row in rows]
    erased = {
        **data,
        "contributions": [one | {"text": "[Deze inbreng is gewist op verzoek.]"} for one in data["contributions"]],
    }
    assert differences.changes(data, erased) == []
    apart = {**data, "contributions": [one | {"group": "Anders gezegd"} for one in data["contributions"]]}
    elsewhere = {**data, "contributions": [one | {"theme": None} for one in data["contributions"]]}
    said = "Wat hetzelfde zegt, is anders bij elkaar gezet of anders samengevat."
    assert [change.sentence for change in differences.changes(data, apart)] == [said]
    moved = "Inbreng staat bij een ander thema dan eerst."
    assert [change.sentence for change in differences.changes(data, elsewhere)] == [moved]
    summed = {**data, "themes": [theme | {"summary": "Anders"} for theme in data["themes"]]}
    name = point.theme.name
    assert [one.sentence for one in differences.changes(data, summed)] == [
        f"De samenvatting van het thema {name} is veranderd."
    ]
    tracing.choose(point, now=[], before=rows[1:])
    (change,) = differences.changes(data, versions.content_of(agenda, number=2, at=timezone.now(), by=cast.leader))
    assert change.sentence == f"Punt 1.1 “{point.title}”: de inbreng waar het uit komt is veranderd."
    assert change.parties == []  # it promises nothing
    assert differences.changes(data | {"schema": 3}, erased) == []


def test_history_tells_forty_at_once_as_one(cast, said, point):
    tracing.choose(point, now=said, before=[])
    told = [change.sentence for change in history.changes_of(point).changes]
    assert f"Het systeem koos 3 keer inbreng als herkomst van het verbeterpunt ‘{point.title}’." in told


LINK = re.compile(r'<a\b[^>]*href="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)


def click(browser, page: str, words: str, after: str = "") -> str:
    """The page behind the first link with these words, looked for after the sentence that it stands with."""
    assert after in page, after
    for address, name in LINK.findall(page[page.index(after) :]):
        if words in html.unescape(re.sub("<[^>]+>", "", name)):
            answer = browser.get(html.unescape(address))
            assert answer.status_code == 200, address
            return html.unescape(answer.content.decode())
    raise AssertionError(f"no link “{words}” after “{after}”")


@pytest.fixture
def written(cast, meeting, point, said):
    """Every kind of sentence that a draft has, each written by the leader on a page of ours, and one said by a party."""
    browser, party = cast.client(cast.leader), cast.parties[0]
    told = ContributionFactory(meeting=meeting, said_by=cast.parties[1], text="De bomen vielen om in de storm.")
    tracing.choose(point, now=[told], before=[])
    point_form = {
        "theme": point.theme_id, "title": point.title, "why": "Omdat het te heet is.", "first_step": "Gaten graven.",
        "noticed_by": "Er is schaduw.", "position": 1, "key": "", "ready_on": "",
        "commitments-TOTAL_FORMS": 1, "commitments-INITIAL_FORMS": 0,
        "commitments-0-party": party.pk, "commitments-0-role": "trekker", "commitments-0-text": "Wij planten er tien.",
    }  # fmt: skip
    address = reverse("point_edit", args=[point.pk])
    seen = browser.get(address).context["form"]["seen"].value()
    assert browser.post(address, point_form | {"seen": seen}).status_code == 302
    agenda = drafting.start(cast.trajectory, by=cast.leader)
    address = reverse("agenda_edit", args=[cast.trajectory.pk])
    form = browser.get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"summary": "Wij maken de wijk groener."}
    assert browser.post(address, typed).status_code == 302
    address = reverse("theme_edit", args=[point.theme_id])
    form = browser.get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"summary": "Er is te weinig groen."}
    assert browser.post(address, typed).status_code == 302
    asked = ContributionFactory(meeting=meeting, kind="verwachting", addressed_to=party, text="Plant bomen.")
    expecting.answer(asked, kind="doen", text="In maart.", other_party=None, by=cast.leader, is_on_behalf=True)
    return agenda


@pytest.mark.parametrize("who", ["leader", "reader"])
@pytest.mark.parametrize("page", ["agenda_detail", "point_list"])
def test_point_is_followed_back_in_two_clicks_to_who_said_it_where_and_when(cast, written, point, page, who):
    browser, party = cast.client(getattr(cast, who)), cast.parties[1]
    start = html.unescape(browser.get(reverse(page, args=[cast.trajectory.pk])).content.decode())
    one = click(browser, start, "Komt uit 1 keer inbreng", after=point.title)
    assert "De bomen vielen om in de storm." in one
    two = click(browser, one, "Volg", after="De bomen vielen om in de storm.")
    meeting, day = party.trajectories.get().meetings.get(), timezone.localdate()
    for words in ("De bomen vielen om in de storm.", party.name, meeting.title, str(day.year)):
        assert words in two


@pytest.mark.parametrize("who", ["leader", "reader"])
@pytest.mark.parametrize("page", ["agenda_detail", "point_list"])
@pytest.mark.parametrize(
    "words",
    ["Omdat het te heet is.", "Gaten graven.", "Er is schaduw.", "de toezegging van {party} bij ‘{point}’"],
    ids=["why", "first_step", "noticed_by", "promise"],
)
def test_text_of_a_point_is_followed_back_in_one_click_to_who_wrote_it(cast, written, point, page, words, who):
    browser = cast.client(getattr(cast, who))
    start = html.unescape(browser.get(reverse(page, args=[cast.trajectory.pk])).content.decode())
    one = click(browser, start, "Wie schreef wat", after=point.title)
    assert words.format(party=cast.parties[0], point=point) in one
    assert cast.leader.name in one


@pytest.mark.parametrize("who", ["leader", "reader"])
@pytest.mark.parametrize("words", ["Wij maken de wijk groener.", "Er is te weinig groen."], ids=["summary", "theme"])
def test_text_of_the_agenda_and_its_themes_is_followed_back_in_one_click(cast, written, words, who):
    browser = cast.client(getattr(cast, who))
    start = html.unescape(browser.get(reverse("agenda_detail", args=[cast.trajectory.pk])).content.decode())
    one = click(browser, start, "Wie veranderde wat aan deze agenda?")
    assert words in one
    assert cast.leader.name in one


@pytest.mark.parametrize("who", ["leader", "reader"])
def test_theme_is_followed_back_in_two_clicks_to_what_was_said(cast, written, said, point, who):
    browser = cast.client(getattr(cast, who))
    start = html.unescape(browser.get(reverse("agenda_detail", args=[cast.trajectory.pk])).content.decode())
    one = click(browser, start, point.theme.name, after=point.title)
    two = click(browser, one, "Volg", after=said[1].text)
    for words in (said[1].text, "Bewoner", said[1].meeting.title):
        assert words in two


@pytest.mark.parametrize("who", ["leader", "reader"])
def test_answer_to_an_expectation_is_followed_back_to_who_gave_it_and_to_who_asked(cast, written, who):
    browser = cast.client(getattr(cast, who))
    start = html.unescape(browser.get(reverse("expectation_list", args=[cast.trajectory.pk])).content.decode())
    one = click(browser, start, "Volg", after="Plant bomen.")
    for words in ("Plant bomen.", "Bewoner", "In maart.", f"{cast.leader.name}, namens {cast.parties[0].name}"):
        assert words in one


@pytest.mark.parametrize("who", ["leader", "reader"])
def test_inbreng_is_followed_forward_in_one_click_to_theme_point_and_promise(cast, written, point, who):
    browser = cast.client(getattr(cast, who))
    start = html.unescape(browser.get(reverse("contribution_list", args=[cast.trajectory.pk])).content.decode())
    one = click(browser, start, "Volg", after="De bomen vielen om in de storm.")
    for words in (point.title, point.theme.name, cast.parties[0].name, "trekker: Wij planten er tien."):
        assert words in one
