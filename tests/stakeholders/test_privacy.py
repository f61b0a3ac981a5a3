"""What a person may ask: all that we hold of them, and to be erased, everywhere but where law and proof say otherwise."""

from __future__ import annotations

import io
import json

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.urls import reverse
from pypdf import PdfReader

from agendas import endorsing, sealing, versions
from agendas.models import Endorsement
from stakeholders import account_events, mailing, privacy, retention
from stakeholders.models import Download, Erasure, Invitation, Mail, Membership, Person, User
from tests.factories import MembershipFactory, PersonFactory, complete_agenda
from tests.stakeholders.test_second_factor import begin
from trajectories import phases
from trajectories.models import Step

pytestmark = pytest.mark.django_db
NAME, FUNCTION = "Wilhelmina van Zonneveld", "zonderlinge functie"
ADDRESS, EARLIER = "wilhelmina@voorbeeldstad.example", "vroeger@voorbeeldstad.example"


@pytest.fixture
def wilhelmina(cast, settings, client):
    """Somebody who left traces everywhere: as contact person who endorsed, as colleague, with an account."""
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    user = User.objects.create_user(ADDRESS)
    person = PersonFactory(name=NAME, function=FUNCTION, email=EARLIER, user=user)
    person.email = ADDRESS
    person.save()
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)
    MembershipFactory(gemeente=cast.here, role=Membership.Role.READER, person=person)
    party = cast.parties[1]
    party.memberships.all().delete()
    MembershipFactory(party=party, gemeente=None, role=Membership.Role.CONTACT, person=person)
    begin(client, person)
    client.get("/")
    account_events.note_download(user, "iets")
    phases.enter(cast.trajectory, Step.DRAFTING, by=person)
    Invitation.objects.create(
        email=EARLIER, name=NAME, role="meelezer", gemeente=cast.here, token_hash="x", expires_at="2099-01-01T00:00Z"
    )
    for row in (person, person.memberships.first()):
        kind = ContentType.objects.get_for_model(row)
        LogEntry.objects.create(
            user=cast.leader.user, content_type=kind, object_id=row.pk, object_repr=str(row), action_flag=2
        )
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader)
    round_ = endorsing.open_round(version, deadline=version.agenda.ends_on, by=cast.leader)
    endorsing.endorse(
        round_.requests.get(party=party), digest=version.digest, answer="volledig", points=[], text="", name=NAME,
        function=FUNCTION, on_behalf_of=party.name, decided_on=None,
    )  # fmt: skip
    for mail in Mail.objects.all():
        mailing.deliver(mail.pk)
    return person


def carried_out(person: Person, by: Person | None) -> Erasure:
    erasure = privacy.ask_erasure(person, by=by)
    privacy.erase(erasure.pk)
    return erasure


