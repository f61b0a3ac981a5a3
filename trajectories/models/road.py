"""A trajectory in its wijken: who takes part, and where it stands on its road."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Length
from django.db.models.lookups import LessThan
from django.utils import timezone
from django.utils.formats import date_format

from stakeholders.models import Gemeente, Membership, Party, Person, User
from thuiswijk.lib import frozen

MOST_OF_AN_OUTLINE = 60_000  # signs: a thousand points take twenty thousand
# Polygons of rings of at least three [longitude, latitude], and nothing else (thuiswijk.lib.outlines).
IS_AN_OUTLINE = """strict $ ? (@.type() == "array" && @.size() > 0
  && !exists(@[*] ? (!(@.type() == "array" && @.size() > 0)))
  && !exists(@[*][*] ? (!(@.type() == "array" && @.size() > 2)))
  && !exists(@[*][*][*] ? (!(@.type() == "array" && @.size() == 2)))
  && !exists(@[*][*][*][*] ? (@.type() != "number")))"""


class Wijk(models.Model):
    """An area as Statistics Netherlands (CBS) knows it: a code in a year, for codes vanish and names come back."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="wijken", verbose_name="gemeente")
    code = models.CharField("CBS-code", max_length=10)
    year = models.PositiveSmallIntegerField("jaar")
    name = models.CharField("naam", max_length=100)
    outline = models.JSONField("omtrek", null=True, blank=True)
    outline_source = models.CharField("bron van de omtrek", max_length=100, default="CBS / Kadaster")

    class Meta:
        verbose_name = "wijk"
        verbose_name_plural = "wijken"
        ordering = ("name", "-year")
        constraints = [
            models.UniqueConstraint(fields=["code", "year"], name="wijk_is_a_code_in_a_year"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^(WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{2}\d{2})$"), name="wijk_code_is_of_cbs"
            ),
            models.CheckConstraint(
                condition=Q(outline__isnull=True)
                | Q(
                    models.Func(
                        "outline",
                        template=f"jsonb_path_exists(%(expressions)s, '{IS_AN_OUTLINE}')",
                        output_field=models.BooleanField(),
                    )
                ),
                name="wijk_outline_is_of_polygons",
            ),
            models.CheckConstraint(
                condition=Q(outline__isnull=True)
                | Q(LessThan(Length(Cast("outline", models.TextField())), MOST_OF_AN_OUTLINE)),
                name="wijk_outline_is_small",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.year})"


class TrajectoryQuerySet(models.QuerySet["Trajectory"]):
    def visible_to(self, user: User | AnonymousUser) -> TrajectoryQuerySet:
        """The trajectories in which this user has a role, with that `role`. Everything else starts here.

        A role in a gemeente is one in all its trajectories, or (`is_limited`) in those that the person is appointed to.
        """
        person = getattr(user, "person", None)
        if person is None:
            return self.none()
        appointed = Appointment.objects.filter(membership__person=person).values("trajectory")
        # One has one role in a gemeente, so this gives no trajectory twice.
        return self.filter(
            Q(gemeente__memberships__is_limited=False) | Q(pk__in=appointed), gemeente__memberships__person=person
        ).annotate(role=models.F("gemeente__memberships__role"))

    def with_step(self) -> TrajectoryQuerySet:
        """Annotates `step`: where the trajectory stands on the road, or None before its first step."""
        latest = Phase.objects.filter(trajectory=models.OuterRef("pk")).order_by("-entered_at", "-id")
        return self.annotate(step=models.Subquery(latest.values("step")[:1]))


