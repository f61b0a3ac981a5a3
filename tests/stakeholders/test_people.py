"""Who works where, on screen: of a gemeente, of a trajectory, and for the beheerder."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agendas.models import Document, Suggestions
from stakeholders import invitations
from stakeholders.invitation_rows import read_rows
from stakeholders.invitations import Invitee
from stakeholders.models import Gemeente, Invitation, Mail, Membership, User
from tests.factories import AppointmentFactory, MembershipFactory, TrajectoryFactory, UserFactory, signs_in
from tests.pages import words
from thuiswijk.lib.sheets import SheetError
from trajectories.models import MeetingReport, Trajectory, Wijk

pytestmark = pytest.mark.django_db
Role = Membership.Role
ALL = list(Membership.IN_GEMEENTE)


@pytest.fixture
def beheerder(cast):
    """A browser of somebody with an account that is staff, and no superuser."""
    browser = cast.client()
    signs_in(browser, UserFactory(is_staff=True))
    return browser


# --- of a gemeente ----------------------------------------------------------------------------------------------------
def test_people_shows_roles_scopes_and_open_invitations(cast):
    invitations.invite(cast.here, Invitee("Noor", "noor@elders.example", Role.READER), by=cast.leader)
    page = words(cast.client(cast.leader).get(reverse("people", args=[cast.here.pk])))
    for said in (cast.adviser.name, "Adviseur, alleen bij eigen trajecten", "Projectleider, hele gemeente", "Noor"):
        assert said in page
    assert cast.stranger.name not in page
    assert f"door {cast.leader.name}" in page


def test_limited_leader_does_not_say_who_works_in_the_gemeente(cast):
    limited = AppointmentFactory(trajectory=cast.trajectory, membership__is_limited=True).membership
    for name in ("people", "invite", "invite_many", "hand_over"):
        assert cast.client(limited.person).get(reverse(name, args=[cast.here.pk])).status_code == 403


def test_adviser_is_invited_by_a_beheerder_only(cast, beheerder):
    form = {"name": "Ad", "email": "ad@elders.example", "role": Role.ADVISER, "scope": "gemeente"}
    address = reverse("invite", args=[cast.here.pk])
    refused = cast.client(cast.leader).post(address, form)
    assert refused.status_code == 200
    assert refused.context["form"].errors["role"]
    assert not Invitation.objects.exists()
    assert beheerder.post(address, form).status_code == 302
    asked = Invitation.objects.get()
    assert asked.is_limited
    assert asked.invited_by is None
    assert cast.client(cast.leader).post(reverse("invitation_resend", args=[asked.pk])).status_code == 403
    assert cast.client(cast.leader).post(reverse("invitation_revoke", args=[asked.pk])).status_code == 302
    assert not Invitation.objects.open().exists()


def test_invitation_of_another_gemeente_is_not_there(cast):
    asked = invitations.invite(cast.there, Invitee("Noor", "noor@elders.example", Role.READER), by=cast.stranger)
    for name in ("invitation_resend", "invitation_revoke"):
        assert cast.client(cast.leader).post(reverse(name, args=[asked.pk])).status_code == 404
    assert asked in Invitation.objects.open()


def test_role_ends_at_once(cast):
    own = cast.reader.memberships.get()
    browser, reading = cast.client(cast.leader), cast.client(cast.reader)
    trajectory = reverse("trajectory_detail", args=[cast.trajectory.pk])
    assert "Beëindig de rol van" in words(browser.get(reverse("role_end", args=[own.pk])))
    assert reading.get(trajectory).status_code == 200
    assert browser.post(reverse("role_end", args=[own.pk]))["Location"] == reverse("people", args=[cast.here.pk])
    assert reading.get(trajectory).status_code == 404


@pytest.mark.parametrize("is_beheerder", [False, True])
def test_last_leader_is_told_why_not(cast, beheerder, is_beheerder):
    """Also a beheerder, who sees no trajectories, can't leave one without projectleider."""
    browser = beheerder if is_beheerder else cast.client(cast.leader)
    page = browser.post(reverse("role_end", args=[cast.leader.memberships.get().pk]))
    assert page.status_code == 200
    assert "geen projectleider meer" in words(page)
    assert cast.leader.memberships.exists()


def test_role_of_a_contact_person_or_elsewhere_is_not_ended_here(cast):
    browser = cast.client(cast.leader)
    for membership in (cast.stranger.memberships.get(), cast.parties[0].memberships.get()):
        assert browser.post(reverse("role_end", args=[membership.pk])).status_code == 404


