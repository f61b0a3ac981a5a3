"""The numbers about a wijk: put in by who leads, beside the whole gemeente, with their source."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from agendas.documents import document_html
from tests.agendas.example_document import example_content
from tests.pages import fields_of, hidden_in
from thuiswijk.lib.canonical import canonical
from thuiswijk.lib.text import share_of

TYPED = {
    "label": "Huurwoningen",
    "value": "58 %",
    "gemeente_value": "31 %",
    "source": "CBS, Kerncijfers wijken en buurten",
    "measured_on": "2026-01-01",
}


@pytest.fixture
def leader(cast):
    return cast.client(cast.leader)


@pytest.mark.parametrize(
    ("text", "share"),
    [("58 %", 58), ("58%", 58), ("12,5 %", 12.5), ("100 %", 100), ("0 %", 0), ("101 %", None), ("-3 %", None),
     ("6.240", None), ("58", None), ("meer dan 58 %", None), ("", None), ("٥٨ %", None)],
)  # fmt: skip
def test_share_is_a_percentage_and_nothing_else(text, share):
    assert share_of(text) == share


def test_figure_is_put_in_once_changed_and_removed(cast, leader):
    address = reverse("figure_new", args=[cast.trajectory.pk])
    sent = TYPED | {"key": hidden_in(leader, address)["key"]}
    for _ in range(2):
        assert leader.post(address, sent)["Location"].endswith("#cijfers")
    figure = cast.trajectory.figures.get()
    page = leader.get(reverse("trajectory_detail", args=[cast.trajectory.pk])).content.decode()
    assert "hele gemeente: 31 %" in page
    assert "Bron: CBS, Kerncijfers wijken en buurten, 1 januari 2026" in page
    again = fields_of(leader.get(address).content.decode())
    assert (again["source"], again["measured_on"]) == (TYPED["source"], TYPED["measured_on"])

    edit = reverse("figure_edit", args=[figure.pk])
    leader.post(edit, fields_of(leader.get(edit).content.decode()) | {"value": "59 %"})
    figure.refresh_from_db()
    assert (figure.value, figure.measured_on) == ("59 %", date(2026, 1, 1))
    leader.post(reverse("figure_remove", args=[figure.pk]))
    assert not cast.trajectory.figures.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"value": "158 %"}, "Schrijf een percentage als een getal van 0 tot en met 100"),
        ({"gemeente_value": "veel %"}, "Schrijf een percentage als een getal van 0 tot en met 100"),
        ({"label": "INWONERS"}, "Dit cijfer staat er al."),
        ({"source": ""}, "Bron"),
        ({"measured_on": f"{date.today() + timedelta(days=40)}"}, "Deze datum ligt in de toekomst."),
    ],
)
def test_figure_that_can_not_be_printed_comes_back_with_a_sentence(cast, leader, typed, sentence):
    cast.trajectory.figures.create(label="Inwoners", value="6.240", source="CBS", measured_on=date(2026, 1, 1))
    answer = leader.post(reverse("figure_new", args=[cast.trajectory.pk]), TYPED | typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert (TYPED | typed)["measured_on"] in page
    assert cast.trajectory.figures.count() == 1


def test_two_people_at_one_figure_lose_nothing(cast, leader):
    figure = cast.trajectory.figures.create(label="Inwoners", value="1", source="CBS", measured_on=date(2026, 1, 1))
    edit = reverse("figure_edit", args=[figure.pk])
    seen = fields_of(leader.get(edit).content.decode())
    leader.post(edit, seen | {"value": "2"})
    page = leader.post(edit, seen | {"value": "3"}).content.decode()
    assert "Iemand anders heeft dit intussen veranderd." in page
    figure.refresh_from_db()
    assert figure.value == "2"


def test_document_draws_a_bar_of_a_percentage_and_of_nothing_else():
    content = example_content()
    html = document_html(canonical(content), None)
    shares = [figure["value"] for figure in content["figures"] if figure["value"].endswith("%")]
    assert html.count('<svg viewBox="0 0 100 12"') == len(shares) == 3
    assert '<rect width="58" height="7"' in html
    assert '<rect y="9" width="21.5" height="3"' in html
    assert "<title>Balk van 58 %, met daaronder een balk van 31 %</title>" in html


def test_figures_of_an_older_version_are_drawn_without_the_gemeente():
    content = example_content()
    for figure in content["figures"]:
        figure.pop("gemeente", None)
    html = document_html(canonical(content), None)
    assert "Lindenkwartier in cijfers</caption>" in html
    assert '<th scope="col" class="figure">Cijfer</th>' in html