@pghistory.track()
class Trajectory(models.Model):
    """One improvement trajectory of a gemeente, in one or more wijken or in an area with a name of its own."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="trajectories", verbose_name="gemeente")
    name = models.CharField("naam van het gebied", max_length=100)
    wijken = models.ManyToManyField(Wijk, related_name="trajectories", blank=True, verbose_name="wijken")
    made_at = models.DateTimeField("gemaakt", default=timezone.now)
    parties = models.ManyToManyField(Party, through="Participation", related_name="trajectories")

    objects = TrajectoryQuerySet.as_manager()

    class Meta:
        verbose_name = "traject"
        verbose_name_plural = "trajecten"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def people(self) -> models.QuerySet[Membership]:
        """Who has a role in this trajectory: those of the whole gemeente, and those who are appointed to it."""
        appointed = self.appointments.values("membership")
        own = Membership.objects.filter(Q(is_limited=False) | Q(pk__in=appointed), gemeente=self.gemeente_id)
        return own.select_related("person")

    @property
    def leaders(self) -> models.QuerySet[Membership]:
        """The projectleiders of this trajectory."""
        return self.people.filter(role=Membership.Role.LEADER)


@pghistory.track()
class Appointment(models.Model):
    """Somebody whose role in the gemeente is limited works in this trajectory."""

    trajectory = models.ForeignKey(Trajectory, models.CASCADE, related_name="appointments")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="appointments")
    since = models.DateTimeField("sinds", default=timezone.now)
    appointed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "aanwijzing"
        verbose_name_plural = "aanwijzingen"
        constraints = [
            models.UniqueConstraint(fields=["trajectory", "membership"], name="appointment_is_unique"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_the_same_gemeente",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                IF (SELECT gemeente_id FROM stakeholders_membership WHERE id = NEW.membership_id)
                   IS DISTINCT FROM (SELECT gemeente_id FROM trajectories_trajectory WHERE id = NEW.trajectory_id) THEN
                    RAISE EXCEPTION 'The role is one in another gemeente' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership} bij {self.trajectory}"


class Participation(models.Model):
    """A party takes part in a trajectory."""

    trajectory = models.ForeignKey(Trajectory, models.CASCADE, related_name="participations")
    party = models.ForeignKey(Party, models.PROTECT, related_name="participations", verbose_name="partij")
    joined_at = models.DateTimeField("doet mee sinds", default=timezone.now)

    class Meta:
        verbose_name = "deelname"
        verbose_name_plural = "deelnames"
        constraints = [
            # A contribution's party points here with its trajectory: who did not take part said nothing (migration 0002).
            models.UniqueConstraint(fields=["trajectory", "party"], name="participation_is_unique"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_the_same_gemeente",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                IF (SELECT gemeente_id FROM stakeholders_party WHERE id = NEW.party_id)
                   IS DISTINCT FROM (SELECT gemeente_id FROM trajectories_trajectory WHERE id = NEW.trajectory_id) THEN
                    RAISE EXCEPTION 'The party is of another gemeente' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.party} in {self.trajectory}"


class Step(models.TextChoices):
    """The road of every trajectory, in this order (product: "The road")."""

    APPLICATION = "aanmelding", "Aanmelding"
    TALKS = "gesprekken", "Gesprekken"
    START = "start", "Startbijeenkomst"
    THEMES = "themas", "Thema’s"
    WORK = "werk", "Werkbijeenkomsten"
    DRAFTING = "agenda", "Verbeteragenda"
    ENDORSING = "onderschrijven", "Onderschrijven"
    SEALING = "vaststelling", "Vaststelling"
    FOLLOW_UP = "nakoming", "Nakoming"

    @property
    def following(self) -> Step | None:
        """The step after this one, or None at the end of the road."""
        steps = list(Step)
        place = steps.index(self) + 1
        return steps[place] if place < len(steps) else None


class Phase(models.Model):
    """A trajectory entered a step of its road. Rows are only added; the latest one tells where it stands."""

    trajectory = models.ForeignKey(Trajectory, models.PROTECT, related_name="phases")
    step = models.CharField("stap", max_length=20, choices=Step)
    entered_at = models.DateTimeField("sinds", default=timezone.now)
    entered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="door")

    class Meta:
        verbose_name = "stap van een traject"
        verbose_name_plural = "stappen van trajecten"
        ordering = ("entered_at", "id")
        constraints = [
            models.CheckConstraint(condition=Q(step__in=[s.value for s in Step]), name="phase_step_is_known"),
        ]
        triggers = frozen.append_only()

    def __str__(self) -> str:
        return f"{self.trajectory}: {self.get_step_display()}"


class Figure(models.Model):
    """A number about the area, with its source and date, as the document prints it; beside the same of the whole gemeente."""

    trajectory = models.ForeignKey(Trajectory, models.CASCADE, related_name="figures")
    label = models.CharField("wat", max_length=100)
    value = models.CharField("getal", max_length=40)
    gemeente_value = models.CharField("getal in de hele gemeente", max_length=40, blank=True)
    source = models.CharField("bron", max_length=120)
    measured_on = models.DateField("peildatum")

    class Meta:
        verbose_name = "cijfer"
        verbose_name_plural = "cijfers"
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["trajectory", "label"], name="figure_label_is_unique_in_trajectory"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.value}"

    @property
    def origin(self) -> str:
        """Where the number comes from, and of which day it is."""
        return f"{self.source}, {date_format(self.measured_on, 'j F Y')}"
