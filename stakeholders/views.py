from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from stakeholders.models import Mail


@login_not_required
def outbox(request: HttpRequest) -> HttpResponse:
    """What would have been mailed. Only in the demo, where nobody is real and nothing is really sent."""
    if not settings.DEMO:
        raise Http404
    return render(request, "stakeholders/outbox.html", {"mails": Mail.objects.all()[:30]})
