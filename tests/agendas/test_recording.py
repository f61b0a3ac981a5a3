"""What happened in a round stands in a chain that nobody can mend, and sealed in the evidence for the gemeente."""

from __future__ import annotations

import ast
import json
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from agendas import countersigning, dossier, endorsing, proving, recording, reminding, sealing, versions
from agendas.endorsing import Colleague
from agendas.models import Document, EndorsementRequest, Round, RoundEvent
from stakeholders.models import Download, Party
from tests.agendas.example_document import example_content, example_evidence
from tests.agendas.test_endorsing import answer, link_to, newest_code
from tests.factories import complete_agenda
from thuiswijk.lib import chain, files, pdf, seal
from thuiswijk.lib.canonical import canonical
from thuiswijk.lib.pdf import attachments

pytestmark = pytest.mark.django_db
FORM = {
    "answer": "voorbehoud", "voorbehoud-1.1": "Als er geld is.", "name": "A. Jansma", "function": "directeur",
    "on_behalf_of": "het bestuur", "mandate": "besluit", "decided_on": "2026-01-02", "agreed": "on",
}  # fmt: skip


@pytest.fixture
def round_(cast) -> Round:
    agenda = complete_agenda(cast.trajectory)
    version = versions.freeze(agenda, by=cast.leader)
    return endorsing.open_round(version, deadline=timezone.localdate() + timedelta(days=7), by=cast.leader)


@pytest.fixture
def own_folders(settings, tmp_path):
    settings.MEDIA_ROOT, settings.KEYS_DIR = tmp_path / "media", tmp_path / "keys"
    sealing.signer.cache_clear()
    yield
    sealing.signer.cache_clear()


def kinds(round_) -> list[str]:
    return [event.data["kind"] for event in round_.events.all()]


def wrong_in(round_) -> int | None:
    events = list(round_.events.values("number", "body", "hash"))
    return chain.first_wrong(round_.version.digest, events, head=events[-1]["hash"])


def sealed_of(round_, cast) -> tuple[Document, Document]:
    """The sealed document and the evidence beside it, made as the worker makes them."""
    final = endorsing.close_round(round_, by=cast.leader, reason="De raad vergadert morgen.")
    assert sealing.build(final.pk)
    evidence = Document.objects.get(version=final.version, kind=Document.Kind.EVIDENCE)
    assert sealing.build(evidence.pk)
    return Document.objects.get(pk=final.pk), Document.objects.get(pk=evidence.pk)


def bytes_of(document: Document) -> bytes:
    return files.path_of(sealing.documents_folder(), document.sha256).read_bytes()


def page_of(round_: Round) -> str:
    """The dossier as it would be drawn now."""
    final = Document(sha256=64 * "b", stored_at=timezone.now())
    closed = Round.objects.get(pk=round_.pk)
    closed.closed_at = closed.closed_at or timezone.now()
    return dossier.dossier_html(canonical(dossier.evidence_of(closed, final)))


def propose(round_: Round, party: Party, **also) -> EndorsementRequest:
    """The first person of a party for which two sign answers, and asks Noor to sign with them."""
    first = round_.requests.select_related("round__version").get(party=party, is_current=True)
    return countersigning.propose(
        first, second=Colleague("noor@elders.example", "Noor", "bestuurder"), method="code per e-mail",
        code_sent_to="ans@elders.example", digest=round_.version.digest, answer="volledig", reservations=[], text="",
        name="A. Jansma", function="directeur", on_behalf_of="het bestuur", decided_on=None, **also,
    )  # fmt: skip


def evidence_in(document: Document) -> dict:
    return json.loads(attachments(bytes_of(document))["bewijs.json"])


# --- the chain ----------------------------------------------------------------------------------------------------------


def test_round_is_recorded_from_laying_out_to_closing(round_, cast):
    endorsing.ask(round_, cast.parties[1])
    given = answer(round_.requests.get(party=cast.parties[0], is_current=True))
    endorsing.postpone(round_, deadline=timezone.localdate() + timedelta(days=9))
    endorsing.close_round(round_, by=cast.leader, reason="De raad vergadert morgen.")
    assert kinds(round_) == ["opened", "asked", "asked", "asked", "asked", "answered", "postponed", "closed"]
    assert wrong_in(round_) is None
    said = round_.events.get(number=6).data
    assert (said["party"], said["digest"], said["answer"]) == (given.party_id, round_.version.digest, "volledig")
    assert (said["name"], said["on_behalf_of"], said["agreed"]) == ("A. Jansma", "het bestuur", recording.AGREED)


