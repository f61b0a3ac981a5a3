"""The worker dies while it draws a report: there is one report, by itself."""

from __future__ import annotations

import hashlib
import signal

import pytest

from tests.faults.conftest import Platform
from tests.faults.test_worker import Gate, signal_worker


def order(platform: Platform, ground) -> int:
    """Closes a meeting while the worker holds its breath; the id of the report that waits."""
    platform.wait_until(platform.is_idle)
    signal_worker(platform, signal.SIGSTOP)
    try:
        return int(platform.inside("close_meeting", code=ground["held"]))
    except BaseException:
        signal_worker(platform, signal.SIGCONT)
        raise


@pytest.mark.stack
def test_worker_killed_while_drawing_report_is_drawn_once_by_itself(platform, ground):
    report = order(platform, ground)
    state = "SELECT state, step FROM trajectories_meetingreport WHERE id = %s"
    gate = Gate(platform, report, table="trajectories_meetingreport")
    signal_worker(platform, signal.SIGCONT)
    for _ in ("begonnen", "bladzijden opmaken"):
        gate.let_one_through()
    signal_worker(platform, signal.SIGKILL)
    gate.release()
    assert platform.sql(state, report) == [("claimed", "bladzijden opmaken")]

    platform.wait_until(lambda: platform.sql(state, report)[0][0] == "stored", seconds=90)

    query = "SELECT attempts, pdf_sha256, odt_sha256, meeting_id, number FROM trajectories_meetingreport WHERE id = %s"
    attempts, pdf, odt, meeting, number = platform.sql(query, report)[0]
    assert attempts == 2
    for digest in (pdf, odt):
        (path,) = (platform.data_dir / "media" / "reports").rglob(digest)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    one = "SELECT count(*) FROM trajectories_meetingreport WHERE meeting_id = %s AND number = %s"
    assert platform.sql(one, meeting, number) == [(1,)]
