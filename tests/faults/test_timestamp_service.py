"""The timestamp service is down, slow or wrong while a real worker seals: one sealed document, by itself, and the page says so."""

from __future__ import annotations

import signal

import pytest

from tests.faults.conftest import Platform, check_sealed_once, check_stored_files
from tests.faults.test_worker import order, signal_worker

WAITING = "Wij wachten op de tijdstempeldienst"


@pytest.fixture
def service(platform: Platform):
    yield platform.timestamps
    platform.timestamps.way = "right"
    platform.timestamps.start()


def told_of_sealing(platform: Platform) -> list[tuple]:
    return platform.sql("SELECT id FROM stakeholders_mail WHERE subject LIKE %s ORDER BY id", "De % is vastgesteld")


@pytest.mark.stack
@pytest.mark.parametrize("way", ["down", "slow", "error"])
def test_service_that_fails_document_waits_and_is_sealed_once_by_itself(platform, ground, service, way):
    leader, round_ = platform.caller(ground["session"]), ground["rounds"].pop()
    page, before, told = f"/versies/{round_['version']}/", check_stored_files(platform), told_of_sealing(platform)
    platform.wait_until(platform.is_idle)
    service.way, service.delay = way, 30.0
    if way == "down":
        service.stop()
    document = platform.inside("close", round_id=round_["round"])
    platform.wait_until(lambda: WAITING in leader.get(page))
    state = platform.sql("SELECT state, sha256, signed_at, error FROM agendas_document WHERE id = %s", document)[0]
    assert state[:3] == ("waiting", "", None) and "TimestampError" in state[3]
    assert check_stored_files(platform) == before
    assert told_of_sealing(platform) == told

    service.way = "right"
    service.start()
    platform.wait_until(lambda: platform.state_of(document) == "stored", seconds=90)
    platform.wait_until(platform.is_idle, seconds=90)
    check_sealed_once(platform, document)
    assert WAITING not in leader.get(page)
    level = "SELECT kind, seal_level FROM agendas_document WHERE version_id = %s AND kind <> 'concept' ORDER BY kind"
    assert platform.sql(level, round_["version"]) == [("bewijsdossier", "B-LTA"), ("vastgesteld", "B-LTA")]


@pytest.mark.stack
def test_worker_killed_while_the_service_thinks_document_is_sealed_once_by_itself(platform, ground, service):
    asked = service.asked
    document = order(platform, ground)
    service.way, service.delay = "slow", 60.0
    signal_worker(platform, signal.SIGCONT)
    platform.wait_until(lambda: service.asked > asked)
    signal_worker(platform, signal.SIGKILL)
    assert platform.state_of(document) == "claimed"
    service.way = "right"
    platform.wait_until(lambda: platform.state_of(document) == "stored", seconds=90)
    check_sealed_once(platform, document)
