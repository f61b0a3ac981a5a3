"""A new version asks only the parties that a change touches; a yes of the others stands, dated by the version they read."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from agendas import recording, versions
from agendas.differences import changes, touched, unchanged
from agendas.models import AgendaVersion, CarriedEndorsement, Endorsement, Round
from stakeholders.models import Party


def standing_for(round_: Round) -> dict[int, Endorsement]:
    """By party, the answer that counts in this round: the one given in it, or else one that stands from an earlier version."""
    named = ("round__version", "request__handed_over_by", "registered_by", "scan")
    carried = round_.carried.select_related(*(f"endorsement__{name}" for name in named))
    carried = carried.defer("endorsement__scan__content")
    given = round_.endorsements.select_related(*named).defer("scan__content")
    return {one.party_id: one.endorsement for one in carried} | {one.party_id: one for one in given}


def will_stand(version: AgendaVersion) -> dict[int, Endorsement]:
    """By party, the yes that stands when this version is laid, of every party that no change since touches.

    A yes with a reservation stands only while every point that it names says the same under the same number. Who said no, or
    nothing, is asked again: a new version is a new chance. So is a party for which two sign now, where one answered.
    """
    before = versions.put_before(version.agenda, than=version.number)
    if before is None:
        return {}
    untouched = {party["id"] for party in version.data["parties"]} - touched(changes(before.data, version.data))
    same = unchanged(before.data, version.data)
    need_two = set(Party.objects.filter(pk__in=untouched, signatories=2).values_list("pk", flat=True))
    return {
        party: answer
        for party, answer in standing_for(before.round).items()
        if party in untouched
        and answer.answer != Endorsement.Answer.REFUSED
        and same.issuperset(one["point"] for one in answer.reservations if one["point"])
        and (party not in need_two or answer.second_name)
    }


def carry_over(round_: Round) -> set[int]:
    """Lets every yes stand that does, tells who gave it, and answers the ids of those parties."""
    names = {party["id"]: party["name"] for party in round_.version.data["parties"]}
    carried = [
        CarriedEndorsement(round=round_, party_id=party, endorsement=answer)
        for party, answer in will_stand(round_.version).items()
    ]
    for one in sorted(carried, key=lambda one: one.party_id):
        one.save()
        stands = one.endorsement
        answered, (_, head) = stands.round.version.number, recording.head_of(stands.round)
        recording.record(
            round_, "carried", party=one.party_id, version=answered, digest=stands.digest, events_head=head
        )
        _tell(one, names[one.party_id])
    return {one.party_id for one in carried}


def _tell(carried: CarriedEndorsement, party: str) -> None:
    """Tells who answered that the answer stands, for which version, and whom to ask who wants to answer otherwise."""
    version, answer = carried.round.version, carried.endorsement
    context = {
        "party": party,
        "agenda": version.agenda,
        "version": version,
        "answered": answer.round.version.number,
        "leader": carried.round.opened_by,
        "gemeente": version.agenda.trajectory.gemeente.name,
        "url": settings.PUBLIC_URL + reverse("verify_code", args=[version.code]),
    }
    for request in answer.asked_of():
        if request.address:
            text = render_to_string("agendas/emails/carried.txt", context | {"name": request.name})
            send_mail(f"Uw antwoord op de {version.agenda.title} blijft staan", text, None, [request.address])
