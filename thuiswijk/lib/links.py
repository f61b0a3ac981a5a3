"""A link that opens a door: 256 random bits in a mail, of which only the SHA-256 stays here."""

import hashlib
import secrets

from django.contrib.sessions.backends.base import SessionBase

MOST = 20  # links that one browser is known to have followed


def new_token() -> str:
    """The secret part of a link."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a link: the SHA-256 of its token, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def remember(session: SessionBase, kind: str, pk: int) -> None:
    """After following a link, this browser may open what the link was for; the link itself is needed no more."""
    known = [one for one in session.get(kind, []) if one != pk]
    session[kind] = [*known, pk][-MOST:]


def followed(session: SessionBase, kind: str) -> list[int]:
    """What this browser may open of a kind: it followed the link."""
    return list(session.get(kind, []))
