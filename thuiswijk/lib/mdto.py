"""What an archive wants to know of a thing or of a file: MDTO 1.0, the Dutch standard for it, as XML.

An element is a pair of its name and what it holds: a text, or more of these pairs. They stand in the order that MDTO asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from lxml import etree

from thuiswijk.lib.text import clean

NAMESPACE = "https://www.nationaalarchief.nl/mdto"
FORMATS = {  # how a file name ends, the longest first: what PRONOM, the register of formats, calls it
    "scan.pdf": ("Portable Document Format", ""),  # of which version, whoever made the scan knows
    "scan.jpg": ("JPEG", ""),
    "scan.png": ("Portable Network Graphics", ""),
    "pdf": ("PDF/A-3a", "fmt/479"),
    "json": ("JSON Data Interchange Format", "fmt/817"),
    "csv": ("Comma Separated Values", "x-fmt/18"),
    "xlsx": ("Microsoft Excel for Windows (OOXML)", "fmt/214"),
    "odt": ("OpenDocument Text", "fmt/291"),
}
KEPT, DESTROYED = "B", "V"
APPRAISALS = {KEPT: "Blijvend te bewaren", DESTROYED: "Tijdelijk te bewaren"}

Element: TypeAlias = "tuple[str, str | list[Element]]"


@dataclass(frozen=True)
class Reference:
    """A thing that is described: its number, what gives it that number, and its name."""

    number: str
    source: str
    name: str

    def named(self) -> list[Element]:
        return [*self.identified(), ("naam", self.name)]

    def identified(self) -> list[Element]:
        identified: list[Element] = [("identificatieKenmerk", self.number), ("identificatieBron", self.source)]
        return [("identificatie", identified)]

    def referred(self) -> list[Element]:
        return [("verwijzingNaam", self.name), ("verwijzingIdentificatie", self.identified()[0][1])]


@dataclass(frozen=True)
class Appraisal:
    """How long the gemeente keeps it: for good or for so many years from a day, by which category of the selection list."""

    kind: str
    category: str = ""
    years: int | None = None
    since: date | None = None

    def told(self) -> list[Element]:
        told: list[Element] = [
            ("waardering", _concept(APPRAISALS[self.kind], "Begrippenlijst Waarderingen MDTO", self.kind))
        ]
        if self.years is not None and self.since is not None:
            kept_for: list[Element] = [
                ("termijnStartdatumLooptijd", self.since.isoformat()), ("termijnLooptijd", f"P{self.years}Y")
            ]  # fmt: skip
            told.append(("bewaartermijn", kept_for))
        if self.category:
            told.append(("informatiecategorie", _concept(self.category, "Selectielijst gemeenten")))
        return told


@dataclass(frozen=True)
class Thing:
    """An informatieobject: what it is, when, of whom, and what it is part of or holds."""

    is_: Reference
    level: str  # Dossier or Archiefstuk
    description: str
    maker: Reference
    appraisal: Appraisal
    restriction: tuple[str, str]  # in a few words, and in a sentence
    place: str
    events: Iterable[tuple[str, datetime]] = ()
    covers: tuple[date, date] | None = None
    part_of: Reference | None = None
    holds: Iterable[Reference] = ()
    files: Iterable[Reference] = ()

    def xml(self) -> bytes:
        return _xml("informatieobject", [
            *self.is_.named(),
            ("aggregatieniveau", _concept(self.level, "Begrippenlijst Aggregatieniveaus MDTO")),
            ("omschrijving", self.description),
            *([("dekkingInTijd", _period(*self.covers))] if self.covers else []),
            ("dekkingInRuimte", [("verwijzingNaam", self.place)]),
            ("taal", "nl"),
            *[("event", self._event(kind, at)) for kind, at in self.events],
            *self.appraisal.told(),
            *([("isOnderdeelVan", self.part_of.referred())] if self.part_of else []),
            *[("bevatOnderdeel", held.referred()) for held in self.holds],
            *[("heeftRepresentatie", file.referred()) for file in self.files],
            ("archiefvormer", self.maker.referred()),
            ("beperkingGebruik", [
                ("beperkingGebruikType", _concept(self.restriction[0], "Thuiswijk")),
                ("beperkingGebruikNadereBeschrijving", self.restriction[1]),
            ]),
        ])  # fmt: skip

    def _event(self, kind: str, at: datetime) -> list[Element]:
        return [
            ("eventType", _concept(kind, "Begrippenlijst EventTypeLijst MDTO")),
            ("eventTijd", at.isoformat(timespec="seconds")),
            ("eventVerantwoordelijkeActor", [("verwijzingNaam", self.maker.name)]),
        ]


def bestand(is_: Reference, *, of: Reference, sha256: str, size: int, when: datetime) -> bytes:
    """A file, which shows the thing `of`, with the checksum that was computed at `when`."""
    label, code = next(format_ for ending, format_ in FORMATS.items() if is_.name.endswith(f".{ending}"))
    return _xml("bestand", [
        *is_.named(),
        ("omvang", str(size)),
        ("bestandsformaat", _concept(label, "PRONOM-register", code)),
        ("checksum", [
            ("checksumAlgoritme", _concept("SHA256", "Begrippenlijst ChecksumAlgoritme MDTO")),
            ("checksumWaarde", sha256),
            ("checksumDatum", when.isoformat(timespec="seconds")),
        ]),
        ("isRepresentatieVan", of.referred()),
    ])  # fmt: skip


def _concept(label: str, list_: str, code: str = "") -> list[Element]:
    coded: list[Element] = [("begripCode", code)] if code else []
    return [("begripLabel", label), *coded, ("begripBegrippenlijst", [("verwijzingNaam", list_)])]


def _period(start: date, end: date) -> list[Element]:
    return [
        ("dekkingInTijdType", _concept("Looptijd", "Thuiswijk")),
        ("dekkingInTijdBegindatum", start.isoformat()),
        ("dekkingInTijdEinddatum", end.isoformat()),
    ]


def _xml(name: str, held: list[Element]) -> bytes:
    root = etree.Element(f"{{{NAMESPACE}}}MDTO", nsmap={None: NAMESPACE})
    _put(root, (name, held))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _put(parent: etree._Element, element: Element) -> None:
    name, held = element
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if isinstance(held, str):
        child.text = clean(held) or "onbekend"  # XML has no control characters, and MDTO no empty names
    else:
        for inner in held:
            _put(child, inner)
