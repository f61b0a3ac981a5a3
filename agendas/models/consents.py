"""What a werkbijeenkomst says of a point: the one that is on the screen, and what each party in the room thinks of it."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agendas.models.points import ImprovementPoint
from stakeholders.models import Party, Person
from trajectories.models import Meeting


class PointOnScreen(models.Model):
    """The point that a meeting speaks of now: what its beamer shows."""

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="point_on_screen")
    point = models.ForeignKey(ImprovementPoint, models.CASCADE, related_name="+", verbose_name="verbeterpunt")

    class Meta:
        verbose_name = "punt op het scherm"
        verbose_name_plural = "punten op het scherm"
        triggers = [
            pgtrigger.Trigger(
                name="of_one_trajectory",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM agendas_improvementpoint p
                    JOIN trajectories_meeting m ON m.trajectory_id = p.trajectory_id
                    WHERE p.id = NEW.point_id AND m.id = NEW.meeting_id
                ) THEN
                    RAISE EXCEPTION 'The point is of another trajectory' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.point}"


@pghistory.track()
class Consent(models.Model):
    """What a party that was there said of a point, noted by the adviser: of the words as they stood, by their digest.

    One row per point, party and meeting: the last thing it said there. What it said before stands in the history.
    """

    class Answer(models.TextChoices):
        AGREE = "akkoord", "akkoord"
        REMARK = "opmerking", "akkoord, met een opmerking"
        OBJECTION = "bezwaar", "kan niet akkoord gaan"

    point = models.ForeignKey(ImprovementPoint, models.CASCADE, related_name="consents", verbose_name="verbeterpunt")
    party = models.ForeignKey(Party, models.PROTECT, related_name="consents", verbose_name="partij")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="consents", verbose_name="bijeenkomst")
    answer = models.CharField("antwoord", max_length=20, choices=Answer)
    words = models.CharField("in de woorden van de partij", max_length=500, blank=True)
    digest = models.CharField(max_length=64, editable=False)  # of what the point said then (agendas.consenting)
    noted_at = models.DateTimeField("genoteerd op", default=timezone.now)
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reply = models.CharField("wat is ermee gedaan?", max_length=500, blank=True)  # to an objection
    replied_at = models.DateTimeField("beantwoord op", null=True, blank=True)
    replied_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "antwoord van een partij in de zaal"
        verbose_name_plural = "antwoorden van partijen in de zaal"
        ordering = ("noted_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["point", "party", "meeting"], name="consent_once_per_meeting"),
            models.CheckConstraint(
                condition=Q(answer="akkoord", words="") | (Q(answer__in=["opmerking", "bezwaar"]) & ~Q(words="")),
                name="consent_says_what",
            ),
            models.CheckConstraint(
                condition=Q(reply="", replied_at__isnull=True, replied_by__isnull=True)
                | (Q(answer="bezwaar", replied_at__isnull=False, replied_by__isnull=False) & ~Q(reply="")),
                name="consent_reply_is_to_an_objection",
            ),
        ]
        triggers = [
            # Who is not there says nothing, and once the meeting is closed nothing more is said in it.
            pgtrigger.Trigger(
                name="said_in_the_room",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("point_id", "party_id", "meeting_id", "answer", "words"),
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM agendas_improvementpoint p
                    JOIN trajectories_meeting m ON m.trajectory_id = p.trajectory_id
                    WHERE p.id = NEW.point_id AND m.id = NEW.meeting_id AND m.state IN ('planned', 'opened')
                ) OR NOT EXISTS (
                    SELECT 1 FROM trajectories_attendance a
                    WHERE a.meeting_id = NEW.meeting_id AND a.party_id = NEW.party_id
                    UNION ALL
                    SELECT 1 FROM trajectories_participant d
                    WHERE d.meeting_id = NEW.meeting_id AND d.party_id = NEW.party_id AND d.checked_in_at IS NOT NULL
                ) THEN
                    RAISE EXCEPTION 'Not said in this room: another trajectory, a closed meeting, or a party that was not there'
                    USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.get_answer_display()}"

    @property
    def is_objection(self) -> bool:
        return self.answer == self.Answer.OBJECTION
