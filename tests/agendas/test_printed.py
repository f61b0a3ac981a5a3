"""Whether what is printed is what the data say: the thirteenth kind of tampering, which no signature finds.

Whoever holds the key of the seal can print one agenda and embed another. The other twelve are in tests/lib/test_seal.py,
test_timestamps.py and test_recording.py.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from agendas import documents, verifying
from agendas.models import Commitment, Endorsement
from tests.agendas.example_document import (
    BEWONERS,
    GEMEENTE_RUIMTE,
    KERK,
    LINDE,
    ONDERNEMERS,
    WELZIJN,
    example_answers,
    example_content,
    reserved_everywhere,
)  # fmt: skip
from thuiswijk.lib import pdf, printed, seal
from thuiswijk.lib.canonical import canonical, digest
from thuiswijk.lib.inspect_pdf import inspect
from thuiswijk.lib.printed import Difference
from thuiswijk.lib.tagged import blocks_of
from thuiswijk.lib.text import clean

STREET, LINDE_NAME = "Gemeente Voorbeeldstad, afdeling Openbare Ruimte", "Woonstichting De Linde"


def agenda() -> tuple[dict[str, Any], dict[str, Any]]:
    """The example with three points, and little else: quicker to draw."""
    content = json.loads(canonical(example_content())) | {
        "contributions": [],
        "replies": [],
        "meetings": [],
        "figures": [],
    }
    content["area"]["map"] = None
    content["points"] = [point for point in content["points"] if point["number"] in ("1.1", "1.2", "3.1")]
    return content, example_answers(content)


def drawn(content: dict[str, Any], answers: dict[str, Any]) -> bytes:
    return pdf.repack(documents.draw_document(canonical(content), canonical(answers)))


def printed_as(content: dict[str, Any], answers: dict[str, Any]) -> bytes:
    """These words on the pages, and beside them the data of the example."""
    return drawn_again(html_of(content, answers))


def html_of(content: dict[str, Any], answers: dict[str, Any]) -> str:
    return documents.document_html(canonical(content), canonical(answers | {"digest": digest(canonical(content))}))


def drawn_again(html: str) -> bytes:
    true_content, true_answers = map(canonical, agenda())
    files = [("agenda.json", "Gegevens", true_content), ("onderschrijvingen.json", "Antwoorden", true_answers)]
    return pdf.repack(
        pdf.draw(
            html, root=settings.BASE_DIR / "static", attachments=files,
            when=datetime(2026, 12, 16, tzinfo=UTC), seal_field="Zegel",
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "zegel.p12"
    seal.make_key(path, organisation="Gemeente Voorbeeldstad")
    return seal.load_signer(path, "")


@pytest.fixture(scope="module")
def genuine() -> bytes:
    return drawn(*agenda())


def sealed(data: bytes, signer) -> bytes:
    return seal.seal(data, signer=signer, reason="Vastgestelde verbeteragenda", location="Voorbeeldstad")


def differences(data: bytes, content: dict[str, Any], answers: dict[str, Any]) -> list[Difference]:
    return printed.differences(blocks_of(data), content, answers)


# --- no false alarm ------------------------------------------------------------------------------------------------------


def test_genuine_document_is_whole_and_tells_what_was_compared(genuine, signer, tmp_path, capsys):
    data = sealed(genuine, signer)
    found = inspect(data)
    assert found["is_whole"] and found["points"] == 3 and found["differences"] == []
    (tmp_path / "agenda.pdf").write_bytes(data)
    call_command("verify_document", str(tmp_path / "agenda.pdf"))
    assert "De 3 verbeterpunten" in capsys.readouterr().out


def test_whole_example_says_what_its_data_say():
    content = example_content(2)
    answers = example_answers(content)
    assert differences(drawn(content, answers), content, answers) == []


def test_reservations_of_many_pages_are_no_difference_and_take_the_width_of_the_page():
    content, _ = agenda()
    answers = reserved_everywhere(content)
    data = drawn(content, answers)
    assert differences(data, content, answers) == []
    blocks = blocks_of(data)
    first = next(at for at, block in enumerate(blocks) if "Wat de partijen bij hun antwoord zeggen" in block.text)
    last = next(at for at, block in enumerate(blocks) if "Wat onderschrijven betekent" in block.text)
    words = sum(len(block.text) for block in blocks[first:last])
    assert words / (1 + blocks[last].page - blocks[first].page) > 2_500
    answers["answers"][-1]["reservations"][-1]["text"] += " En niet eerder."
    assert Difference("answer", party="Bewonersgroep Lindenkwartier") in differences(data, content, answers)


def test_reservations_with_words_of_their_own_are_each_looked_for():
    content, answers = agenda()
    answer = next(one for one in answers["answers"] if one["party"] == LINDE)
    texts = {"1.1": "Alleen met geld.", "1.2": "Niet in de winter – en niet op zondag.", "3.1": "Alleen met geld."}
    answer["reservations"] = [{"point": number, "text": text} for number, text in texts.items()]
    data = drawn(content, answers)
    assert differences(data, content, answers) == []
    answer["reservations"][1]["text"] = "Niet in de zomer."
    assert differences(data, content, answers) == [
        Difference("reservation", "1.2", LINDE_NAME), Difference("answer", party=LINDE_NAME)
    ]  # fmt: skip


ODD = [
    "e-mail, zon- en feestdagen", "€ 38.000 of € 4,50", "10-12 uur in 2027-2028", "-5 graden", "½ m²", "ﬁets en oﬃcieel",
    "’s avonds “nu”", "x́ en q́", "ẹ́kọ́", "Nguyễn Thị Ánh", "İstanbul ılık", "😀 👨‍👩‍👧‍👦 ❤️ 👍🏽 🇳🇱", "1️⃣ eerst",
    "שלום", "שָׁלוֹם עולם 12 en 34", "مسجد النور ٣٤ ۱۲",
    "ሰላም", "საქართველო", "Ելք", "Ελλάδα ϕ ∆ µ Ω", "a" * 120, "Hottentottententententoonstelling-zonder-eind-" * 3,
    "eerst\n- dan\n\n* en dan", "(haakjes) [1] <b> &amp;", "https://voorbeeld.example/pad/naar/iets-langs?x=1-2",
    "… — – ‐ ‑", "a\u00a0b", "№ 5 en 3×4", "Đ ð Ð ŉ", "eindigt op ”", "lang\u00adzaam",
]  # fmt: skip


def test_odd_text_is_no_difference():
    content, answers = agenda()
    texts = [text if "\u00ad" in text else clean(text) for text in ODD]
    content["points"] = [
        content["points"][0] | {
            "number": f"1.{number}", "title": " ".join(f"Begin {text} einde {text}".split()),
            "first_step": " ".join(text.split()), "why": text, "noticed_by": f"{text} slot",
            "means": f"begin {text}", "signal": text, "cause": text * 2,
            "amounts": [{"what": text, "amount": 1_234_567, "unit": "euro", "source": text}],
            "commitments": [
                {"party": KERK, "role": "trekker", "text": f"{text} einde {text}"},
                {"party": LINDE, "role": "kan_niet", "text": text},
            ],
        }
        for number, text in enumerate(texts, start=1)
    ]  # fmt: skip
    for party, text in zip(content["parties"], reversed(texts), strict=False):
        party["name"] = f"{' '.join(text.split())} {party['id']}"
    answers = example_answers(content)
    for answer, text in zip(answers["answers"], texts[8:], strict=False):
        answer |= {"name": " ".join(text.split()), "text": text} if answer["name"] else {}
    assert differences(drawn(content, answers), content, answers) == []


def test_text_that_breaks_over_pages_is_no_difference():
    """In cells beside each other, too: then the words of one stand between those of the other."""
    content, answers = agenda()
    long = [" ".join(f"{word}{number}-deel" for number in range(170)) for word in ("woord", "zin", "stuk")]
    for point in content["points"]:
        point |= dict(zip(("why", "noticed_by", "means"), long, strict=True))
        for made in point["commitments"]:
            made["text"] = f"{point['number']} {made['party']} {long[0]} {long[1]}"
    answers = example_answers(content)
    for answer in answers["answers"]:
        answer["text"] = answer["text"] and f"{long[2]} {long[0]}"
    data = drawn(content, answers)
    pages = {block.page for block in blocks_of(data) if "woord100-deel" in block.text.replace("\n", "")}
    assert len(pages) > 5
    assert differences(data, content, answers) == []


def test_every_word_for_a_role_and_an_answer_is_known_to_who_compares():
    assert all(label in printed.ROLES[role] for role, label in Commitment.Role.choices)
    assert all(
        label in printed.ANSWERS[answer] for answer, label in documents.ANSWERS.items() if answer != "niet_gevraagd"
    )
    assert set(Endorsement.Answer.values) < set(printed.ANSWERS)


# --- what is found -------------------------------------------------------------------------------------------------------


def promise(content: dict[str, Any], number: str, party: int) -> dict[str, Any]:
    point = next(point for point in content["points"] if point["number"] == number)
    return next(made for made in point["commitments"] if made["party"] == party)


def another_word(content, answers):
    made = promise(content, "1.1", GEMEENTE_RUIMTE)
    made["text"] = made["text"].replace("acht", "drie")


def another_amount(content, answers):
    content["points"][0]["means"] = content["points"][0]["means"].replace("38.000", "3.800")


def another_comma(content, answers):
    content["points"][0]["means"] = content["points"][0]["means"].replace("38.000", "38,000")


def another_sum(content, answers):
    content["points"][0]["amounts"][0]["amount"] *= 10


def another_day(content, answers):
    content["points"][0]["ready_on"] = "2028-06-30"


def another_step(content, answers):
    content["points"][1]["first_step"] = "Niets."


def left_out(content, answers):
    del content["points"][1]


def another_title(content, answers):
    content["points"][0]["title"] = content["points"][0]["title"].replace("goed", "minder")


def swapped(content, answers):
    one, other = promise(content, "1.1", GEMEENTE_RUIMTE), promise(content, "1.1", LINDE)
    one["text"], other["text"] = other["text"], one["text"]


def words_added(content, answers):
    promise(content, "1.1", LINDE)["text"] += " Als er geld is."


def another_role(content, answers):
    promise(content, "1.1", LINDE)["role"] = "deskundig"


def promised_by_nobody(content, answers):
    content["points"][0]["commitments"].append({"party": WELZIJN, "role": "meewerkend", "text": "Wij betalen."})


def without_reservation(content, answers):
    answer = next(one for one in answers["answers"] if one["party"] == LINDE)
    answer |= {"answer": "volledig", "reservations": []}


def another_reservation(content, answers):
    answer = next(one for one in answers["answers"] if one["party"] == LINDE)
    for one in answer["reservations"]:
        one["text"] = one["text"].replace("2028", "2038")


def refusal_to_yes(content, answers):
    next(one for one in answers["answers"] if one["party"] == BEWONERS)["answer"] = "volledig"


def somebody_else(content, answers):
    answers["answers"][0]["name"] = "Iemand Anders"


def another_function(content, answers):
    answers["answers"][0]["function"] = "wethouder"


def another_answer_of(content, answers):
    """The answer of who did not answer."""
    by_party = {one["party"]: one for one in answers["answers"]}
    by_party[ONDERNEMERS] |= {**by_party[KERK], "party": ONDERNEMERS}


def kept_from_before(content, answers):
    answers["answers"][0]["version"] = 1


def one_more_reservation(content, answers):
    answer = next(one for one in answers["answers"] if one["party"] == LINDE)
    answer["reservations"].append({"point": "1.1", "text": "Alleen als wij daar zin in hebben."})


def reservation_of_who_made_none(content, answers):
    answers["answers"][0] |= {"answer": "voorbehoud", "reservations": [{"point": "1.2", "text": "Niet in de zomer."}]}


def longer_reason(content, answers):
    answer = next(one for one in answers["answers"] if one["party"] == BEWONERS)
    answer["text"] = f"Wij zeggen niet langer: {answer['text'][0].lower()}{answer['text'][1:]}"


def reason_beside_the_reason(content, answers):
    answer = next(one for one in answers["answers"] if one["party"] == BEWONERS)
    answer["text"] = f"Later zeiden wij ja.”\n“{answer['text']}"


FORGED = {
    another_word: [Difference("promise", "1.1", STREET)],
    another_amount: [Difference("means", "1.1")],
    another_comma: [Difference("means", "1.1")],
    another_sum: [Difference("amounts", "1.1")],
    another_day: [Difference("ready_on", "1.1")],
    another_step: [Difference("first_step", "1.2")],
    left_out: [Difference("point", "1.2")],
    another_title: [Difference("point", "1.1")],
    swapped: [Difference("promise", "1.1", STREET), Difference("promise", "1.1", LINDE_NAME)],
    words_added: [Difference("promise", "1.1", LINDE_NAME)],
    another_role: [Difference("promise", "1.1", LINDE_NAME)],
    promised_by_nobody: [Difference("extra_promise", "1.1", "Welzijn Voorbeeldstad")],
    without_reservation: [Difference("reservation", "3.1", LINDE_NAME), Difference("answer", party=LINDE_NAME)],
    another_reservation: [Difference("reservation", "3.1", LINDE_NAME), Difference("answer", party=LINDE_NAME)],
    refusal_to_yes: [Difference("answer", party="Bewonersgroep Lindenkwartier")],
    somebody_else: [Difference("answer", party=STREET)],
    another_function: [Difference("answer", party=STREET)],
    another_answer_of: [Difference("answer", party="Winkeliers van het Lindeplein")],
    kept_from_before: [Difference("answer", party=STREET)],
    one_more_reservation: [Difference("extra_reservation", "1.1"), Difference("answer", party=LINDE_NAME)],
    reservation_of_who_made_none: [Difference("extra_reservation", "1.2"), Difference("answer", party=STREET)],
    longer_reason: [Difference("answer", party="Bewonersgroep Lindenkwartier")],
    reason_beside_the_reason: [Difference("answer", party="Bewonersgroep Lindenkwartier")],
}

# What no data make the template print: in the page itself the first words are replaced by the second.
REWRITTEN = {
    "took it back": ("bij punt 3.1<", "bij punt 3.1, en trok dat in<", [Difference("answer", party=LINDE_NAME)]),
    "another point that ends so": ("bij punt 3.1<", "bij punt 13.1<", [Difference("answer", party=LINDE_NAME)]),
    "but for one": (
        "onderschrijft volledig</span>", "onderschrijft volledig</span>, behalve punt 1.1",
        [Difference("answer", party=STREET)],
    ),
    "another answer beside it": (
        '<tr><th scope="row">Woonstichting De Linde</th><td><span class="answer voorbehoud">',
        '<tr><th scope="row">Woonstichting De Linde</th><td>onderschrijft volledig</td><td>Joost Hendriks, directeur</td></tr>'
        '<tr><th scope="row">Woonstichting De Linde</th><td><span class="answer voorbehoud">',
        [Difference("answer", party=LINDE_NAME)],
    ),
    "another voorbehoud at a point": (
        "Voorbehoud van Woonstichting De Linde</span> ", "Voorbehoud van Woonstichting De Linde</span> Vervallen: ",
        [Difference("reservation", "3.1", LINDE_NAME)],
    ),
    "a reason by another name": (
        "Waarom niet</span>", "Waarom eerst niet</span>", [Difference("answer", party="Bewonersgroep Lindenkwartier")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("forge", FORGED)
def test_other_words_under_the_same_seal_are_named(forge):
    content, answers = agenda()
    forge(content, answers)
    assert differences(printed_as(content, answers), *agenda()) == FORGED[forge]


@pytest.mark.parametrize("name", REWRITTEN)
def test_words_that_only_a_forger_prints_are_named(name):
    old, new, found = REWRITTEN[name]
    content, answers = agenda()
    html = html_of(content, answers)
    assert old in html
    assert differences(drawn_again(html.replace(old, new, 1)), content, answers) == found


def with_glyphs(data: bytes, old: str, new: str) -> bytes:
    """The page on which one piece of text holds these words, drawn again with others: nothing else is touched."""
    with pikepdf.open(BytesIO(data)) as document:
        for page in document.pages:
            instructions, changed = [], False
            font: dict[str, bytes] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    font = glyphs(page.obj["/Resources"]["/Font"][operands[0]])
                elif str(operator) == "TJ" and not changed and all(sign in font for sign in old + new):
                    codes = b"".join(bytes(part) for part in operands[0] if isinstance(part, pikepdf.String))
                    was, becomes = (b"".join(font[sign] for sign in text) for text in (old, new))
                    if was in codes:
                        operands, changed = [pikepdf.Array([pikepdf.String(codes.replace(was, becomes))])], True
                instructions.append((operands, operator))
            if changed:
                page.obj["/Contents"] = document.make_stream(pikepdf.unparse_content_stream(instructions))
        changed_file = BytesIO()
        document.save(changed_file, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return changed_file.getvalue()


def glyphs(font: pikepdf.Object) -> dict[str, bytes]:
    lines = font["/ToUnicode"].read_bytes().decode().splitlines()
    pairs = [
        line.replace(">", "").replace("<", "").split()
        for line in lines
        if line.startswith("<") and line.count("<") == 2
    ]
    return {bytes.fromhex(text).decode("utf-16-be"): bytes.fromhex(code) for code, text in pairs if len(text) == 4}


def test_page_that_was_drawn_again_and_sealed_with_the_same_key_is_named(genuine, signer, tmp_path):
    forged = sealed(with_glyphs(genuine, " acht ", " drie "), signer)
    assert seal.check(forged).is_whole  # as far as any signature goes
    found = inspect(forged)
    assert not found["is_whole"] and found["problems"] == ["text_differs"]
    told = verifying.sentences_of(found)
    assert told[0] == "Wat er gedrukt staat, is niet de tekst die de partijen hebben onderschreven."
    assert f"Bij verbeterpunt 1.1 staat de toezegging van {STREET} niet zoals die is vastgelegd." in told
    (tmp_path / "agenda.pdf").write_bytes(forged)
    with pytest.raises(CommandError, match=r"Bij verbeterpunt 1\.1 staat de toezegging"):
        call_command("verify_document", str(tmp_path / "agenda.pdf"))


def test_text_that_is_written_but_not_painted_does_not_count(genuine):
    with pikepdf.open(BytesIO(genuine)) as document:
        for page in document.pages:
            page.obj["/Contents"] = document.make_stream(b"3 Tr\n" + page.obj["/Contents"].read_bytes())
        hidden = BytesIO()
        document.save(hidden)
    assert len(differences(hidden.getvalue(), *agenda())) >= 3


def test_document_without_tags_has_no_text_to_compare(genuine):
    with pikepdf.open(BytesIO(genuine)) as document:
        del document.Root["/StructTreeRoot"]
        bare = BytesIO()
        document.save(bare)
    found = inspect(bare.getvalue())
    told = verifying.sentences_of(found)
    assert found["problems"] == ["no_signature", "text_differs"]
    assert len(told) == 2 + verifying.MOST_DIFFERENCES + 1 and told[-1].startswith("En op nog ")


def test_every_difference_has_a_sentence():
    kinds = {one.what for found in FORGED.values() for one in found} | {*printed.PARTS, "own_promise"}
    assert kinds == set(verifying.DIFFERENCES)


def test_pages_that_can_not_be_read_get_a_sentence(genuine):
    with pikepdf.open(BytesIO(genuine)) as document:
        given = json.loads(document.attachments["onderschrijvingen.json"].get_file().read_bytes())
        given["answers"][0]["party"] = 99
        document.attachments["onderschrijvingen.json"] = pikepdf.AttachedFileSpec(document, canonical(given))
        odd = BytesIO()
        document.save(odd)
    assert verifying.sentences_of(inspect(odd.getvalue()))[-1]
