"""Four pages, each written as leanly as somebody who measured would write it."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from benchmarks.floor.models import Remark, Trajectory

MONTHS = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
          "december"]  # fmt: skip


def remark_list(request: HttpRequest, pk: int, count: int) -> HttpResponse:
    """The newest `count` remarks: columns instead of objects, cut in SQL, dates formatted once."""
    trajectory = get_object_or_404(Trajectory.objects.select_related("wijk__gemeente"), pk=pk)
    columns = Remark.objects.filter(trajectory=trajectory).order_by("-made_at", "-id")
    rows = []
    for id_, text, said_by, made_at, theme in columns.values_list(
        "id", Left("text", 200), "said_by", "made_at", "theme__name"
    )[:count]:
        at = timezone.localtime(made_at)
        words = f"{at.day} {MONTHS[at.month - 1]} {at:%H:%M}"
        rows.append(
            {"id": str(id_), "text": text, "said_by": said_by, "theme": theme, "at": words, "iso": f"{at:%FT%R}"}
        )
    return render(request, "floor/remark_list.html", {"trajectory": trajectory, "rows": rows})


def remark_detail(request: HttpRequest, pk: int) -> HttpResponse:
    found = Remark.objects.select_related("theme", "trajectory__wijk__gemeente")
    return render(request, "floor/remark_detail.html", {"remark": get_object_or_404(found, pk=pk)})


@require_POST
def remark_new(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = get_object_or_404(Trajectory, pk=pk)
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return HttpResponseBadRequest()
    text = request.POST.get("text", "").strip()
    if not 0 < len(text) <= 2000:
        return HttpResponseBadRequest()
    with transaction.atomic():
        Remark.objects.bulk_create([Remark(trajectory=trajectory, key=key, text=text)], ignore_conflicts=True)
    return redirect("remark_list", pk, 50)