def tables_with(*texts: str) -> set[str]:
    """Every column of every table of the database that holds one of these texts, also in its bytes."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for table, column in cursor.fetchall():
            for text in texts:
                patterns = [f"%{text}%", f"%{text.encode().hex()}%"]
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE %s OR "{column}"::text ILIKE %s',
                    patterns,
                )
                if cursor.fetchone() != (0,):
                    found.add(f"{table}.{column}")
    return found


def may_stay() -> set[str]:
    """The columns that retention.yaml keeps when a person is erased."""
    kept = [rule for rule in retention.rules().values() if rule.erase == "keep"]
    return {
        f"{model._meta.db_table}.{column.column}"
        for rule in kept
        for model, columns in rule.tables
        for column in columns
    }


def test_erased_person_is_nowhere_but_where_the_rules_say_so(cast, wilhelmina, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    version = cast.trajectory.agenda.versions.get()
    assert sealing.build(version.documents.get().pk)
    before = tables_with(NAME, ADDRESS, EARLIER, FUNCTION)
    assert {"stakeholders_person.name", "stakeholders_personevent.email", "stakeholders_mail.to"} <= before
    carried_out(wilhelmina, by=cast.leader)
    after = tables_with(NAME, ADDRESS, EARLIER, FUNCTION)
    assert after == {"agendas_endorsement.name", "agendas_endorsement.function", "agendas_agendaversion.content"}
    assert after <= may_stay()
    assert before - after
    documents = {document.sha256 for document in version.documents.all()}
    for file in (path for path in tmp_path.rglob("*") if path.is_file()):
        text = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(file.read_bytes())).pages).split())
        assert not any(part in text for part in (NAME, ADDRESS, EARLIER)) or any(
            name in file.name for name in documents
        )


def test_erased_person_stays_where_something_was_recorded_as_gewist(cast, wilhelmina):
    erasure = carried_out(wilhelmina, by=cast.leader)
    person = Person.objects.get(pk=wilhelmina.pk)
    assert (person.name, person.function, person.email, person.user) == (retention.GONE, "", "", None)
    assert cast.trajectory.phases.filter(entered_by=person).exists()
    assert Endorsement.objects.get().name == NAME
    erasure.refresh_from_db()
    assert erasure.done_at is not None
    assert not User.objects.filter(email=ADDRESS).exists()


def test_person_whom_nothing_names_is_gone_altogether(cast):
    person = MembershipFactory(gemeente=cast.here, role="meelezer").person
    erasure = carried_out(person, by=cast.leader)
    assert not Person.objects.filter(pk=person.pk).exists()
    erasure.refresh_from_db()
    assert erasure.person is None


def test_access_ends_at_once_before_the_worker_came(cast):
    browser = cast.client(cast.reader)
    assert browser.get(reverse("trajectory_detail", args=[cast.trajectory.pk])).status_code == 200
    privacy.ask_erasure(cast.reader, by=cast.leader)
    assert browser.get(reverse("trajectory_detail", args=[cast.trajectory.pk])).status_code in (302, 404)


def test_erasing_twice_is_once(cast, wilhelmina):
    erasure = carried_out(wilhelmina, by=cast.leader)
    erasure.refresh_from_db()
    done_at = erasure.done_at
    privacy.erase(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.done_at == done_at


def test_only_projectleider_can_not_be_erased(cast):
    browser = cast.client(cast.leader)
    answer = browser.post(reverse("person_erase", args=[cast.leader.pk]))
    assert answer.status_code == 200
    assert "Draag dat eerst over" in answer.content.decode()
    assert Membership.objects.filter(person=cast.leader).exists()
    assert not Erasure.objects.exists()


def test_who_is_known_elsewhere_keeps_name_and_role_there(cast):
    person = MembershipFactory(gemeente=cast.here, role="meelezer").person
    elsewhere = MembershipFactory(gemeente=cast.there, role="meelezer", person=person)
    answer = cast.client(cast.leader).post(reverse("person_erase", args=[person.pk]))
    assert answer.status_code == 302
    privacy.erase(Erasure.objects.get().pk)
    assert list(Person.objects.get(pk=person.pk).memberships.all()) == [elsewhere]
    assert Person.objects.get(pk=person.pk).name == person.name


def test_other_people_keep_what_they_have(cast, wilhelmina):
    before = {model: model.objects.count() for model in (Person, User, Membership)}
    carried_out(wilhelmina, by=cast.leader)
    after = {model: model.objects.count() for model in before}
    assert after == {Person: before[Person], User: before[User] - 1, Membership: before[Membership] - 2}
    assert not Mail.objects.filter(to=ADDRESS).exists()
    assert Mail.objects.exists()


# --- the screens --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["person_access", "person_erase"])
def test_screens_are_for_who_staffs_the_gemeente(cast, name):
    address = reverse(name, args=[cast.reader.pk])
    expected = {"leader": 200, "adviser": 404, "reader": 404, "stranger": 404, "outsider": 404}
    seen = {who: cast.client(getattr(cast, who)).get(address).status_code for who in expected}
    assert seen == expected
    limited = MembershipFactory(gemeente=cast.here, role="projectleider", is_limited=True).person
    assert cast.client(limited).get(address).status_code == 404
    assert cast.client().get(address).status_code == 302
    cast.outsider.user.is_staff = True
    cast.outsider.user.save()
    assert cast.client(cast.outsider).get(address).status_code == 200


def test_access_holds_everything_and_is_written_down(cast, wilhelmina):
    answer = cast.client(cast.leader).get(reverse("person_access", args=[wilhelmina.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="inzage-{wilhelmina.pk}.json"'
    told = json.loads(answer.content)
    kinds = {row["soort"] for rule in told["gegevens"] for row in rule["rijen"]}
    assert {
        "persoon",
        "account",
        "rol van een persoon",
        "e-mail",
        "uitnodiging",
        "onderschrijving",
        "download",
    } <= kinds
    for part in (NAME, ADDRESS, EARLIER, FUNCTION):
        assert part in answer.content.decode()
    for rule in told["gegevens"]:
        assert rule["waarvoor"] and rule["grondslag"] and rule["hoe_lang"]
    assert Download.objects.get(account=cast.leader.user).what.startswith("inzage")


def test_access_shows_nothing_that_opens_a_door(cast, wilhelmina):
    wilhelmina.user.set_password("geheim")
    wilhelmina.user.save()
    cast.client().post(reverse("account_login"), {"email": ADDRESS})
    code = Mail.objects.filter(to=ADDRESS).latest("pk").text
    assert code
    text = cast.client(cast.leader).get(reverse("person_access", args=[wilhelmina.pk])).content.decode()
    keys = [session.session_key for session in wilhelmina.user.usersession_set.all()]
    assert keys
    for secret in (wilhelmina.user.password, code, *keys):
        assert secret not in text


def test_access_holds_nothing_of_others(cast, wilhelmina):
    text = cast.client(cast.leader).get(reverse("person_access", args=[wilhelmina.pk])).content.decode()
    for other in (cast.reader, cast.stranger):
        assert other.email not in text


def test_screen_says_what_goes_and_what_stays(cast, wilhelmina):
    page = cast.client(cast.leader).get(reverse("person_erase", args=[wilhelmina.pk])).content.decode()
    rules = retention.rules()
    for name in ("people", "roles", "mail"):
        assert page.index(rules[name].what) < page.index("Wat blijft, en waarom")
    assert page.index(rules["endorsements"].because) > page.index("Wat blijft, en waarom")


def test_order_that_no_worker_heard_of_is_found(cast, monkeypatch):
    person = MembershipFactory(gemeente=cast.here, role="meelezer").person
    erasure = privacy.ask_erasure(person, by=cast.leader)
    woken = []
    monkeypatch.setattr(privacy, "wake", lambda task, *ids: woken.append((task, *ids)))
    privacy.sweep()
    assert woken == [("stakeholders.erase", erasure.pk)]
    privacy.erase(erasure.pk)
    privacy.sweep()
    assert len(woken) == 1
