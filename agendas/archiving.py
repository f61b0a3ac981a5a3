"""Everything of a trajectory as one zip for the archive of the gemeente: a BagIt bag, with MDTO beside every file.

It holds what was frozen and made, and what was said as the pages show it: nothing that was hidden, the sign of what was erased,
and no names of residents. Of a meeting only the newest report goes in: an older one may hold what was hidden since.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.text import slugify

from agendas import consenting, expecting, renditions, sealing
from agendas.answers import answers_of
from agendas.models import AgendaVersion, Commitment, Consent, Document, ExpectationAnswer, ProgressReport, Scan
from thuiswijk.lib import files
from thuiswijk.lib.bags import Bag
from thuiswijk.lib.canonical import canonical
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.mdto import Appraisal, Reference, Thing, bestand
from thuiswijk.lib.text import clean
from trajectories import reporting
from trajectories.models import MeetingReport, Trajectory, words_of

SPOKEN_HEAD = ["nummer", "bijeenkomst", "datum", "vraag", "soort", "gezegd door", "aan", "inbreng"]
ANSWERED_HEAD = [
    "nummer van de inbreng", "verwachting", "gezegd door", "aan", "datum", "antwoord", "andere partij", "in eigen woorden",
    "opgeschreven door de projectleider",
]  # fmt: skip
ROOM_HEAD = [
    "bijeenkomst", "datum", "thema", "verbeterpunt", "partij", "antwoord", "in eigen woorden", "wat ermee is gedaan",
    "later in de bijeenkomst veranderd",
]  # fmt: skip
PROGRESS_HEAD = ["verbeterpunt", "partij", "rol", "toezegging", "datum", "stand", "wat er is gebeurd"]
WITH_WORDS = (
    "Kan persoonsgegevens bevatten",
    "Hierin staat wat mensen zeiden, in hun eigen woorden. Namen van bewoners zijn niet opgenomen, maar de woorden zelf "
    "kunnen iets over een persoon zeggen. Beoordeel dit voordat u het openbaar maakt.",
)
WITH_ADDRESSES = (
    "Bevat persoonsgegevens",
    "Hierin staan namen, functies en e-mailadressen van wie namens een partij antwoordde, en scans van brieven. Alleen "
    "voor de gemeente: maak het niet openbaar.",
)
ANSWERS = "onderschrijvingen.json"
READ_ME = """{told}

In de map data staat een map per archiefstuk. Naast ieder bestand staat een bestand dat eindigt op .mdto.xml. Daarin staat wat
het is, hoe groot het is, en welk controlegetal (SHA-256) het heeft. Het hele dossier staat beschreven in data/{whole}.mdto.xml.

In een map die eindigt op -bewijs staan e-mailadressen en scans van brieven. Maak die niet openbaar.

Zo controleert u of alles heel is: pak het zipbestand uit, en geef in de map waarin dit bestand staat deze opdracht:

    sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt
