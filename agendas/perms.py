"""Who may do what with an agenda. A party answers through its link, so that right is looked up and not asked here."""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase

from agendas.models import EndorsementRequest

LINKS = "endorsement_requests"  # in the session: the requests whose link this browser followed


def remember_link(session: SessionBase, request: EndorsementRequest) -> None:
    """After following a link, this browser may answer for its party; the link itself is needed no more."""
    known = [pk for pk in session.get(LINKS, []) if pk != request.pk]
    session[LINKS] = [*known, request.pk][-20:]


def linked_requests(session: SessionBase) -> list[int]:
    """The requests that this browser may answer: it followed their link."""
    return list(session.get(LINKS, []))
