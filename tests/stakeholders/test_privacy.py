"""What a person may ask: all that we hold of them, and to be erased, everywhere but where law and proof say otherwise."""

from __future__ import annotations

import io
import json

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from agendas import endorsing, recording, sealing, versions
from agendas.models import Endorsement, EndorsementRequest, Round
from stakeholders import account_events, mailing, privacy, retention
from stakeholders.models import (
    AccountEvent,
    Download,
    Erasure,
    Gemeente,
    Invitation,
    Mail,
    Membership,
    Party,
    Person,
    User,
)
from tests.factories import MembershipFactory, PartyFactory, PersonFactory, complete_agenda
from tests.stakeholders.test_second_factor import begin
from thuiswijk import wall
from thuiswijk.lib.errors import Refused
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
        round_.requests.get(party=party), digest=version.digest, answer="volledig", reservations=[], text="", name=NAME,
        function=FUNCTION, on_behalf_of=party.name, decided_on=None,
    )  # fmt: skip
    for mail in Mail.objects.all():
        mailing.deliver(mail.pk)
    return person


def carried_out(person: Person, *gemeenten: Gemeente) -> Erasure:
    """Erased for these gemeenten, as a projectleider asks it; without one altogether, as a beheerder does."""
    ordered = privacy.ask_erasure(person, by=None, among=[one.pk for one in gemeenten] or None)
    for erasure in ordered:
        privacy.erase(erasure.pk)
    return ordered[-1]


def beheerder(cast) -> Client:
    user = cast.outsider.user
    user.is_staff = True
    user.save()
    return cast.client(cast.outsider)


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
    carried_out(wilhelmina)
    after = tables_with(NAME, ADDRESS, EARLIER, FUNCTION)
    assert after == {
        "agendas_endorsement.name",
        "agendas_endorsement.function",
        "agendas_agendaversion.content",
        "agendas_roundevent.body",
    }
    assert after <= may_stay()
    assert before - after
    documents = {document.sha256 for document in version.documents.all()}
    for file in (path for path in tmp_path.rglob("*") if path.is_file()):
        text = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(file.read_bytes())).pages).split())
        assert not any(part in text for part in (NAME, ADDRESS, EARLIER)) or any(
            name in file.name for name in documents
        )


def test_erased_person_stays_where_something_was_recorded_as_gewist(cast, wilhelmina):
    erasure = carried_out(wilhelmina)
    person = Person.objects.get(pk=wilhelmina.pk)
    assert (person.name, person.function, person.email, person.user) == (retention.GONE, "", "", None)
    assert cast.trajectory.phases.filter(entered_by=person).exists()
    assert Endorsement.objects.get().name == NAME
    erasure.refresh_from_db()
    assert erasure.done_at is not None
    assert not User.objects.filter(email=ADDRESS).exists()


def test_person_whom_nothing_names_is_gone_altogether(cast):
    person = MembershipFactory(gemeente=cast.here, role="meelezer").person
    erasure = carried_out(person)
    assert not Person.objects.filter(pk=person.pk).exists()
    erasure.refresh_from_db()
    assert erasure.person is None


def test_access_ends_at_once_before_the_worker_came(cast):
    browser = cast.client(cast.reader)
    assert browser.get(reverse("trajectory_detail", args=[cast.trajectory.pk])).status_code == 200
    privacy.ask_erasure(cast.reader, by=cast.leader, among=[cast.here.pk])
    assert browser.get(reverse("trajectory_detail", args=[cast.trajectory.pk])).status_code in (302, 404)


def test_erasing_twice_is_once(cast, wilhelmina):
    erasure = carried_out(wilhelmina)
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
    carried_out(wilhelmina)
    after = {model: model.objects.count() for model in before}
    assert after == {Person: before[Person], User: before[User] - 1, Membership: before[Membership] - 2}
    assert not Mail.objects.filter(to=ADDRESS).exists()
    assert Mail.objects.exists()


# --- what is of one gemeente, and what is of nobody but the person -------------------------------------------------------
@pytest.fixture
def typed_in(cast, wilhelmina):
    """A projectleider elsewhere typed the address of somebody of Voorbeeldstad, as the contact person of a party."""
    form = {
        "name": "De Val",
        "kind": "zorg",
        "contact_name": "Typnaam",
        "contact_function": "",
        "contact_email": ADDRESS,
    }
    browser = cast.client(cast.stranger)
    assert browser.post(reverse("party_new", args=[cast.elsewhere.pk]), form).status_code == 302
    assert Party.objects.get(name="De Val").memberships.get().person == wilhelmina
    account_events.note_download(wilhelmina.user, "Geheim bestand")
    Mail.objects.create(to=ADDRESS, subject="Geheime post")
    return browser