@pytest.mark.parametrize("is_beheerder", [False, True])
def test_hand_over_gives_the_trajectories_to_a_colleague(cast, beheerder, is_beheerder):
    leaving = AppointmentFactory(trajectory=cast.trajectory, membership__is_limited=True).membership
    colleague = MembershipFactory(gemeente=cast.here, role=Role.READER, is_limited=True)
    browser = beheerder if is_beheerder else cast.client(cast.leader)
    address = reverse("hand_over", args=[cast.here.pk])
    assert browser.get(f"{address}?van={leaving.pk}").status_code == 200
    assert browser.post(address, {"leaving": leaving.pk, "to": colleague.pk}).status_code == 302
    assert not leaving.person.memberships.exists()
    assert Trajectory.objects.visible_to(colleague.person.user).get().role == Role.LEADER
    assert cast.client(leaving.person).get(reverse("trajectory_detail", args=[cast.trajectory.pk])).status_code == 404


def test_who_hands_over_own_work_goes_home(cast):
    colleague = cast.reader.memberships.get()
    form = {"leaving": cast.leader.memberships.get().pk, "to": colleague.pk}
    browser = cast.client(cast.leader)
    assert browser.post(reverse("hand_over", args=[cast.here.pk]), form)["Location"] == reverse("home")
    assert browser.get(reverse("people", args=[cast.here.pk])).status_code == 404


@pytest.mark.parametrize("to", ["self", "elsewhere"])
def test_hand_over_to_oneself_or_elsewhere_is_no_choice(cast, to):
    own = cast.leader.memberships.get()
    other = own if to == "self" else cast.stranger.memberships.get()
    page = cast.client(cast.leader).post(
        reverse("hand_over", args=[cast.here.pk]), {"leaving": own.pk, "to": other.pk}
    )  # fmt: skip
    assert page.context["form"].errors["to"]
    assert cast.leader.memberships.exists()


# --- many at once -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("separator", ["\t", ";", ","])
@pytest.mark.parametrize("header", ["naam{}e-mailadres{}rol{}functie\r\n", ""])
def test_list_is_read_with_any_separator_and_with_or_without_names(separator, header):
    cells = ["Noor  de Wit", "noor@elders.example", "Projectleider", "manager"]
    text = header.replace("{}", separator) + separator.join(cells) + "\r\n\r\nBo;bo@elders.example;meelezer".replace(
        ";", separator
    )  # fmt: skip
    first, second = read_rows(text, roles=ALL, known={}, is_limited=False)
    assert first.who == Invitee("Noor de Wit", "noor@elders.example", Role.LEADER, "manager")
    assert (second.who.role, second.number) == (Role.READER, 4 if header else 3)
    assert not first.problem and not second.problem


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (";noor@elders.example;meelezer", "vul een naam in"),
        ("Noor;noor@;meelezer", "geen compleet e-mailadres"),
        ("Noor;noor@elders.example;baas", "de rol “baas” kennen wij niet"),
        ("Noor;noor@elders.example;", "kennen wij niet"),
        ("Noor;noor@elders.example;adviseur", "nodigt de beheerder"),
        ("Noor;noor@elders.example;contactpersoon", "kennen wij niet"),
        (f"Noor;noor@elders.example;meelezer;{'x' * 101}", "te lang"),
    ],
)
def test_wrong_row_gets_a_sentence(row, said):
    (read,) = read_rows(row, roles=[Role.LEADER, Role.READER], known={}, is_limited=False)
    assert said in read.problem


@pytest.mark.parametrize("text", ["kolom;andere\nx;y", "naam;adres\nx;y", "N;n@elders.example;meelezer\n" * 201])
def test_list_that_is_no_list_is_told(text):
    with pytest.raises(SheetError):
        read_rows(text, roles=ALL, known={}, is_limited=False)


def test_nothing_is_sent_until_it_is_confirmed(cast):
    browser, address = cast.client(cast.leader), reverse("invite_many", args=[cast.here.pk])
    invitations.invite(cast.here, Invitee("Al", "al@elders.example", Role.READER), by=cast.leader)
    text = (
        "Noor\tnoor@elders.example\tprojectleider\tmanager\n"
        f"R\t{cast.reader.email.upper()}\tmeelezer\t\nNoor\tNOOR@elders.example\tmeelezer\t\nAl\tal@elders.example\tmeelezer\t"
    )
    page = browser.post(address, {"people": text, "scope": "limited"})
    assert "Verstuur 1 uitnodiging" in words(page)
    for said in ("werkt al bij deze gemeente, als meelezer", "staat ook in regel 1", "is al uitgenodigd"):
        assert said in words(page)
    assert Mail.objects.count() == 1
    assert browser.post(address, {"people": text, "scope": "limited", "send": "1"}).status_code == 302
    asked = Invitation.objects.open().get(email="noor@elders.example")
    assert asked.is_limited
    assert Mail.objects.count() == 2


