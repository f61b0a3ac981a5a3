from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from agendas import differences, drafting, endorsing, versions
from agendas.answers import shown_to
from agendas.documents import document_html
from agendas.models import Commitment
from tests.factories import AgendaFactory, CommitmentFactory, PointFactory, ThemeFactory, complete_agenda
from tests.pages import fields_of, fill_in, hidden_in, words
from thuiswijk.lib.canonical import canonical

pytestmark = pytest.mark.django_db


def filled(theme, *promises: dict, initial: int = 0, **more) -> dict:
    form = {"theme": theme.pk, "title": "Een bankje", "position": 1, "ready_on": "2027-06-30", **more}
    form |= {"commitments-TOTAL_FORMS": len(promises), "commitments-INITIAL_FORMS": initial}
    for place, promise in enumerate(promises):
        form |= {f"commitments-{place}-{name}": value for name, value in promise.items()}
    return form


def test_point_is_made_with_its_commitments(cast):
    theme = ThemeFactory(trajectory=cast.trajectory)
    gemeente, housing, church = cast.parties
    form = filled(
        theme,
        {"party": gemeente.pk, "role": "trekker", "text": "Wij zetten het neer."},
        {"party": housing.pk, "role": "meewerkend", "text": ""},
        {"party": church.pk, "role": "kan_niet", "text": "Wij hebben geen geld."},
        {"party": "", "role": "", "text": ""},
    )
    answer = cast.client(cast.leader).post(reverse("point_new", args=[cast.trajectory.pk]), form)
    assert answer.status_code == 302
    point = cast.trajectory.points.get()
    roles = dict(point.commitments.values_list("party", "role"))
    assert roles == {gemeente.pk: "trekker", housing.pk: "meewerkend", church.pk: "kan_niet"}


@pytest.mark.parametrize(
    ("promises", "sentence"),
    [
        ([{"role": "kan_niet", "text": ""}], "waarom de partij dit niet kan"),
        ([{"role": "trekker", "text": "a"}, {"role": "trekker", "text": "b"}], "al met dezelfde rol"),
    ],
)
def test_bad_commitment_is_told_and_nothing_is_saved(cast, promises, sentence):
    theme = ThemeFactory(trajectory=cast.trajectory)
    promises = [{"party": cast.parties[0].pk, **promise} for promise in promises]
    page = cast.client(cast.leader).post(reverse("point_new", args=[cast.trajectory.pk]), filled(theme, *promises))
    assert sentence in page.content.decode()
    assert 'value="Een bankje"' in page.content.decode()
    assert not cast.trajectory.points.exists()


def test_commitment_is_changed_and_taken_away(cast):
    promise = CommitmentFactory(
        point=PointFactory(theme=ThemeFactory(trajectory=cast.trajectory)), party=cast.parties[0]
    )
    other = CommitmentFactory(point=promise.point, party=cast.parties[1], role="meewerkend")
    form = filled(
        promise.point.theme,
        {"id": promise.pk, "party": promise.party_id, "role": "trekker", "text": "Wij doen het in mei."},
        {"id": other.pk, "party": other.party_id, "role": "meewerkend", "text": "", "DELETE": "on"},
        initial=2,
    )
    fill_in(cast.client(cast.leader), reverse("point_edit", args=[promise.point.pk]), form)
    assert list(Commitment.objects.values_list("party", "text")) == [(cast.parties[0].pk, "Wij doen het in mei.")]


def test_history_remembers_who_changed_what(cast):
    """Rows that editors change leave a trace of every state, with who was at the screen."""
    theme = ThemeFactory(trajectory=cast.trajectory, name="Groen")
    form = {"name": "Groen en water", "summary": "", "position": 1, "declined_because": ""}
    fill_in(cast.client(cast.leader), reverse("theme_edit", args=[theme.pk]), form)
    events = theme.events.order_by("pgh_id")
    assert [event.name for event in events] == ["Groen", "Groen en water"]
    assert events[1].pgh_context.metadata["user"] == cast.leader.user.pk


