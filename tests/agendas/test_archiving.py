"""The zip for the archive, opened and checked as an archivist would, with nothing of ours."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from agendas import archiving, consenting, endorsing, expecting, sealing, versions
from agendas.models import Document, ProgressReport
from stakeholders.models import Download
from tests.agendas.test_endorsing import answer
from tests.factories import (
    CommitmentFactory,
    ContributionFactory,
    MeetingFactory,
    PointFactory,
    SealedFactory,
    ThemeFactory,
    complete_agenda,
)
from tests.trajectories.example_report import example_report
from thuiswijk.lib import files, mdto
from thuiswijk.lib.canonical import canonical
from trajectories import moderating, reporting
from trajectories.models import ERASED, Contribution, MeetingReport

pytestmark = pytest.mark.django_db
NS = f"{{{mdto.NAMESPACE}}}"
KEPT = {"kind": mdto.KEPT, "category": "Beleid en <regels>", "years": ""}
# In the order of MDTO 1.0.2, and how often at least and at most; None is as often as one likes.
ORDER = {
    "informatieobject": [
        ("identificatie", 1, None), ("naam", 1, 1), ("aggregatieniveau", 0, 1), ("omschrijving", 0, None),
        ("dekkingInTijd", 0, None), ("dekkingInRuimte", 0, None), ("taal", 0, None), ("event", 0, None),
        ("waardering", 1, 1), ("bewaartermijn", 0, 1), ("informatiecategorie", 0, 1), ("isOnderdeelVan", 0, None),
        ("bevatOnderdeel", 0, None), ("heeftRepresentatie", 0, None), ("archiefvormer", 1, None),
        ("beperkingGebruik", 1, None),
    ],
    "bestand": [
        ("identificatie", 1, None), ("naam", 1, 1), ("omvang", 1, 1), ("bestandsformaat", 1, 1), ("checksum", 1, None),
        ("isRepresentatieVan", 1, 1),
    ],
    "dekkingInTijd": [("dekkingInTijdType", 1, 1), ("dekkingInTijdBegindatum", 1, 1), ("dekkingInTijdEinddatum", 0, 1)],
    "event": [("eventType", 1, 1), ("eventTijd", 0, 1), ("eventVerantwoordelijkeActor", 0, 1)],
    "bewaartermijn": [("termijnStartdatumLooptijd", 0, 1), ("termijnLooptijd", 0, 1)],
    "beperkingGebruik": [("beperkingGebruikType", 1, 1), ("beperkingGebruikNadereBeschrijving", 0, 1)],
    "checksum": [("checksumAlgoritme", 1, 1), ("checksumWaarde", 1, 1), ("checksumDatum", 1, 1)],
}  # fmt: skip
IDENTIFIED = [("identificatieKenmerk", 1, 1), ("identificatieBron", 1, 1)]
REFERRED = [("verwijzingNaam", 1, 1), ("verwijzingIdentificatie", 0, 1)]
CONCEPT = [("begripLabel", 1, 1), ("begripCode", 0, 1), ("begripBegrippenlijst", 1, 1)]
ORDER |= dict.fromkeys(["identificatie", "verwijzingIdentificatie"], IDENTIFIED)
ORDER |= dict.fromkeys(
    ["dekkingInRuimte", "isOnderdeelVan", "bevatOnderdeel", "heeftRepresentatie", "archiefvormer", "isRepresentatieVan",
     "eventVerantwoordelijkeActor", "begripBegrippenlijst"], REFERRED,
)  # fmt: skip
ORDER |= dict.fromkeys(
    ["aggregatieniveau", "waardering", "informatiecategorie", "bestandsformaat", "dekkingInTijdType", "eventType",
     "beperkingGebruikType", "checksumAlgoritme"], CONCEPT,
)  # fmt: skip
DAY, MOMENT = r"\d{4}-\d\d-\d\d", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)?"
WRITTEN = {
    "omvang": r"\d+", "checksumDatum": MOMENT, "eventTijd": MOMENT, "termijnStartdatumLooptijd": DAY,
    "termijnLooptijd": r"P\d+Y", "dekkingInTijdBegindatum": DAY, "dekkingInTijdEinddatum": DAY, "taal": "nl",
}  # fmt: skip
HOSTILE = ["\x01\x0b\ud83d", "👩\u200d👩\u200d👧 🏡", "\u202eomgekeerd مرحبا", "<b>&\ufffe]]>", "   "]


@pytest.fixture
def stored(settings, tmp_path):
    """Where files are kept for this test."""
    settings.MEDIA_ROOT = tmp_path


def sealed_version(cast):
    """A version with its final document on disk."""
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader)
    SealedFactory(version=version, sha256=files.store(sealing.documents_folder(), b"%PDF-1.7 verzegeld"))
    return version


def report_of(meeting, number: int = 1) -> MeetingReport:
    report = meeting.reports.create(number=number, content=canonical(example_report()))
    drawn = {
        f"{kind}_sha256": files.store(reporting.reports_folder(), f"{kind} {number}".encode())
        for kind in ("pdf", "odt")
    }
    MeetingReport.objects.filter(pk=report.pk).update(state="stored", stored_at=timezone.now(), **drawn)
    return report


def downloaded(cast, **form) -> dict[str, bytes]:
    """The files of the zip, by their path in the bag."""
    answer = cast.client(cast.leader).post(reverse("trajectory_archive", args=[cast.trajectory.pk]), {**KEPT, **form})
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as zipped:
        assert zipped.testzip() is None
        names = zipped.namelist()
        assert len(names) == len(set(names))
        assert len({name.partition("/")[0] for name in names}) == 1
        return {name.partition("/")[2]: zipped.read(name) for name in names}


def check(bag: dict[str, bytes]) -> None:
    """Every file against the manifests, and every MDTO against its order and against the file beside it."""
    assert bag["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    payload = {path: data for path, data in bag.items() if path.startswith("data/")}
    tags = {path: data for path, data in bag.items() if path not in payload and path != "tagmanifest-sha256.txt"}
    for manifest, held in (("manifest-sha256.txt", payload), ("tagmanifest-sha256.txt", tags)):
        lines = dict(reversed(line.split("  ", 1)) for line in bag[manifest].decode().splitlines())
        assert lines == {path: hashlib.sha256(data).hexdigest() for path, data in held.items()}
    assert f"Payload-Oxum: {sum(map(len, payload.values()))}.{len(payload)}\n" in bag["bag-info.txt"].decode()
    for path, data in payload.items():
        assert path.isascii() and not set(path) & set('<>:"\\|?* ') and len(path) < 180
        if path.endswith(".mdto.xml"):
            thing = in_order(data)
            if thing.tag == f"{NS}bestand":
                of = payload[path.removesuffix(".mdto.xml")]
                assert thing.findtext(f"{NS}checksum/{NS}checksumWaarde") == hashlib.sha256(of).hexdigest()
                assert thing.findtext(f"{NS}omvang") == str(len(of))
        else:
            assert f"{path}.mdto.xml" in payload


def in_order(data: bytes) -> etree._Element:
    root = etree.fromstring(data)
    assert root.tag == f"{NS}MDTO"
    [thing] = root
    assert thing.tag in (f"{NS}informatieobject", f"{NS}bestand")
    for element in thing.iter():
        name, seen = element.tag.removeprefix(NS), [child.tag.removeprefix(NS) for child in element]
        if not seen:
            assert name not in ORDER and (element.text or "").strip()
            assert name not in WRITTEN or re.fullmatch(WRITTEN[name], element.text)
            continue
        order = ORDER[name]
        assert seen == sorted(seen, key=[name for name, _, _ in order].index)
        assert all(least <= seen.count(name) <= (most or len(seen)) for name, least, most in order)
    return thing


def test_empty_trajectory_is_a_whole_bag(cast, stored):
    bag = downloaded(cast)
    check(bag)
    code = f"traject-{cast.trajectory.pk}"
    assert {path for path in bag if path.startswith("data/")} == {
        f"data/{code}.mdto.xml", f"data/{code}-inbreng/{code}-inbreng.mdto.xml",
        f"data/{code}-inbreng/inbreng.csv", f"data/{code}-inbreng/inbreng.csv.mdto.xml",
    }  # fmt: skip
    assert Download.objects.get().what == f"{code}-lindenkwartier.zip"


def test_evidence_stands_apart_and_may_not_be_made_public(cast, stored):
    version = sealed_version(cast)
    proof = files.store(sealing.documents_folder(), b"%PDF-1.7 bewijs")
    SealedFactory(version=version, kind=Document.Kind.EVIDENCE, answers=b'{"schema": 1}', sha256=proof)
    bag = downloaded(cast)
    check(bag)
    folder = f"data/{version.code}-bewijs"
    assert bag[f"{folder}/bewijsdossier-{version.code}.pdf"] == b"%PDF-1.7 bewijs"
    assert bag[f"{folder}/bewijs.json"] == b'{"schema": 1}'
    assert "maak het niet openbaar" in bag[f"{folder}/{version.code}-bewijs.mdto.xml"].decode()
    assert "maak het niet openbaar" not in bag[f"data/{version.code}/{version.code}.mdto.xml"].decode()
    assert not [path for path in bag if "bewijs" in path and "-bewijs/" not in path]


def test_answers_to_a_version_that_was_taken_back_stand_in_it(cast, stored):
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader)
    round_ = endorsing.open_round(version, deadline=timezone.localdate(), by=cast.leader)
    assert f"data/{version.code}/onderschrijvingen.json" not in downloaded(cast)
    answer(round_.requests.earliest("pk"), name="Noor Bakker")
    endorsing.withdraw(version, by=cast.leader, reason="De datum klopt niet.")
    assert sealing.build(version.documents.get(kind=Document.Kind.EVIDENCE).pk)
    bag = downloaded(cast)
    check(bag)
    said = json.loads(bag[f"data/{version.code}/onderschrijvingen.json"])
    assert "Noor Bakker" in [one["name"] for one in said["answers"]]
    assert "sha256sum -c" in bag["LEESMIJ.txt"].decode()


def test_archive_waits_for_the_evidence(cast, stored):
    version = sealed_version(cast)
    version.documents.create(kind=Document.Kind.EVIDENCE, answers=b"{}")
    address = reverse("trajectory_archive", args=[cast.trajectory.pk])
    page = cast.client(cast.leader).post(address, KEPT).content.decode()
    assert f"het bewijsdossier van versie {version.number} wordt nog gemaakt" in page


def test_everything_stands_in_it_byte_for_byte(cast, stored):
    version, meeting = sealed_version(cast), MeetingFactory(trajectory=cast.trajectory)
    report_of(meeting)
    newest = report_of(meeting, number=2)
    bag = downloaded(cast)
    check(bag)
    final = version.documents.get(kind=Document.Kind.FINAL)
    assert bag[f"data/{version.code}/verbeteragenda-{version.code}.pdf"] == b"%PDF-1.7 verzegeld"
    assert bag[f"data/{version.code}/agenda.json"] == bytes(version.content)
    assert bag[f"data/{version.code}/onderschrijvingen.json"] == bytes(final.answers)
    assert f"data/{version.code}/{version.code}-verbeterpunten.xlsx" in bag
    assert bag[f"data/verslag-{meeting.pk}-nr-2/{newest.file_name('pdf')}"] == b"pdf 2"
    assert b"pdf 1" not in bag.values()
    dossier = etree.fromstring(bag[f"data/traject-{cast.trajectory.pk}.mdto.xml"])
    assert len(dossier.findall(f".//{NS}bevatOnderdeel")) == 3


def test_what_was_hidden_or_erased_is_not_in_it(cast, stored):
    meeting = MeetingFactory(trajectory=cast.trajectory)
    ContributionFactory(meeting=meeting, text="=Meer licht")
    hidden = ContributionFactory(meeting=meeting, text="Een lelijk woord")
    erased = ContributionFactory(meeting=meeting, text="Over mijn buurman")
    moderating.hide(hidden, by=cast.leader, reason="Scheldwoord.")
    moderating.erase(erased, by=cast.leader)
    bag = downloaded(cast)
    [sheet] = [data for path, data in bag.items() if path.endswith("inbreng.csv")]
    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [(row[5], row[7]) for row in rows[1:]] == [("bewoner", "'=Meer licht"), ("bewoner", ERASED)]
    assert not any(word in data for data in bag.values() for word in (b"lelijk", b"buurman"))


def said_by_parties(cast, party) -> Contribution:
    """A party answers an expectation, objects and then agrees in a room, and reports. Answers the expectation."""
    meeting = MeetingFactory(trajectory=cast.trajectory, kind="werk", title="Werkavond")
    said = ContributionFactory(meeting=meeting, kind="verwachting", addressed_to=party, text="Meer licht.")
    for text in ("Misschien.", "In mei."):
        expecting.answer(said, kind="doen", text=text, other_party=None, by=cast.leader, is_on_behalf=False)
    meeting.attendances.create(party=party, people=1)
    light = cast.trajectory.themes.filter(name="Licht").first() or ThemeFactory(
        trajectory=cast.trajectory, name="Licht"
    )
    point = PointFactory(theme=light, title="Een lamp")
    promise = CommitmentFactory(point=point, party=party, role="trekker", text="Wij hangen hem op.")
    seen = consenting.digest_of(point)
    for kind, words in (("bezwaar", "Niet in maart."), ("akkoord", "")):
        consenting.note(point, party=party, meeting=meeting, answer=kind, words=words, seen=seen, by=cast.leader)
    ProgressReport.objects.create(commitment=promise, state="klaar", text="Hij brandt.", reported_by=cast.leader)
    return said


def rows_in(bag: dict[str, bytes], name: str) -> list[list[str]]:
    [sheet] = [data for path, data in bag.items() if path.endswith(name)]
    return list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline=""), delimiter=";"))[1:]


def test_what_parties_said_since_is_in_it_and_nothing_of_what_is_hidden(cast, stored):
    party = cast.parties[1]
    said, hidden = said_by_parties(cast, party), said_by_parties(cast, cast.parties[2])
    moderating.hide(hidden, by=cast.leader, reason="Er staat een naam in.")
    bag, today = downloaded(cast), timezone.localdate().isoformat()
    check(bag)
    expectation = [str(said.pk), "Meer licht.", "bewoner", party.name, today, "dat doen wij", ""]
    assert rows_in(bag, "antwoorden.csv") == [[*expectation, text, "nee"] for text in ("Misschien.", "In mei.")]
    heard = [row[2:] for row in rows_in(bag, "zaal.csv") if row[4] == party.name]
    assert heard == [
        ["Licht", "Een lamp", party.name, "kan niet akkoord gaan", "Niet in maart.", "", "ja"],
        ["Licht", "Een lamp", party.name, "akkoord", "", "", "nee"],
    ]
    reported = [row for row in rows_in(bag, "voortgang.csv") if row[1] == party.name]
    assert reported == [["Een lamp", party.name, "trekker", "Wij hangen hem op.", today, "klaar", "Hij brandt."]]
    code = f"traject-{cast.trajectory.pk}"
    whole = bag[f"data/{code}.mdto.xml"].decode()
    assert all(f"{code}-{name}" in whole for name in ("inbreng", "antwoorden", "zaal", "voortgang"))


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_gives_names_and_xml_that_are_whole(cast, stored, name):
    cast.trajectory.name = name
    appraisal = mdto.Appraisal(mdto.KEPT, category=name)
    with (
        archiving.pack(cast.trajectory, appraisal=appraisal, when=timezone.now()) as made,
        zipfile.ZipFile(made) as zipped,
    ):
        assert all(path.startswith(f"{archiving.bag_name(cast.trajectory)}/") for path in zipped.namelist())
        check({path.partition("/")[2]: zipped.read(path) for path in zipped.namelist()})


def test_term_stands_in_it_only_where_it_is_not_kept_for_good(cast, stored):
    for kind, lasts in ((mdto.KEPT, None), (mdto.DESTROYED, "P20Y")):
        bag = downloaded(cast, kind=kind, years="20")
        thing = in_order(bag[f"data/traject-{cast.trajectory.pk}.mdto.xml"])
        assert thing.findtext(f"{NS}waardering/{NS}begripCode") == kind
        assert thing.findtext(f"{NS}bewaartermijn/{NS}termijnLooptijd") == lasts
        assert thing.findtext(f"{NS}informatiecategorie/{NS}begripLabel") == "Beleid en <regels>"


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"category": ""}, "Kies of de gemeente"),
        ({"kind": "V"}, "Schrijf hoeveel jaren"),
        ({"kind": "V", "years": "x"}, "een heel getal"),
    ],
)
def test_form_that_is_not_whole_gets_a_sentence(cast, stored, form, sentence):
    answer = cast.client(cast.leader).post(reverse("trajectory_archive", args=[cast.trajectory.pk]), form)
    assert sentence in answer.content.decode()
    assert not Download.objects.exists()


def test_nothing_is_given_while_a_report_is_being_made(cast, stored):
    MeetingFactory(trajectory=cast.trajectory).reports.create(number=1, content=canonical(example_report()))
    answer = cast.client(cast.leader).post(reverse("trajectory_archive", args=[cast.trajectory.pk]), KEPT)
    assert "wordt nog gemaakt" in answer.content.decode()


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_file_that_is_not_what_it_was_is_told(cast, stored, damage):
    version = sealed_version(cast)
    path = files.path_of(sealing.documents_folder(), version.documents.get(kind=Document.Kind.FINAL).sha256)
    path.unlink() if damage == "gone" else path.write_bytes(b"%PDF-1.7 iets anders")
    answer = cast.client(cast.leader).post(reverse("trajectory_archive", args=[cast.trajectory.pk]), KEPT)
    assert "ontbreekt of is veranderd" in answer.content.decode()
    assert not Download.objects.exists()


def test_holds_nothing_of_another_gemeente(cast, stored):
    elsewhere = MeetingFactory(trajectory=cast.elsewhere, title="Geheim")
    ContributionFactory(meeting=elsewhere, text="Geheim")
    report_of(elsewhere)
    bag = downloaded(cast)
    check(bag)
    assert not any(b"Geheim" in data or b"Elders" in data or b"pdf 1" in data for data in bag.values())
    there = cast.client(cast.leader).post(reverse("trajectory_archive", args=[cast.elsewhere.pk]), KEPT)
    assert there.status_code == 404


def test_asks_as_much_of_the_database_for_many_as_for_few(cast, stored):
    meeting, asked = MeetingFactory(trajectory=cast.trajectory), []
    for _ in range(2):
        for party in cast.parties:
            ContributionFactory(meeting=meeting, said_by=party)
            report_of(MeetingFactory(trajectory=cast.trajectory))
            said_by_parties(cast, party)
        with CaptureQueriesContext(connection) as captured:
            archiving.pack(cast.trajectory, appraisal=mdto.Appraisal(mdto.KEPT), when=timezone.now()).close()
        asked.append(len(captured))
    assert asked[0] == asked[1] <= 10, asked
