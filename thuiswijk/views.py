"""The pages that look across all apps: home, how the house is doing, and what every site must say."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from agendas import confirming
from agendas.models import Document, EndorsementRequest, Round
from stakeholders.models import Membership, Party, User
from stakeholders.perms import Anyone, acting_as, roles_of
from thuiswijk.celery import heartbeat_age
from trajectories import calendars, phases
from trajectories.models import Meeting, Trajectory

STALE_SECONDS = 60
MOST_COMING = 5
LEAST_FREE_BYTES = 200 * 1024**2


def home(request: HttpRequest) -> HttpResponse:
    roles = roles_of(request.user)
    chosen = acting_as(request.session, roles)
    shown = [chosen] if chosen else roles
    visible = Trajectory.objects.visible_to(request.user).filter(gemeente__in=[r.gemeente_id for r in shown])
    sealed = Document.objects.sealed().filter(version__agenda__trajectory__in=visible)
    rounds = Round.objects.filter(version__agenda__trajectory__in=visible, closed_at__isnull=True)
    context = {
        "roles": roles,
        "chosen": chosen,
        "gemeenten": _by_gemeente(shown, visible.with_step().order_by("name")),
        "parties": _with_questions(shown),
        "open_meetings": Meeting.objects.filter(trajectory__in=visible, state=Meeting.State.OPENED).select_related(
            "trajectory"
        ),
        "open_rounds": rounds.with_counts().select_related("version__agenda__trajectory"),
        "sealed": sealed.newest_of_each_agenda(),
        "coming": _coming(request.user, chosen),
        "may_begin": any(role.role == Membership.Role.LEADER for role in roles),
    }
    return render(request, "home.html", context)


def _coming(user: Anyone, chosen: Membership | None) -> list[Meeting]:
    """The next meetings that concern somebody, in the gemeente that was chosen to work for."""
    if not isinstance(user, User):
        return []
    coming = (
        calendars.meetings_of(user)
        .filter(starts_at__gte=timezone.now())
        .exclude(state=Meeting.State.CLOSED)
        .prefetch_related(None)
    )
    if chosen:
        place = chosen.party or chosen
        coming = coming.filter(trajectory__gemeente=place.gemeente_id)
    return list(coming[:MOST_COMING])


def _by_gemeente(roles: list[Membership], trajectories: Iterable[Trajectory]) -> list[dict[str, Any]]:
    """The trajectories of each gemeente that one works for, with the role there and whether one says who works there."""
    known = list(trajectories)
    return [
        {
            "role": role,
            "trajectories": [(one, phases.label_of(one)) for one in known if one.gemeente_id == role.gemeente_id],
            "may_staff": role.role == Membership.Role.LEADER and not role.is_limited,
        }
        for role in roles
        if role.gemeente_id
    ]


def _with_questions(roles: list[Membership]) -> list[tuple[Party, int, int]]:
    """The parties that one answers for, how many questions lie with each, and how many promises it may still confirm."""
    parties = [role.party for role in roles if role.party]
    if not parties:
        return []
    asked = EndorsementRequest.objects.filter(party__in=parties).of_first().unanswered()
    count = Counter(asked.values_list("party", flat=True))
    drafted = confirming.drafted_for(parties, confirming.newest_versions(parties))
    waiting = Counter(promise.party_id for promise in drafted if not promise.is_confirmed)
    return [(party, count[party.pk], waiting[party.pk]) for party in parties]


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html")


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy.html")


@login_not_required
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to tell of a hole (RFC 9116)."""
    lines = {
        "Contact": settings.SECURITY_CONTACT,
        "Expires": (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z"),
        "Preferred-Languages": "nl, en",
        "Canonical": settings.PUBLIC_URL + request.path,
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """How each part is doing, for a monitor: 200 when all is well, 503 when something is not. Tells nothing of content."""
    checks = {
        "database": _is_migrated,
        "broker": _broker_answers,
        "worker": lambda: (age := heartbeat_age()) is not None and age < STALE_SECONDS,
        "disk": lambda: shutil.disk_usage(Path(settings.DATA_DIR)).free > LEAST_FREE_BYTES,
    }
    report: dict[str, Any] = {name: "ok" if check() else "failing" for name, check in checks.items()}
    report["at"] = int(time.time())
    return JsonResponse(report, status=200 if "failing" not in report.values() else 503)


def _is_migrated() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _broker_answers() -> bool:
    try:
        with current_app.connection_for_write(connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=0, timeout=1)
        return True
    except Exception:  # each transport has errors of its own
        return False


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", status=403)
