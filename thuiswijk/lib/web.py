"""What every view says in the same words."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

Row = TypeVar("Row", bound=Model)

NOTHING_NEW = 204
View = Callable[..., HttpResponse]


def allow(may: bool, otherwise: str = "") -> None:
    """Ends the request with 403 unless the person may do this. A right is asked of `perms`; `otherwise` says what to do."""
    if not may:
        raise PermissionDenied(*filter(None, [otherwise]))


def has_seen(request: HttpRequest, mark: object) -> bool:
    """Whether a polling page already shows this state: it sends the mark that it was given as `?sinds=`."""
    return request.GET.get("sinds") == str(mark)


def number_in(request: HttpRequest, name: str) -> int:
    """A number from the address or the form, or 0 (no row has it) where there is none or something else stands there."""
    value = request.POST.get(name) or request.GET.get(name) or ""
    return int(value) if _is_number(value) else 0


def numbers_in(request: HttpRequest, name: str) -> list[int]:
    """Every number that the form sent under this name; what else stands there is left out."""
    return [int(value) for value in request.POST.getlist(name) if _is_number(value)]


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 18  # as far as a column goes


def nothing_new() -> HttpResponse:
    """The answer to a poll that changes nothing on the page: no content, no swap, the focus stays."""
    return HttpResponse(status=NOTHING_NEW)


def to_change(request: HttpRequest, rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows, locked until the end of the transaction where this request posts a change to them (RowForm)."""
    return rows.select_for_update(of=("self",)) if request.method == "POST" else rows


def not_yet(request: HttpRequest, page: str, *args: Any) -> HttpResponse:
    """Sends who came by GET to an address that takes POST to the page that the form stands on, and says so."""
    messages.info(request, "Er is nog niets veranderd. Doe het op deze pagina nog een keer.")
    return redirect(page, *args)


def posted_from(page: str) -> Callable[[View], View]:
    """For a view that only takes POST: who comes by GET is sent to the page that the form stands on, by its url name.

    One comes by GET after signing in again (the session ended, and the address was remembered), or by loading the page anew
    that a refused form left in the address bar. Nothing was done then, and the page says so.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def posted(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in ("GET", "HEAD"):
                return not_yet(request, page, pk)
            return require_POST(view)(request, pk, *args, **kwargs)

        return posted

    return decorate
