"""Who got which role in a gemeente, and who lost it: a sentence per change, from the history that the database keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import F

from stakeholders.models import Gemeente, Membership, Person

MOST = 30
SENTENCES = {
    "existed": "{name} was {role}{scope}.",
    "insert": "{name} werd {role}{scope}.",
    "update": "{name} is nu {role}{scope}.",
    "delete": "{name} is geen {role} meer.",
}


@dataclass(frozen=True)
class RoleChange:
    sentence: str
    at: datetime
    by: str  # empty: by taking an invitation, or by the system


def role_changes(gemeente: Gemeente) -> list[RoleChange]:
    """The newest changes of the roles in this gemeente, newest first; those of parties' contact persons are not among them."""
    events: Any = apps.get_model("stakeholders.MembershipEvent")
    newest = (
        events.objects.filter(gemeente=gemeente.pk)
        .annotate(account=F("pgh_context__metadata__user"))
        .order_by("-pgh_created_at", "-pgh_id")[:MOST]
    )
    found = list(newest)
    accounts = {event.account for event in found if event.account}
    names = dict(Person.objects.filter(user__in=accounts).values_list("user", "name"))
    return [RoleChange(_sentence(event), event.pgh_created_at, names.get(event.account, "")) for event in found]


def _sentence(event: Any) -> str:
    scope = ", alleen bij eigen trajecten" if event.is_limited else " voor de hele gemeente"
    role = Membership.Role(event.role).label
    return SENTENCES[event.pgh_label].format(name=event.name, role=role, scope=scope)