def test_one_wrong_row_stops_all_and_the_text_stays(cast):
    browser, address = cast.client(cast.leader), reverse("invite_many", args=[cast.here.pk])
    text = "Noor;noor@elders.example;meelezer\nBo;geen adres;meelezer"
    page = browser.post(address, {"people": text, "scope": "gemeente", "send": "1"})
    assert "Regel 2: “geen adres” is geen compleet e-mailadres" in words(page)
    assert text in page.content.decode()
    assert not Mail.objects.exists()
    assert not Invitation.objects.exists()


# --- of a trajectory --------------------------------------------------------------------------------------------------
def test_colleague_is_appointed_and_dismissed(cast):
    limited = MembershipFactory(gemeente=cast.here, role=Role.READER, is_limited=True)
    browser, colleague = cast.client(cast.leader), cast.client(limited.person)
    people = reverse("trajectory_people", args=[cast.trajectory.pk])
    assert colleague.get(people).status_code == 404
    browser.post(reverse("trajectory_appoint", args=[cast.trajectory.pk]), {"membership": limited.pk})
    assert limited.name in words(browser.get(people))
    assert colleague.get(people).status_code == 200
    browser.post(reverse("trajectory_dismiss", args=[cast.trajectory.pk, limited.pk]))
    assert colleague.get(people).status_code == 404


def test_only_own_colleagues_can_be_appointed(cast):
    theirs = MembershipFactory(gemeente=cast.there, role=Role.READER, is_limited=True)
    whole = cast.reader.memberships.get()
    for membership in (theirs, whole):
        cast.client(cast.leader).post(
            reverse("trajectory_appoint", args=[cast.trajectory.pk]), {"membership": membership.pk}
        )  # fmt: skip
        assert not membership.appointments.exists()


def test_adviser_sees_who_works_here_and_appoints_nobody(cast):
    limited = MembershipFactory(gemeente=cast.here, role=Role.READER, is_limited=True)
    browser = cast.client(cast.adviser)
    assert browser.get(reverse("trajectory_people", args=[cast.trajectory.pk])).status_code == 200
    appoint = reverse("trajectory_appoint", args=[cast.trajectory.pk])
    assert browser.post(appoint, {"membership": limited.pk}).status_code == 403


def test_last_leader_is_not_dismissed_and_who_leaves_oneself_goes_home(cast):
    limited = AppointmentFactory(trajectory=cast.trajectory, membership__is_limited=True).membership
    cast.leader.memberships.update(is_limited=True)
    address = reverse("trajectory_dismiss", args=[cast.trajectory.pk, limited.pk])
    browser = cast.client(limited.person)
    assert "geen projectleider meer" in words(browser.post(address, follow=True))
    AppointmentFactory(trajectory=cast.trajectory, membership=cast.leader.memberships.get())
    assert browser.post(address)["Location"] == reverse("home")


def test_one_leader_alone_is_warned_of(cast):
    said = "Dit traject heeft maar één projectleider. Bij ziekte of vertrek kan niemand verder."
    pages = [reverse(name, args=[cast.trajectory.pk]) for name in ("trajectory_detail", "trajectory_people")]
    browser = cast.client(cast.leader)
    assert [said in words(browser.get(page)) for page in pages] == [True, True]
    colleague = AppointmentFactory(trajectory=cast.trajectory, membership__is_limited=True).membership
    assert [said in words(browser.get(page)) for page in pages] == [False, False]
    # Also appointed elsewhere, one is still one.
    AppointmentFactory(trajectory=TrajectoryFactory(gemeente=cast.here), membership=colleague)
    Membership.objects.filter(pk=colleague.pk).update(is_limited=False)
    cast.leader.memberships.all().delete()
    assert cast.trajectory.leaders.count() == 1


@pytest.mark.parametrize("name", ["people", "trajectory_people", "trajectory_detail"])
def test_page_asks_as_much_for_many_people_as_for_few(cast, name):
    browser = cast.client(cast.leader)
    pk = cast.here.pk if name == "people" else cast.trajectory.pk
    asked = []
    for _ in range(2):
        for _ in range(5):
            AppointmentFactory(trajectory=cast.trajectory, membership__is_limited=True)
            Invitation.objects.create(
                gemeente=cast.here, email=f"{User.objects.count()}{_}@x.example", name="N", role=Role.READER,
                token_hash=f"{Invitation.objects.count()}", expires_at="2100-01-01T00:00Z", invited_by=cast.leader,
            )  # fmt: skip
        browser.get(reverse(name, args=[pk]))
        with CaptureQueriesContext(connection) as captured:
            browser.get(reverse(name, args=[pk]))
        asked.append(len(captured))
    assert asked[0] == asked[1]


