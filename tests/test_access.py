"""Who may open what: every address of our own, generated from the URLconf, before everybody of the cast.

A new address without an expectation fails. 404 is for what one may not know of, 403 for what one may not do.
"""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import get_resolver, reverse

from agendas import endorsing, sealing, versions
from agendas.models import Document
from stakeholders import invitations
from stakeholders.invitations import Invitee
from tests.factories import (
    AppointmentFactory,
    ContributionFactory,
    LateContributionFactory,
    MeetingFactory,
    MembershipFactory,
    PersonFactory,
    ThemeFactory,
    UserFactory,
    complete_agenda,
    scanned_answer,
    signs_in,
)
from tests.pages import let_go
from tests.trajectories.example_report import example_report
from thuiswijk.lib import files
from thuiswijk.lib.canonical import canonical
from trajectories import intake, reporting
from trajectories.models import MeetingReport

# What a colleague who only reads gets. Everybody who may lead gets on; a stranger gets 404; nobody is asked to sign in.
READS = {
    "trajectory_detail", "contribution_list", "meeting_detail", "theme_board", "point_list", "agenda_detail",
    "expectation_list", "version_points", "version_copy", "theme_steps",
    "version_detail", "document_download", "trajectory_history", "point_history", "agenda_history", "trajectory_people",
    "meeting_invitations", "meeting_calendar",
    "meeting_items", "agenda_sheet", "sign_in_sheet", "poster", "meeting_report", "report_download",
    "meeting_screen", "meeting_presence", "point_origins", "contribution_detail", "work_screen", "point_consents",
    "expectation_screen",
}  # fmt: skip
LEADS = {
    "trajectory_step", "party_new", "party_join", "party_edit", "meeting_new", "meeting_edit", "meeting_state",
    "attendance_add", "sheet_upload", "sheet_preview", "theme_placing", "theme_undo", "party_remove", "meeting_remove",
    "theme_remove", "point_remove", "theme_new", "theme_edit", "point_new", "expectation_answer",
    "point_edit", "agenda_start", "agenda_edit", "agenda_freeze", "round_open", "round_ask", "round_close",
    "round_withdraw", "document_retry",
    "contribution_hide", "contribution_hidden", "contribution_erase", "party_invite", "late_decide",
    "meeting_invite", "meeting_tell", "meeting_invite_again",
    "meeting_plan", "talk_new", "meeting_cancel", "meeting_restore", "item_new", "items_arrange", "item_edit",
    "item_remove", "card_new", "card_sheet", "report_order", "outcomes_save", "outcome_correct", "action_add",
    "action_state",
    "screen_lead", "meeting_notes", "lines_paste", "attendance_count", "origins_choose", "suggestions_order", "answer_register",
    "round_postpone", "group_edit", "term_ask", "contribution_split", "contribution_whole",
    "figure_new", "figure_edit", "figure_remove", "area_choose", "outlines_upload",
    "work_meeting", "work_point", "work_show", "consent_note", "consent_reply",
}  # fmt: skip
# How meetings are planned in a gemeente: a projectleider says so, also one who is limited to own trajectories.
PLANS_GEMEENTE = {"pattern_list", "pattern_adopt", "pattern_arrange", "pattern_new", "pattern_edit", "pattern_remove"}
# Who works here: a projectleider says so of a trajectory; of a gemeente a beheerder as well.
STAFFS = {"trajectory_appoint", "trajectory_dismiss", "trajectory_archive", "scan_download"}
STAFFS_GEMEENTE = {
    "people", "invite", "invite_many", "invitation_resend", "invitation_revoke", "role_end", "hand_over",
}  # fmt: skip
BEHEER = {"gemeente_list", "gemeente_new"}
OF_A_PARTY = {
    "party_page",
    "commitment_confirm",
    "party_words",
}  # for its contact person: tests/agendas/test_party_page.py
# What words mean there: whoever works on a trajectory, and a beheerder.
EXPLAINS = {"term_list", "term_edit", "term_remove"}
BEHIND = READS | LEADS | STAFFS | STAFFS_GEMEENTE | PLANS_GEMEENTE | OF_A_PARTY | EXPLAINS
POSTS = {
    "trajectory_step", "party_join", "meeting_state", "attendance_add", "theme_placing", "agenda_freeze",
    "theme_undo",
    "round_ask", "round_close", "round_withdraw", "document_retry",
    "agenda_start", "party_invite", "trajectory_appoint", "trajectory_dismiss",
    "invitation_resend", "invitation_revoke", "meeting_restore", "items_arrange", "pattern_adopt", "pattern_arrange",
    "meeting_invite", "meeting_tell", "meeting_invite_again", "report_order", "outcomes_save", "action_add",
    "action_state",
    "screen_lead", "attendance_count", "late_decide", "origins_choose", "suggestions_order", "round_postpone", "term_remove",
    "contribution_whole", "work_show", "consent_note", "consent_reply", "party_words",
}  # fmt: skip
PUBLIC = {
    "contribute_code", "contribute", "contribute_who", "contribute_saved", "phone_worker", "meeting_qr",
    "endorse_link", "endorse", "endorse_document", "endorse_hand_over", "countersign", "verify", "verify_code",
    "verify_document", "document_read", "invitation_link", "invitation", "follow_code", "follow", "rsvp_link", "rsvp",
    "rsvp_calendar", "calendar_feed_file",
    "outbox", "accessibility", "privacy", "security_txt", "healthz", "account_login", "account_request_login_code",
    "account_confirm_login_code", "mfa_login_webauthn", "mfa_authenticate", "openid_connect_login",
    "openid_connect_callback", "socialaccount_login_cancelled",
}  # fmt: skip
ACCOUNT = {
    "mfa_index", "mfa_list_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_activate_totp",
    "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "session_list", "session_end", "session_end_others",
    "account_history", "person_access", "person_erase", "calendar_feed",
}  # fmt: skip
SIGNED_IN = {"home", "my_promises", "trajectory_new", "account_logout", "acting_for"} | ACCOUNT


