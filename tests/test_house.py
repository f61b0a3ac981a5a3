"""How the house itself behaves: settings, health, logs, headers, signing in."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from agendas import consenting
from agendas.models import AgendaVersion, Consent, Document
from stakeholders.models import Mail
from thuiswijk import demo
from thuiswijk.celery import heartbeat
from thuiswijk.lib.logs import without_secrets

ROOT = Path(__file__).resolve().parent.parent


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """Loads the settings in a process with only these variables."""
    return subprocess.run(
        [sys.executable, "-c", "import thuiswijk.settings"],
        cwd=ROOT, capture_output=True, text=True, env={"PATH": os.environ["PATH"], **environment},
    )  # fmt: skip


NEEDED = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/x",
    "CELERY_BROKER_URL": "redis://127.0.0.1:1",
    "PUBLIC_URL": "https://thuiswijk.example.org",
    "SECRET_KEY": "x" * 50,
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "MAIL_FROM": "thuiswijk@example.org",
    "SECURITY_CONTACT": "mailto:security@example.org",
}


def test_settings_start_when_all_is_there():
    started = start(**NEEDED)
    assert started.returncode == 0, started.stderr


@pytest.mark.parametrize("name", sorted(set(NEEDED) - {"DATABASE_URL"}))
def test_settings_name_what_is_missing(name):
    started = start(**{key: value for key, value in NEEDED.items() if key != name})
    assert started.returncode != 0
    assert f"{name} is not set." in started.stderr


@pytest.mark.django_db
def test_health_names_the_part_that_fails(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    report = client.get("/healthz")
    assert report.status_code == 503
    assert (report.json()["database"], report.json()["worker"], report.json()["disk"]) == ("ok", "failing", "ok")
    heartbeat()
    assert client.get("/healthz").json()["worker"] == "ok"


@pytest.mark.django_db
def test_pages_carry_a_strict_policy(client):
    answer = client.get("/controleer/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_page_of_who_is_signed_in_is_kept_by_no_cache(cast, client):
    assert cast.client(cast.leader).get("/")["Cache-Control"] == "no-store, private"
    public = client.get("/privacy/")
    assert "no-store" not in public.headers.get("Cache-Control", "")
    assert "camera=()" in public["Permissions-Policy"]
    assert public["X-Content-Type-Options"] == "nosniff"
    assert public["Cross-Origin-Opener-Policy"] == "same-origin"


def test_security_txt_says_where_to_tell_and_until_when(client, settings):
    settings.SECURITY_CONTACT = "mailto:ciso@voorbeeldstad.example"
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"].startswith("text/plain")
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields["Contact"] == "mailto:ciso@voorbeeldstad.example"
    assert timedelta(days=30) < datetime.fromisoformat(fields["Expires"]) - timezone.now() < timedelta(days=365)


def test_log_line_holds_no_address_and_no_token():
    event = {"event": "request_started", "request": "GET /o/geheim-token_123/", "ip": "192.0.2.1", "user_agent": "x"}
    assert without_secrets(None, "info", event) == {"event": "request_started", "request": "GET /o/…/"}


@pytest.mark.django_db
def test_nobody_signs_up_and_no_answer_tells_who_is_known(cast, client):
    answers = []
    for email in (cast.leader.user.email, "onbekend@voorbeeldstad.example"):
        page = client.post(reverse("account_login"), {"email": email}, follow=True)
        answers.append(re.sub(r'(name="csrfmiddlewaretoken" value=|[\w.]+@)"?[\w.]+"?', "", page.content.decode()))
        client.cookies.clear()
    assert answers[0] == answers[1]
    assert Mail.objects.filter(to=cast.leader.user.email).exists()
    assert client.get("/account/signup/").status_code == 404


@pytest.mark.django_db
def test_code_by_mail_signs_in(cast, client):
    client.post(reverse("account_login"), {"email": cast.reader.user.email})
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", Mail.objects.get().text).group()
    wrong = client.post(reverse("account_confirm_login_code"), {"code": "AAAA-AAAA"})
    assert wrong.status_code == 200
    right = client.post(reverse("account_confirm_login_code"), {"code": code})
    assert right.status_code == 302
    assert cast.trajectory.name in client.get("/").content.decode()


@pytest.mark.django_db
def test_unknown_address_is_a_page_in_dutch(client, cast):
    answer = cast.client(cast.leader).get("/bestaat-niet/")
    assert answer.status_code == 404
    assert '<html lang="nl"' in answer.content.decode()


@pytest.mark.django_db
def test_demo_fills_once_and_in_every_phase(settings, tmp_path):
    demo.fill()
    assert demo.is_filled()
    from trajectories.models import Trajectory

    steps = {str(t.step) for t in Trajectory.objects.with_step()}
    assert {"aanmelding", "gesprekken", "themas", "onderschrijven", "nakoming"} <= steps
    said = Consent.objects.filter(meeting__state="closed", noted_at__lt=timezone.now() - timedelta(days=1))
    assert set(said.values_list("answer", flat=True)) == {"akkoord", "opmerking", "bezwaar"}
    assert not list(consenting.open_objections(Trajectory.objects.get(agenda__title="Verbeteragenda Havenbuurt")))


@pytest.mark.django_db
def test_demo_tells_each_thing_at_its_own_moment():
    demo.fill()
    now = timezone.now()
    for version in AgendaVersion.objects.all():
        said = version.agenda.trajectory.contributions.latest("made_at")
        round_ = version.round
        answers = list(round_.endorsements.order_by("endorsed_at"))
        moments = [said.made_at, version.frozen_at, round_.opened_at, answers[0].endorsed_at, answers[-1].endorsed_at]
        moments.append(round_.closed_at or now)
        assert moments == sorted(moments)
        assert version.data["frozen_at"] == version.frozen_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert len({answer.endorsed_at.date() for answer in answers}) > len(answers) / 2
        assert {asked.asked_at for asked in round_.requests.all()} == {round_.opened_at}
        assert round_.closed_at is None or round_.closed_at.date() < now.date()
    assert not Document.objects.exclude(state=Document.State.WAITING).exists()  # sealed by the worker, at its own time
    assert timezone.now() >= now


def test_demo_and_production_do_not_go_together():
    started = start(**NEEDED, DEMO="1")
    assert started.returncode != 0
    assert "DEMO shows all mail" in started.stderr


def test_demo_leaves_a_named_database_alone(monkeypatch):
    from django.core.management import CommandError

    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/x")
    with pytest.raises(CommandError, match="--into-database"):
        call_command("demo")


class Everything(forms.Form):
    text = forms.CharField(max_length=3)
    own = forms.CharField(error_messages={"required": "Zeg eerst iets."})
    day = forms.DateField()
    email = forms.EmailField()
    number = forms.IntegerField(min_value=1)
    choice = forms.ChoiceField(choices=[("a", "A")])
    file = forms.FileField()


def test_forms_speak_plain_dutch_and_say_what_to_do():
    empty = Everything({}, {}).errors
    assert set(empty) == set(Everything.base_fields)
    assert empty["own"] == ["Zeg eerst iets."]
    wrong = Everything(
        {"text": "lang", "own": "x", "day": "31 februari", "email": "geen", "number": "0", "choice": "b"}, {}
    ).errors
    for found in (empty, wrong):
        for name, sentences in found.items():
            assert "verplicht" not in sentences[0], name
            assert "Dit veld" not in sentences[0] or name == "file"
            assert sentences[0].endswith("."), (name, sentences)
    assert "31-12-2026" in wrong["day"][0]
