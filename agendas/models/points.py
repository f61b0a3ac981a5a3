"""What will get better, who does what for it, and what became of that."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agendas.models.themes import Theme
from stakeholders.models import Party, Person
from thuiswijk.lib import frozen
from trajectories.models import Contribution, Trajectory


@pghistory.track()
class ImprovementPoint(models.Model):
    """One thing that will get better: the answer to a signal, and to the cause behind it ("de vraag achter de vraag")."""

    class Serves(models.TextChoices):
        """The five elements of "een buurt voor iedereen" and its four preconditions, as Movisie names them.

        Frozen content holds the code; every page and the document take the words from here, in this order.
        """

        ATTITUDE = "houding", "een open en opbouwende houding"
        MEANING = "betekenis", "ruimte om van betekenis te zijn"
        RESOURCES = "hulpbronnen", "wat er in de buurt al is, doet mee"
        IN_SIGHT = "in_beeld", "niemand raakt uit beeld"
        SAFETY = "veiligheid", "veiligheid voor wie er woont en werkt"
        SUPPORT = "draagvlak", "bestuurlijk draagvlak"
        ENTHUSIASM = "enthousiasme", "gezamenlijk enthousiasme"
        COURAGE = "lef", "lef"
        DOING = "doen", "doen"

    trajectory = models.ForeignKey(Trajectory, models.PROTECT, related_name="points")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="points", verbose_name="thema")
    position = models.PositiveSmallIntegerField("volgorde", default=0)
    title = models.CharField("wat wordt er beter?", max_length=200)
    why = models.TextField("waarom, en voor wie?", blank=True, max_length=2000)
    first_step = models.CharField("eerste stap", blank=True, max_length=300)
    ready_on = models.DateField("klaar op", null=True, blank=True)
    noticed_by = models.TextField("waaraan merken wij het?", blank=True, max_length=1000)
    means = models.TextField("wat is ervoor nodig?", blank=True, max_length=1000)
    signal = models.CharField("wat merken mensen nu?", blank=True, max_length=300)
    cause = models.TextField("waar komt dat door?", blank=True, max_length=1000)
    serves = ArrayField(
        models.CharField(max_length=20, choices=Serves),
        default=list,
        blank=True,
        verbose_name="waar draagt dit aan bij?",
    )

    class Meta:
        verbose_name = "verbeterpunt"
        verbose_name_plural = "verbeterpunten"
        ordering = ("theme__position", "theme", "position", "id")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="point_has_a_title"),
            models.UniqueConstraint(fields=["id", "trajectory"], name="point_id_trajectory"),
            models.CheckConstraint(
                condition=Q(
                    serves__contained_by=[
                        "houding",
                        "betekenis",
                        "hulpbronnen",
                        "in_beeld",
                        "veiligheid",
                        "draagvlak",
                        "enthousiasme",
                        "lef",
                        "doen",
                    ]
                ),
                name="point_serves_what_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Amount(models.Model):
    """Money or hours that a point takes, and where they come from. Whole numbers: as they stand in the document."""

    class Unit(models.TextChoices):
        EURO = "euro", "euro"
        HOUR = "uur", "uur"

    point = models.ForeignKey(ImprovementPoint, models.CASCADE, related_name="amounts", verbose_name="verbeterpunt")
    what = models.CharField("waarvoor?", max_length=120)
    amount = models.PositiveIntegerField("hoeveel?")
    unit = models.CharField("euro of uur?", max_length=10, choices=Unit, default=Unit.EURO)
    source = models.CharField("waar komt het vandaan?", max_length=120)

    class Meta:
        verbose_name = "geld of uren"
        verbose_name_plural = "geld en uren"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=~Q(what="") & ~Q(source=""), name="amount_says_what_for_and_where_from"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="amount_is_something"),
            models.CheckConstraint(condition=Q(unit__in=["euro", "uur"]), name="amount_unit_is_known"),
        ]

    def __str__(self) -> str:
        number = f"{self.amount:,}".replace(",", ".")
        return f"{number} {self.unit} voor {self.what} (bron: {self.source})"


@pghistory.track()
class Origin(models.Model):
    """A point comes from this inbreng: many come from several, and one inbreng may lead to several points."""

    trajectory = models.ForeignKey(Trajectory, models.PROTECT, related_name="+")
    point = models.ForeignKey(ImprovementPoint, models.CASCADE, related_name="origins", verbose_name="verbeterpunt")
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="origins", verbose_name="inbreng")

    class Meta:
        verbose_name = "herkomst van een verbeterpunt"
        verbose_name_plural = "herkomst van verbeterpunten"
        constraints = [models.UniqueConstraint(fields=["point", "contribution"], name="origin_is_unique")]

    def __str__(self) -> str:
        return f"{self.contribution} → {self.point}"


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def leader_first(self) -> CommitmentQuerySet:
        """In the order in which one reads a point: who leads, who helps, who knows, who can't."""
        ranks = [models.When(role=role, then=rank) for rank, role in enumerate(Commitment.Role.values)]
        return self.order_by(models.Case(*ranks), "party__name")


