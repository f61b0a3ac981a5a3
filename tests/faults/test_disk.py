"""The disk is full while a document is stored: nothing half is left, and it is done when there is space again."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.faults.conftest import check_sealed_once, check_stored_files


@pytest.fixture
def full_disk(platform):
    """A disk of 8 kB where the documents go; `full_disk()` makes it large again."""
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED: a full disk. Only root can mount a small one; run the tests as root for this.")
    media = platform.data_dir / "media"
    media.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(media)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"NOT TESTED: a full disk. Mounting a small one is refused here: {mounted.stderr.strip()}")
    yield lambda: subprocess.run(["mount", "-o", "remount,size=64m", str(media)], check=True)
    subprocess.run(["cp", "-rn", f"{media}/.", str(platform.data_dir / "kept")], check=True)
    subprocess.run(["umount", str(media)], check=True)
    subprocess.run(["cp", "-rn", f"{platform.data_dir / 'kept'}/.", str(media)], check=True)


@pytest.mark.stack
def test_full_disk_document_is_stored_when_there_is_space_again(platform, ground, full_disk):
    leader = platform.caller(ground["session"])
    page = f"/trajecten/{ground['drafts'].pop()}/agenda/"
    leader.get(page)
    _, version_page = leader.post(f"{page}bevriezen/", reason="")
    version = int(version_page.strip("/").split("/")[-1])
    query = "SELECT state, attempts, error FROM agendas_document WHERE version_id = %s"

    platform.wait_until(lambda: platform.sql(query, version)[0][1] == 1 and platform.sql(query, version)[0][2] != "")
    state, _, error = platform.sql(query, version)[0]
    assert state == "waiting"
    assert "No space left on device" in error
    assert check_stored_files(platform) == set()
    assert "Het wordt vanzelf opnieuw geprobeerd." in leader.get(version_page)

    full_disk()
    platform.wait_until(lambda: platform.sql(query, version)[0][0] == "stored")
    assert len(check_stored_files(platform)) == 1
    assert "Download (PDF)" in leader.get(version_page)


@pytest.mark.stack
def test_full_disk_sealed_document_is_stored_once_and_told_once(platform, ground, full_disk):
    document = platform.inside("close", round_id=ground["rounds"].pop()["round"])
    query = "SELECT state, error, sha256 FROM agendas_document WHERE id = %s"
    mails = "SELECT count(*) FROM stakeholders_mail WHERE subject LIKE %s"
    before = platform.sql(mails, "De % is vastgesteld")

    platform.wait_until(lambda: "No space left on device" in platform.sql(query, document)[0][1])
    assert platform.sql(query, document)[0][2] == ""
    assert check_stored_files(platform) == set()
    assert platform.sql(mails, "De % is vastgesteld") == before

    full_disk()
    platform.wait_until(platform.is_idle, seconds=90)  # the evidence too, while this disk is here
    check_sealed_once(platform, document)