def test_parties_change_places_in_one_form(cast):
    point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory))
    first = CommitmentFactory(point=point, party=cast.parties[0], role="meewerkend")
    second = CommitmentFactory(point=point, party=cast.parties[1], role="meewerkend")
    form = filled(
        point.theme,
        {"id": first.pk, "party": second.party_id, "role": "meewerkend", "text": "a"},
        {"id": second.pk, "party": first.party_id, "role": "meewerkend", "text": "b"},
        initial=2,
    )
    assert fill_in(cast.client(cast.leader), reverse("point_edit", args=[point.pk]), form).status_code == 302
    assert dict(point.commitments.values_list("party", "text")) == {cast.parties[1].pk: "a", cast.parties[0].pk: "b"}


def test_second_click_on_a_new_commitment_stands_once(cast):
    point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory))
    form = filled(point.theme, {"party": cast.parties[0].pk, "role": "trekker", "text": "a"})
    browser, address = cast.client(cast.leader), reverse("point_edit", args=[point.pk])
    form |= hidden_in(browser, address)
    assert browser.post(address, form).status_code == 302
    assert browser.post(address, form).status_code == 302
    assert point.commitments.count() == 1


def test_commitment_with_a_report_stays(cast):
    promise = CommitmentFactory(
        point=PointFactory(theme=ThemeFactory(trajectory=cast.trajectory)), party=cast.parties[0]
    )
    promise.reports.create(state="op_koers", text="Het gaat goed.", reported_by=cast.leader)
    form = filled(
        promise.point.theme,
        {"id": promise.pk, "party": promise.party_id, "role": "trekker", "text": "", "DELETE": "on"},
        initial=1,
    )
    page = fill_in(cast.client(cast.leader), reverse("point_edit", args=[promise.point.pk]), form)
    assert "al voortgang gemeld" in page.content.decode()
    assert Commitment.objects.filter(pk=promise.pk).exists()


@pytest.mark.parametrize("day", ["2126-01-01", "1999-12-31"])
def test_date_far_off_is_refused(cast, day):
    form = filled(ThemeFactory(trajectory=cast.trajectory), ready_on=day)
    page = cast.client(cast.leader).post(reverse("point_new", args=[cast.trajectory.pk]), form).content.decode()
    assert "Deze datum ligt te ver weg." in page
    assert not cast.trajectory.points.exists()


def test_term_of_the_agenda_far_off_is_refused(cast):
    AgendaFactory(trajectory=cast.trajectory)
    form = {"title": "Agenda", "starts_on": "1926-01-01", "ends_on": "2030-01-01"}
    page = fill_in(cast.client(cast.leader), reverse("agenda_edit", args=[cast.trajectory.pk]), form).content.decode()
    assert "Deze datum ligt te ver weg." in page


def test_only_a_commitment_that_is_there_can_be_taken_away(cast):
    promise = CommitmentFactory(
        point=PointFactory(theme=ThemeFactory(trajectory=cast.trajectory)), party=cast.parties[0]
    )
    browser = cast.client(cast.leader)
    page = browser.get(reverse("point_edit", args=[promise.point.pk])).content.decode()
    assert page.count("Haal deze toezegging weg") == 1
    assert page.count("Nog een partij") > 1
    page = browser.get(reverse("point_new", args=[cast.trajectory.pk])).content.decode()
    assert "Haal deze toezegging weg" not in page


def of_amounts(*lines: tuple) -> dict:
    """The lines of money and hours of a form, as they are typed."""
    rows = [dict(zip(("what", "amount", "unit", "source"), line, strict=True)) for line in lines]
    form = {f"amounts-{at}-{name}": value for at, row in enumerate(rows) for name, value in row.items()}
    return form | {"amounts-TOTAL_FORMS": len(rows), "amounts-INITIAL_FORMS": 0}


