"""What was said, as it was said."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from stakeholders.models import Party, Person
from thuiswijk.lib import frozen
from trajectories.models.meetings import Meeting, Participant
from trajectories.models.road import Trajectory

TO_WHOM = Coalesce("addressed_to__name", NullIf("addressed_name", Value("")))  # also a party that is not there yet
PASTED = "Geplakt op "  # begins the name of what was pasted
ERASED = "[Deze inbreng is gewist op verzoek.]"


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def shown(self) -> ContributionQuerySet:
        """Without those that were hidden with a reason."""
        return self.filter(hidden_at__isnull=True)

    def older_than(self, contribution: Contribution | None) -> ContributionQuerySet:
        """The page after this contribution, by key and not by offset: the millionth page costs what the first one does."""
        if contribution is None:
            return self
        at = contribution.made_at
        return self.filter(made_at__lte=at).exclude(made_at=at, pk__gte=contribution.pk)


def words_of(text: str) -> str:
    """A contribution's text as everything shows it: what was said, or that it was erased."""
    return text or ERASED


class Contribution(models.Model):
    """One thing said, as it was said. An expectation is a contribution addressed to a party.

    Nobody rewords it. It can be hidden, with a reason; and erased where a person asks for that, which leaves a marker.
    """

    class Kind(models.TextChoices):
        REMARK = "opmerking", "opmerking"
        EXPECTATION = "verwachting", "verwachting"
        SIGNAL = "signaal", "signaal"
        IDEA = "idee", "idee"
        NEED = "behoefte", "behoefte"

    class Source(models.TextChoices):
        PHONE = "telefoon", "zelf ingevuld"
        NOTED = "genoteerd", "genoteerd door een ander"
        SHEET = "bestand", "ingelezen uit een bestand"

    trajectory = models.ForeignKey(Trajectory, models.PROTECT, related_name="contributions")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="contributions")
    key = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False
    )  # made by who sends it: twice sent, once stands
    text = models.TextField("inbreng", max_length=2000)
    kind = models.CharField("soort", max_length=20, choices=Kind, default=Kind.REMARK)
    said_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="partij"
    )  # none: a resident
    addressed_to = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="expectations", verbose_name="aan"
    )
    addressed_name = models.CharField("aan een partij die nog niet meedoet", max_length=100, blank=True)
    question = models.CharField("vraag", max_length=300, blank=True)
    source = models.CharField(max_length=10, choices=Source, default=Source.PHONE)
    noted_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="genoteerd door"
    )  # for who helps others to say it; none: the gemeente, or a resident
    participant = models.ForeignKey(
        Participant, models.PROTECT, null=True, blank=True, related_name="contributions", verbose_name="deelnemer"
    )
    made_at = models.DateTimeField("gezegd op", default=timezone.now)
    hidden_at = models.DateTimeField("verborgen op", null=True, blank=True)
    hidden_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    hidden_reason = models.CharField("reden van verbergen", max_length=200, blank=True)
    erased_at = models.DateTimeField("gewist op", null=True, blank=True)
    erased_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = "inbreng"
        verbose_name_plural = "inbreng"
        ordering = ("-made_at", "-id")
        indexes = [
            models.Index(fields=["trajectory", "-made_at", "-id"], name="contribution_of_trajectory"),
            models.Index(fields=["meeting", "-made_at", "-id"], name="contribution_of_meeting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "trajectory"], name="contribution_id_trajectory"),
            models.CheckConstraint(
                condition=(Q(erased_at__isnull=True, erased_by__isnull=True) & ~Q(text=""))
                | Q(erased_at__isnull=False, erased_by__isnull=False, text=""),
                name="contribution_says_something",
            ),
            models.CheckConstraint(
                condition=Q(kind="verwachting", addressed_to__isnull=False, addressed_name="")
                | (Q(kind="verwachting", addressed_to__isnull=True) & ~Q(addressed_name=""))
                | Q(
                    kind__in=["opmerking", "signaal", "idee", "behoefte"],
                    addressed_to__isnull=True,
                    addressed_name="",
                ),
                name="contribution_expectation_is_addressed",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True, hidden_reason="")
                | (Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason="")),
                name="contribution_hidden_with_a_reason",
            ),
        ]
        triggers = [
            frozen.RefuseEdit(
                fields=[
                    "trajectory",
                    "meeting",
                    "key",
                    "kind",
                    "said_by",
                    "addressed_to",
                    "addressed_name",
                    "question",
                    "source",
                    "noted_by",
                    "participant",
                    "made_at",
                ]
            ),
            *frozen.erasable("text", at="erased_at", by="erased_by"),
            *frozen.never_deleted(),
        ]

    def __str__(self) -> str:
        return self.words[:80]

    @property
    def words(self) -> str:
        return words_of(self.text)

    @property
    def to_whom(self) -> str:
        """The party of which it is expected, also one that is not there yet; "" where it is no expectation."""
        return str(self.addressed_to or self.addressed_name)


class LateContribution(models.Model):
    """Words that came when the meeting was closed. They wait for who leads the trajectory, who lets them in or does not.

    `words` is what `intake.record` takes, with parties as ids. Let in, the words stand as a contribution with this key, and
    here no more.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="late_contributions")
    key = models.UUIDField(unique=True, editable=False)
    words = models.JSONField()
    arrived_at = models.DateTimeField("aangekomen op", default=timezone.now)
    decided_at = models.DateTimeField("besloten op", null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    is_let_in = models.BooleanField("toegelaten", null=True)

    class Meta:
        verbose_name = "inbreng na sluiten"
        verbose_name_plural = "inbreng na sluiten"
        ordering = ("arrived_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, is_let_in__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_let_in__isnull=False),
                name="late_contribution_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.arrived_at:%d-%m-%Y %H:%M}"


class SheetImport(models.Model):
    """A file with contributions, as it was read: shown first, and read in as a whole when somebody confirms it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="sheet_imports")
    name = models.CharField("bestand", max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField()  # a list of intake_rows.ReadRow as dictionaries
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "ingelezen bestand"
        verbose_name_plural = "ingelezen bestanden"

    def __str__(self) -> str:
        return self.name

    @property
    def is_pasted(self) -> bool:
        """Lines that somebody pasted, and no file."""
        return self.name.startswith(PASTED) and not self.name.lower().endswith((".csv", ".xlsx"))

    @property
    def problems(self) -> list[str]:
        """A sentence per thing that must be mended in the file first."""
        return [problem for row in self.rows for problem in row["problems"]]


class SentForm(models.Model):
    """A form that made something, and the page it led to: the same form sent twice makes one thing (views.once)."""

    digest = models.CharField(max_length=64, unique=True)
    led_to = models.CharField(max_length=200)
    sent_at = models.DateTimeField("verstuurd op", default=timezone.now)

    class Meta:
        verbose_name = "verstuurd formulier"
        verbose_name_plural = "verstuurde formulieren"

    def __str__(self) -> str:
        return self.led_to