def named(patterns=None) -> set[str]:
    """The names of all our addresses; the admin has a door of its own."""
    found = set()
    for pattern in patterns or get_resolver().url_patterns:
        if getattr(pattern, "url_patterns", None) and getattr(pattern, "namespace", None) is None:
            found |= named(pattern.url_patterns)
        elif getattr(pattern, "name", None):
            found.add(pattern.name)
    return found


def test_every_address_has_an_expectation():
    assert named() == BEHIND | BEHEER | PUBLIC | SIGNED_IN
    assert POSTS <= BEHIND


@pytest.fixture
def addresses(cast, settings, tmp_path) -> dict[str, str]:
    """Every address behind the wall, of things that exist in Voorbeeldstad."""
    agenda = complete_agenda(cast.trajectory)
    version = versions.freeze(agenda, by=cast.leader)
    endorsing.open_round(version, deadline=agenda.ends_on, by=cast.leader)
    meeting = MeetingFactory(trajectory=cast.trajectory)
    worked = MeetingFactory(trajectory=cast.trajectory, kind="werk")
    sheet = intake.read_sheet_of(meeting, name="flappen.csv", data=b"inbreng\nMeer licht.\n", by=cast.leader)
    document = version.documents.get()
    settings.MEDIA_ROOT = tmp_path
    sha256 = files.store(sealing.documents_folder(), b"%PDF-1.7 een document")
    Document.objects.filter(pk=document.pk).update(state="stored", sha256=sha256, stored_at=version.frozen_at)
    report = meeting.reports.create(number=1, content=canonical(example_report()))
    drawn = {"pdf_sha256": files.store(reporting.reports_folder(), b"%PDF-1.7 een verslag"), "odt_sha256": sha256}
    MeetingReport.objects.filter(pk=report.pk).update(state="stored", stored_at=version.frozen_at, **drawn)
    item = meeting.items.create(trajectory=cast.trajectory, title="Welkom")
    colleague = AppointmentFactory(trajectory=cast.trajectory, membership__is_limited=True).membership
    asked = invitations.invite(cast.here, Invitee("Noor", "noor@elders.example", "meelezer"), by=cast.leader)
    invited = meeting.invitations.create(party=cast.parties[0])
    trajectory, point = [cast.trajectory.pk], [cast.trajectory.points.get().pk]
    theme = [ThemeFactory(trajectory=cast.trajectory).pk]
    arguments = {
        **dict.fromkeys(
            ["meeting_detail", "meeting_edit", "meeting_remove", "meeting_state", "attendance_add", "sheet_upload"],
            [meeting.pk],
        ),
        **dict.fromkeys(["meeting_invitations", "meeting_calendar", "meeting_invite", "meeting_tell"], [meeting.pk]),
        "meeting_invite_again": [meeting.pk, invited.pk],
        **dict.fromkeys(
            [
                "meeting_items",
                "meeting_cancel",
                "meeting_restore",
                "item_new",
                "items_arrange",
                "agenda_sheet",
                "sign_in_sheet",
                "poster",
                "card_new",
                "card_sheet",
            ],
            [meeting.pk],
        ),
        **dict.fromkeys(["item_edit", "item_remove"], [meeting.items.create(trajectory=cast.trajectory, title="X").pk]),
        **dict.fromkeys(
            ["figure_edit", "figure_remove"],
            [
                cast.trajectory.figures.create(
                    label="Inwoners", value="6.240", source="CBS", measured_on=version.frozen_at
                ).pk
            ],
        ),
        "term_list": [cast.here.pk],
        **dict.fromkeys(["term_edit", "term_remove"], [cast.here.terms.create(term="ABC", meaning="Letters.").pk]),
        **dict.fromkeys(["pattern_list", "pattern_adopt", "pattern_arrange", "pattern_new"], [cast.here.pk]),
        **dict.fromkeys(
            ["pattern_edit", "pattern_remove"], [cast.here.meeting_patterns.create(kind="start", title="X").pk]
        ),
        **dict.fromkeys(
            [
                "meeting_screen",
                "screen_lead",
                "meeting_notes",
                "lines_paste",
                "meeting_presence",
                "attendance_count",
            ],
            [meeting.pk],
        ),
        "version_points": [version.pk, "csv"],
        "version_copy": [version.pk, "docx"],
        **dict.fromkeys(["version_detail", "round_open", "round_close", "round_withdraw"], [version.pk]),
        **dict.fromkeys(["document_download", "document_retry"], [document.pk]),
        **dict.fromkeys(
            [
                "contribution_hide",
                "contribution_erase",
                "contribution_detail",
                "contribution_split",
                "contribution_whole",
            ],
            [ContributionFactory(meeting=meeting).pk],
        ),
        **dict.fromkeys(["party_edit", "party_remove"], [cast.trajectory.pk, cast.parties[0].pk]),
        **dict.fromkeys(["meeting_report", "report_order", "outcomes_save", "action_add"], [meeting.pk]),
        "report_download": [report.pk, "pdf"],
        "outcome_correct": [item.pk],
        "action_state": [meeting.actions.create(text="De lamp maken").pk],
        "late_decide": [LateContributionFactory(meeting=meeting).pk],
        **dict.fromkeys(["round_ask", "answer_register"], [version.pk, cast.parties[0].pk]),
        "round_postpone": [version.pk],
        "group_edit": [
            cast.trajectory.themes.earliest("pk").groups.create(trajectory=cast.trajectory, wording="Groen").pk
        ],
        "party_invite": [cast.trajectory.pk, cast.parties[0].pk],
        **dict.fromkeys(["party_page", "party_words"], [cast.parties[0].pk]),
        "scan_download": [scanned_answer(version.round, cast.parties[1], by=cast.leader).scan.pk],
        "commitment_confirm": [cast.parties[0].commitments.get().pk],
        "expectation_answer": [
            ContributionFactory(meeting=meeting, kind="verwachting", addressed_to=cast.parties[1]).pk
        ],
        "trajectory_dismiss": [cast.trajectory.pk, colleague.pk],
        "role_end": [colleague.pk],
        **dict.fromkeys(["people", "invite", "invite_many", "hand_over"], [cast.here.pk]),
        **dict.fromkeys(["invitation_resend", "invitation_revoke"], [asked.pk]),
        "sheet_preview": [sheet.pk],
        **dict.fromkeys(["theme_edit", "theme_remove"], theme),
        **dict.fromkeys(["point_edit", "point_remove", "point_history", "point_origins", "origins_choose"], point),
        **dict.fromkeys(["point_consents", "consent_reply"], point),
        **dict.fromkeys(["work_meeting", "work_show", "work_screen", "expectation_screen"], [worked.pk]),
        **dict.fromkeys(["work_point", "consent_note"], [worked.pk, *point]),
    }
    return {name: reverse(name, args=arguments.get(name, trajectory)) for name in BEHIND}