def test_who_typed_an_address_sees_nothing_of_another_gemeente(cast, wilhelmina, typed_in):
    answer = typed_in.get(reverse("person_access", args=[wilhelmina.pk]))
    told = answer.json()
    assert {row["soort"] for rule in told["gegevens"] for row in rule["rijen"]} == {
        "rol van een persoon", "rol van een persoon (eerder)"
    }  # fmt: skip
    assert told["persoon"] == "Typnaam"
    for part in ("Geheim", NAME, FUNCTION, EARLIER):
        assert part not in answer.content.decode()
    page = typed_in.get(reverse("person_erase", args=[wilhelmina.pk])).content.decode()
    assert NAME not in page
    assert "Typnaam wissen" in page


def history_of(person: Person) -> set[tuple]:
    return set(
        apps.get_model("stakeholders.MembershipEvent").objects.filter(person=person.pk).values_list("pk", "gemeente", "party")
    )  # fmt: skip


@pytest.mark.parametrize("is_staff", [False, True])
def test_who_typed_an_address_erases_nothing_of_another_gemeente(cast, wilhelmina, typed_in, is_staff):
    User.objects.filter(pk=wilhelmina.user_id).update(is_staff=is_staff)
    wilhelmina.memberships.filter(gemeente=cast.here).delete()  # an ended role of Voorbeeldstad, and one that stands
    party = Party.objects.get(name="De Val")
    assert party.pk in {of for *_, of in history_of(wilhelmina)}
    before = [model.objects.count() for model in (User, Mail, AccountEvent, Download, Invitation, LogEntry)]
    assert typed_in.post(reverse("person_erase", args=[wilhelmina.pk])).status_code == 302
    privacy.erase(Erasure.objects.get(gemeente=cast.there).pk)
    assert before == [model.objects.count() for model in (User, Mail, AccountEvent, Download, Invitation, LogEntry)]
    wilhelmina.refresh_from_db()
    assert (wilhelmina.name, wilhelmina.email, wilhelmina.user.is_active) == (NAME, ADDRESS, True)
    assert wilhelmina.memberships.get().party == cast.parties[1]
    assert {place for _, place, of in history_of(wilhelmina)} == {cast.here.pk, None}
    assert {of for *_, of in history_of(wilhelmina)} == {cast.parties[1].pk, None}
    assert EndorsementRequest.objects.get(person=wilhelmina).name == NAME


def test_account_stays_where_a_projectleider_erases_the_only_role(cast):
    person = MembershipFactory(gemeente=cast.here, role="meelezer").person
    carried_out(person, cast.here)
    person.refresh_from_db()
    assert (person.user.is_active, person.memberships.exists(), history_of(person)) == (True, False, set())


def contact(gemeente: Gemeente) -> Person:
    person = PersonFactory(user=None)
    MembershipFactory(party=PartyFactory(gemeente=gemeente), gemeente=None, role="contactpersoon", person=person)
    return person


def test_person_without_an_account_goes_whole_where_nobody_else_knows_them(cast):
    person = contact(cast.here)
    carried_out(person, cast.here)
    assert not Person.objects.filter(pk=person.pk).exists()


def test_person_without_an_account_stays_where_another_gemeente_knew_them(cast):
    """Only the history of the other gemeente names them: that history is not ours to erase."""
    person = contact(cast.here)
    MembershipFactory(gemeente=cast.there, role="meelezer", person=person).delete()
    carried_out(person, cast.here)
    assert {place for _, place, _ in history_of(person)} == {cast.there.pk}
    assert Person.objects.get(pk=person.pk).name == person.name
    MembershipFactory(gemeente=cast.there, role="meelezer", person=person)
    carried_out(person, cast.there)
    assert not Person.objects.filter(pk=person.pk).exists()


def test_projectleider_of_two_gemeenten_erases_in_both(cast):
    MembershipFactory(gemeente=cast.there, person=cast.leader)
    person = contact(cast.here)
    MembershipFactory(gemeente=cast.there, role="meelezer", person=person)
    cast.client(cast.leader).post(reverse("person_erase", args=[person.pk]))
    assert {order.gemeente for order in Erasure.objects.all()} == {cast.here, cast.there}
    for order in Erasure.objects.all():
        privacy.erase(order.pk)
    assert not Person.objects.filter(pk=person.pk).exists()


