"""The mail server is down, then slow, then up and picky: every mail is sent once, and what is refused says so."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.mail import EmailMultiAlternatives, send_mail
from django.utils import timezone

from agendas import endorsing, sealing, versions
from stakeholders import mailing
from stakeholders.models import Mail
from tests.factories import complete_agenda
from tests.stack import free_port

REFUSED = "weg@voorbeeldstad.example"


class Postbox:
    """Takes mail in, save for one address."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.messages: list[EmailMessage] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == REFUSED:
            return "550 Dit adres bestaat niet"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.received += envelope.rcpt_tos
        self.messages.append(message_from_bytes(envelope.original_content or b"", policy=policy.default))
        return "250 OK"


@pytest.fixture
def postbox(settings) -> Postbox:
    """A mail server that is still down: start it with `up(settings, postbox)`."""
    settings.DEMO = False
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    return Postbox()


@contextlib.contextmanager
def up(settings, postbox: Postbox) -> Iterator[None]:
    controller = Controller(postbox, hostname=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def an_hour_passes() -> None:
    Mail.objects.filter(state=Mail.State.WAITING).update(next_try_at=timezone.now())


def worker_delivers() -> None:
    """What the worker does when it is woken for every mail, and for each of them twice."""
    for mail_id in [*Mail.objects.values_list("pk", flat=True)] * 2:
        mailing.deliver(mail_id)


def states() -> dict[str, tuple[Any, ...]]:
    return {mail.to: (mail.state, mail.attempts, mail.error, mail.text) for mail in Mail.objects.all()}


@pytest.mark.django_db
def test_mail_server_down_then_picky_every_mail_is_sent_once(settings, postbox):
    fine = [f"partij{number}@voorbeeldstad.example" for number in range(5)]
    send_mail("Wilt u de agenda onderschrijven?", "Ga naar deze pagina", None, [*fine, REFUSED])

    worker_delivers()
    assert states() == dict.fromkeys([*fine, REFUSED], ("waiting", 1, "ConnectionRefusedError", "Ga naar deze pagina"))
    worker_delivers()  # not again at once
    assert {attempts for _, attempts, *_ in states().values()} == {1}

    with socket.create_server(("127.0.0.1", settings.EMAIL_PORT)):  # takes the call, and says nothing
        settings.EMAIL_TIMEOUT = 0.2
        an_hour_passes()
        worker_delivers()
    assert {error for _, _, error, _ in states().values()} == {"SMTPServerDisconnected"}

    settings.EMAIL_TIMEOUT = 10
    with up(settings, postbox):
        for _ in range(3):
            an_hour_passes()
            worker_delivers()
    assert sorted(postbox.received) == fine
    assert {to: state[:1] + state[2:] for to, state in states().items()} == {
        **dict.fromkeys(fine, ("sent", "", "")),
        REFUSED: ("waiting", "SMTPRecipientsRefused", "Ga naar deze pagina"),
    }


@pytest.mark.django_db
def test_mail_server_down_for_an_hour_sealed_document_is_told_once(settings, postbox, cast, tmp_path):
    settings.MEDIA_ROOT, settings.KEYS_DIR = tmp_path / "media", tmp_path / "keys"
    sealing.signer.cache_clear()
    agenda = complete_agenda(cast.trajectory)
    round_ = endorsing.open_round(versions.freeze(agenda, by=cast.leader), deadline=agenda.ends_on, by=cast.leader)
    with up(settings, postbox):
        worker_delivers()
    postbox.messages.clear()
    document = endorsing.close_round(round_, by=cast.leader, reason="De raad vergadert morgen.")

    assert sealing.build(document.pk) and not sealing.build(document.pk)
    for _ in range(5):  # an hour, in which the worker tries now and then
        worker_delivers()
        an_hour_passes()
    page = cast.client(cast.leader).get(f"/versies/{round_.version_id}/").content.decode()
    assert "Verzegeld door Thuiswijk" in page
    assert not postbox.messages
    with up(settings, postbox):
        for _ in range(3):
            worker_delivers()
            an_hour_passes()
    told = sorted(str(mail["To"]) for mail in postbox.messages if "vastgesteld" in str(mail["Subject"]))
    assert told == sorted(party.contact.person.email for party in cast.parties)
    sealing.signer.cache_clear()


APPOINTMENT = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\nX-ZAAL:Eén lange regel {long}\r\nEND:VCALENDAR\r\n"


def with_alternative(message: EmailMultiAlternatives, appointment: str) -> None:
    message.attach_alternative(appointment, "text/calendar")


def with_attachment(message: EmailMultiAlternatives, appointment: str) -> None:
    message.attach("afspraak.ics", appointment, "text/calendar; method=REQUEST")


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
@pytest.mark.parametrize("carry", [with_alternative, with_attachment])
def test_appointment_arrives_as_one_and_is_forgotten_with_the_text(settings, postbox, carry, method):
    """As mail programs want it: the other form of the same mail, with its method in the Content-Type."""
    appointment = APPOINTMENT.format(method=method, long="x" * 900)
    message = EmailMultiAlternatives("Uitnodiging", "Komt u?", None, ["partij@voorbeeldstad.example"])
    carry(message, appointment)
    message.send()
    assert Mail.objects.get().calendar == appointment
    worker_delivers()
    assert Mail.objects.get().calendar == appointment  # the server is down: it is still needed
    with up(settings, postbox):
        an_hour_passes()
        worker_delivers()
    (arrived,) = postbox.messages
    assert arrived.get_content_type() == "multipart/alternative"
    text, calendar = arrived.iter_parts()
    assert text.get_content().strip() == "Komt u?"
    assert calendar.get_content_type() == "text/calendar"
    assert (calendar["Content-Type"].params["method"], calendar.get_content_charset()) == (method, "utf-8")
    assert calendar.get_payload(decode=True).decode().splitlines() == appointment.splitlines()
    mail = Mail.objects.get()
    assert (mail.state, mail.text, mail.calendar) == ("sent", "", "")


@pytest.mark.django_db
def test_mail_without_appointment_is_plain(settings, postbox):
    send_mail("Code", "AAAA-BBBB", None, ["partij@voorbeeldstad.example"])
    with up(settings, postbox):
        worker_delivers()
    assert [one.get_content_type() for one in postbox.messages] == ["text/plain"]