def test_withdrawing_ends_the_chain(round_, cast):
    endorsing.withdraw(round_.version, by=cast.leader, reason="Er staat een fout in.")
    assert round_.events.last().data["reason"] == "Er staat een fout in."
    recording.record(Round.objects.get(pk=round_.pk), "reminded", request=round_.requests.first())
    assert kinds(round_)[-1] == "withdrawn"


def test_paper_reminder_and_handing_over_are_recorded(round_, cast):
    first = round_.requests.get(party=cast.parties[0])
    endorsing.hand_over(first, to=Colleague("noor@elders.example", "Noor", "bestuurder"))
    round_.requests.update(code_sent_at=None)
    answer(
        round_.requests.get(party=cast.parties[1]),
        method="op papier", proof="Brief van 3 november", registered_by=cast.leader,
    )  # fmt: skip
    body = round_.events.last().data
    assert (body["kind"], body["by"], body["proof"]) == ("registered", cast.leader.pk, "Brief van 3 november")
    assert body["agreed"] == recording.AGREED_REGISTERED
    assert kinds(round_)[-2] == "handed_over"


def test_party_that_is_reminded_is_recorded(round_, cast, monkeypatch):
    later = timezone.now() + timedelta(days=6)
    monkeypatch.setattr(timezone, "now", lambda: later)
    reminding.remind_all()
    assert kinds(round_)[-3:] == ["reminded"] * 3


def test_both_signatures_are_recorded(round_, cast):
    Party.objects.filter(pk=cast.parties[0].pk).update(signatories=2)
    first = round_.requests.select_related("round__version").get(party=cast.parties[0])
    given = {
        "digest": round_.version.digest, "answer": "volledig", "reservations": [], "text": "", "name": "A. Jansma",
        "function": "directeur", "on_behalf_of": "het bestuur", "decided_on": None,
    }  # fmt: skip
    second = Colleague("noor@elders.example", "Noor", "bestuurder")
    how = {"method": "code per e-mail", "code_sent_to": "ans@elders.example"}
    asked = countersigning.propose(first, second=second, **how, **given)
    countersigning.decline(asked, reason="Ik ken het punt niet.")
    asked = countersigning.propose(first, second=second, **how, **given)
    countersigning.countersign(
        asked, digest=round_.version.digest, name="Noor", function="bestuurder", code_sent_to=second.email
    )
    told = ["proposed", "second_asked", "second_declined", "proposed", "second_asked", "answered"]
    assert kinds(round_)[-6:] == told
    said = round_.events.last().data["second"]
    assert (said["name"], said["code_sent_to"], said["agreed"]) == ("Noor", second.email, recording.AGREED_SECOND)


def test_answer_that_stands_is_recorded_with_the_version_that_was_answered(round_, cast):
    answer(round_.requests.get(party=cast.parties[0]))
    endorsing.close_round(round_, by=cast.leader, reason="Het duurt te lang.")
    agenda = round_.version.agenda
    agenda.summary = "Nog mooier."
    agenda.save()
    second = endorsing.open_round(versions.freeze(agenda, by=cast.leader), deadline=agenda.ends_on, by=cast.leader)
    carried = second.events.get(number=2).data
    assert (carried["kind"], carried["party"]) == ("carried", cast.parties[0].pk)
    assert (carried["version"], carried["digest"]) == (1, round_.version.digest)


