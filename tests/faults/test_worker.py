"""The worker dies, or is told the same thing over and over: the document is sealed once, by itself."""

from __future__ import annotations

import os
import signal
import threading

import psycopg
import pytest

from tests.faults.conftest import Platform, check_sealed_once, check_stored_files


class Gate:
    """Lets the worker's writes to one document, or to a row of another table, through one by one, by holding the row.

    PostgreSQL serves who waits for a row in the order of coming: a second hand that queues behind the worker has the row
    again right after the worker's write.
    """

    def __init__(self, platform: Platform, row: int, *, table: str = "agendas_document") -> None:
        self.platform, self.row, self.table = platform, row, table
        self.hand = self._take()

    def _take(self) -> psycopg.Connection:
        hand = self.platform.connect()
        hand.execute(f"SELECT 1 FROM {self.table} WHERE id = %s FOR UPDATE", [self.row])
        return hand

    def wait_for_worker(self) -> None:
        self.platform.wait_until(lambda: waiting(self.platform, f'UPDATE "{self.table}"') == 1)

    def let_one_through(self) -> None:
        self.wait_for_worker()
        taken: list[psycopg.Connection] = []
        second = threading.Thread(target=lambda: taken.append(self._take()))
        second.start()
        self.platform.wait_until(lambda: waiting(self.platform, f"SELECT 1 FROM {self.table}") == 1)
        self.release()
        second.join()
        self.hand = taken[0]

    def release(self) -> None:
        self.hand.rollback()
        self.hand.close()


def waiting(platform: Platform, query: str) -> int:
    """How many connections wait for a lock with a query that begins like this."""
    found = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock' AND query LIKE %s"
    return int(platform.sql(found, platform.name, f"{query}%")[0][0])


def signal_worker(platform: Platform, what: signal.Signals) -> None:
    for pid in platform.worker_pids():
        os.kill(pid, what)


def order(platform: Platform, ground) -> int:
    """Closes a round while the worker holds its breath; the id of the document that waits."""
    platform.wait_until(platform.is_idle)
    signal_worker(platform, signal.SIGSTOP)
    try:
        return int(platform.inside("close", round_id=ground["rounds"].pop()["round"]))
    except BaseException:
        signal_worker(platform, signal.SIGCONT)
        raise


def kill_while_drawing(platform: Platform, document: int) -> None:
    """It has the claim, and lays out pages."""
    gate = Gate(platform, document)
    signal_worker(platform, signal.SIGCONT)
    for _ in ("begonnen", "bladzijden opmaken"):
        gate.let_one_through()
    signal_worker(platform, signal.SIGKILL)
    gate.release()


def kill_when_sealed(platform: Platform, document: int) -> None:
    """It has drawn and sealed the document, and has not stored it."""
    gate = Gate(platform, document)
    signal_worker(platform, signal.SIGCONT)
    for _ in ("begonnen", "bladzijden opmaken", "verzegelen"):
        gate.let_one_through()
    gate.wait_for_worker()  # it wants to write "opslaan"
    signal_worker(platform, signal.SIGKILL)
    gate.release()


def kill_while_telling(platform: Platform, document: int) -> None:
    """It has stored the file, written that it did, and is about to tell the parties: all of it one transaction."""
    with platform.connect() as hand:
        hand.execute("LOCK TABLE stakeholders_mail IN SHARE MODE")
        signal_worker(platform, signal.SIGCONT)
        platform.wait_until(lambda: waiting(platform, 'INSERT INTO "stakeholders_mail"') == 1)
        signal_worker(platform, signal.SIGKILL)


@pytest.mark.stack
@pytest.mark.parametrize("kill", [kill_while_drawing, kill_when_sealed, kill_while_telling])
def test_worker_killed_document_is_sealed_once_by_itself(platform, ground, kill):
    document = order(platform, ground)
    before = set(platform.worker_pids())
    kill(platform, document)
    assert platform.state_of(document) == "claimed"
    check_stored_files(platform)

    platform.wait_until(lambda: platform.state_of(document) == "stored", seconds=90)

    assert not before & set(platform.worker_pids())
    assert platform.sql("SELECT attempts FROM agendas_document WHERE id = %s", document) == [(2,)]
    check_sealed_once(platform, document)


@pytest.mark.stack
def test_same_task_delivered_twenty_times_one_document_and_one_mail_each(platform, ground):
    document = platform.inside("close_and_deliver", round_id=ground["rounds"].pop()["round"], times=20)

    platform.wait_until(lambda: platform.state_of(document) == "stored")

    platform.wait_until(lambda: platform.inside("messages_waiting") == 0)
    check_sealed_once(platform, document)
