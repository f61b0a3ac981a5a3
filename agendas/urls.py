from django.urls import path, register_converter
from django.urls.converters import StringConverter

from agendas import (
    archive_views,
    endorse_views,
    expectation_views,
    follow_views,
    point_views,
    promise_views,
    term_views,
    theme_views,
    trace_views,
    verify_views,
    version_views,
    views,
    work_views,
)


class DocumentCode:
    """A version's code in an address, as VA-2026-0001-v1: the document number and the version."""

    regex = "[Vv][Aa]-[0-9]{4}-[0-9]{4,9}-[Vv][0-9]{1,4}"

    def to_python(self, value: str) -> tuple[str, int]:
        number, _, version = value.upper().rpartition("-V")
        return number, int(version)

    def to_url(self, value: str) -> str:
        return value


class Receipt:
    """The code of a deelnemer, however it was typed: in any case, with or without a hyphen."""

    regex = "[A-Za-z0-9]{4}-?[A-Za-z0-9]{4}"

    def to_python(self, value: str) -> str:
        return value.replace("-", "").upper()

    def to_url(self, value: str) -> str:
        return f"{value[:4]}-{value[4:]}"


class Sheet(StringConverter):
    """The shape of a sheet, as its file name ends."""

    regex = "csv|xlsx"


class Copy(StringConverter):
    """The shape of a copy to edit, as its file name ends."""

    regex = "odt|docx"


register_converter(DocumentCode, "document")
register_converter(Sheet, "sheet")
register_converter(Copy, "copy")
register_converter(Receipt, "receipt")

