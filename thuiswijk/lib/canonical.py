"""One way to write a document as bytes, and the digest that every party endorses.

RFC 8785 (JSON Canonicalization Scheme): keys sorted, no spaces, one spelling for every text and number. Two programs that
hold the same content therefore write the same bytes, and so find the same digest.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

import rfc8785


def canonical(document: dict[str, Any]) -> bytes:
    """The canonical JSON (UTF-8) of a document of dicts, lists, texts, whole numbers, booleans and None.

    Raises `rfc8785.CanonicalizationError` (a ValueError) for what JSON can't say the same way everywhere: a lone surrogate,
    NaN, a whole number above 2**53, a key that is no text.
    """
    return rfc8785.dumps(document)


def digest(data: bytes) -> str:
    """The SHA-256 of the bytes: 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def moment(at: datetime | None) -> str | None:
    """A moment as it stands in such a document: to the second, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
