"""For everybody: is this document genuine?"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import get_messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache

from agendas import answers, renditions, verifying
from agendas.forms import NumberForm, VerifyForm
from agendas.models import AgendaVersion, Document, Round
from agendas.views import file_of
from thuiswijk.lib.canonical import digest

NOTICED_AFTER = 300  # seconds within which everybody who reads a version sees that there is a newer one


@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    form = VerifyForm(request.POST or None, request.FILES or None)
    number = NumberForm(request.GET if "nummer" in request.GET else None)
    verdict = None
    if request.method == "GET" and number.is_valid():
        return redirect("verify_code", number.cleaned_data["nummer"])
    if request.method == "POST" and form.is_valid():
        verdict = verifying.verify(form.cleaned_data["file"].read())
        if verdict.is_genuine:
            return _verified(request, verdict.document, form=form)
    return render(request, "agendas/verify.html", {"form": form, "number": number, "verdict": verdict})


@login_not_required
@never_cache
def verify_code(request: HttpRequest, code: tuple[str, int]) -> HttpResponse:
    number, version_number = code
    final = Document.objects.filter(kind=Document.Kind.FINAL).select_related("version__agenda__trajectory__gemeente")
    document = final.filter(version__agenda__number=number, version__number=version_number).first()
    if document is None or not document.is_stored:
        known = AgendaVersion.objects.filter(agenda__number=number, number=version_number).first()
        context = {
            "code": f"{number}-v{version_number}",
            "is_known": known is not None,
            "withdrawn": _withdrawn(known),
            "sealed": known and known.agenda.sealed,
        }
        return render(request, "agendas/verify_code.html", context, status=200 if known else 404)
    return _verified(request, document, form=None)


def _withdrawn(version: AgendaVersion | None) -> Round | None:
    """The round in which this version was taken back; None where it was not."""
    return Round.objects.filter(version=version, is_withdrawn=True).first()


def _verified(request: HttpRequest, document: Document | None, *, form: VerifyForm | None) -> HttpResponse:
    """A document from the register, in words: whose, when, sealed by whom, and what each party answered."""
    assert document is not None
    context = {
        "document": document,
        "version": document.version,
        "is_uploaded": form is not None,
        "withdrawn": _withdrawn(document.version),
        "newer": _newer(document.version),
        "file_address": settings.PUBLIC_URL + reverse("verify_document", args=[document.version.code]),
        "answers": answers.answers_in_words(document),
    }
    return render(request, "agendas/verified.html", context)


@login_not_required
def verify_document(request: HttpRequest, code: tuple[str, int]) -> FileResponse:
    number, version_number = code
    stored = Document.objects.filter(kind=Document.Kind.FINAL, state=Document.State.STORED).select_related(
        "version__agenda"
    )
    return file_of(get_object_or_404(stored, version__agenda__number=number, version__number=version_number))


@login_not_required
def document_read(request: HttpRequest, code: tuple[str, int]) -> HttpResponse:
    """The document as a web page, as soon as it is sealed; before that its public page says where it stands.

    Everybody who is not signed in is shown the same, until a newer version is sealed: it is drawn once for each browser.
    """
    number, version_number = code
    document = Document.objects.sealed().filter(version__agenda__number=number, version__number=version_number).first()
    if document is None:
        return redirect("verify_code", f"{number}-v{version_number}")
    newer = _newer(document.version)
    if request.user.is_authenticated or len(get_messages(request)):
        return _read(request, document, newer)
    etag = quote_etag(digest(f"{document.sha256} {newer and newer.code} {renditions.drawn_by()}".encode()))
    response = get_conditional_response(request, etag) or _read(request, document, newer)
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=NOTICED_AFTER)
    return response


def _read(request: HttpRequest, document: Document, newer: AgendaVersion | None) -> HttpResponse:
    version, given = document.version, bytes(document.answers)  # type: ignore[arg-type]  # a final one has answers
    page = renditions.page(bytes(version.content), given)
    context = {"version": version, "document": document, "page": page, "newer": newer}
    return render(request, "agendas/document_read.html", context)


def _newer(version: AgendaVersion) -> AgendaVersion | None:
    """The newest sealed version, where it came after this one."""
    sealed = version.agenda.sealed
    return sealed if sealed and sealed.number > version.number else None
