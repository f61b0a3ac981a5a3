"""What a party says to an expectation that somebody has of it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from stakeholders.models import Party, Person
from thuiswijk.lib import frozen
from trajectories.models import Contribution


class ExpectationAnswer(models.Model):
    """The party does it, can't, or another party knows more of it. Rows are only added: the newest one counts."""

    class Kind(models.TextChoices):
        DOES = "doen", "dat doen wij"
        CANNOT = "kan_niet", "dat kunnen wij niet"
        OTHER = "deskundiger", "daarvan weet een andere partij meer"

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="replies", verbose_name="verwachting")
    kind = models.CharField("antwoord", max_length=20, choices=Kind)
    text = models.TextField("in uw eigen woorden", blank=True, max_length=1000)
    other_party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="welke partij weet er meer van?"
    )
    answered_at = models.DateTimeField("geantwoord op", default=timezone.now)
    answered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    is_on_behalf = models.BooleanField("namens de partij opgeschreven", default=False)  # by who leads the trajectory

    class Meta:
        verbose_name = "antwoord op een verwachting"
        verbose_name_plural = "antwoorden op verwachtingen"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="doen", other_party__isnull=True)
                | (Q(kind="kan_niet", other_party__isnull=True) & ~Q(text=""))
                | Q(kind="deskundiger", other_party__isnull=False),
                name="expectation_answer_says_why_or_who",
            ),
        ]
        triggers = [
            # It answers an expectation of a party, and points to another one that takes part.
            pgtrigger.Trigger(
                name="of_an_expectation",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM trajectories_contribution c
                    WHERE c.id = NEW.contribution_id AND c.addressed_to_id IS NOT NULL
                    AND c.addressed_to_id IS DISTINCT FROM NEW.other_party_id
                    AND (NEW.other_party_id IS NULL OR EXISTS (
                        SELECT 1 FROM trajectories_participation p
                        WHERE p.trajectory_id = c.trajectory_id AND p.party_id = NEW.other_party_id
                    ))
                ) THEN
                    RAISE EXCEPTION 'Not an expectation of a party, or not another party of its trajectory'
                    USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            *frozen.append_only(),
        ]

    def __str__(self) -> str:
        return f"{self.contribution}: {self.get_kind_display()}"
