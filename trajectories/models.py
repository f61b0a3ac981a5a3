"""Where and when, and what was said? Trajectories in wijken, their road, their meetings and every contribution as spoken."""

from __future__ import annotations

import secrets
import uuid

import pghistory
import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from stakeholders.models import Gemeente, Membership, Party, Person, User
from thuiswijk.lib import frozen

ERASED = "[Deze inbreng is gewist op verzoek.]"
CODE_SIGNS = "ABCDEFGHJKMNPQRTUVWXYZ2346789"  # without those that look alike on a beamer: I L O S 0 1 5


def new_code() -> str:
    """Six signs that people can read from a beamer and type on a phone; 29 to the sixth power of them."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(6))


class Wijk(models.Model):
    """An area as Statistics Netherlands (CBS) knows it: a code in a year, for codes vanish and names come back."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="wijken", verbose_name="gemeente")
    code = models.CharField("CBS-code", max_length=10)
    year = models.PositiveSmallIntegerField("jaar")
    name = models.CharField("naam", max_length=100)

    class Meta:
        verbose_name = "wijk"
        verbose_name_plural = "wijken"
        ordering = ("name", "-year")
        constraints = [
            models.UniqueConstraint(fields=["code", "year"], name="wijk_is_a_code_in_a_year"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^(WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{2}\d{2})$"), name="wijk_code_is_of_cbs"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.year})"


class TrajectoryQuerySet(models.QuerySet["Trajectory"]):
    def visible_to(self, user: User | AnonymousUser) -> TrajectoryQuerySet:
        """The trajectories in which this user has a role, with that `role`. Everything else starts here.

        A role in a gemeente is one in all its trajectories, or (`is_limited`) in those that the person is appointed to.
        """
        if not user.is_authenticated:
            return self.none()
        roles = Membership.objects.filter(
            Q(is_limited=False) | Q(appointments__trajectory=models.OuterRef("pk")),
            person__user=user,
            gemeente=models.OuterRef("gemeente"),
        )
        return self.annotate(role=models.Subquery(roles.order_by().values("role")[:1])).filter(role__isnull=False)

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
    """A number about the area, with its source and date, as the document prints it."""

    trajectory = models.ForeignKey(Trajectory, models.CASCADE, related_name="figures")
    label = models.CharField("wat", max_length=100)
    value = models.CharField("getal", max_length=40)
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


@pghistory.track()
class Meeting(models.Model):
    """People came together and spoke: a talk, the start meeting, a working meeting."""

    class Kind(models.TextChoices):
        TALK = "gesprek", "gesprek"
        START = "start", "startbijeenkomst"
        WORK = "werk", "werkbijeenkomst"
        LEARNING = "leer", "leerbijeenkomst"
        NETWORK = "netwerk", "netwerkbijeenkomst"

    class State(models.TextChoices):
        PLANNED = "planned", "gepland"
        OPENED = "opened", "open voor inbreng"
        CLOSED = "closed", "gesloten"

    NEXT = {
        State.PLANNED: {State.OPENED},
        State.OPENED: {State.CLOSED},
        State.CLOSED: {State.OPENED},  # a forgotten flip-over: open again, then close
    }

    trajectory = models.ForeignKey(Trajectory, models.PROTECT, related_name="meetings")
    kind = models.CharField("soort bijeenkomst", max_length=20, choices=Kind)
    title = models.CharField("titel", max_length=120)
    starts_at = models.DateTimeField("begint op")
    place = models.CharField("plaats", max_length=120, blank=True)
    question = models.CharField("vraag aan de deelnemers", max_length=300, blank=True)
    residents = models.PositiveSmallIntegerField("aantal bewoners aanwezig", default=0)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    code = models.CharField("code", max_length=6, unique=True, default=new_code, editable=False)

    class Meta:
        verbose_name = "bijeenkomst"
        verbose_name_plural = "bijeenkomsten"
        ordering = ("starts_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["gesprek", "start", "werk", "leer", "netwerk"]), name="meeting_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "opened", "closed"]), name="meeting_state_is_known"
            ),
            # The other half of a two-column foreign key: a contribution's trajectory is its meeting's.
            models.UniqueConstraint(fields=["id", "trajectory"], name="meeting_id_trajectory"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPENED


class Attendance(models.Model):
    """How many people came for a party. Names are not asked for; residents are counted on the meeting."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances")
    party = models.ForeignKey(Party, models.PROTECT, related_name="attendances", verbose_name="partij")
    people = models.PositiveSmallIntegerField("aantal mensen", default=1)

    class Meta:
        verbose_name = "aanwezigheid"
        verbose_name_plural = "aanwezigheid"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "party"], name="attendance_is_unique"),
            models.CheckConstraint(condition=Q(people__gte=1), name="attendance_is_of_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.people}"


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
    question = models.CharField("vraag", max_length=300, blank=True)
    source = models.CharField(max_length=10, choices=Source, default=Source.PHONE)
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
                condition=Q(kind="verwachting", addressed_to__isnull=False)
                | Q(kind__in=["opmerking", "signaal", "idee", "behoefte"], addressed_to__isnull=True),
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
                    "question",
                    "source",
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