# What each of the cast gets, by group, for GET and for POST: the whole of who may do what. "in" is the page, or on from it.
GROUPS = {
    "reads": READS, "leads": LEADS, "staffs": STAFFS, "gemeente": STAFFS_GEMEENTE, "plans": PLANS_GEMEENTE,
    "party": OF_A_PARTY, "explains": EXPLAINS, "beheer": BEHEER,
}  # fmt: skip
MATRIX: dict[str, dict[str, object]] = {
    "nobody": dict.fromkeys(GROUPS, "sign in"),
    "outsider": {**dict.fromkeys(GROUPS, 404), "beheer": 403},
    "stranger": {**dict.fromkeys(GROUPS, 404), "beheer": 403},
    "unappointed": {**dict.fromkeys(GROUPS, 404), "gemeente": 403, "plans": "in", "explains": "in", "beheer": 403},
    "contact": {**dict.fromkeys(GROUPS, 404), "party": "in", "beheer": 403},
    "reader": {"reads": "in", "leads": 403, "staffs": 403, "gemeente": 403, "plans": 403, "party": 404,
        "explains": 403, "beheer": 403},
    "adviser": {"reads": "in", "leads": "in", "staffs": 403, "gemeente": 403, "plans": 403, "party": 404,
        "explains": "in", "beheer": 403},
    "leader": {"reads": "in", "leads": "in", "staffs": "in", "gemeente": "in", "plans": "in", "party": 404,
        "explains": "in", "beheer": 403},
    "beheerder": {"reads": 404, "leads": 404, "staffs": 404, "gemeente": "in", "plans": 404, "party": 404,
        "explains": "in", "beheer": "in"},
}  # fmt: skip


