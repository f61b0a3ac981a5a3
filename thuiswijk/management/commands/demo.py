from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from thuiswijk import demo

PYTHON = [sys.executable, "-m"]


class Command(BaseCommand):
    help = "Begint een proefopstelling: database, voorbeeldgemeente, website en werker. Stopt met Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--into-database", action="store_true", help="vul ook de database die DATABASE_URL noemt")
        parser.add_argument("--empty", action="store_true", help="zonder de voorbeeldgemeente")

    def handle(self, *args: Any, into_database: bool, empty: bool, **options: Any) -> None:
        if os.environ.get("DATABASE_URL") and not into_database:
            raise CommandError(
                "DATABASE_URL is gezet. De demo raakt die database niet aan, tenzij u --into-database meegeeft."
            )
        if settings.PRODUCTION:
            raise CommandError(
                "De demo toont alle e-mail aan iedereen. Zet PRODUCTION=0 als dit geen echte installatie is."
            )
        _refuse_taken_port()
        os.environ["DEMO"] = "1"
        settings.DEMO = True
        call_command("migrate", verbosity=0)
        if not empty and not demo.is_filled():
            self.stdout.write("Ik maak de voorbeeldgemeente. Dit duurt even …")
            self.stdout.flush()
            demo.fill()
        self._tell()
        _run_until_stopped()

    def _tell(self) -> None:
        self.stdout.write(
            f"\n  Thuiswijk draait straks op  {settings.PUBLIC_URL}\n"
            f"  Log in als                  projectleider@voorbeeldstad.example\n"
            f"  (of adviseur@, wethouder@ of beheerder@voorbeeldstad.example)\n"
            f"  De code komt in het postvak {settings.PUBLIC_URL}/postvak/\n"
            f"  De tweede code staat daar ook, bij “Het codeapparaat van de voorbeeldmensen”\n"
            f"  Volg een inbreng            {settings.PUBLIC_URL}/volg/{demo.a_receipt()}/\n"
            f"  Stoppen: Ctrl-C\n"
        )
        self.stdout.flush()


def _refuse_taken_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError as error:
            raise CommandError(
                f"Poort {settings.PORT} is al in gebruik. Kies een andere, bijvoorbeeld: PORT={settings.PORT + 1} make demo"
            ) from error


def _commands() -> dict[str, list[str]]:
    data, address = settings.DATA_DIR, f"{settings.HOST}:{settings.PORT}"
    return {
        "web": [*PYTHON, "gunicorn", "thuiswijk.wsgi", "--bind", address, "--workers", "2", "--threads", "4",
                "--log-level", "warning", "--control-socket", str(data / "run" / "gunicorn.ctl")],
        "worker": [*PYTHON, "celery", "-A", "thuiswijk", "worker", "-Q", "celery,documents", "--concurrency", "1",
                   "--loglevel", "warning", "--without-mingle", "--without-gossip"],
        "beat": [*PYTHON, "celery", "-A", "thuiswijk", "beat", "--loglevel", "warning", "--pidfile", "",
                 "--schedule", str(data / "beat-schedule")],
    }  # fmt: skip


def _run_until_stopped() -> None:
    """Starts all, starts again what dies by itself, and stops all when this process is asked to stop."""
    is_stopping = False

    def stop(*_: Any) -> None:
        nonlocal is_stopping
        is_stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    commands = _commands()
    # Each in a session of its own, so that Ctrl-C reaches us alone and we stop them in order.
    running = {name: subprocess.Popen(command, start_new_session=True) for name, command in commands.items()}
    while not is_stopping:
        time.sleep(0.3)
        for name, process in running.items():
            if process.poll() is not None and not is_stopping:
                time.sleep(1)
                running[name] = subprocess.Popen(commands[name], start_new_session=True)
    for process in running.values():
        process.terminate()
    for process in running.values():
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
