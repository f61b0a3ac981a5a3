"""Run by pretalx's own Python: fills an empty pretalx with as much as our trajectory holds, and tells where its pages are.

One public event that began yesterday: 1,000 sessions, 50 on a page of the organiser's list; some of them past, so that visitors
may leave feedback, which is what comes nearest to a contribution. Prints a line of JSON.
"""

import datetime as dt
import json
import os
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretalx.settings")
import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.utils.timezone import now  # noqa: E402
from django_scopes import scope, scopes_disabled  # noqa: E402
from pretalx.event.models import Event  # noqa: E402
from pretalx.event.utils import create_organiser_with_team  # noqa: E402
from pretalx.person.models import SpeakerProfile, User  # noqa: E402
from pretalx.schedule.models import Room  # noqa: E402
from pretalx.submission.models import Submission, Track  # noqa: E402

SESSIONS = int(os.environ["SESSIONS"])
WORDS = os.environ["WORDS"]
SPEAKERS, TRACKS, ROOMS, PAST = 100, 5, 10, 20
ZONE = "Europe/Amsterdam"

with scopes_disabled():
    admin = User.objects.create_superuser(email="organiser@voorbeeldstad.example", password=os.urandom(12).hex())
    organiser, team = create_organiser_with_team(name="Voorbeeldstad", slug="voorbeeldstad", users=[admin])
    yesterday = (now() - dt.timedelta(days=1)).date()
    event = Event.objects.create(
        name="Lindenkwartier", slug="wijk", organiser=organiser, is_public=True, date_from=yesterday,
        date_to=yesterday + dt.timedelta(days=5), timezone=ZONE, email="event@voorbeeldstad.example",
        locale_array="en", locale="en",
    )  # fmt: skip

with scope(event=event):
    event.build_initial_data()
    team.limit_events.add(event)
    rooms = [Room.objects.create(event=event, name=f"Zaal {n}", position=n) for n in range(ROOMS)]
    tracks = [Track.objects.create(event=event, name=f"Thema {n}", color="#aabbcc") for n in range(TRACKS)]
    speakers = [
        User.objects.create_user(name=f"Persoon {n}", email=f"p{n}@voorbeeldstad.example", locale="en", timezone=ZONE)
        for n in range(SPEAKERS)
    ]
    for speaker in speakers:
        SpeakerProfile.objects.create(user=speaker, event=event, biography="")
    kind = event.submission_types.first()
    sessions = []
    for n in range(SESSIONS):
        session = Submission.objects.create(
            event=event, title=f"Inbreng {n} over de wijk", submission_type=kind, track=tracks[n % TRACKS],
            abstract=WORDS, content_locale="en",
        )  # fmt: skip
        session.speakers.add(speakers[n % SPEAKERS])
        session.accept()
        session.confirm()
        sessions.append(session)
    begin = now() - dt.timedelta(hours=12)
    for n, session in enumerate(sessions[:PAST]):
        slot = session.slots.first()
        slot.start, slot.room = begin + dt.timedelta(minutes=30 * (n // ROOMS)), rooms[n % ROOMS]
        slot.end = slot.start + dt.timedelta(minutes=25)
        slot.save()
    event.release_schedule(name="v1", user=admin)

store = import_module(settings.SESSION_ENGINE).SessionStore()
store[SESSION_KEY] = str(admin.pk)
store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
store[HASH_SESSION_KEY] = admin.get_session_auth_hash()
store.create()
found = {
    "talk": sessions[0].code,
    "session": {settings.SESSION_COOKIE_NAME: store.session_key},
    "csrf_cookie": settings.CSRF_COOKIE_NAME,
}
print(json.dumps(found))