@pytest.mark.usefixtures("own_folders")
def test_answer_given_in_a_withdrawn_round_is_proven_in_the_dossier_of_that_round(round_, cast, tmp_path, capsys):
    answer(
        round_.requests.get(party=cast.parties[0]), method="code per e-mail", code_sent_to="ans@voorbeeldstad.example"
    )
    endorsing.withdraw(round_.version, by=cast.leader, reason="Er staat een fout in.")
    evidence = round_.version.documents.get(kind=Document.Kind.EVIDENCE)
    assert sealing.build(evidence.pk)
    evidence.refresh_from_db()
    told = evidence_in(evidence)
    assert (told["document_sha256"], told["sealed_at"]) == ("", None)
    assert json.loads(told["events"][-1]["body"])["kind"] == "withdrawn"
    assert told["answers"][0]["code_sent_to"] == "ans@voorbeeldstad.example"
    page = dossier.dossier_html(bytes(evidence.answers))
    assert "De versie is ingetrokken.</strong> De reden: Er staat een fout in." in page
    assert "geen openbaar document" in page and "hoort bij het openbare document" not in page
    file = tmp_path / "dossier.pdf"
    file.write_bytes(bytes_of(evidence))
    call_command("verify_document", str(file))
    assert "Bij document: geen, want de versie is ingetrokken" in capsys.readouterr().out
    upload = SimpleUploadedFile("x.pdf", bytes_of(evidence), content_type="application/pdf")
    assert "Dit document is echt" in cast.client().post("/controleer/", {"file": upload}).content.decode()

    agenda = round_.version.agenda
    agenda.summary = "Nog mooier."
    agenda.save()
    second = endorsing.open_round(versions.freeze(agenda, by=cast.leader), deadline=agenda.ends_on, by=cast.leader)
    carried = next(event.data for event in second.events.all() if event.data["kind"] == "carried")
    assert carried["events_head"] == told["events_head"] != ""
    assert f"staat in het bewijsdossier van {agenda.number}, versie 1." in page_of(second)


def test_answer_from_before_the_record_is_not_said_to_have_a_dossier():
    told = example_evidence(example_content())
    assert ", versie 1." in dossier.dossier_html(canonical(told))
    for event in told["events"]:
        body = json.loads(event["body"])
        if body["kind"] == "carried":
            event["body"] = canonical(body | {"events_head": ""}).decode()
    assert "Toen werd nog niet stap voor stap vastgelegd wat er gebeurde." in dossier.dossier_html(canonical(told))


def test_address_that_was_erased_is_told_to_be_erased(round_, cast):
    request = round_.requests.get(party=cast.parties[0])
    address = request.address
    assert f"link gestuurd aan {address}" in page_of(round_)
    request.person.email = ""
    request.person.save()
    page = page_of(round_)
    assert address not in page and "link gestuurd, adres gewist" in page and "(adres gewist)" in page
    assert "er was geen e-mailadres" not in page


def test_second_who_declined_has_a_line_with_the_party(round_, cast):
    Party.objects.filter(pk=cast.parties[0].pk).update(signatories=2)
    countersigning.decline(propose(round_, cast.parties[0]), reason="Ik ken het punt niet.")
    page = page_of(round_)
    assert f"bij gebeurtenis {round_.events.count()}." in page and "Niet meegetekend" in page


def test_no_name_or_address_stands_in_the_chain_before_somebody_answers(round_, cast):
    endorsing.hand_over(round_.requests.get(party=cast.parties[0]), to=Colleague("noor@elders.example", "Noor", "lid"))
    proving.send_code(round_.requests.get(party=cast.parties[1]), to="ander@voorbeeldstad.example")
    everything = " ".join(round_.events.values_list("body", flat=True))
    assert "@" not in everything and "Noor" not in everything and cast.leader.name not in everything


def test_who_leads_and_asks_again_or_gives_more_time_is_recorded(round_, cast):
    browser = cast.client(cast.leader)
    Party.objects.filter(pk=cast.parties[1].pk).update(signatories=2)
    propose(round_, cast.parties[1])
    for party in cast.parties[:2]:
        browser.post(reverse("round_ask", args=[round_.version_id, party.pk]))
    later = timezone.localdate() + timedelta(days=9)
    browser.post(reverse("round_postpone", args=[round_.version_id]), {"later-deadline": later.isoformat()})
    told = [event.data for event in round_.events.all()][-3:]
    assert [one["kind"] for one in told] == ["asked", "second_asked", "postponed"]
    assert [one["by"] for one in told] == [cast.leader.pk] * 3
    page_ = page_of(round_)
    assert f"{cast.leader.name}, {cast.leader.function or 'projectleider'}, stuurde een link aan" in page_
    assert "stuurde een link om mee te tekenen aan" in page_ and ", gaf meer tijd: tot en met" in page_


def test_address_of_the_account_stands_not_in_the_chain(round_, cast):
    Party.objects.filter(pk=cast.parties[0].pk).update(signatories=2)
    asked = propose(round_, cast.parties[0], signed_in_as="account@elders.example")
    assert asked.proposal["signed_in_as"] == "account@elders.example"  # so that who answered can't sign too
    assert "account@elders.example" not in " ".join(round_.events.values_list("body", flat=True))


# --- what went wrong ----------------------------------------------------------------------------------------------------