"""
NOT_READY = (
    "Nog niet alles is klaar: {} wordt nog gemaakt. Wacht een paar minuten en probeer het opnieuw. "
    "Lukt het dan nog niet? Vraag het aan uw beheerder."
)
MISSING = (
    "Een bestand ontbreekt of is veranderd: {}. Zo is het archief niet heel. Vraag uw beheerder om het terug te zetten."
)

# The name, what it holds (or where that is, or how to fetch it when its turn comes), and the checksum that it must have, ""
# where none is known.
File = tuple[str, bytes | Path | Callable[[], bytes], str]


@dataclass(frozen=True)
class Piece:
    """An archiefstuk: its files stand in one folder, by the names that they have when somebody downloads them."""

    number: str
    name: str
    description: str
    files: list[File]
    events: list[tuple[str, datetime]] = field(default_factory=list)
    restriction: tuple[str, str] = WITH_WORDS


def bag_name(trajectory: Trajectory) -> str:
    """What the archive of this trajectory is called; plain letters, for every file system."""
    return f"traject-{trajectory.pk}-{slugify(trajectory.name)[:40].strip('-') or 'wijk'}"


def pack(trajectory: Trajectory, *, appraisal: Appraisal, when: datetime) -> IO[bytes]:
    """The zip, as a file that is gone once it is closed. Raises Refused where something is not made yet, or missing."""
    pieces = chain(_versions(trajectory), _reports(trajectory), [_spoken(trajectory)], _since(trajectory))
    made = tempfile.TemporaryFile()  # noqa: SIM115  who downloads it closes it
    try:
        with zipfile.ZipFile(made, "w") as zipped:
            _fill(Bag(bag_name(trajectory), zipped, when), trajectory, pieces, appraisal)
    except BaseException:
        made.close()
        raise
    made.seek(0)
    return made


def _fill(bag: Bag, trajectory: Trajectory, pieces: Iterable[Piece], appraisal: Appraisal) -> None:
    gemeente = trajectory.gemeente
    source, maker = f"Thuiswijk van gemeente {gemeente.name}", f"Gemeente {gemeente.name}"
    whole = Reference(f"traject-{trajectory.pk}", source, f"Traject {trajectory.name}")
    about: dict[str, Any] = {
        "maker": Reference(gemeente.code, "CBS-gemeentecode", maker), "appraisal": appraisal,
        "place": trajectory.name,
    }  # fmt: skip
    parts, restriction = [], WITH_WORDS
    for piece in pieces:
        restriction = piece.restriction if restriction == WITH_WORDS else restriction
        is_ = Reference(piece.number, source, piece.name)
        held = [_put(bag, is_, *file) for file in piece.files]
        thing = Thing(
            is_, "Archiefstuk", piece.description, events=piece.events, restriction=piece.restriction,
            part_of=whole, files=held, **about,
        )  # fmt: skip
        bag.add(f"{piece.number}/{piece.number}.mdto.xml", thing.xml())
        parts.append(is_)
    begun = timezone.localdate(trajectory.made_at)
    told = f"Het traject {trajectory.name} van {maker}: verbeteragenda’s, verslagen, inbreng en wat partijen zeiden."
    covers = (begun, timezone.localdate(bag.when))
    dossier = Thing(whole, "Dossier", told, holds=parts, covers=covers, restriction=restriction, **about)
    bag.add(f"{whole.number}.mdto.xml", dossier.xml())
    info = {"Source-Organization": maker, "External-Identifier": whole.number, "External-Description": told}
    bag.close(info, {"LEESMIJ.txt": READ_ME.format(told=clean(told), whole=whole.number)})


def _put(bag: Bag, of: Reference, name: str, source: bytes | Path | Callable[[], bytes], sha256: str) -> Reference:
    """A file and, beside it, its MDTO."""
    path, is_ = f"{of.number}/{name}", Reference(f"{of.number}/{name}", of.source, name)
    try:
        packed = bag.add(path, source() if callable(source) else source)
    except OSError as error:
        raise Refused(MISSING.format(name)) from error
    if sha256 and packed.sha256 != sha256:
        raise Refused(MISSING.format(name))
    bag.add(f"{path}.mdto.xml", bestand(is_, of=of, sha256=packed.sha256, size=packed.size, when=bag.when))
    return is_


def _versions(trajectory: Trajectory) -> Iterator[Piece]:
    """Every version: what parties were asked, what they answered, its documents, and its points as sheets; and its evidence."""
    made = Prefetch("documents", Document.objects.order_by("kind"))
    versions = AgendaVersion.objects.filter(agenda__trajectory=trajectory).select_related("agenda", "round__closed_by")
    for version in versions.prefetch_related(made).order_by("number"):
        code, title = version.code, f"{version.data['title']}, versie {version.number}"
        by_kind = {Document.Kind(one.kind): one for one in version.documents.all()}
        evidence = by_kind.pop(Document.Kind.EVIDENCE, None)
        held: list[File] = [("agenda.json", bytes(version.content), version.digest)]
        for document in by_kind.values():
            held += _document(document, ANSWERS)
        held += _withdrawn(version)
        held.append((f"{code}-verbeterpunten.csv", renditions.points_csv(version.data), ""))
        held.append((f"{code}-verbeterpunten.xlsx", renditions.points_xlsx(version.data), ""))
        told = (
            "De agenda zoals die is bevroren, en wat daarvan is gemaakt. Met de antwoorden, als de ronde gesloten is."
        )
        yield Piece(code, title, told, held, [("Bevriezing", version.frozen_at)])
        if evidence is not None:
            told = "Hoe de partijen antwoordden, stap voor stap, en hoe de gemeente weet wie het was."
            proof = _document(evidence, "bewijs.json") + scans_of(version)
            created = [("Creatie", evidence.asked_at)]
            yield Piece(f"{code}-bewijs", f"Bewijsdossier bij {title}", told, proof, created, WITH_ADDRESSES)


def scans_of(version: AgendaVersion) -> list[File]:
    """The papers on which parties answered, each with the digest that the evidence names."""
    scans = Scan.objects.filter(endorsement__round__version=version).order_by("pk")
    return [
        (f"antwoord-{pk}.scan{Path(name).suffix}", partial(_content_of, pk), sha256)
        for pk, name, sha256 in scans.values_list("pk", "name", "sha256")
    ]


def _content_of(pk: int) -> bytes:
    """One scan at a time: together they may be hundreds of megabytes."""
    return bytes(Scan.objects.values_list("content", flat=True).get(pk=pk))


def _withdrawn(version: AgendaVersion) -> list[File]:
    """What the parties answered to a version that was taken back: no document says it."""
    round_ = getattr(version, "round", None)
    return [(ANSWERS, canonical(answers_of(round_)), "")] if round_ and round_.is_withdrawn else []


def _document(document: Document, data_name: str) -> list[File]:
    """The PDF and the data that is sealed in it. A draft that could not be drawn is missed by nobody."""
    if document.state == Document.State.STORED:
        path = files.path_of(sealing.documents_folder(), document.sha256)
        pdf: list[File] = [(document.file_name, path, document.sha256)]
    elif document.is_to_be_sealed:
        what = "het definitieve document" if document.kind == Document.Kind.FINAL else "het bewijsdossier"
        raise Refused(NOT_READY.format(f"{what} van versie {document.version.number}"))
    else:
        pdf = []
    return pdf + ([(data_name, bytes(document.answers), "")] if document.answers else [])


def _reports(trajectory: Trajectory) -> Iterator[Piece]:
    """The newest report of every meeting that has one."""
    standing = MeetingReport.objects.standing().filter(meeting__trajectory=trajectory).select_related("meeting")
    for report in standing.order_by("meeting_id", "-number").distinct("meeting_id"):
        name = report.says["meeting"]["title"]
        if report.state != MeetingReport.State.STORED:
            raise Refused(NOT_READY.format(f"het verslag van “{name}”"))
        folder = reporting.reports_folder()
        held: list[File] = [
            (report.file_name(kind), files.path_of(folder, sha256), sha256)
            for kind, sha256 in (("pdf", report.pdf_sha256), ("odt", report.odt_sha256))
        ]
        made = [("Creatie", datetime.fromisoformat(report.says["made_at"]))]
        number = f"verslag-{report.meeting_id}-nr-{report.number}"
        yield Piece(number, f"Verslag: {name}", "Het verslag van een bijeenkomst.", held, made)


def _spoken(trajectory: Trajectory) -> Piece:
    """What was said, as the pages show it: of who is no party it says that a resident said it."""
    said = trajectory.contributions.shown().select_related("meeting", "said_by", "addressed_to")
    rows = (
        [
            str(one.pk), one.meeting.title, _day(one.made_at), one.question, one.kind,
            one.said_by.name if one.said_by else "bewoner",
            one.addressed_to.name if one.addressed_to else one.addressed_name, words_of(one.text),
        ]
        for one in said.order_by("pk")
    )  # fmt: skip
    told = "Wat er in het traject is gezegd, zonder namen van bewoners en zonder wat verborgen is."
    data = renditions.csv_of(SPOKEN_HEAD, rows)
    return Piece(
        f"traject-{trajectory.pk}-inbreng", f"Inbreng van {trajectory.name}", told, [("inbreng.csv", data, "")]
    )


def _since(trajectory: Trajectory) -> Iterator[Piece]:
    """What parties said to what is expected of them, to the points and of what they promised: each where there is something."""
    for name, title, told, head, rows in (
        ("antwoorden", "Antwoorden op verwachtingen", "Wat partijen zeiden op wat van hen wordt verwacht, ook eerder.",
         ANSWERED_HEAD, list(_answered(trajectory))),
        ("zaal", "Wat de zaal vond", "Wat partijen in een bijeenkomst van de verbeterpunten vonden.",
         ROOM_HEAD, list(_heard(trajectory))),
        ("voortgang", "Voortgang", "Wat partijen meldden over wat zij hebben toegezegd.",
         PROGRESS_HEAD, list(_reported(trajectory))),
    ):  # fmt: skip
        if rows:
            data: list[File] = [(f"{name}.csv", renditions.csv_of(head, rows), "")]
            yield Piece(f"traject-{trajectory.pk}-{name}", f"{title}: {trajectory.name}", told, data)


def _answered(trajectory: Trajectory) -> Iterator[list[str]]:
    """Every answer to what is shown, the first one first."""
    shown = expecting.expectations_of(trajectory).order_by()
    given = ExpectationAnswer.objects.filter(contribution__in=shown).order_by("contribution_id", "pk")
    for one in given.select_related("contribution__said_by", "contribution__addressed_to", "other_party"):
        said = one.contribution
        yield [
            str(said.pk), words_of(said.text), said.said_by.name if said.said_by else "bewoner", said.to_whom,
            _day(one.answered_at), one.get_kind_display(), one.other_party.name if one.other_party else "", one.text,
            "ja" if one.is_on_behalf else "nee",
        ]  # fmt: skip


def _heard(trajectory: Trajectory) -> Iterator[list[str]]:
    """What each party said in each meeting, in the order in which it said it; the last of it stands."""
    said = Consent.objects.filter(meeting__trajectory=trajectory).select_related("meeting", "point__theme", "party")
    consents = list(said.order_by("meeting__starts_at", "meeting", "point__theme__position", "point__position", "pk"))
    before = consenting.said_before(consents)
    for one in consents:
        meeting, point = one.meeting, one.point
        where = [meeting.title, _day(meeting.starts_at), point.theme.name, point.title, one.party.name]
        for earlier in before[one.pk]:
            yield [*where, earlier.label, earlier.words, earlier.reply, "ja"]
        yield [*where, one.get_answer_display(), one.words, one.reply, "nee"]


def _reported(trajectory: Trajectory) -> Iterator[list[str]]:
    roles = dict(Commitment.Role.choices)
    reports = ProgressReport.objects.filter(commitment__point__trajectory=trajectory).order_by("reported_at", "pk")
    for one in reports.select_related("commitment__point", "commitment__party"):
        promise = one.commitment
        yield [
            promise.point.title, promise.party.name, roles[promise.role], promise.text, _day(one.reported_at),
            one.get_state_display(), one.text,
        ]  # fmt: skip


def _day(at: datetime) -> str:
    return timezone.localdate(at).isoformat()