def test_role_given_after_the_order_stays(cast):
    person = contact(cast.here)
    (erasure,) = privacy.ask_erasure(person, by=None, among=[cast.here.pk])
    since = MembershipFactory(gemeente=cast.here, role="meelezer", person=person)
    privacy.erase(erasure.pk)
    assert person.memberships.get() == since
    assert {place for _, place, _ in history_of(person)} == {cast.here.pk}


def test_every_table_of_a_gemeente_has_a_way_to_it():
    """What the wall keeps between gemeenten, erasing and access keep too; and the other way round."""
    for rule in retention.rules().values():
        for model, _ in rule.tables:
            if model is Erasure or model._meta.app_label not in wall.OURS:
                continue
            assert bool(retention.ways_to_gemeente(model)) == (not wall.is_open(model)), model


def test_person_sees_everything_of_themselves(cast, wilhelmina):
    browser = cast.client(wilhelmina)
    address = reverse("person_access", args=[wilhelmina.pk])
    assert address in browser.get(reverse("account_history")).content.decode()
    kinds = {row["soort"] for rule in browser.get(address).json()["gegevens"] for row in rule["rijen"]}
    assert {"account", "e-mail", "gebeurtenis met een account", "onderschrijving"} <= kinds
    assert browser.get(reverse("person_access", args=[cast.reader.pk])).status_code == 404
    assert browser.get(reverse("person_erase", args=[wilhelmina.pk])).status_code == 404


def events_told_to(person: Person) -> list[str]:
    told = privacy.everything_of(person, among=None)["gegevens"]
    rows = [row for rule in told for row in rule["rijen"] if row["soort"] == "gebeurtenis"]
    return [json.loads(row["wat er gebeurde"])["kind"] for row in rows]


def test_person_sees_what_happened_to_them_in_a_round(cast, wilhelmina):
    """As who was asked and answered, as who leads, and by an address that got a code; nothing of who was not in it."""
    assert events_told_to(wilhelmina) == ["asked", "answered"]
    assert events_told_to(cast.leader) == ["opened"]
    assert events_told_to(cast.stranger) == []
    round_, other = Round.objects.get(), PersonFactory(email="Code@elders.example")
    recording.record(round_, "proposed", party=cast.parties[0].pk, code_sent_to="code@ELDERS.example")
    recording.record(round_, "answered", party=cast.parties[0].pk, second={"code_sent_to": "code@elders.example"})
    assert events_told_to(other) == ["proposed", "answered"]
    untold = [one["wat"] for one in privacy.everything_of(other, among=None)["niet_op_naam"]]
    assert not any("onderschrijven gebeurde" in what for what in untold)


def test_beheerder_closes_the_account_at_once(cast, wilhelmina, client):
    user, browser = wilhelmina.user, client
    assert browser.get(reverse("session_list")).status_code == 200
    assert user.usersession_set.exists()
    answer = beheerder(cast).post(reverse("person_erase", args=[wilhelmina.pk]))
    assert answer.status_code == 302
    user.refresh_from_db()
    assert not user.is_active
    assert not user.usersession_set.exists()
    assert browser.get(reverse("session_list")).status_code == 302