@pytest.fixture
def browser_of(cast):
    """The browser of one of the cast, by the name of the matrix."""

    def browser(who: str):
        if who == "nobody":
            return cast.client()
        if who == "beheerder":
            signs_in(browser := cast.client(), UserFactory(is_staff=True))
            return browser
        if who == "unappointed":
            return cast.client(MembershipFactory(gemeente=cast.here, is_limited=True).person)
        if who == "contact":
            contact = PersonFactory()
            MembershipFactory(person=contact, party=cast.parties[0], gemeente=None, role="contactpersoon")
            return cast.client(contact)
        return cast.client(getattr(cast, who))

    return browser


def got(answer) -> object:
    """The answer in the words of the matrix."""
    let_go(answer)
    if answer.status_code == 302 and answer["Location"].startswith("/inloggen/"):
        return "sign in"
    return "in" if answer.status_code in (200, 302) else answer.status_code


LOOKS_FIRST = {
    "document_retry",
    "action_state",
    "invitation_resend",
    "invitation_revoke",
    "late_decide",
}  # its page is known by the row alone


def expected(who: str, group: str, name: str, method: str) -> object:
    """The matrix; but where only a form is taken, any GET leads on to the page of the form, which judges for itself."""
    if who != "nobody" and name in POSTS - LOOKS_FIRST and method != "post":
        return "in" if method == "get" else 405
    return MATRIX[who][group]


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
@pytest.mark.parametrize("who", MATRIX)
def test_matrix(cast, addresses, browser_of, who, method):
    """Every address × everybody × every method. What a POST did is undone before the next one."""
    browser = browser_of(who)
    wanted, seen = {}, {}
    for group, names in GROUPS.items():
        for name in sorted(names):
            with transaction.atomic():
                answer = getattr(browser, method)(addresses.get(name) or reverse(name))
                transaction.set_rollback(True)
            wanted[name], seen[name] = expected(who, group, name, method), got(answer)
    assert seen == wanted