def test_point_edit_takes_what_lies_behind_it(cast):
    point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory))
    browser, address = cast.client(cast.leader), reverse("point_edit", args=[point.pk])
    form = fields_of(browser.get(address).content.decode())
    empty = ("", "", "euro", "")
    more = {"signal": "Het is er donker.", "cause": "Niemand meldt het.", "serves": ["doen", "veiligheid", "doen"]}
    lines = of_amounts(
        ("verf", 500, "euro", "wijkbudget"), empty, ("uren van vrijwilligers", 20, "uur", "de vereniging")
    )
    assert browser.post(address, form | more | lines).status_code == 302
    point.refresh_from_db()
    assert (point.signal, point.cause, point.serves) == (more["signal"], more["cause"], ["veiligheid", "doen"])
    assert [str(one) for one in point.amounts.all()] == [
        "500 euro voor verf (bron: wijkbudget)",
        "20 uur voor uren van vrijwilligers (bron: de vereniging)",
    ]
    page = browser.get(address).content.decode()
    assert '<details class="disclosure" open>' in page
    assert browser.post(address, fields_of(page) | {"serves": ["lef"]} | of_amounts(empty, empty)).status_code == 302
    assert not point.amounts.exists()
    history = browser.get(reverse("point_history", args=[point.pk])).content.decode()
    assert "verwijderde het geld of de uren voor" in history and "bestuurlijk" not in history


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (("verf", 500, "euro", ""), "nog niet bekend"),
        (("", 500, "euro", "wijkbudget"), "Schrijf op waar dit voor is."),
        (("verf", "", "euro", "wijkbudget"), "Vul een heel getal in"),
        (("verf", "0", "euro", "wijkbudget"), "Vul 1 of een hoger getal in."),
        (("verf", "9" * 30, "euro", "wijkbudget"), "of een lager getal in."),
        (("verf 😀 שלום", "veel", "euro", "wijkbudget"), "verf 😀 שלום"),
    ],
)
def test_amount_that_is_not_right_says_what_is_wrong(cast, line, says):
    point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory))
    browser, address = cast.client(cast.leader), reverse("point_edit", args=[point.pk])
    form = fields_of(browser.get(address).content.decode()) | {"signal": "Blijft staan."}
    page = browser.post(address, form | of_amounts(line)).content.decode()
    assert says in page and "Blijft staan." in page and '<details class="disclosure" open>' in page
    assert "klopt een regel met geld of uren niet" in page
    assert not point.amounts.exists()


def test_what_is_wrong_with_the_money_is_reached_from_the_summary(cast):
    point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory))
    browser, address = cast.client(cast.leader), reverse("point_edit", args=[point.pk])
    form = fields_of(browser.get(address).content.decode())
    page = browser.post(address, form | of_amounts(("verf", 500, "euro", ""))).content.decode()
    summary = page.split('class="error-summary"')[1].split("</ul>")[0]
    assert '<a href="#id_amounts-0-source">Waar komt het vandaan? – Schrijf op waar dit vandaan komt.' in summary
    assert 'id="id_amounts-0-source"' in page


def test_amounts_that_both_changed_are_both_shown(cast):
    point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory))
    point.amounts.create(what="verf", amount=500, source="wijkbudget")
    browser, address = cast.client(cast.leader), reverse("point_edit", args=[point.pk])
    form = fields_of(browser.get(address).content.decode())
    point.amounts.update(amount=700)
    ticked = {"serves": ["lef", "doen"], **of_amounts(("verf", 600, "euro", "fonds"))}
    page = browser.post(address, form | ticked).content.decode()
    assert "Nu staat er: 700 euro voor verf (bron: wijkbudget)" in page and 'value="600"' in page
    assert page.count(" checked") == 2, "every tick stands there still"
    assert point.amounts.get().amount == 700
    assert browser.post(address, fields_of(page) | ticked).status_code == 302
    assert (point.amounts.get().amount, point.amounts.get().source) == (600, "fonds")