@pytest.fixture
def page(round_, cast):
    browser = cast.client()
    return browser, browser.get(link_to(cast.parties[0]), follow=True).request["PATH_INFO"]


def test_wrong_code_is_recorded_though_it_is_refused(page, round_):
    browser, address = page
    form = FORM | {"digest": round_.version.digest}
    browser.post(address, form)
    code = newest_code()
    for wrong in ("1", "2"):
        browser.post(address, form | {"code": wrong})
    assert browser.post(address, form | {"code": code}).status_code == 302
    assert kinds(round_)[4:] == ["code_sent", "code_wrong", "code_wrong", "code_right", "answered"]
    assert [event.data["tries"] for event in round_.events.filter(number__in=[6, 7])] == [1, 2]
    to = round_.events.last().data["code_sent_to"]
    assert to == round_.requests.get(pk=round_.events.last().data["request"]).person.email


def test_code_that_no_longer_works_is_recorded_once(page, round_):
    browser, address = page
    form = FORM | {"digest": round_.version.digest}
    browser.post(address, form)
    code = newest_code()
    round_.requests.exclude(code_hash="").update(code_sent_at=timezone.now() - timedelta(minutes=11))
    for _ in range(3):
        browser.post(address, form | {"code": code})
    assert kinds(round_)[4:] == ["code_sent", "code_expired"]


def test_link_that_was_replaced_is_recorded_once_and_a_made_up_one_not(round_, cast):
    old = link_to(cast.parties[0])
    endorsing.ask(round_, cast.parties[0])
    for address in (old, old, "/o/verzonnen/"):
        assert cast.client().get(address).status_code == 404
    assert kinds(round_)[4:] == ["asked", "link_old"]
    assert round_.events.last().data["party"] == cast.parties[0].pk


def test_link_of_a_closed_round_adds_nothing(round_, cast):
    old = link_to(cast.parties[0])
    endorsing.ask(round_, cast.parties[0])
    endorsing.close_round(round_, by=cast.leader, reason="Het duurt te lang.")
    assert cast.client().get(old).status_code == 404
    assert kinds(round_)[-1] == "closed"


# --- what the database refuses ------------------------------------------------------------------------------------------


def next_event(round_, **other) -> RoundEvent:
    last = round_.events.last()
    columns = {"number": last.number + 1, "previous": last.hash, "body": '{"kind":"reminded"}'} | other
    columns.setdefault("hash", chain.link(columns["previous"], columns["body"]))
    return RoundEvent(round=round_, **columns)


def test_database_takes_the_next_event(round_):
    next_event(round_).save()
    assert wrong_in(round_) is None


@pytest.mark.parametrize(
    "other",
    [
        {"hash": 64 * "0"}, {"previous": 64 * "0"}, {"previous": ""}, {"number": 9}, {"number": 1}, {"number": 4},
    ],
    ids=str,
)  # fmt: skip
def test_database_refuses_what_is_not_the_next_event(round_, other):
    with pytest.raises(IntegrityError), transaction.atomic():
        next_event(round_, **other).save()


def test_database_refuses_an_event_after_the_round_closed(round_, cast):
    endorsing.close_round(round_, by=cast.leader, reason="Het duurt te lang.")
    with pytest.raises(IntegrityError), transaction.atomic():
        next_event(round_).save()


# --- the sealed evidence ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("own_folders")
def test_evidence_is_made_and_sealed_beside_the_final_document_once(round_, cast):
    answer(
        round_.requests.get(party=cast.parties[0]), method="code per e-mail", code_sent_to="ans@voorbeeldstad.example"
    )
    final, evidence = sealed_of(round_, cast)
    assert not sealing.build(evidence.pk)
    assert evidence.sealed_by == "Thuiswijk (voorbeeldzegel)"
    assert evidence.version.documents.count() == 3
    told, given = evidence_in(evidence), json.loads(attachments(bytes_of(final))["onderschrijvingen.json"])
    assert told["document_sha256"] == final.sha256
    assert told["events_head"] == given["events_head"] == round_.events.last().hash
    assert len(told["events"]) == given["events"] == round_.events.count()
    assert chain.first_wrong(told["digest"], told["events"], head=given["events_head"]) is None
    assert told["answers"][0]["code_sent_to"] == "ans@voorbeeldstad.example"
    assert b"@" not in attachments(bytes_of(final))["onderschrijvingen.json"]
    page = dossier.dossier_html(bytes(evidence.answers))
    assert "ans@voorbeeldstad.example" in page and recording.AGREED in page
    assert "geavanceerd" not in page.lower()


