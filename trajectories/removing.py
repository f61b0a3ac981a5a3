"""Removing what was made by mistake, as long as nothing stands on it. The database has the last word."""

from __future__ import annotations

from django.db import IntegrityError, connection, models, transaction

from stakeholders.models import Party
from thuiswijk.lib.errors import Refused
from trajectories.models import Attendance, Meeting, Trajectory


def remove(row: models.Model, *, stays: str) -> None:
    """Deletes the row. Raises Refused, with the sentence `stays`, where something stands on it."""
    try:
        with transaction.atomic():
            row.delete()
            connection.check_constraints()  # some wait for the commit; ask them while we can still tell
    except (models.ProtectedError, IntegrityError) as error:
        raise Refused(stays) from error


def remove_meeting(meeting: Meeting) -> None:
    """A meeting of which nothing is known but that it was planned. It stands in no calendar yet."""
    if meeting.invitations.filter(sent_at__isnull=False).exists():
        raise Refused("Er zijn al partijen uitgenodigd. Laat de bijeenkomst niet doorgaan. Dan krijgen zij bericht.")
    remove(meeting, stays="Bij deze bijeenkomst staat inbreng, of wie er was. Daarom blijft zij staan.")


def remove_party(party: Party, trajectory: Trajectory) -> None:
    """The party no longer takes part in this trajectory; the gemeente still knows it."""
    stays = (
        f"{party} was bij een bijeenkomst, zei of beloofde iets, of er werd iets van deze partij verwacht. "
        "Daarom blijft de partij bij dit traject staan."
    )
    if Attendance.objects.filter(meeting__trajectory=trajectory, party=party).exists():
        raise Refused(stays)
    remove(trajectory.participations.get(party=party), stays=stays)
