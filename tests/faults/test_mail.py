"""The mail server is down, then slow, then up and picky: every mail is sent once, and what is refused says so."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.mail import send_mail
from django.utils import timezone

from stakeholders import mailing
from stakeholders.models import Mail
from tests.stack import free_port

REFUSED = "weg@voorbeeldstad.example"


class Postbox:
    """Takes mail in, save for one address."""

    def __init__(self) -> None:
        self.received: list[str] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == REFUSED:
            return "550 Dit adres bestaat niet"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.received += envelope.rcpt_tos
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
