"""A folder of files as one zip with the checksums that prove it whole: a BagIt bag (RFC 8493).

Whoever gets one checks it without us: `bagit.py --validate` on the unpacked folder, or `sha256sum -c manifest-sha256.txt` in it.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from thuiswijk.lib.text import in_brief

CHUNK = 1 << 20
PACKED_ALREADY = (".pdf", ".xlsx", ".odt")


@dataclass(frozen=True)
class Packed:
    """What stands in a bag about one file."""

    sha256: str
    size: int


@dataclass
class Bag:
    """A bag that is being filled. Names are of plain ASCII; files go in by `add`, and `close` writes what proves them."""

    name: str
    zip: zipfile.ZipFile
    when: datetime
    payload: dict[str, Packed] = field(default_factory=dict)

    def add(self, name: str, source: bytes | Path) -> Packed:
        """Puts a file under data/, read in pieces. Raises OSError where a file on disk can't be read."""
        path = f"data/{name}"
        if path in self.payload:
            raise ValueError(f"{path} stands in this bag already")
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
            self.payload[path] = self._write(path, file)
        return self.payload[path]

    def close(self, info: dict[str, str], texts: dict[str, str]) -> None:
        """Writes what a bag says of itself, its manifest, these `texts` by their names beside it, and the manifest of those."""
        size = sum(packed.size for packed in self.payload.values())
        oxum = {"Bagging-Date": self.when.date().isoformat(), "Payload-Oxum": f"{size}.{len(self.payload)}"}
        told = "".join(f"{label}: {in_brief(value, 500)}\n" for label, value in {**info, **oxum}.items())
        tags = {
            "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": told,
            "manifest-sha256.txt": _manifest(self.payload),
            **texts,
        }
        written = {name: self._write(name, io.BytesIO(text.encode())) for name, text in tags.items()}
        self._write("tagmanifest-sha256.txt", io.BytesIO(_manifest(written).encode()))

    def _write(self, path: str, file: BinaryIO) -> Packed:
        entry = zipfile.ZipInfo(f"{self.name}/{path}", self.when.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_STORED if path.endswith(PACKED_ALREADY) else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        sha256, size = hashlib.sha256(), 0
        with self.zip.open(entry, "w", force_zip64=True) as target:
            while chunk := file.read(CHUNK):
                sha256.update(chunk)
                size += target.write(chunk)
        return Packed(sha256.hexdigest(), size)


def _manifest(files: dict[str, Packed]) -> str:
    return "".join(f"{packed.sha256}  {path}\n" for path, packed in sorted(files.items()))