urlpatterns = [
    path("inbreng/<int:pk>/", trace_views.contribution_detail, name="contribution_detail"),
    path("inbreng/<int:pk>/splitsen/", trace_views.contribution_split, name="contribution_split"),
    path("inbreng/<int:pk>/heel/", trace_views.contribution_whole, name="contribution_whole"),
    path("inbreng/<int:pk>/wissen/", theme_views.contribution_erase, name="contribution_erase"),
    path("trajecten/<int:pk>/geschiedenis/", views.trajectory_history, name="trajectory_history"),
    path("trajecten/<int:pk>/archief/", archive_views.trajectory_archive, name="trajectory_archive"),
    path("trajecten/<int:pk>/verwachtingen/", expectation_views.expectation_list, name="expectation_list"),
    path("verwachtingen/<int:pk>/", expectation_views.expectation_answer, name="expectation_answer"),
    path("trajecten/<int:pk>/themas/", theme_views.theme_board, name="theme_board"),
    path("trajecten/<int:pk>/themas/plaatsen/", theme_views.theme_placing, name="theme_placing"),
    path("trajecten/<int:pk>/themas/stappen/", theme_views.theme_steps, name="theme_steps"),
    path("trajecten/<int:pk>/themas/terugdraaien/", theme_views.theme_undo, name="theme_undo"),
    path("trajecten/<int:pk>/themas/voorstellen/", theme_views.suggestions_order, name="suggestions_order"),
    path("trajecten/<int:pk>/themas/nieuw/", theme_views.theme_new, name="theme_new"),
    path("groepen/<int:pk>/", theme_views.group_edit, name="group_edit"),
    path("themas/<int:pk>/", theme_views.theme_edit, name="theme_edit"),
    path("themas/<int:pk>/verwijderen/", theme_views.theme_remove, name="theme_remove"),
    path("trajecten/<int:pk>/begrippen/", term_views.term_ask, name="term_ask"),
    path("trajecten/<int:pk>/verbeterpunten/", point_views.point_list, name="point_list"),
    path("trajecten/<int:pk>/verbeterpunten/nieuw/", point_views.point_new, name="point_new"),
    path("verbeterpunten/<int:pk>/", point_views.point_edit, name="point_edit"),
    path("verbeterpunten/<int:pk>/herkomst/", trace_views.point_origins, name="point_origins"),
    path("verbeterpunten/<int:pk>/herkomst/kiezen/", trace_views.origins_choose, name="origins_choose"),
    path("verbeterpunten/<int:pk>/verwijderen/", point_views.point_remove, name="point_remove"),
    path("verbeterpunten/<int:pk>/geschiedenis/", views.point_history, name="point_history"),
    path("verbeterpunten/<int:pk>/zaal/", work_views.point_consents, name="point_consents"),
    path("verbeterpunten/<int:pk>/zaal/antwoord/", work_views.consent_reply, name="consent_reply"),
    path("bijeenkomsten/<int:pk>/verwachtingen/", expectation_views.expectation_screen, name="expectation_screen"),
    path("bijeenkomsten/<int:pk>/werk/", work_views.work_meeting, name="work_meeting"),
    path("bijeenkomsten/<int:pk>/werk/tonen/", work_views.work_show, name="work_show"),
    path("bijeenkomsten/<int:pk>/werk/scherm/", work_views.work_screen, name="work_screen"),
    path("bijeenkomsten/<int:pk>/werk/<int:point_pk>/", work_views.work_point, name="work_point"),
    path("bijeenkomsten/<int:pk>/werk/<int:point_pk>/instemming/", work_views.consent_note, name="consent_note"),
    path("trajecten/<int:pk>/agenda/", views.agenda_detail, name="agenda_detail"),
    path("trajecten/<int:pk>/agenda/beginnen/", views.agenda_start, name="agenda_start"),
    path("trajecten/<int:pk>/agenda/bewerken/", views.agenda_edit, name="agenda_edit"),
    path("trajecten/<int:pk>/agenda/bevriezen/", views.agenda_freeze, name="agenda_freeze"),
    path("trajecten/<int:pk>/agenda/geschiedenis/", views.agenda_history, name="agenda_history"),
    path("versies/<int:pk>/", version_views.version_detail, name="version_detail"),
    path("versies/<int:pk>/voorleggen/", version_views.round_open, name="round_open"),
    path("versies/<int:pk>/opnieuw-vragen/<int:party_pk>/", version_views.round_ask, name="round_ask"),
    path("versies/<int:pk>/antwoord/<int:party_pk>/", version_views.answer_register, name="answer_register"),
    path("scans/<int:pk>/", version_views.scan_download, name="scan_download"),
    path("versies/<int:pk>/langer/", version_views.round_postpone, name="round_postpone"),
    path("versies/<int:pk>/sluiten/", version_views.round_close, name="round_close"),
    path("versies/<int:pk>/intrekken/", version_views.round_withdraw, name="round_withdraw"),
    path("versies/<int:pk>/punten.<sheet:kind>", version_views.version_points, name="version_points"),
    path("versies/<int:pk>/kopie.<copy:kind>", version_views.version_copy, name="version_copy"),
    path("documenten/<int:pk>/", version_views.document_download, name="document_download"),
    path("documenten/<int:pk>/opnieuw/", version_views.document_retry, name="document_retry"),
    path("mijn-afspraken/", promise_views.my_promises, name="my_promises"),
    path("toezeggingen/<int:pk>/", promise_views.commitment_confirm, name="commitment_confirm"),
    path("partijen/<int:pk>/", endorse_views.party_page, name="party_page"),
    path("partijen/<int:pk>/begrippen/", term_views.party_words, name="party_words"),
    path("o/<str:token>/", endorse_views.endorse_link, name="endorse_link"),
    path("onderschrijven/<int:pk>/", endorse_views.endorse, name="endorse"),
    path("onderschrijven/<int:pk>/document/", endorse_views.endorse_document, name="endorse_document"),
    path("onderschrijven/<int:pk>/doorgeven/", endorse_views.endorse_hand_over, name="endorse_hand_over"),
    path("onderschrijven/<int:pk>/meetekenen/", endorse_views.countersign, name="countersign"),
    path("volg/", follow_views.follow_code, name="follow_code"),
    path("volg/<receipt:code>/", follow_views.follow, name="follow"),
    path("controleer/", verify_views.verify, name="verify"),
    path("controleer/<document:code>/", verify_views.verify_code, name="verify_code"),
    path("controleer/<document:code>/lezen/", verify_views.document_read, name="document_read"),
    path("controleer/<document:code>/document/", verify_views.verify_document, name="verify_document"),
]
