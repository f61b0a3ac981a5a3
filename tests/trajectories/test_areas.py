"""Outlines of wijken and buurten: read from a GeoJSON, chosen for a trajectory, and drawn as a map."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from agendas import differences, versions
from agendas.documents import document_html
from agendas.renditions import document_docx, page
from tests.agendas.example_document import example_content
from tests.factories import complete_agenda
from thuiswijk.lib.canonical import canonical
from thuiswijk.lib.maps import MAX_POINTS, Place, count_points, drawing_of, map_of
from thuiswijk.lib.outlines import OutlineError, read_outlines
from trajectories import areas
from trajectories.models import Wijk

REAL = Path(os.environ.get("CBS_WIJKEN", "wijken.geojson"))  # a whole file of CBS, where one is at hand


def ring(x: float, y: float, size: float = 0.01) -> list[list[float]]:
    """A square as a file has it, with the first point again at the end."""
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def feature(
    code: str, name: str = "Centrum", *, rings: Any = None, kind: str = "Polygon", **more: Any
) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": rings if rings is not None else [ring(4.5, 51.9)]}
    return {"type": "Feature", "properties": {"wijkcode": code, "wijknaam": name, **more}, "geometry": geometry}


def file_of(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def sentence(data: bytes, gemeente: str = "GM0599") -> str:
    with pytest.raises(OutlineError) as told:
        read_outlines(data, gemeente=gemeente)
    return str(told.value)


# --- a file ---------------------------------------------------------------------------------------------------------------


def test_outline_is_kept_in_whole_numbers_and_once():
    found = read_outlines(file_of(feature("WK059901", "Wijk 01 Centrum ")), gemeente="GM0599")
    assert [(area.code, area.name) for area in found.areas] == [("WK059901", "Wijk 01 Centrum")]
    assert found.areas[0].outline == [[[[450000, 5190000], [451000, 5190000], [451000, 5191000], [450000, 5191000]]]]


def test_islands_and_holes_are_kept_and_what_is_no_ring_is_not():
    hole = ring(4.502, 51.902, 0.002)
    rings = [[ring(4.5, 51.9), hole, [[4.5, 51.9], [4.5, 51.9]]], [ring(4.6, 51.9)], [[[4.7, 51.9], [4.7, 51.9]]]]
    outline = (
        read_outlines(file_of(feature("WK059901", rings=rings, kind="MultiPolygon")), gemeente="GM0599")
        .areas[0]
        .outline
    )
    assert [len(polygon) for polygon in outline] == [2, 1]


def test_codes_with_letters_buurten_and_other_names_of_columns_are_read():
    buurt = {"BU_CODE": "BU0363AC01", "BU_NAAM": "Buurt", "WK_CODE": "WK0363AC"}
    told = {"statcode": "WK0363AD ", "statnaam": "Jordaan", "jrstatcode": "2023WK0363AD"}
    rows = [feature("wk0363ac"), feature("") | {"properties": buurt}, feature("") | {"properties": told}]
    found = read_outlines(file_of(*rows), gemeente="GM0363")
    assert [(area.code, area.name) for area in found.areas] == [
        ("WK0363AC", "Centrum"), ("BU0363AC01", "Buurt"), ("WK0363AD", "Jordaan"),
    ]  # fmt: skip
    assert found.year == 2023


def test_water_abroad_others_and_what_has_no_outline_are_passed_over():
    rows = [
        feature("WK059901"), feature("WK059999", "Groot water"), feature("WK059998", "Maas", water="JA"),
        feature("WK099899", "Buitenland", rings=[ring(900, 900)]), feature("WK051801"),
        feature("WK059902") | {"geometry": None}, {"type": "Feature"}, "x",
    ]  # fmt: skip
    assert [area.code for area in read_outlines(file_of(*rows), gemeente="GM0599").areas] == ["WK059901"]


def test_area_in_two_rows_is_one_with_two_polygons():
    rows = [feature("WK059901"), feature("WK059901", rings=[ring(4.6, 51.9)])]
    found = read_outlines(file_of(*rows), gemeente="GM0599")
    assert [len(area.outline) for area in found.areas] == [2]


def test_outline_with_too_much_detail_is_made_coarser():
    many = [[4.5 + 0.01 * (i % 2) * 0.05, 51.9 + i / 100_000] for i in range(4000)] + [[4.6, 51.92]]
    outline = read_outlines(file_of(feature("WK059901", rings=[many])), gemeente="GM0599").areas[0].outline
    assert 3 <= count_points(outline) <= 300


def test_outline_that_folds_onto_itself_is_none_and_costs_no_more_than_another():
    """Along a line and back: whatever is left out, there is no surface."""
    along = [[4.5 + i * 3e-5, 52 + i * 1e-5] for i in range(5_000)]
    rows = [feature("WK059901", rings=[along + along[::-1]]), feature("WK059902", rings=[ring(4.6, 51.9)])]
    assert [area.code for area in read_outlines(file_of(*rows), gemeente="GM0599").areas] == ["WK059902"]


def test_map_of_what_has_no_surface_is_none_and_what_was_frozen_is_drawn():
    flat = [Place("WK059901", "Lijn", [[[[450000, 5190000], [450100, 5190100], [450200, 5190200]]]])]
    square = Place("WK059902", "Plein", [[[[450000, 5190000], [451000, 5190000], [451000, 5191000]]]])
    assert map_of(flat, [square], source="CBS", year=2025) is None
    assert map_of([Place("WK059903", "Nergens", [])], [square], source="CBS", year=2025) is None
    found = map_of([square], [], source="CBS", year=2025)
    found["areas"] = []
    assert drawing_of(found).around == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Dit is geen GeoJSON"),
        (b"inbreng;partij\n", "Dit is geen GeoJSON"),
        (b"\xff\xfe\x00", "Dit is geen GeoJSON"),
        (b"[" * 100_000, "Dit is geen GeoJSON"),
        (b"[]" * 900_000, "te veel punten"),
        (b"[" + b"0," * 1_700_000 + b"0]", "te veel punten"),
        (file_of(feature("WK059901", rings=[[[4.5 + i % 7 * 1e-4, 52 + i * 1e-6] for i in range(200_001)]])), "te veel punten"),
        (file_of(*(feature(f"BU0599{n // 100:02}{n % 100:02}") for n in range(1_600))), "te veel punten"),
        (file_of(feature("WK059901", rings=[[{"x": 1}]])), "geen reeks van coördinaten"),
        (b"{}", "geen GeoJSON met gebieden"),
        (b'{"features": {}}', "geen GeoJSON met gebieden"),
        (b" " * (10 * 1024**2 + 1), "groter dan 10 MB"),
        (file_of(), "geen wijk of buurt met een code van het CBS"),
        (file_of(feature("GM0599")), "geen wijk of buurt met een code van het CBS"),
        (file_of(feature("WK051801")), "gaat over GM0518, en niet over GM0599"),
        (file_of(feature("WK051801"), feature("WK036301")), "gaat over 2 andere gemeenten"),
        (file_of(feature("WK059999", "Groot water")), "staat er in dit bestand geen omtrek"),
        (file_of(feature("WK059901", rings=[ring(92_000, 436_000, 500)])), "Rijksdriehoeksstelsel (EPSG:28992)"),
        (file_of(feature("WK059901"), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}), "Rijksdriehoeksstelsel"),
        (file_of(feature("WK059901", rings=[ring(51.9, 4.5)])), "Lengte en breedte staan omgekeerd"),
        (file_of(feature("WK059901", rings=[ring(500_000, 6_800_000)])), "plaatsen buiten Nederland"),
        (file_of(feature("WK059901", rings=[[[float("nan"), 51.9]]])), "ongeldige getallen"),
        (file_of(feature("WK059901", rings=[[["4,5", "51,9"]]])), "geen reeks van coördinaten"),
        (file_of(feature("WK059901", rings=7)), "geen reeks van coördinaten"),
        (file_of(feature("WK059901", rings=[[[]]])), "geen reeks van coördinaten"),
        (file_of(feature("WK059901", rings=[4.5, 51.9], kind="Point")), "geen vlak"),
    ],
)  # fmt: skip
def test_file_that_can_not_be_read_gives_a_sentence(data, said):
    assert said in sentence(data)


@pytest.mark.skipif(not REAL.exists(), reason="the map of all wijken of 2024 (CBS, PDOK) is not on this machine")
def test_real_map_of_all_wijken_gives_those_of_one_gemeente():
    found = read_outlines(REAL.read_bytes(), gemeente="GM0363")
    assert (len(found.areas), found.year) == (110, 2024)
    places = [Place(area.code, area.name, area.outline) for area in found.areas]
    own = [place for place in places if place.name == "Jordaan"]
    drawn = map_of(own, [place for place in places if place not in own], source="CBS / Kadaster", year=2024)
    assert len(canonical(drawn)) < 60_000
    words = drawing_of(drawn)
    assert words.size == "ongeveer 0,95 km²"
    assert "Grachtengordel-West" in words.borders
    assert "Noord" not in sentence(REAL.read_bytes(), gemeente="GM9999")


# --- a map ----------------------------------------------------------------------------------------------------------------


def place(code: str, name: str, x: int, y: int, size: int = 1000) -> Place:
    square = [[x, y], [x + size, y], [x + size, y + size], [x, y + size]]
    return Place(code, name, [[square]])


HERE = place("WK059901", "Midden", 450000, 5190000)
AROUND = [
    place("WK059902", "Wijk 02 Oost", 451000, 5190000),
    place("WK059903", "Noord", 450000, 5191000),
    place("WK059904", "Hoek", 451000, 5191000),
    place("WK059905", "Ver", 480000, 5190000),
]


def test_map_says_how_large_it_is_and_what_lies_where():
    found = map_of([HERE], AROUND, source="CBS", year=2025)
    assert [area["name"] for area in found["areas"]] == ["Midden", "Wijk 02 Oost", "Noord", "Hoek"]
    drawing = drawing_of(found)
    assert drawing.size == "ongeveer 0,76 km²"  # 1,113 m by 687 m
    assert drawing.borders == "Noord en Oost"
    assert drawing.around == [("noorden", "Noord"), ("noordoosten", "Hoek"), ("oosten", "Oost")]
    assert drawing.scale[1] == "500 m"
    assert {line for label in drawing.labels for _, line in label.lines} == {"Midden", "Oost", "Noord", "Hoek"}


def test_hole_is_no_part_of_the_area():
    whole = HERE.outline[0][0]
    hollow = Place(
        "WK059901", "Midden", [[whole, [[450250, 5190250], [450750, 5190250], [450750, 5190750], [450250, 5190750]]]]
    )
    assert drawing_of(map_of([hollow], [], source="CBS", year=2025)).size == "ongeveer 0,57 km²"


def test_map_stays_small_whatever_it_is_made_of():
    """A thousand islands and a coast with a thousand bends each."""

    def jagged(x: int, y: int) -> list[list[int]]:
        top = [[x + i, y + 500 + (i * 7919) % 400] for i in range(0, 1000, 2)]
        return [*top, [x + 1000, y], [x, y]]

    places = [
        Place(f"BU059901{n:02}", "Rif", [[jagged(450000 + 1000 * (n % 9), 5190000 + 900 * (n // 9))]])
        for n in range(80)
    ]
    found = map_of(places[:40], places[40:], source="CBS", year=2025)
    assert sum(count_points(area["outline"]) for area in found["areas"]) <= MAX_POINTS
    assert len(canonical(found)) < 60_000
    corners = found["frame"]
    for x, y in (point for area in found["areas"] for polygon in area["outline"] for one in polygon for point in one):
        assert corners["west"] <= x <= corners["east"] and corners["south"] <= y <= corners["north"]
    assert map_of(places[:40], places[40:], source="CBS", year=2025) == found


def test_document_draws_the_map_and_older_ones_have_none():
    content = example_content()
    html = document_html(canonical(content), None)
    assert html.count('<svg class="map"') == 1
    assert "<title>Kaart van Lindenkwartier. In het oosten: Buitengebied Oost." in html
    assert "Lindenkwartier is ongeveer 1,2 km² groot en grenst aan Binnenstad, Buitengebied Oost en Molenveld." in html
    assert "map__large" not in html  # for a phone
    assert "map__large" in page(canonical(content), None).body
    assert document_docx(canonical(content), None)  # has the words of it
    del content["area"]["map"]
    content["schema"] = 5
    assert '<svg class="map"' not in document_html(canonical(content), None)


def test_map_that_came_later_is_told_as_a_change_that_touches_nobody():
    content, before = example_content(), example_content()
    del before["area"]["map"]
    before["schema"] = 5
    told = differences.changes(before, content)
    assert [(one.sentence, one.parties) for one in told] == [("Het gebied of de kaart ervan is veranderd.", [])]
    content["area"]["map"] = None
    assert differences.is_same(before, content)


def test_name_with_html_in_it_is_text():
    content = example_content()
    content["area"]["map"]["areas"][1]["name"] = "<b>Stad</b>"
    html = document_html(canonical(content), None)
    assert "&lt;b&gt;Stad&lt;/b&gt;" in html and "<b>Stad" not in html


# --- the pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def leader(cast):
    return cast.client(cast.leader)


def upload(browser, trajectory, data: bytes, year: str = "2025", source: str = "CBS / Kadaster"):
    file = SimpleUploadedFile("kaart.geojson", data)
    return browser.post(
        reverse("outlines_upload", args=[trajectory.pk]), {"file": file, "year": year, "source": source}
    )


def code_of(cast, number: str) -> str:
    return f"WK{cast.here.code[2:]}{number}"


def test_map_is_read_in_chosen_shown_and_frozen(cast, leader):
    rows = [
        feature(code_of(cast, "01"), "<i>Midden</i>"),
        feature(code_of(cast, "02"), "Oost", rings=[ring(4.51, 51.9)]),
    ]
    assert upload(leader, cast.trajectory, file_of(*rows))["Location"] == reverse(
        "area_choose", args=[cast.trajectory.pk]
    )
    Wijk.objects.filter(name="Oost").update(name="Ons oosten")
    choose = reverse("area_choose", args=[cast.trajectory.pk])
    assert "De kaart is ingelezen: 2 gebieden, waarvan 2 nieuw." in leader.get(choose).content.decode()
    upload(leader, cast.trajectory, file_of(*rows))
    assert "De kaart is ingelezen: 2 gebieden, waarvan 0 nieuw." in leader.get(choose).content.decode()
    assert Wijk.objects.filter(gemeente=cast.here, name="Ons oosten").count() == 1  # its name stays

    middle = Wijk.objects.get(code=code_of(cast, "01"), year=2025)
    assert leader.post(choose, {"wijken": [middle.pk]}).status_code == 302
    shown = leader.get(reverse("trajectory_detail", args=[cast.trajectory.pk])).content.decode()
    assert '<svg class="map"' in shown and "Bron: CBS / Kadaster, 2025." in shown
    assert "&lt;i&gt;Midden&lt;/i&gt;" in shown and "<i>Midden" not in shown
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader)
    assert [area["is_own"] for area in version.data["area"]["map"]["areas"]] == [True, False]
    upload(leader, cast.trajectory, file_of(rows[0]), source="Landmeter van Voorbeeldstad")
    assert areas.map_of_trajectory(cast.trajectory)["source"] == "CBS / Kadaster en Landmeter van Voorbeeldstad"
    assert version.data["area"]["map"]["source"] == "CBS / Kadaster"
    leader.post(choose, {})
    shown = leader.get(reverse("trajectory_detail", args=[cast.trajectory.pk])).content.decode()
    assert '<svg class="map"' not in shown and "Zet het gebied op de kaart" in shown
    assert areas.map_of_trajectory(cast.trajectory) is None


@pytest.mark.parametrize(
    ("data", "year", "said"),
    [
        (b"x", "2025", "Dit is geen GeoJSON"),
        (b" " * (10 * 1024**2 + 1), "2025", "groter dan 10 MB"),
        (file_of(feature("WK599901"), metadata={"year": 2024}), "2099", "ligt in de toekomst"),
        (file_of(feature("WK059901")), "2025", "Kies het bestand van uw eigen gemeente"),
    ],
)
def test_file_that_is_refused_leaves_the_year(cast, leader, data, year, said):
    answer = upload(leader, cast.trajectory, data, year)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert f'value="{year}"' in answer.content.decode()
    assert not Wijk.objects.exists()


def test_year_of_the_file_goes_before_what_is_typed(cast, leader):
    data = file_of(feature(code_of(cast, "01")), metadata={"year": 2024})
    assert "de indeling van 2024 is" in upload(leader, cast.trajectory, data).content.decode()


def test_areas_of_two_years_or_one_inside_another_are_refused(cast, leader):
    def made(code: str, year: int) -> Wijk:
        return Wijk.objects.create(gemeente=cast.here, code=code, year=year, name=f"{code} {year}")

    old, new = made(code_of(cast, "01"), 2024), made(code_of(cast, "01"), 2025)
    buurt = made(f"BU{cast.here.code[2:]}0103", 2025)
    cast.trajectory.wijken.add(old)
    choose = reverse("area_choose", args=[cast.trajectory.pk])
    offered = leader.get(choose).content.decode()
    assert all(f", {year})" in offered for year in (2024, 2025))  # also what was read in later, of an earlier year
    assert "Kies gebieden van één jaar" in leader.post(choose, {"wijken": [old.pk, new.pk]}).content.decode()
    assert "is al een deel van" in leader.post(choose, {"wijken": [new.pk, buurt.pk]}).content.decode()
    theirs = Wijk.objects.create(gemeente=cast.there, code=f"WK{cast.there.code[2:]}01", year=2025, name="Elders")
    assert leader.post(choose, {"wijken": [theirs.pk]}).status_code == 200
    assert list(cast.trajectory.wijken.all()) == [old]
    assert areas.map_of_trajectory(cast.trajectory) is None  # no outline is known


@pytest.mark.django_db
@pytest.mark.parametrize(
    "outline",
    [[], {}, "x", [[]], [[[]]], [[[[1, 2], [3, 4]]]], [[[[1, 2], [3, "4"], [5, 6]]]], [[[1, 2], [3, 4], [5, 6]]],
     [[[[400000, 5300000]] * 4000]]],
)  # fmt: skip
def test_database_refuses_what_is_no_outline(cast, outline):
    with pytest.raises(IntegrityError), transaction.atomic():
        Wijk.objects.create(gemeente=cast.here, code=code_of(cast, "01"), year=2025, name="X", outline=outline)