def test_database_takes_no_amount_without_a_source_nor_an_unknown_element(cast):
    point = PointFactory(theme=ThemeFactory(trajectory=cast.trajectory))
    for wrong in ({"source": ""}, {"amount": 0}, {"unit": "dollar"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            point.amounts.create(**{"what": "verf", "amount": 5, "source": "fonds"} | wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(point).objects.filter(pk=point.pk).update(serves=["gezelligheid"])


def test_version_holds_and_compares_what_lies_behind_a_point(cast):
    agenda = complete_agenda(cast.trajectory)
    point = cast.trajectory.points.get()
    point.amounts.create(what="verf", amount=1500, source="wijkbudget")
    type(point).objects.update(signal="Het is er donker.", serves=["lef"])
    first = versions.freeze(agenda, by=cast.leader)
    frozen = first.data["points"][0]
    assert frozen["amounts"] == [{"what": "verf", "amount": 1500, "unit": "euro", "source": "wijkbudget"}]
    assert (first.data["schema"], frozen["signal"], frozen["cause"], frozen["serves"]) == (
        versions.SCHEMA,
        "Het is er donker.",
        "",
        ["lef"],
    )
    html = document_html(bytes(first.content), None)
    for said in ("Het is er donker.", "1.500 euro voor verf (bron: wijkbudget)", "Draagt bij aan: lef."):
        assert said in html
    point.amounts.update(amount=2000)
    type(point).objects.update(serves=["doen"])
    changed = differences.changes(first.data, versions.freeze(agenda, by=cast.leader).data)
    said = " ".join(change.sentence for change in changed)
    assert "nieuw: 2.000 euro voor verf" in said and "vervallen: 1.500 euro voor verf" in said
    assert [change.parties for change in changed if "bijdraagt" in change.sentence] == [[]]


def test_what_a_point_takes_and_serves_stands_where_it_is_read(cast, party, contact):
    agenda = complete_agenda(cast.trajectory)
    point = cast.trajectory.points.get()
    point.amounts.create(what="verf", amount=1500, source="wijkbudget")
    type(point).objects.update(serves=["lef"])
    listed = words(cast.client(cast.leader).get(reverse("point_list", args=[cast.trajectory.pk])))
    assert "1.500 euro voor verf (bron: wijkbudget)" in listed and "Draagt bij aan: lef." in listed
    round_ = endorsing.open_round(
        versions.freeze(agenda, by=cast.leader), deadline=timezone.localdate(), by=cast.leader
    )
    asked = round_.requests.get(party=party)
    mine = words(cast.client(contact).get(reverse("endorse", args=[asked.pk]))).split('id="geheel"')[0]
    assert "1.500 euro voor verf (bron: wijkbudget)" in mine and "Draagt bij aan: lef." in mine


def test_list_says_that_a_version_lies_with_the_parties(cast):
    def told() -> bool:
        page = cast.client(cast.leader).get(reverse("point_list", args=[cast.trajectory.pk])).content.decode()
        return "Versie 1 is al voorgelegd aan de partijen. Wat u hier verandert, komt in een nieuwe versie." in page

    agenda = complete_agenda(cast.trajectory)
    version = versions.freeze(agenda, by=cast.leader)
    assert not told()
    endorsing.open_round(version, deadline=agenda.ends_on, by=cast.leader)
    assert told()
    endorsing.withdraw(version, by=cast.leader, reason="Er staat een fout in.")
    assert not told()


def test_abbreviation_in_an_amount_is_asked_for(cast):
    agenda = complete_agenda(cast.trajectory)
    point = cast.trajectory.points.get()
    point.amounts.create(what="de QXZ", amount=5, source="het VWQ-fonds")
    assert any("QXZ, VWQ" in gap.sentence for gap in drafting.gaps(agenda))
    assert {"de QXZ", "het VWQ-fonds"} <= set(drafting.written(cast.trajectory))


def test_version_of_schema_4_still_reads(cast):
    agenda = complete_agenda(cast.trajectory)
    content = versions.freeze(agenda, by=cast.leader).data
    for point in content["points"]:
        for key in ("signal", "cause", "amounts", "serves"):
            del point[key]
    content["schema"] = 4
    assert content["points"][0]["title"] in document_html(canonical(content), None)
    assert shown_to(cast.parties[0], content)["mine"][0]["needs"] == []
    assert not differences.changes(content, versions.content_of(agenda, number=2, at=timezone.now(), by=cast.leader))