def test_other_refusal_of_the_database_is_not_called_a_lack_of_projectleiders(cast):
    """A rule of the database that nobody thought of here: it must not be told as if it were another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no() RETURNS TRIGGER AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'restrict_violation'; END $$ "
            "LANGUAGE plpgsql; CREATE TRIGGER no BEFORE DELETE ON stakeholders_membership EXECUTE FUNCTION no()"
        )
    with pytest.raises(IntegrityError):
        privacy.ask_erasure(cast.reader, by=None, among=None)


def test_only_projectleider_is_told_so(cast):
    with pytest.raises(Refused, match="enige projectleider"):
        privacy.ask_erasure(cast.leader, by=None, among=None)
    cast.leader.user.refresh_from_db()
    assert cast.leader.user.is_active


def test_earlier_address_of_somebody_else_by_now_finds_nothing(cast, wilhelmina):
    assert EARLIER in retention.Subject.of(wilhelmina).addresses
    another = PersonFactory(email=EARLIER.upper(), user=None)
    assert retention.Subject.of(wilhelmina).addresses == {ADDRESS}
    carried_out(wilhelmina)
    assert Invitation.objects.filter(email=EARLIER).exists()
    another.delete()


def test_earlier_address_of_an_account_by_now_finds_nothing(cast, wilhelmina):
    User.objects.create_user(EARLIER)
    assert retention.Subject.of(wilhelmina).addresses == {ADDRESS}


# --- the screens --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["person_access", "person_erase"])
def test_screens_are_for_who_staffs_the_gemeente(cast, name):
    address = reverse(name, args=[cast.reader.pk])
    own = 200 if name == "person_access" else 404
    expected = {"leader": 200, "adviser": 404, "reader": own, "stranger": 404, "outsider": 404}
    seen = {who: cast.client(getattr(cast, who)).get(address).status_code for who in expected}
    assert seen == expected
    limited = MembershipFactory(gemeente=cast.here, role="projectleider", is_limited=True).person
    assert cast.client(limited).get(address).status_code == 404
    assert cast.client().get(address).status_code == 302
    cast.outsider.user.is_staff = True
    cast.outsider.user.save()
    assert cast.client(cast.outsider).get(address).status_code == 200


def test_access_holds_everything_and_is_written_down(cast, wilhelmina):
    browser = beheerder(cast)
    answer = browser.get(reverse("person_access", args=[wilhelmina.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="inzage-{wilhelmina.pk}.json"'
    told = json.loads(answer.content)
    kinds = {row["soort"] for rule in told["gegevens"] for row in rule["rijen"]}
    assert {
        "persoon",
        "account",
        "rol van een persoon",
        "e-mail",
        "uitnodiging",
        "download",
    } <= kinds
    for part in (NAME, ADDRESS, EARLIER, FUNCTION):
        assert part in answer.content.decode()
    for rule in told["gegevens"]:
        assert rule["waarvoor"] and rule["grondslag"] and rule["hoe_lang"]
    assert Download.objects.get(account=cast.outsider.user).what.startswith("inzage")


def test_access_shows_nothing_that_opens_a_door(cast, wilhelmina):
    wilhelmina.user.set_password("geheim")
    wilhelmina.user.save()
    cast.client().post(reverse("account_login"), {"email": ADDRESS})
    code = Mail.objects.filter(to=ADDRESS).latest("pk").text
    assert code
    text = beheerder(cast).get(reverse("person_access", args=[wilhelmina.pk])).content.decode()
    keys = [session.session_key for session in wilhelmina.user.usersession_set.all()]
    assert keys
    for secret in (wilhelmina.user.password, code, *keys):
        assert secret not in text


def test_access_holds_nothing_of_others(cast, wilhelmina):
    text = beheerder(cast).get(reverse("person_access", args=[wilhelmina.pk])).content.decode()
    for other in (cast.reader, cast.stranger):
        assert other.email not in text


def test_screen_says_what_goes_and_what_stays(cast, wilhelmina):
    """A beheerder sees nothing of what was promised, so that does not stand on the beheerder's page."""
    address, rules = reverse("person_erase", args=[wilhelmina.pk]), retention.rules()
    of_gemeente = cast.client(cast.leader).get(address).content.decode()
    whole = beheerder(cast).get(address).content.decode()
    for name, pages in {"roles": [of_gemeente, whole], "people": [whole], "mail": [whole], "accounts": [whole]}.items():
        shown = [page for page in (of_gemeente, whole) if f"{rules[name].what}</li>" in page.split("Wat blijft")[0]]
        assert shown == pages, name
    assert rules["endorsements"].because in of_gemeente.split("Wat blijft, en waarom")[1]
    assert "alleen een beheerder van Thuiswijk" in of_gemeente
    assert "meteen niet meer inloggen" in whole


def test_order_that_no_worker_heard_of_is_found(cast, monkeypatch):
    person = MembershipFactory(gemeente=cast.here, role="meelezer").person
    (erasure,) = privacy.ask_erasure(person, by=cast.leader, among=None)
    woken = []
    monkeypatch.setattr(privacy, "wake", lambda task, *ids: woken.append((task, *ids)))
    privacy.sweep()
    assert woken == [("stakeholders.erase", erasure.pk)]
    privacy.erase(erasure.pk)
    privacy.sweep()
    assert len(woken) == 1
