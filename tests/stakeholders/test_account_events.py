"""What happens with an account stands in rows that are only added, without an address in them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from agendas import sealing, versions
from agendas.models import Document
from stakeholders import account_events
from stakeholders.models import AccountEvent, Download
from tests.factories import complete_agenda
from tests.stakeholders.test_second_factor import begin, with_app
from thuiswijk.lib import files, wall

pytestmark = pytest.mark.django_db


def happened(person) -> list[tuple[str, str]]:
    return list(person.user.events.order_by("pk").values_list("kind", "method"))


def test_sign_in_with_two_steps_and_leaving_are_written_down(cast, client):
    code = with_app(cast.leader)
    begin(client, cast.leader)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code})
    client.post(reverse("account_logout"))
    assert happened(cast.leader) == [("mislukt", "totp"), ("ingelogd", "code, totp"), ("uitgelogd", "")]


def test_wrong_code_is_written_down_with_the_account_it_was_for(cast, client):
    client.post(reverse("account_login"), {"email": cast.reader.user.email})
    client.post(reverse("account_confirm_login_code"), {"code": "AAAA-AAAA"})
    assert happened(cast.reader) == [("mislukt", "code")]


def test_unknown_address_leaves_a_log_line_without_it_and_no_row(cast, client, caplog):
    client.post(reverse("account_login"), {"email": "niemand@voorbeeldstad.example"})
    client.post(reverse("account_confirm_login_code"), {"code": "AAAA-AAAA"})
    assert not AccountEvent.objects.exists()
    told = [record.msg for record in caplog.records if record.name == "stakeholders.signing_in"]
    assert [(line["event"], line["step"]) for line in told] == [("sign_in_failed", "address")]
    assert "niemand@" not in json.dumps([str(record.msg) for record in caplog.records])


def test_factors_taken_away_by_a_beheerder_are_written_down(cast):
    with_app(cast.leader)
    cast.outsider.user.is_staff = cast.outsider.user.is_superuser = True
    cast.outsider.user.save()
    form = {"action": "take_away_factors", "_selected_action": [cast.leader.user.pk]}
    cast.client(cast.outsider).post("/beheer/stakeholders/user/", form)
    assert happened(cast.leader) == [("tweede_stap_weg", "")]


def test_leaving_everywhere_else_is_written_down(cast, client):
    begin(client, cast.reader)
    client.get("/")
    other = cast.client()
    begin(other, cast.reader)
    other.get("/")
    other.post(reverse("session_end_others"))
    assert [kind for kind, _ in happened(cast.reader)] == ["ingelogd", "ingelogd", "elders_uit"]
    other.post(reverse("session_end_others"))  # nowhere else any more
    assert [kind for kind, _ in happened(cast.reader)][-1] == "elders_uit"
    assert cast.reader.user.events.filter(kind="elders_uit").count() == 1


def test_rows_hold_no_address():
    for model in (AccountEvent, Download):
        assert "EmailField" not in {field.get_internal_type() for field in model._meta.fields}


@pytest.mark.parametrize("act", ["update", "delete"])
@pytest.mark.parametrize("model", [AccountEvent, Download])
def test_row_can_not_be_changed_or_deleted(cast, model, act):
    account_events.note(cast.leader.user, AccountEvent.Kind.SIGNED_IN)
    account_events.note_download(cast.leader.user, "iets")
    rows = model.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(at=timezone.now()) if act == "update" else rows.delete()


@pytest.mark.parametrize("table", [AccountEvent._meta.db_table, Download._meta.db_table])
def test_request_has_no_right_to_change_or_delete(cast, table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, %s, 'INSERT'), has_table_privilege(%s, %s, 'UPDATE'), "
            "has_table_privilege(%s, %s, 'DELETE')",
            [wall.ROLE, table] * 3,
        )
        assert cursor.fetchone() == (True, False, False)


def test_download_of_a_document_is_written_down(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader)
    sha256 = files.store(sealing.documents_folder(), b"%PDF-1.7 een document")
    document = version.documents.get()
    Document.objects.filter(pk=document.pk).update(state="stored", sha256=sha256, stored_at=timezone.now())
    answer = cast.client(cast.reader).get(reverse("document_download", args=[document.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 een document"
    assert Download.objects.get().account == cast.reader.user
    assert Download.objects.get().what == f"verbeteragenda-{version.code}-concept.pdf"


def test_download_that_fails_is_not_written_down(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader)
    Document.objects.update(state="stored", sha256="0" * 64, stored_at=timezone.now())
    answer = cast.client(cast.reader).get(reverse("document_download", args=[version.documents.get().pk]))
    assert answer.status_code == 404
    assert not Download.objects.exists()


def test_page_lists_ones_own_events_of_the_last_year(cast):
    browser = cast.client(cast.reader)
    now = timezone.now()
    for account, kind, method, days in (
        (cast.reader.user, "ingelogd", "code, totp", 364),
        (cast.reader.user, "mislukt", "code", 366),
        (cast.leader.user, "tweede_stap", "totp", 1),
    ):
        AccountEvent.objects.create(account=account, kind=kind, method=method, at=now - timedelta(days=days))
    account_events.note_download(cast.reader.user, "verbeteragenda-VA-2026-0001-v1.pdf")
    page = browser.get(reverse("account_history")).content.decode()
    assert "Ingelogd met een code per e-mail en een code uit een app" in page
    assert "Inloggen mislukt" not in page
    assert "Tweede stap" not in page
    assert "verbeteragenda-VA-2026-0001-v1.pdf" in page
