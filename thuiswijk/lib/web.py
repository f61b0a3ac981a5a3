"""What every view says in the same words."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

Row = TypeVar("Row", bound=Model)

NOTHING_NEW = 204


def allow(may: bool) -> None:
    """Ends the request with 403 unless the person may do this. A right is asked of `perms`, in words."""
    if not may:
        raise PermissionDenied


def has_seen(request: HttpRequest, mark: object) -> bool:
    """Whether a polling page already shows this state: it sends the mark that it was given as `?sinds=`."""
    return request.GET.get("sinds") == str(mark)


def number_in(request: HttpRequest, name: str) -> int:
    """A number from the address or the form, or 0 (no row has it) where there is none or something else stands there."""
    value = request.POST.get(name) or request.GET.get(name) or ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else 0


def nothing_new() -> HttpResponse:
    """The answer to a poll that changes nothing on the page: no content, no swap, the focus stays."""
    return HttpResponse(status=NOTHING_NEW)


def to_change(request: HttpRequest, rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows, locked until the end of the transaction where this request posts a change to them (RowForm)."""
    return rows.select_for_update(of=("self",)) if request.method == "POST" else rows