# --- the beheerder ----------------------------------------------------------------------------------------------------
def test_beheerder_makes_a_gemeente_and_invites_its_first_leader(cast, beheerder):
    assert "Gemeenten en hun mensen" in words(beheerder.get("/"))
    made = beheerder.post(reverse("gemeente_new"), {"name": "Nieuwstad", "code": "gm9999"})
    gemeente = Gemeente.objects.get(code="GM9999")
    assert made["Location"] == reverse("people", args=[gemeente.pk])
    assert "nog geen projectleider" in words(beheerder.get(reverse("gemeente_list")))
    form = {"name": "Noor", "email": "noor@elders.example", "role": Role.LEADER, "scope": "gemeente"}
    beheerder.post(reverse("invite", args=[gemeente.pk]), form)
    assert "1 open uitnodiging" in words(beheerder.get(reverse("gemeente_list")))
    invitations.accept(Invitation.objects.get(), name="Noor", function="")
    assert "1 projectleider," not in words(beheerder.get(reverse("gemeente_list")))
    assert "GM9999, 1 projectleider" in words(beheerder.get(reverse("gemeente_list")))


@pytest.mark.parametrize("code", ["GM99", "XX0001", "", "GM٠٠٠١"])
def test_bad_code_of_a_gemeente_is_told(cast, beheerder, code):
    page = beheerder.post(reverse("gemeente_new"), {"name": "Nieuwstad", "code": code})
    assert page.context["form"].errors["code"]


def test_admin_holds_nothing_of_what_is_said_or_promised():
    reverse("admin:index")  # reads the addresses, and with them what the admin holds
    assert set(admin.site._registry) == {Gemeente, User, Mail, Wijk, MeetingReport, Document, Suggestions}


def test_admin_opens_for_every_beheerder_and_shows_no_content(cast, beheerder):
    Mail.objects.create(to="noor@elders.example", subject="De Linde onderschrijft niet", text="Geheim")
    reverse("admin:index")
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        page = beheerder.get(address)
        assert page.status_code == 200, address
        assert "De Linde" not in words(page)
    mail = reverse("admin:stakeholders_mail_change", args=[Mail.objects.get().pk])
    assert "De Linde" not in words(beheerder.get(mail, follow=True))


def test_tick_makes_a_beheerder_and_no_superuser_and_an_address_stays(cast, beheerder):
    address = reverse("admin:stakeholders_user_change", args=[cast.leader.user.pk])
    beheerder.post(address, {"email": "kaper@x.example", "is_staff": "on", "is_superuser": "on", "is_active": "on"})
    user = User.objects.get(pk=cast.leader.user.pk)
    assert (user.is_staff, user.is_superuser, user.email) == (True, False, cast.leader.user.email)
    beheerder.post(reverse("admin:stakeholders_user_add"), {"email": "Nieuw@X.example", "is_active": "on"})
    assert not User.objects.get(email="nieuw@x.example").has_usable_password()


# --- for whom one works now -------------------------------------------------------------------------------------------
def test_chosen_role_filters_the_overview(cast):
    theirs = MembershipFactory(person=cast.leader, gemeente=cast.there, role=Role.READER)
    browser = cast.client(cast.leader)
    page = words(browser.get("/"))
    assert "Trajecten in Voorbeeldstad" in page and "Trajecten in Elders" in page
    assert "Voor wie werkt u nu?" in page
    browser.post(reverse("acting_for"), {"role": theirs.pk})
    page = words(browser.get("/"))
    assert "Elderswijk" in page and "Lindenkwartier" not in page
    browser.post(reverse("acting_for"), {"role": cast.reader.memberships.get().pk})
    assert "Lindenkwartier" in words(browser.get("/"))


def test_one_role_is_not_asked_to_choose(cast):
    assert "Voor wie werkt u nu?" not in words(cast.client(cast.leader).get("/"))


def test_trajectory_pages_say_for_whom_one_acts(cast):
    said = "U werkt hier als adviseur voor gemeente Voorbeeldstad"
    browser = cast.client(cast.adviser)
    for name in ("trajectory_detail", "contribution_list", "theme_board", "point_list", "agenda_detail", "party_new"):
        assert said in words(browser.get(reverse(name, args=[cast.trajectory.pk]))), name


def test_who_got_and_lost_a_role_is_told_with_who_did_it(cast):
    leader = cast.client(cast.leader)
    staffed = MembershipFactory(gemeente=cast.here, role="meelezer", name="Noor Bakker")
    MembershipFactory(gemeente=cast.there, role="meelezer", name="Iemand Elders")
    leader.post(reverse("role_end", args=[staffed.pk]), {})
    page = leader.get(reverse("people", args=[cast.here.pk]))
    told = [(change.sentence, change.by) for change in page.context["changes"]]
    assert told[:2] == [
        ("Noor Bakker is geen meelezer meer.", cast.leader.name),
        ("Noor Bakker werd meelezer voor de hele gemeente.", ""),
    ]
    assert "Iemand Elders" not in page.content.decode()
