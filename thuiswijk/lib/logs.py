"""What a log line may hold: what happened and how long it took; never a name, an address or a token."""

from __future__ import annotations

import re
from typing import Any

PERSONAL = ("ip", "user_agent")
TOKEN = re.compile(r"/(o|u|volg|uitnodiging-bijeenkomst)/[^/\s'\"]+|/(agenda)/[\w-]{43}(?=\.ics)")


def without_secrets(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor: drops what points at a person, and the secret part of a link that was mailed."""
    kept = {key: value for key, value in event.items() if key not in PERSONAL}
    return {key: TOKEN.sub(r"/\1\2/…", value) if isinstance(value, str) else value for key, value in kept.items()}
