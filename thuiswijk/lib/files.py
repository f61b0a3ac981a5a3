"""Files that never change, kept under the name of their content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


def path_of(folder: Path, sha256: str) -> Path:
    """Where the file with this digest is kept, or would be."""
    return folder / sha256[:2] / sha256


def store(folder: Path, data: bytes) -> str:
    """Keeps `data` and answers its SHA-256 in hex. The file is whole or absent: written aside, synced, then renamed.

    Raises OSError where the disk refuses (full, read-only); nothing half is left behind.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    target = path_of(folder, sha256)
    if target.exists():
        return sha256
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    return sha256
