"""Who tries codes by the dozen is stopped; a hall behind one address is not."""

from __future__ import annotations

import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import MeetingFactory
from thuiswijk.lib import limits
from trajectories import phone_views
from trajectories.models import Contribution

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_counters(monkeypatch):
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_000.0)  # within one window
    cache.clear()


def say(client, meeting, text: str):
    return client.post(reverse("contribute", args=[meeting.code]), {"key": uuid.uuid4(), "text": text})


def test_who_guesses_codes_is_stopped_at_both_doors(client, monkeypatch):
    monkeypatch.setattr(phone_views, "UNKNOWN_CODES", 4)
    meeting = MeetingFactory()
    assert [client.get(f"/b/XXXXX{n}/").status_code for n in (2, 3)] == [404, 404]
    assert [client.post("/b/", {"code": f"XXXXX{n}"}).status_code for n in (2, 3)] == [200, 200]
    assert client.get("/b/XXXXX9/").status_code == 429
    assert client.post("/b/", {"code": meeting.code}).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/b/XXXXX9/", **elsewhere).status_code == 404


def test_who_has_the_code_gets_in_beside_somebody_who_guesses(client, monkeypatch):
    monkeypatch.setattr(phone_views, "UNKNOWN_CODES", 1)
    meeting = MeetingFactory()
    client.get("/b/XXXXX9/")
    assert client.get(f"/b/{meeting.code}/").status_code == 200
    assert say(client, meeting, "Meer licht.").status_code == 302


def test_flood_of_inbreng_waits_and_keeps_what_was_typed(client, monkeypatch):
    monkeypatch.setattr(phone_views, "A_FULL_HALL", 2)
    meeting, other = MeetingFactory(), MeetingFactory()
    assert [say(client, meeting, f"Meer licht {n}.").status_code for n in range(2)] == [302, 302]
    held = say(client, meeting, "Nog meer licht.")
    assert held.status_code == 200
    assert "Wacht een paar minuten" in held.content.decode()
    assert "Nog meer licht." in held.content.decode()
    assert say(client, other, "Meer licht.").status_code == 302
    assert Contribution.objects.count() == 3


def test_phone_that_floods_waits_and_the_hall_goes_on(client, monkeypatch):
    monkeypatch.setattr(phone_views, "ONE_PHONE", 2)
    meeting, neighbour = MeetingFactory(), Client()
    assert [say(client, meeting, f"Meer licht {n}.").status_code for n in range(3)] == [302, 302, 200]
    address, form = reverse("contribute", args=[meeting.code]), {"key": uuid.uuid4(), "text": "Nog meer licht."}
    assert client.post(address, form, headers={"Accept": "application/json"}).status_code == 429
    assert say(neighbour, meeting, "Meer groen.").status_code == 302


def test_counter_that_is_down_stops_nobody(client, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "thuiswijk.lib.limits.CountingCache",
            "LOCATION": "redis://127.0.0.1:1",
            "OPTIONS": {"socket_connect_timeout": 1},
        }
    }
    meeting = MeetingFactory()
    assert say(client, meeting, "Meer licht.").status_code == 302
    assert client.get("/b/XXXXX9/").status_code == 404


def test_counter_in_memory_counts_as_the_one_in_redis(rf, settings):
    assert [limits.count(rf.get("/"), "inbreng", by="phone") for _ in range(3)] == [1, 2, 3]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fresh"}}
    assert [limits.count(rf.get("/"), "inbreng", by="phone") for _ in range(3)] == [1, 2, 3]
    assert limits.is_over(rf.get("/"), "inbreng", 3, by="phone")
    assert not limits.is_over(rf.get("/"), "inbreng", 3, by="another")
