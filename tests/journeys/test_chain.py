"""From what was said in a hall to a sealed document that anybody can verify; once with scripts and once without."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import LEADER
from tests.journeys.people import FULL, REFUSED, RESERVED, Contactpersoon, Deelnemer, Projectleider, Visitor


@pytest.mark.stack
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_chain_from_sign_in_to_a_verified_sealed_document(stack, window, tmp_path, scripts):
    area = "Havenbuurt Noord" if scripts else "Havenbuurt Zuid"
    own = area.lower().replace(" ", "-")
    works, homes, club = f"Afdeling Beheer {area}", f"Woonstichting {area}", f"Buurtvereniging {area}"
    address = {party: f"{name}@{own}.example" for party, name in [(works, "beheer"), (homes, "wonen"), (club, "buurt")]}

    leader = Projectleider(window(scripts=scripts), stack, scripts=scripts)
    leader.signs_in(LEADER)
    leader.begins_trajectory(area)
    leader.adds_party(works, "gemeente", "Wim de Vries", address[works])
    leader.adds_party(homes, "woningcorporatie", "Ana Kaya", address[homes])
    leader.adds_party(club, "vereniging", "Jo Smit", address[club])
    code = leader.opens_start_meeting("Wat verwacht u van elkaar?")

    # In the hall: the phone sends, and the list of the projectleider fills.
    phone = Deelnemer(window(scripts=scripts, width=360), stack, scripts=scripts)
    phone.joins(code)
    phone.says("Het is ’s avonds donker achter de flats.")
    leader.sees_by_itself(leader.page.get_by_text("Het is ’s avonds donker achter de flats."))
    phone.says("Wij komen graag helpen bij het plein.", for_party=club)
    phone.says("Kom langs als wij bellen over de lift.", for_party=club, expects_of=homes)
    leader.sees_by_itself(leader.page.get_by_role("heading", name="3 keer inbreng"))
    leader.sees("Kom langs als wij bellen over de lift.")

    # From the flip-overs: a bad file first, which takes in nothing.
    bad, good = tmp_path / "fout.csv", tmp_path / "flip-overs.csv"
    bad.write_text(f"inbreng;partij;soort\nMeer groen;{homes}x;\nMeer licht;Niemand;wens\n", encoding="utf-8-sig")
    good.write_text(f"partij;inbreng;aan\n;Meer groen op het plein;\n{club};Meer licht;{works}\n", encoding="utf-8-sig")
    leader.uploads(bad)
    leader.sees_heading("Er is nog niets ingelezen")
    leader.sees(f'Bedoelde u "{homes}"?')
    sentences = leader.page.get_by_role("alert").get_by_role("listitem").all_text_contents()
    assert [sentence[:8] for sentence in sentences] == ["Regel 2:", "Regel 3:", "Regel 3:"]
    leader.page.goto(leader.meeting)
    leader.sees_heading("3 keer inbreng")
    leader.uploads(good)
    leader.sees_heading("Klopt dit?")
    leader.presses("Lees 2 regels in")
    leader.sees("2 keer inbreng ingelezen")
    leader.sees_heading("5 keer inbreng")
    leader.presses("Sluit de bijeenkomst")

    # Themes: several at once, move one, take one out and put it back.
    leader.makes_theme("Veilig buiten")
    leader.makes_theme("Goed wonen")
    leader.ticks("donker achter de flats", "Meer licht", "Meer groen", "graag helpen")
    leader.moves_to("Veilig buiten", "Plaats")
    leader.sees("4 keer inbreng bij “Veilig buiten” gezet.")
    leader.ticks("over de lift")
    leader.moves_to("Goed wonen", "Plaats")
    leader.looks_at_theme("Veilig buiten")
    leader.ticks("graag helpen")
    leader.moves_to("Goed wonen", "Verplaats")
    leader.looks_at_theme("Goed wonen")
    expect(leader.page.locator("input[name=contributions]")).to_have_count(2)
    leader.ticks("graag helpen")
    leader.takes_out()
    leader.sees("1 keer inbreng uit “Goed wonen” gehaald.")
    leader.looks_at_theme("Nog niet geplaatst")
    leader.ticks("graag helpen")
    leader.moves_to("Veilig buiten", "Plaats")

    # Points, texts, and freezing: with a gap it asks why, without one it does not.
    ready = date.today() + timedelta(days=200)
    leader.makes_point(
        "Veilig buiten",
        "Het achterpad is verlicht",
        None,
        [
            (works, "trekker", "Wij hangen zes lampen op."),
            (club, "werkt mee", "Wij wijzen aan waar het donker is."),
            (homes, "kan dit niet", "De gevels zijn niet van ons."),
        ],
    )
    leader.makes_point(
        "Goed wonen", "De lift is binnen een dag gemaakt", ready, [(homes, "trekker", "Wij komen dezelfde dag.")]
    )
    leader.writes_the_texts("Wij maken de straat lichter en de lift heel.")
    leader.freezes()
    leader.sees("Los ze op, of schrijf op waarom u toch doorgaat.")
    leader.sees("Verbeterpunt “Het achterpad is verlicht” heeft nog geen datum waarop het klaar is.")
    leader.gives_point_its_date("Het achterpad is verlicht", ready)
    leader.answers_expectation("over de lift", "Dat doen wij", "Wij bellen dezelfde dag terug.")
    leader.answers_expectation("Meer licht", "Dat kunnen wij niet", "Dat mag alleen de netbeheerder.")
    leader.says_where_it_comes_from("Het achterpad is verlicht", "donker achter de flats", "Meer licht")
    leader.says_where_it_comes_from("De lift is binnen een dag gemaakt", "over de lift")
    leader.goes_to("Verbeteragenda")
    leader.sees("De agenda is compleet")
    leader.freezes()
    leader.sees_heading(re.compile("versie 1$"))
    leader.sees_by_itself(leader.page.get_by_role("link", name="Download (PDF)"))
    draft = leader.downloads(leader.page.get_by_role("link", name="Download (PDF)"), tmp_path)
    assert draft.name.endswith("-concept.pdf")

    # Each party answers from its own link.
    leader.lays_before_the_parties()
    for party, answer, points, words in [
        (works, FULL, [], ""),
        (homes, RESERVED, ["De lift is binnen een dag gemaakt"], "Alleen als de onderdelen er zijn."),
        (club, REFUSED, [], "Onze leden willen eerst meer weten."),
    ]:
        contact = Contactpersoon(window(scripts=scripts, width=360), stack, scripts=scripts)
        contact.opens_link_of(address[party])
        contact.sees(party)
        contact.answers(answer, points=points, words=words)
        leader.sees_by_itself(leader.page.get_by_text(words or "Noor Bakker").first)
    expect(leader.page.get_by_text("Heeft nog niet geantwoord.")).to_have_count(0)

    # Closed, sealed by the worker, downloaded.
    leader.closes_the_round()
    public = leader.page.get_by_role("link", name="de openbare pagina")
    leader.sees_by_itself(public)
    final = leader.downloads(leader.page.get_by_role("link", name="het document, vastgesteld"), tmp_path)
    assert final.read_bytes() != draft.read_bytes()
    public_address = public.get_attribute("href")

    # Anybody can verify it, without an account.
    reader = Visitor(window(scripts=scripts), stack, scripts=scripts)
    reader.page.goto("/controleer/")
    reader.page.locator("[name=file]").set_input_files(final)
    reader.presses("Controleer")
    reader.sees_heading("Dit document is echt")
    _sees_the_answers(reader, {works: "volledig", homes: "met voorbehoud", club: "onderschrijft niet"})
    reader.sees("Alleen als de onderdelen er zijn.")

    changed = tmp_path / "veranderd.pdf"
    changed.write_bytes(_with_one_byte_changed(final.read_bytes()))
    reader.page.goto("/controleer/")
    reader.page.locator("[name=file]").set_input_files(changed)
    reader.presses("Controleer")
    expect(reader.page.get_by_role("alert")).to_contain_text("Dit is er mis")
    expect(reader.page.get_by_text("Dit document is echt")).to_have_count(0)

    offline = stack.manage("verify_document", str(final))
    assert offline.returncode == 0, offline.stderr
    assert works in offline.stdout
    assert stack.manage("verify_document", str(changed)).returncode == 1

    reader.page.goto(str(public_address))
    _sees_the_answers(reader, {works: "volledig", homes: "met voorbehoud", club: "onderschrijft niet"})
    again = Projectleider(reader.page, stack).downloads(
        reader.page.get_by_role("link", name="Download het document (PDF)"), tmp_path
    )
    assert again.read_bytes() == final.read_bytes()
    assert_log_names_nobody(stack)


def assert_log_names_nobody(stack) -> None:
    """After everything that people did: no name, address, link, code or session stands in what the platform logged."""
    lines = [line for line in stack.log.splitlines() if re.match(r"\d{4}-\d\d-\d\dT", line)]
    assert sum("request_finished" in line for line in lines) > 100
    secret = [
        *stack.sql("SELECT name FROM stakeholders_person UNION SELECT name FROM stakeholders_membership"),
        *stack.sql('SELECT email FROM stakeholders_user UNION SELECT "to" FROM stakeholders_mail'),
        *stack.sql(
            "SELECT DISTINCT (regexp_matches(text, '/[ou]/([A-Za-z0-9_-]{40,})', 'g'))[1] FROM stakeholders_mail"
        ),
        *stack.sql(
            "SELECT substring(text from '[A-Z0-9]{4}-[A-Z0-9]{4}') FROM stakeholders_mail WHERE subject ~ '^Uw code'"
        ),
        *stack.sql("SELECT session_key FROM django_session"),
        *stack.sql("SELECT left(text, 60) FROM trajectories_contribution"),
    ]
    words = {word for (word,) in secret if word}
    assert len(words) > 100
    log = "\n".join(lines)
    assert {word for word in words if word in log} == set()


def _sees_the_answers(reader: Visitor, answers: dict[str, str]) -> None:
    section = reader.page.get_by_role("region", name="Wat iedere partij antwoordde")
    for party, words in answers.items():
        expect(section.get_by_role("listitem").filter(has_text=party)).to_contain_text(words)


def _with_one_byte_changed(data: bytes) -> bytes:
    place = len(data) // 3
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
