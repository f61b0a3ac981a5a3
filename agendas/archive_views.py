"""Everything of a trajectory, for the archive of the gemeente."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from agendas import archiving
from agendas.forms import ArchiveForm
from agendas.views import trajectory_of
from stakeholders import account_events
from stakeholders.views import user_of
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.web import allow
from trajectories.perms import may_staff


def trajectory_archive(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    trajectory = trajectory_of(request, pk)
    allow(may_staff(request.user, trajectory))
    form, when = ArchiveForm(request.POST or None), timezone.localtime()
    if form.is_valid():
        try:
            file = archiving.pack(trajectory, appraisal=form.appraisal(since=when.date()), when=when)
            name = f"{archiving.bag_name(trajectory)}.zip"
            account_events.note_download(user_of(request), name)
            return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "agendas/trajectory_archive.html", {"trajectory": trajectory, "form": form})
