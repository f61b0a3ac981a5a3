"""What happened in a round, event by event: a chain to which only the next event can be added."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Lower
from django.utils.functional import cached_property

from agendas.models.endorsements import EndorsementRequest, Round
from thuiswijk.lib import frozen


class RoundEvent(models.Model):
    """One thing that happened in a round, as it was recorded in the moment itself (agendas.recording).

    `body` is canonical JSON, as text. `hash` is the SHA-256 of `previous` and `body`; `previous` is the hash of the event
    before it, and of the first one the digest of the version. The chain ends when the round closes.

    A body can't be changed, so what may have to be erased stands outside it: who was asked is the number of a request, who
    leads that of a person. Only what somebody answered for a party stands in it whole, with name, function and the address that
    got the code; so does what a first one answered where a second had to sign too, also where that second one never did
    (docs/retention.yaml).
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField("nummer")
    body = models.TextField("wat er gebeurde")
    previous = models.CharField("controlegetal van de vorige", max_length=64)
    hash = models.CharField("controlegetal", max_length=64)

    class Meta:
        verbose_name = "gebeurtenis"
        verbose_name_plural = "gebeurtenissen"
        ordering = ("round", "number")
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="event_number_is_unique")]
        triggers = [
            # The next link of this chain and no other, under the lock of the round: two at once come one after the other.
            pgtrigger.Trigger(
                name="next_of_the_chain",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("is_closed", "BOOLEAN"), ("last_hash", "TEXT"), ("last_number", "INTEGER")],
                func="""
                SELECT r.closed_at IS NOT NULL, v.digest INTO is_closed, last_hash
                FROM agendas_round r JOIN agendas_agendaversion v ON v.id = r.version_id
                WHERE r.id = NEW.round_id FOR NO KEY UPDATE OF r;
                SELECT coalesce(max(e.number), 0) INTO last_number
                FROM agendas_roundevent e WHERE e.round_id = NEW.round_id;
                IF last_number > 0 THEN
                    SELECT e.hash INTO last_hash
                    FROM agendas_roundevent e WHERE e.round_id = NEW.round_id AND e.number = last_number;
                END IF;
                IF is_closed OR NEW.number IS DISTINCT FROM last_number + 1 OR NEW.previous IS DISTINCT FROM last_hash
                    OR NEW.hash IS DISTINCT FROM encode(sha256(convert_to(NEW.previous || NEW.body, 'UTF8')), 'hex')
                THEN
                    RAISE EXCEPTION 'The round is closed, or this is not the next event of its chain'
                    USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            *frozen.append_only(),
        ]

    @classmethod
    def about(cls, person: int, addresses: Collection[str]) -> Q:
        """What holds of the events that tell of a person: who was asked, who answered or signed as second, or who leads.

        person: by number. addresses: all that the person had; the bodies hold those that got a code.
        """
        asked = EndorsementRequest.objects.filter(person=person).values("pk")
        told = cls.objects.annotate(said=Cast("body", models.JSONField()))
        told = told.annotate(
            asked=Cast(KT("said__request"), models.BigIntegerField()),
            seconds=Cast(KT("said__second__request"), models.BigIntegerField()),
            sent_to=Lower(KT("said__code_sent_to")),
            sent_to_second=Lower(KT("said__second__code_sent_to")),
        )
        is_asked = Q(asked__in=asked) | Q(seconds__in=asked)
        is_sent = Q(sent_to__in=addresses) | Q(sent_to_second__in=addresses)
        return Q(pk__in=told.filter(Q(said__by=person) | is_asked | is_sent).values("pk"))

    def __str__(self) -> str:
        return f"{self.round}, gebeurtenis {self.number}"

    @cached_property
    def data(self) -> dict[str, Any]:
        """The body, parsed: `kind`, `at`, `party` and what was recorded."""
        return dict(json.loads(self.body))