def test_matrix_is_whole():
    assert set().union(*GROUPS.values()) == BEHIND | BEHEER
    assert all(set(row) == set(GROUPS) for row in MATRIX.values())


@pytest.mark.parametrize("name", sorted(POSTS))
def test_address_that_takes_a_form_leads_to_the_page_of_the_form(cast, addresses, name):
    """By GET one comes back after signing in again, or loads the page anew: never to a bare 405, and nothing is done."""
    MembershipFactory(person=cast.leader, party=cast.parties[0], gemeente=None, role="contactpersoon")
    browser = cast.client(cast.leader)
    answer = browser.get(addresses[name])
    assert answer.status_code == 302
    page = browser.get(answer["Location"])
    assert page.status_code == 200
    if name != "document_retry":
        assert "Er is nog niets veranderd." in page.content.decode()


def test_lists_hold_nothing_of_another_gemeente(cast):
    for person, own, other in (
        (cast.leader, "Lindenkwartier", "Elderswijk"),
        (cast.stranger, "Elderswijk", "Lindenkwartier"),
    ):
        page = cast.client(person).get("/").content.decode()
        assert own in page
        assert other not in page
    assert "Nog geen trajecten" in cast.client(cast.outsider).get("/").content.decode()


def test_ids_of_another_gemeente_in_a_form_are_refused(cast):
    """Forms offer and take what belongs to the trajectory; an id from elsewhere is no choice."""
    theirs = MeetingFactory(trajectory=cast.elsewhere).trajectory
    their_theme = ThemeFactory(trajectory=theirs)
    browser = cast.client(cast.leader)
    answer = browser.post(
        reverse("point_new", args=[cast.trajectory.pk]),
        {
            "theme": their_theme.pk,
            "title": "X",
            "position": 1,
            "commitments-TOTAL_FORMS": 0,
            "commitments-INITIAL_FORMS": 0,
        },
    )
    assert answer.status_code == 200
    assert not cast.trajectory.points.exists()
    browser.post(reverse("theme_placing", args=[cast.trajectory.pk]), {"theme": their_theme.pk, "contributions": ["1"]})
    assert not their_theme.placements.exists()
    new = browser.post(reverse("trajectory_new"), {"gemeente": cast.there.pk, "name": "Van ons"})
    assert new.status_code == 200
    assert cast.there.trajectories.count() == 1


def test_only_who_leads_somewhere_begins_a_trajectory(cast):
    for person, expected in ((cast.leader, 200), (cast.reader, 403), (cast.outsider, 403)):
        assert cast.client(person).get(reverse("trajectory_new")).status_code == expected


def test_admin_is_for_staff(cast):
    assert cast.client().get("/beheer/").status_code == 302
    assert cast.client(cast.leader).get("/beheer/").status_code in (302, 403)
    cast.leader.user.is_staff = cast.leader.user.is_superuser = True
    cast.leader.user.save()
    assert cast.client(cast.leader).get("/beheer/", follow=True).status_code == 200


def test_outbox_exists_in_the_demo_only(cast):
    assert cast.client(cast.leader).get("/postvak/").status_code == 404
    with override_settings(DEMO=True):
        assert cast.client().get("/postvak/").status_code == 200
