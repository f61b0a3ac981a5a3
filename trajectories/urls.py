from django.urls import path, register_converter
from django.urls.converters import StringConverter

from trajectories import (
    area_views,
    figure_views,
    inviting_views,
    paper_views,
    people_views,
    phone_views,
    planning_views,
    report_views,
    room_views,
    views,
)


class MeetingCode(StringConverter):
    """The short code of a meeting, in any case; what is near one gets a page with words, not the general 404."""

    regex = "[A-Za-z0-9]{1,12}"


class ReportKind(StringConverter):
    """The two files that a report comes as."""

    regex = "pdf|odt"


register_converter(MeetingCode, "meeting")
register_converter(ReportKind, "report_kind")

urlpatterns = [
    # Of phones first: a hall of them asks at once, and addresses are tried in this order.
    path("b/", phone_views.contribute_code, name="contribute_code"),
    path("b/sw.js", phone_views.phone_worker, name="phone_worker"),
    path("b/<meeting:code>/", phone_views.contribute, name="contribute"),
    path("b/<meeting:code>/wie/", phone_views.contribute_who, name="contribute_who"),
    path("b/<meeting:code>/opgeslagen/", phone_views.contribute_saved, name="contribute_saved"),
    path("b/<meeting:code>/qr.svg", phone_views.meeting_qr, name="meeting_qr"),
    path("trajecten/nieuw/", views.trajectory_new, name="trajectory_new"),
    path("trajecten/<int:pk>/", views.trajectory_detail, name="trajectory_detail"),
    path("trajecten/<int:pk>/stap/", views.trajectory_step, name="trajectory_step"),
    path("trajecten/<int:pk>/partijen/nieuw/", views.party_new, name="party_new"),
    path("trajecten/<int:pk>/partijen/erbij/", views.party_join, name="party_join"),
    path("trajecten/<int:pk>/partijen/<int:party_pk>/", views.party_edit, name="party_edit"),
    path("trajecten/<int:pk>/partijen/<int:party_pk>/verwijderen/", views.party_remove, name="party_remove"),
    path("trajecten/<int:pk>/partijen/<int:party_pk>/uitnodigen/", people_views.party_invite, name="party_invite"),
    path("trajecten/<int:pk>/mensen/", people_views.trajectory_people, name="trajectory_people"),
    path("trajecten/<int:pk>/mensen/erbij/", people_views.trajectory_appoint, name="trajectory_appoint"),
    path(
        "trajecten/<int:pk>/mensen/<int:membership_pk>/eraf/",
        people_views.trajectory_dismiss,
        name="trajectory_dismiss",
    ),
    path("gemeenten/<int:pk>/mensen/overdragen/", people_views.hand_over, name="hand_over"),
    path("rollen/<int:pk>/beeindigen/", people_views.role_end, name="role_end"),
    path("trajecten/<int:pk>/inbreng/", views.contribution_list, name="contribution_list"),
    path("trajecten/<int:pk>/verborgen/", views.contribution_hidden, name="contribution_hidden"),
    path("inbreng/<int:pk>/verbergen/", views.contribution_hide, name="contribution_hide"),
    path("trajecten/<int:pk>/bijeenkomsten/nieuw/", views.meeting_new, name="meeting_new"),
    path("bijeenkomsten/<int:pk>/", views.meeting_detail, name="meeting_detail"),
    path("bijeenkomsten/<int:pk>/bewerken/", views.meeting_edit, name="meeting_edit"),
    path("bijeenkomsten/<int:pk>/verwijderen/", views.meeting_remove, name="meeting_remove"),
    path("bijeenkomsten/<int:pk>/stand/", views.meeting_state, name="meeting_state"),
    path("bijeenkomsten/<int:pk>/verslag/", report_views.meeting_report, name="meeting_report"),
    path("bijeenkomsten/<int:pk>/verslag/maken/", report_views.report_order, name="report_order"),
    path("bijeenkomsten/<int:pk>/uitkomsten/", report_views.outcomes_save, name="outcomes_save"),
    path("bijeenkomsten/<int:pk>/actiepunten/", report_views.action_add, name="action_add"),
    path("agendapunten/<int:pk>/verbeteren/", report_views.outcome_correct, name="outcome_correct"),
    path("actiepunten/<int:pk>/stand/", report_views.action_state, name="action_state"),
    path("verslagen/<int:pk>/<report_kind:kind>/", report_views.report_download, name="report_download"),
    path("bijeenkomsten/<int:pk>/scherm/", room_views.meeting_screen, name="meeting_screen"),
    path("bijeenkomsten/<int:pk>/scherm/sturen/", room_views.screen_lead, name="screen_lead"),
    path("bijeenkomsten/<int:pk>/noteren/", room_views.meeting_notes, name="meeting_notes"),
    path("bijeenkomsten/<int:pk>/plakken/", room_views.lines_paste, name="lines_paste"),
    path("bijeenkomsten/<int:pk>/aanwezig/", room_views.meeting_presence, name="meeting_presence"),
    path("bijeenkomsten/<int:pk>/aanwezig/tellen/", room_views.attendance_count, name="attendance_count"),
    path("bijeenkomsten/<int:pk>/aanwezig/invullen/", room_views.attendance_add, name="attendance_add"),
    path("bijeenkomsten/<int:pk>/inlezen/", views.sheet_upload, name="sheet_upload"),
    path("na-sluiten/<int:pk>/", phone_views.late_decide, name="late_decide"),
    path("inlezen/<int:pk>/", views.sheet_preview, name="sheet_preview"),
    path("gemeenten/<int:pk>/draaiboek/", planning_views.pattern_list, name="pattern_list"),
    path("gemeenten/<int:pk>/draaiboek/overnemen/", planning_views.pattern_adopt, name="pattern_adopt"),
    path("gemeenten/<int:pk>/draaiboek/schikken/", planning_views.pattern_arrange, name="pattern_arrange"),
    path("gemeenten/<int:pk>/draaiboek/nieuw/", planning_views.pattern_new, name="pattern_new"),
    path("draaiboek/<int:pk>/", planning_views.pattern_edit, name="pattern_edit"),
    path("draaiboek/<int:pk>/verwijderen/", planning_views.pattern_remove, name="pattern_remove"),
    path("trajecten/<int:pk>/gebied/", area_views.area_choose, name="area_choose"),
    path("trajecten/<int:pk>/gebied/inlezen/", area_views.outlines_upload, name="outlines_upload"),
    path("trajecten/<int:pk>/cijfers/nieuw/", figure_views.figure_new, name="figure_new"),
    path("cijfers/<int:pk>/", figure_views.figure_edit, name="figure_edit"),
    path("cijfers/<int:pk>/verwijderen/", figure_views.figure_remove, name="figure_remove"),
    path("trajecten/<int:pk>/bijeenkomsten/plannen/", planning_views.meeting_plan, name="meeting_plan"),
    path("trajecten/<int:pk>/gesprekken/nieuw/", planning_views.talk_new, name="talk_new"),
    path("bijeenkomsten/<int:pk>/afzeggen/", planning_views.meeting_cancel, name="meeting_cancel"),
    path("bijeenkomsten/<int:pk>/toch/", planning_views.meeting_restore, name="meeting_restore"),
    path("bijeenkomsten/<int:pk>/agenda/", planning_views.meeting_items, name="meeting_items"),
    path("bijeenkomsten/<int:pk>/agenda/nieuw/", planning_views.item_new, name="item_new"),
    path("bijeenkomsten/<int:pk>/agenda/schikken/", planning_views.items_arrange, name="items_arrange"),
    path("agendapunten/<int:pk>/", planning_views.item_edit, name="item_edit"),
    path("agendapunten/<int:pk>/verwijderen/", planning_views.item_remove, name="item_remove"),
    path("bijeenkomsten/<int:pk>/druk/agenda/", paper_views.agenda_sheet, name="agenda_sheet"),
    path("bijeenkomsten/<int:pk>/druk/presentielijst/", paper_views.sign_in_sheet, name="sign_in_sheet"),
    path("bijeenkomsten/<int:pk>/druk/affiche/", paper_views.poster, name="poster"),
    path("bijeenkomsten/<int:pk>/druk/kaarten/", paper_views.card_new, name="card_new"),
    path("bijeenkomsten/<int:pk>/druk/kaarten/vel/", paper_views.card_sheet, name="card_sheet"),
    path("bijeenkomsten/<int:pk>/uitnodigen/", inviting_views.meeting_invitations, name="meeting_invitations"),
    path("bijeenkomsten/<int:pk>/uitnodigen/versturen/", inviting_views.meeting_invite, name="meeting_invite"),
    path("bijeenkomsten/<int:pk>/uitnodigen/wijziging/", inviting_views.meeting_tell, name="meeting_tell"),
    path(
        "bijeenkomsten/<int:pk>/uitnodigen/<int:invitation_pk>/opnieuw/",
        inviting_views.meeting_invite_again,
        name="meeting_invite_again",
    ),
    path("bijeenkomsten/<int:pk>/afspraak.ics", inviting_views.meeting_calendar, name="meeting_calendar"),
    path("uitnodiging-bijeenkomst/<str:token>/", inviting_views.rsvp_link, name="rsvp_link"),
    path("komt-u/<int:pk>/", inviting_views.rsvp, name="rsvp"),
    path("komt-u/<int:pk>/afspraak.ics", inviting_views.rsvp_calendar, name="rsvp_calendar"),
    path("account/agenda/", inviting_views.calendar_feed, name="calendar_feed"),
    path("agenda/<str:token>.ics", inviting_views.calendar_feed_file, name="calendar_feed_file"),
]