@pghistory.track()
class Commitment(models.Model):
    """What one party does on one point, in its own words; or what it can't do, and why.

    The room says who does what; the party itself confirms that these are its words (agendas.confirming). As long as it did
    not, somebody else wrote them down on its behalf.
    """

    class Role(models.TextChoices):
        """Frozen content holds the code; every page and the document take the words from here, in this order."""

        LEADER = "trekker", "trekker"
        CONTRIBUTOR = "meewerkend", "werkt mee"
        EXPERT = "deskundig", "weet er het meest van"
        UNABLE = "kan_niet", "kan dit niet"

    point = models.ForeignKey(ImprovementPoint, models.CASCADE, related_name="commitments")
    party = models.ForeignKey(Party, models.PROTECT, related_name="commitments", verbose_name="partij")
    role = models.CharField("rol", max_length=20, choices=Role)
    text = models.TextField("in de woorden van de partij", blank=True, max_length=1000)
    confirmed_at = models.DateTimeField("bevestigd op", null=True, blank=True, editable=False)  # by the party itself
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+")

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = "toezegging"
        verbose_name_plural = "toezeggingen"
        ordering = ("id",)
        constraints = [
            # Judged at the commit, so that two parties can change places in one form.
            models.UniqueConstraint(
                fields=["point", "party", "role"], deferrable=models.Deferrable.DEFERRED, name="commitment_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["trekker", "meewerkend", "deskundig", "kan_niet"]),
                name="commitment_role_is_known",
            ),
            models.CheckConstraint(condition=~Q(role="kan_niet", text=""), name="commitment_unable_says_why"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="commitment_confirmed_at_and_by",
            ),
        ]
        triggers = [
            # Whoever changes what a party promises makes it unconfirmed, unless it is confirmed in the same breath.
            pgtrigger.Trigger(
                name="other_words_are_unconfirmed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("point", "party", "role", "text"),
                func="""
                IF NEW.confirmed_at IS NOT DISTINCT FROM OLD.confirmed_at THEN
                    NEW.confirmed_at = NULL;
                    NEW.confirmed_by_id = NULL;
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="party_takes_part",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM agendas_improvementpoint p
                    JOIN trajectories_participation t ON t.trajectory_id = p.trajectory_id AND t.party_id = NEW.party_id
                    WHERE p.id = NEW.point_id
                ) THEN
                    RAISE EXCEPTION 'The party takes no part in this trajectory' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.get_role_display()}"

    @property
    def is_promise(self) -> bool:
        return self.role in (self.Role.LEADER, self.Role.CONTRIBUTOR)

    @property
    def is_confirmed(self) -> bool:
        """Whether the party itself said that this is right, and nobody changed it since."""
        return self.confirmed_at is not None


class ProgressReport(models.Model):
    """What became of a commitment, by who owns it. Only added to."""

    class State(models.TextChoices):
        ON_COURSE = "op_koers", "op koers"
        LATE = "later", "wordt later"
        BLOCKED = "geblokkeerd", "zit vast"
        DONE = "klaar", "klaar"

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="reports")
    state = models.CharField("hoe staat het ervoor?", max_length=20, choices=State)
    text = models.TextField("wat is er gebeurd?", max_length=2000)
    reported_at = models.DateTimeField("gemeld op", default=timezone.now)
    reported_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "voortgang"
        verbose_name_plural = "voortgang"
        ordering = ("-reported_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["op_koers", "later", "geblokkeerd", "klaar"]), name="report_state_is_known"
            ),
        ]
        triggers = frozen.append_only()

    def __str__(self) -> str:
        return f"{self.commitment}: {self.get_state_display()}"
