"""What every view says in the same words."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

NOTHING_NEW = 204


def allow(may: bool) -> None:
    """Ends the request with 403 unless the person may do this. A right is asked of `perms`, in words."""
    if not may:
        raise PermissionDenied


def has_seen(request: HttpRequest, mark: object) -> bool:
    """Whether a polling page already shows this state: it sends the mark that it was given as `?sinds=`."""
    return request.GET.get("sinds") == str(mark)


def nothing_new() -> HttpResponse:
    """The answer to a poll that changes nothing on the page: no content, no swap, the focus stays."""
    return HttpResponse(status=NOTHING_NEW)
