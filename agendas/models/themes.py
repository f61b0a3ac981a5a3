"""What the room said, in order: themes, and what stands under them."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, IntegerRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from stakeholders.models import Person
from thuiswijk.lib.work import WorkOrder, WorkOrderQuerySet
from trajectories.models import Contribution, Trajectory


@pghistory.track()
class Theme(models.Model):
    """What the adviser and the room group contributions into. A declined theme is not taken over, and says why."""

    trajectory = models.ForeignKey(Trajectory, models.PROTECT, related_name="themes")
    name = models.CharField("naam", max_length=100)
    summary = models.TextField("samenvatting", blank=True, max_length=2000)
    position = models.PositiveSmallIntegerField("volgorde", default=0)
    declined_because = models.TextField("niet overgenomen, omdat", blank=True, max_length=1000)
    contributions = models.ManyToManyField(Contribution, through="Placement", related_name="themes")

    class Meta:
        verbose_name = "thema"
        verbose_name_plural = "thema’s"
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=["trajectory", "name"], name="theme_name_is_unique_in_trajectory"),
            models.UniqueConstraint(fields=["id", "trajectory"], name="theme_id_trajectory"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_declined(self) -> bool:
        return bool(self.declined_because)


@pghistory.track()
class Group(models.Model):
    """Inbreng under one theme that says the same, with a clearer wording beside the words and never over them."""

    trajectory = models.ForeignKey(Trajectory, models.PROTECT, related_name="+")
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="groups")
    wording = models.CharField("in één zin", max_length=300)

    class Meta:
        verbose_name = "groep"
        verbose_name_plural = "groepen"
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=~Q(wording=""), name="group_has_a_wording"),
            models.UniqueConstraint(fields=["id", "theme"], name="group_id_theme"),
        ]

    def __str__(self) -> str:
        return self.wording


def _one(column: str) -> Func:
    """A key as a range of one: those a GiST index of PostgreSQL compares without an extension."""
    return Func(column, column, Value("[]"), function="int8range", output_field=BigIntegerRangeField())


def _words() -> Func:
    """The words that stand there; without a start and a stop it has no bounds, and so holds every part."""
    return Func("start", "stop", function="int4range", output_field=IntegerRangeField())


@pghistory.track()
class Placement(models.Model):
    """A contribution stands under a theme, or a part of it: an interpretation, beside the words and never over them.

    A part is what stands from sign `start` up to sign `stop` of the words (agendas.splitting); without them it is all of it.
    """

    trajectory = models.ForeignKey(Trajectory, models.PROTECT, related_name="+")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="placements")
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="placements")
    placed_at = models.DateTimeField(default=timezone.now)
    placed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(Group, models.SET_NULL, null=True, blank=True, related_name="placements")
    start = models.PositiveSmallIntegerField("van teken", null=True, blank=True)
    stop = models.PositiveSmallIntegerField("tot teken", null=True, blank=True)

    class Meta:
        verbose_name = "plaats van een inbreng"
        verbose_name_plural = "plaatsen van inbreng"
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True, stop__isnull=True) | Q(start__isnull=False, start__lt=F("stop")),
                name="placement_of_all_words_or_of_a_part",
            ),
            ExclusionConstraint(
                name="placement_no_word_twice_under_a_theme",
                expressions=[(_one("theme"), "="), (_one("contribution"), "="), (_words(), "&&")],
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="within_the_words",  # of words that were erased, a part stays where it stood
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__stop__isnull=False),
                func="""
                IF EXISTS (
                    SELECT 1 FROM trajectories_contribution c
                    WHERE c.id = NEW.contribution_id AND c.erased_at IS NULL AND char_length(c.text) < NEW.stop
                ) THEN
                    RAISE EXCEPTION 'This part is not within the words' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.contribution} → {self.theme}"


class Suggestions(WorkOrder):
    """What a worker thinks belongs together on one board (agendas.suggesting): asked for by hand, and replaced by newer ones."""

    trajectory = models.ForeignKey(Trajectory, models.CASCADE, related_name="suggestions")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    content = models.JSONField("voorstellen", default=list)  # [{theme, words, said}]

    objects = WorkOrderQuerySet.as_manager()

    class Meta:
        verbose_name = "voorstellen voor een bord"
        verbose_name_plural = "voorstellen voor een bord"
        constraints = [
            *WorkOrder.Meta.constraints,
            models.UniqueConstraint(fields=["trajectory"], name="suggestions_one_per_trajectory"),
        ]

    def __str__(self) -> str:
        return f"Voorstellen voor {self.trajectory}"
