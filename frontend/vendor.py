"""Copies the few files we take from npm into static/vendor, and writes down where each came from.

Run by `make vendor`, and only when a version in package.json changes: the copies are committed, so that a fresh machine
needs neither node nor a registry. The manifest (package, version, licence, file, sha256) is what tests/test_look.py
checks the copies against.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent
VENDOR = FRONTEND.parent / "static" / "vendor"

# package → file inside the package → where it goes under static/vendor
FILES = {
    "@utrecht/component-library-css": {"dist/index.css": "utrecht/component-library.css"},
    "@utrecht/card-css": {"dist/index.css": "utrecht/card.css", "LICENSE.md": "utrecht/LICENSE.md"},
    "@fontsource-variable/source-sans-3": {
        "files/source-sans-3-latin-wght-normal.woff2": "fonts-web/source-sans-3-latin.woff2",
        "files/source-sans-3-latin-wght-italic.woff2": "fonts-web/source-sans-3-latin-italic.woff2",
        "files/source-sans-3-latin-ext-wght-normal.woff2": "fonts-web/source-sans-3-latin-ext.woff2",
        "LICENSE": "fonts-web/LICENSE-source-sans-3.txt",
    },
    "@fontsource/lora": {
        "files/lora-latin-600-normal.woff2": "fonts-web/lora-600-latin.woff2",
        "files/lora-latin-ext-600-normal.woff2": "fonts-web/lora-600-latin-ext.woff2",
        "LICENSE": "fonts-web/LICENSE-lora.txt",
    },
}


def copy_package(name: str, version: str, workplace: Path) -> list[dict[str, str]]:
    """Fetches one package at exactly this version, copies its FILES, and returns their manifest entries.

    Raises CalledProcessError when npm can't fetch it, and KeyError when a file is no longer in the package.
    """
    packed = subprocess.run(
        ["npm", "pack", f"{name}@{version}", "--json", "--ignore-scripts", "--pack-destination", str(workplace)],
        check=True,
        capture_output=True,
        text=True,
    )
    archive_name = json.loads(packed.stdout)[0]["filename"]
    entries = []
    with tarfile.open(workplace / archive_name) as archive:
        licence = json.load(archive.extractfile("package/package.json"))["license"]
        for source, target in FILES[name].items():
            content = archive.extractfile(f"package/{source}").read()
            (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
            (VENDOR / target).write_bytes(content)
            entries.append(
                {
                    "package": name,
                    "version": version,
                    "licence": licence,
                    "file": target,
                    "sha256": hashlib.sha256(content).hexdigest(),
                }
            )
    return entries


def main() -> None:
    """Copies every package of package.json and rewrites static/vendor/manifest.json, sorted by file."""
    versions = json.loads((FRONTEND / "package.json").read_text())["dependencies"]
    if unknown := versions.keys() ^ FILES.keys():
        sys.exit(f"package.json and vendor.py do not name the same packages: {', '.join(sorted(unknown))}")
    entries = []
    with tempfile.TemporaryDirectory() as workplace:
        for name, version in versions.items():
            entries += copy_package(name, version, Path(workplace))
    fonts_of_the_document = VENDOR / "fonts" / "fonts.json"  # those inside the PDF have a list of their own
    if fonts_of_the_document.exists():
        for entry in json.loads(fonts_of_the_document.read_text()):
            entries.append({**entry, "file": f"fonts/{entry['file']}"})
    entries.sort(key=lambda entry: entry["file"])
    (VENDOR / "manifest.json").write_text(json.dumps(entries, indent=2) + "\n")
    print(f"{len(entries)} files in {VENDOR.relative_to(FRONTEND.parent)}")


if __name__ == "__main__":
    main()