@pytest.mark.usefixtures("own_folders")
def test_what_went_wrong_stands_in_the_evidence(page, round_, cast):
    browser, address = page
    form = FORM | {"digest": round_.version.digest}
    browser.post(address, form)
    code = newest_code()
    browser.post(address, form | {"code": "1"})
    browser.post(address, form | {"code": code})
    old = link_to(cast.parties[1])
    endorsing.ask(round_, cast.parties[1])
    cast.client().get(old)
    _, evidence = sealed_of(round_, cast)
    page_ = dossier.dossier_html(bytes(evidence.answers))
    assert "Een verkeerde code ingevuld bij de vraag aan" in page_
    assert "(misschien door een mailfilter)" in page_
    assert "<strong>1</strong> verkeerde of verlopen code<" in page_  # an old link is none


def recorded_kinds() -> set[str]:
    """Every kind that our code records: the constants it gives to `recording.record`, also by way of a name."""
    found: set[str] = set()
    for path in (project.BASE_DIR / "agendas").glob("*.py"):
        tree = ast.parse(path.read_text())
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            named = {
                node.targets[0].id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            }
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "recording.record":
                    kind = call.args[1]
                    value = named[kind.id] if isinstance(kind, ast.Name) else kind
                    chosen = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                    found |= {ast.literal_eval(one) for one in chosen}
    return found


def test_every_event_that_is_recorded_has_words():
    everything = recorded_kinds()
    assert {"answered", "registered", "asked", "handed_over"} <= everything
    assert set(dossier.WORDS) == everything
    told = example_evidence(example_content())
    assert {json.loads(event["body"])["kind"] for event in told["events"]} == everything - {"withdrawn"}
    assert dossier.dossier_html(canonical(told))


@pytest.mark.usefixtures("own_folders")
def test_round_from_before_the_record_still_closes_and_says_that_nothing_was_recorded(cast):
    agenda = complete_agenda(cast.trajectory)
    version = versions.freeze(agenda, by=cast.leader)
    before = Round.objects.create(version=version, deadline=agenda.ends_on, opened_by=cast.leader)
    request = before.requests.create(party=cast.parties[0], token_hash=64 * "a", name="Ans", function="directeur")
    before.closed_at, before.closed_by, before.closed_reason = timezone.now(), cast.leader, "Het is klaar."
    before.save()
    old = {"schema": 4, **{key: value for key, value in endorsing.answers_of(before).items() if "events" not in key}}
    final = Document.objects.create(version=version, kind=Document.Kind.FINAL, answers=canonical(old))
    assert sealing.build(final.pk)
    evidence = version.documents.get(kind=Document.Kind.EVIDENCE)
    assert sealing.build(evidence.pk)
    evidence.refresh_from_db()
    assert evidence_in(evidence)["events"] == []
    assert "werd nog niet stap voor stap vastgelegd" in dossier.dossier_html(bytes(evidence.answers))
    assert request.name in dossier.dossier_html(bytes(evidence.answers))


def test_round_that_was_open_at_the_upgrade_says_that_its_list_begins_later(cast):
    agenda = complete_agenda(cast.trajectory)
    version = versions.freeze(agenda, by=cast.leader)
    before = Round.objects.create(version=version, deadline=agenda.ends_on, opened_by=cast.leader)
    asked = [before.requests.create(party=party, token_hash=str(party.pk)) for party in cast.parties]
    for request in asked:
        answer(request)
    final = endorsing.close_round(before, by=cast.leader)
    assert kinds(before) == ["answered"] * 3 + ["closed"]
    assert wrong_in(before) is None
    final.sha256, final.stored_at = 64 * "b", timezone.now()
    assert "De lijst begint daarom later" in dossier.dossier_html(canonical(dossier.evidence_of(before, final)))


def test_evidence_with_a_sign_that_no_font_has_is_drawn(cast, round_):
    final = endorsing.close_round(round_, by=cast.leader, reason="Het duurt te lang.")
    final.sha256, final.stored_at = 64 * "b", timezone.now()
    told = dossier.evidence_of(round_, final)
    told["requests"][0]["name"] = "王小明"
    data = dossier.draw_dossier(canonical(told))
    assert json.loads(attachments(data)["bewijs.json"])["requests"][0]["name"] == "王小明"


