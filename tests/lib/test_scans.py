"""What a scan is, is told by its content, whatever its name says."""

from __future__ import annotations

import pytest

from thuiswijk.lib import scans

PDF, JPEG, PNG = (
    b"%PDF-1.7 woorden %%EOF\n",
    b"\xff\xd8\xff\xe0 beeld \xff\xd9",
    b"\x89PNG\r\n\x1a\n beeld IEND\xaeB`\x82",
)


@pytest.mark.parametrize(
    ("name", "data", "becomes", "kind"),
    [
        ("brief.pdf", PDF, "brief.pdf", "application/pdf"),
        ("brief.docx", PDF, "brief.pdf", "application/pdf"),
        ("IMG_1.JPEG", JPEG, "IMG_1.jpg", "image/jpeg"),
        ("foto.exe.png", PNG, "foto.exe.png", "image/png"),
        ("fdp.\u202etxt", PDF, "fdp.pdf", "application/pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf", "application/pdf"),
        ("\u200b.pdf", PDF, "scan.pdf", "application/pdf"),
        ("a" * 300 + ".pdf", PDF, "a" * 95 + "….pdf", "application/pdf"),
    ],
)
def test_name_ends_as_the_content_does(name, data, becomes, kind):
    read = scans.read(name, data)
    assert (read.name, read.kind, read.data) == (becomes, kind, data)
    assert len(read.name) <= scans.MAX_NAME and len(read.sha256) == 64


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "geen PDF, JPEG of PNG"),
        (b"MZ\x90 een programma", "geen PDF, JPEG of PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>%PDF-", "geen PDF, JPEG of PNG"),
        (b"\x00\x00\x00\x18ftypheic", "geen PDF, JPEG of PNG"),
        (PDF[:12], "niet heel"),
        (JPEG[:-2], "niet heel"),
        (PNG[:12], "niet heel"),
        (PDF + bytes(scans.MAX_BYTES), "groter dan 10 MB"),
    ],
)
def test_other_file_is_told_in_words(data, says):
    with pytest.raises(scans.ScanError, match=says):
        scans.read("brief.pdf", data)
