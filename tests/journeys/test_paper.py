"""Two parties and one round: one answers by letter, with the scan of it; the other is reminded, and answers after the day."""

from __future__ import annotations

import re
import secrets
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.factories import SCAN
from tests.journeys.conftest import LEADER
from tests.journeys.people import (
    RESERVED,
    Contactpersoon,
    Projectleider,
    Visitor,
    link_of_a_party_that_has_yet_to_answer,
    newest_in_mail,
)

# Asked five days ago, until tomorrow: nobody can date that back later, so the clock of this process stands in the past.
ASKED_BEFORE = """
from datetime import timedelta
from django.utils import timezone
from agendas import endorsing, versions
from stakeholders.models import Membership, Person
from tests.factories import AgendaFactory, AppointmentFactory, MembershipFactory, PartyFactory, TrajectoryFactory, complete_agenda
from thuiswijk.demo import clock
AgendaFactory.reset_sequence({number})
with clock(timezone.now() - timedelta(days=5)):
    leads = Membership.objects.get(person__email="{leader}")
    appointment = AppointmentFactory(membership=leads, trajectory__gemeente=leads.gemeente, trajectory__name="{area}")
    trajectory = appointment.trajectory
    for name, signatories in (("Kerk", 2), ("School", 1)):
        party = PartyFactory(gemeente=leads.gemeente, name=f"{{name}} {area}", signatories=signatories)
        trajectory.participations.create(party=party)
        address = f"{{name.lower()}}@{area}.example"
        MembershipFactory(party=party, gemeente=None, role="contactpersoon", person__email=address, person__name="Jo Kok")
    version = versions.freeze(complete_agenda(trajectory), by=leads.person)
    endorsing.open_round(version, deadline=timezone.localdate() + timedelta(days=6), by=leads.person)
print(version.pk)
"""


@pytest.mark.stack
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_letter_with_its_scan_and_an_answer_after_the_day(stack, window, leader_state, tmp_path, scripts):
    area = f"wijk-{secrets.token_hex(3)}"
    made = stack.manage(
        "shell", "--no-imports", "-c", ASKED_BEFORE.format(leader=LEADER, area=area, number=7000 + scripts)
    )
    assert made.returncode == 0, made.stderr
    number = int(made.stdout.split()[-1])
    version = f"/versies/{number}/"
    leader = Projectleider(window(state=leader_state, scripts=scripts), stack, scripts=scripts)

    # The letter of the church: by keyboard, and first without the second one, and with a scan that is none.
    leader.page.goto(version)
    press(leader, "link", f"Noteer een antwoord van Kerk {area}")
    leader.fills_in(
        method="Op papier", given_on=date.today().isoformat(), answer="De partij onderschrijft de hele agenda"
    )
    leader.fills_in(name="Wiebe Post", function="voorzitter", on_behalf_of="de kerkenraad", agreed=True)
    leader.fills_in(mandate="De functie geeft die bevoegdheid")
    sends(leader, tmp_path / "brief.pdf", b"PK\x03\x04 een document van Word")
    press(leader, "button", "Noteer dit antwoord")
    leader.sees("Dit bestand is geen PDF, JPEG of PNG")
    leader.sees("Vul in wie de tweede was.")
    expect(leader.page.locator("[name=on_behalf_of]")).to_have_value("de kerkenraad")
    leader.fills_in(second_name="Grietje Bos", second_function="scriba")
    sends(leader, tmp_path / "brief van de kerk.docx", SCAN)
    press(leader, "button", "Noteer dit antwoord")
    church = leader.page.get_by_role("listitem").filter(has_text=f"Kerk {area}")
    expect(church).to_contain_text("Wiebe Post, voorzitter, en Grietje Bos, scriba")
    expect(church).to_contain_text("een scan die de gemeente bewaart")
    kept = leader.downloads(church.get_by_role("link", name=re.compile("^Download de scan")), tmp_path)
    assert (kept.name, kept.read_bytes()) == ("brief van de kerk.pdf", SCAN)
    newest_in_mail(leader.page, f"kerk@{area}.example", "en Grietje Bos, scriba,")

    # The school is reminded on the day before; who answered is not. Then the day passes.
    reminds = "from agendas.tasks import remind; remind.delay()"
    assert stack.manage("shell", "--no-imports", "-c", reminds).returncode == 0
    reminded = """SELECT m."to" FROM stakeholders_mail m WHERE m.subject LIKE 'Herinnering%%' AND m."to" LIKE %s
        AND m.sent_at IS NOT NULL"""
    stack.wait_until(lambda: stack.sql(reminded, f"%@{area}.example"))
    assert stack.sql(reminded, f"%@{area}.example") == [(f"school@{area}.example",)]
    newest_in_mail(leader.page, f"school@{area}.example", f"School {area} heeft nog niet geantwoord")
    passed = "UPDATE agendas_round SET deadline = %s WHERE version_id = %s"
    stack.sql(passed, date.today() - timedelta(days=1), number)
    leader.page.goto(version)
    leader.sees("Die dag is voorbij. Een antwoord telt nog tot de ronde wordt gesloten.")

    # Late is not too late, as long as the round is open.
    school = Contactpersoon(window(width=360, scripts=scripts), stack, scripts=scripts)
    _, link = link_of_a_party_that_has_yet_to_answer(stack, number)  # the page with mail shows the newest only
    school.page.goto(link)
    school.sees("is voorbij. Uw antwoord telt nog tot de projectleider de ronde sluit.")
    school.answers(RESERVED, points=["1.1"], words="Als er een vrijwilliger is.")
    leader.page.goto(version)
    leader.closes_the_round()
    public = leader.page.get_by_role("link", name="de openbare pagina")
    leader.sees_by_itself(public)
    reader = Visitor(window(scripts=scripts), stack, scripts=scripts)
    reader.page.goto(str(public.get_attribute("href")))
    told = reader.page.get_by_role("region", name="Wat iedere partij antwoordde")
    expect(told.get_by_role("listitem").filter(has_text=f"Kerk {area}")).to_contain_text(
        "Wiebe Post, voorzitter, en Grietje Bos, scriba"
    )
    expect(told.get_by_role("listitem").filter(has_text=f"Kerk {area}")).to_contain_text("op papier, en genoteerd door")
    assert reader.page.goto(f"/scans/{scan_of(stack, area)}/") and "/inloggen/" in reader.page.url


def press(who: Visitor, role: str, name: str) -> None:
    """Presses a link or a button with the keyboard."""
    who.page.get_by_role(role, name=name, exact=True).focus()  # type: ignore[arg-type]
    who.page.keyboard.press("Enter")


def sends(who: Visitor, file: Path, data: bytes) -> None:
    file.write_bytes(data)
    who.page.locator("[name=scan]").set_input_files(file)


def scan_of(stack, area: str) -> int:
    query = """SELECT s.id FROM agendas_scan s JOIN agendas_endorsementrequest q ON q.id = s.request_id
        JOIN stakeholders_party p ON p.id = q.party_id WHERE p.name = %s"""
    return stack.sql(query, f"Kerk {area}")[0][0]
