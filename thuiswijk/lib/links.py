"""A link that opens a door: 256 random bits in a mail, of which only the SHA-256 stays here."""

import hashlib
import secrets


def new_token() -> str:
    """The secret part of a link."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a link: the SHA-256 of its token, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()