# --- who gets it --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("own_folders")
def test_evidence_is_for_a_projectleider_alone(round_, cast):
    final, evidence = sealed_of(round_, cast)
    page, address = f"/versies/{round_.version_id}/", f"/documenten/{evidence.pk}/"
    told = cast.client(cast.leader).get(page).content.decode()
    assert "Bewijsdossier" in told and address in told
    got = cast.client(cast.leader).get(address)
    assert got["Content-Disposition"] == f'attachment; filename="bewijsdossier-{final.version.code}.pdf"'
    assert Download.objects.get().what == evidence.file_name
    assert "Bewijsdossier" not in cast.client(cast.reader).get(page).content.decode()
    assert b"".join(got.streaming_content) == bytes_of(evidence)
    assert cast.client(cast.reader).get(address).status_code == 403
    assert cast.client(cast.stranger).get(address).status_code == 404
    public = cast.client().get(f"/controleer/{final.version.code}/document/")
    assert b"".join(public.streaming_content) == bytes_of(final)


@pytest.mark.usefixtures("own_folders")
def test_evidence_that_somebody_uploads_is_told_to_be_genuine_and_not_to_be_passed_on(round_, cast):
    answer(
        round_.requests.get(party=cast.parties[0]), method="code per e-mail", code_sent_to="ans@voorbeeldstad.example"
    )
    _, evidence = sealed_of(round_, cast)
    file = SimpleUploadedFile("x.pdf", bytes_of(evidence), content_type="application/pdf")
    told = cast.client().post("/controleer/", {"file": file}).content.decode()
    assert "Dit document is echt" in told and "bewijsdossier" in told
    assert "ans@voorbeeldstad.example" not in told


# --- checked offline ----------------------------------------------------------------------------------------------------


def sealed_again(evidence: Document, change, folder) -> bytes:
    """The same dossier with something changed in its data, sealed by somebody with a key of their own."""
    told = evidence_in(evidence)
    change(told)
    drawn = pdf.draw(
        dossier.dossier_html(bytes(evidence.answers)), root=sealing.settings.BASE_DIR / "static",
        attachments=[("bewijs.json", "x", canonical(told))], when=timezone.now(), seal_field="Zegel",
    )  # fmt: skip
    seal.make_key(folder / "other.p12", organisation="Gemeente Voorbeeldstad")
    signer = seal.load_signer(folder / "other.p12", "")
    return seal.seal(pdf.repack(drawn), signer=signer, reason="x", location="x")


@pytest.mark.usefixtures("own_folders")
def test_command_checks_the_chain_and_that_the_dossier_belongs_to_the_document(round_, cast, tmp_path, capsys):
    final, evidence = sealed_of(round_, cast)
    public, private = tmp_path / "agenda.pdf", tmp_path / "dossier.pdf"
    public.write_bytes(bytes_of(final))
    private.write_bytes(bytes_of(evidence))
    call_command("verify_document", str(private))
    assert "De keten van 5 gebeurtenissen klopt" in capsys.readouterr().out
    call_command("verify_document", str(public), dossier=private)
    assert "hoort bij dit document: 5 gebeurtenissen" in capsys.readouterr().out
    with pytest.raises(CommandError, match="hoort niet bij"):
        call_command("verify_document", str(public), dossier=public)


@pytest.mark.usefixtures("own_folders")
@pytest.mark.parametrize("how", ["changed", "left out", "cut off", "renumbered"])
def test_event_that_was_tampered_with_is_named(round_, cast, tmp_path, how):
    def change(told: dict) -> None:
        events = told["events"]
        if how == "changed":
            events[2]["body"] = events[2]["body"].replace("true", "false")
        elif how == "left out":
            del events[2]
        elif how == "cut off":
            del events[4]
        else:
            events[2]["number"] = 7

    _, evidence = sealed_of(round_, cast)
    file = tmp_path / "dossier.pdf"
    file.write_bytes(sealed_again(evidence, change, tmp_path))
    number = 5 if how == "cut off" else 3
    with pytest.raises(CommandError, match=f"Gebeurtenis {number} in het bewijsdossier klopt niet"):
        call_command("verify_document", str(file))
    upload = SimpleUploadedFile("x.pdf", file.read_bytes(), content_type="application/pdf")
    told = cast.client().post("/controleer/", {"file": upload}).content.decode()
    assert f"Gebeurtenis {number} in het bewijsdossier klopt niet" in told
