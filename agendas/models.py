"""What was made of it, and promised? Themes, points, commitments, the frozen version, its endorsements, its document."""

from __future__ import annotations

import json
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from stakeholders.models import Party, Person
from thuiswijk.lib import frozen
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
class Placement(models.Model):
    """A contribution stands under a theme: an interpretation, beside the words and never over them."""

    trajectory = models.ForeignKey(Trajectory, models.PROTECT, related_name="+")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="placements")
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="placements")
    placed_at = models.DateTimeField(default=timezone.now)
    placed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "plaats van een inbreng"
        verbose_name_plural = "plaatsen van inbreng"
        constraints = [models.UniqueConstraint(fields=["theme", "contribution"], name="placement_is_unique")]

    def __str__(self) -> str:
        return f"{self.contribution} → {self.theme}"


@pghistory.track()
class ImprovementPoint(models.Model):
    """One thing that will get better."""

    trajectory = models.ForeignKey(Trajectory, models.PROTECT, related_name="points")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="points", verbose_name="thema")
    position = models.PositiveSmallIntegerField("volgorde", default=0)
    title = models.CharField("wat wordt er beter?", max_length=200)
    why = models.TextField("waarom, en voor wie?", blank=True, max_length=2000)
    first_step = models.CharField("eerste stap", blank=True, max_length=300)
    ready_on = models.DateField("klaar op", null=True, blank=True)
    noticed_by = models.TextField("waaraan merken wij het?", blank=True, max_length=1000)
    means = models.TextField("wat is ervoor nodig?", blank=True, max_length=1000)

    class Meta:
        verbose_name = "verbeterpunt"
        verbose_name_plural = "verbeterpunten"
        ordering = ("theme__position", "theme", "position", "id")
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="point_has_a_title")]

    def __str__(self) -> str:
        return self.title


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def leader_first(self) -> CommitmentQuerySet:
        """In the order in which one reads a point: who leads, who helps, who knows, who can't."""
        ranks = [models.When(role=role, then=rank) for rank, role in enumerate(Commitment.Role.values)]
        return self.order_by(models.Case(*ranks), "party__name")


@pghistory.track()
class Commitment(models.Model):
    """What one party does on one point, in its own words; or what it can't do, and why."""

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
        ]
        triggers = [
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
            )
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.get_role_display()}"

    @property
    def is_promise(self) -> bool:
        return self.role in (self.Role.LEADER, self.Role.CONTRIBUTOR)


@pghistory.track()
class Agenda(models.Model):
    """The living draft of a trajectory's verbeteragenda: its texts and term. Its points are the trajectory's."""

    trajectory = models.OneToOneField(Trajectory, models.PROTECT, related_name="agenda")
    title = models.CharField("titel", max_length=120)
    number = models.CharField("documentnummer", max_length=20, unique=True)
    starts_on = models.DateField("geldt van", null=True, blank=True)
    ends_on = models.DateField("geldt tot en met", null=True, blank=True)
    summary = models.TextField("samenvatting in gewone taal", blank=True, max_length=6000)
    motivation = models.TextField("aanleiding", blank=True, max_length=6000)
    story = models.TextField("de wijk in verhalen", blank=True, max_length=6000)
    rules = models.TextField("spelregels", blank=True, max_length=6000)
    follow_up = models.TextField("volgen en evalueren", blank=True, max_length=6000)

    class Meta:
        verbose_name = "verbeteragenda"
        verbose_name_plural = "verbeteragenda’s"
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lt=F("ends_on")),
                name="agenda_term_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^VA-\d{4}-\d{4,}$"), name="agenda_number_is_well_formed"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def versions_made(self) -> list[AgendaVersion]:
        """The versions, newest first, without their content."""
        return list(self.versions.defer("content").with_sealed().order_by("-number"))

    @property
    def sealed(self) -> AgendaVersion | None:
        """The newest version that was sealed; an older one, as long as a newer one is not."""
        return next((version for version in self.versions_made if version.sealed_at), None)  # type: ignore[attr-defined]


class AgendaVersionQuerySet(models.QuerySet["AgendaVersion"]):
    def with_sealed(self) -> AgendaVersionQuerySet:
        """Annotates `sealed_as` and `sealed_at`: the id of the sealed document and its moment, or None where there is none."""
        final = Q(documents__kind=Document.Kind.FINAL, documents__state=Document.State.STORED)
        return self.annotate(
            final=models.FilteredRelation("documents", condition=final),
            sealed_as=F("final__pk"),
            sealed_at=F("final__stored_at"),
        )


class AgendaVersion(models.Model):
    """The draft frozen. `content` is canonical JSON (RFC 8785): what parties endorse, and all that the document shows."""

    agenda = models.ForeignKey(Agenda, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("versie")
    content = models.BinaryField()
    digest = models.CharField("controlegetal", max_length=64)
    frozen_at = models.DateTimeField("bevroren op", default=timezone.now)
    frozen_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = AgendaVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "versie"
        verbose_name_plural = "versies"
        ordering = ("agenda", "-number")
        constraints = [
            models.UniqueConstraint(fields=["agenda", "number"], name="version_number_is_unique"),
            models.UniqueConstraint(fields=["id", "digest"], name="version_id_digest"),
        ]
        triggers = [
            # The digest is the content's: the database computes it again.
            pgtrigger.Trigger(
                name="digest_is_of_content",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF encode(sha256(NEW.content), 'hex') IS DISTINCT FROM NEW.digest THEN
                    RAISE EXCEPTION 'The digest is not of the content' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            *frozen.append_only(),
        ]

    def __str__(self) -> str:
        return f"{self.agenda}, versie {self.number}"

    @property
    def code(self) -> str:
        """The document number as it stands in an address and a QR code."""
        return f"{self.agenda.number}-v{self.number}"

    @property
    def data(self) -> dict[str, Any]:
        """The content, parsed."""
        return dict(json.loads(bytes(self.content)))


class RoundQuerySet(models.QuerySet["Round"]):
    def with_counts(self) -> RoundQuerySet:
        """Annotates `asked` and `answered`: how many parties."""
        return self.annotate(
            asked=models.Count("requests__party", distinct=True), answered=models.Count("endorsements", distinct=True)
        )


class Round(models.Model):
    """A version lies with the parties: open until all have answered or the projectleider closes it."""

    version = models.OneToOneField(AgendaVersion, models.PROTECT, related_name="round")
    deadline = models.DateField("antwoorden tot en met")
    opened_at = models.DateTimeField("geopend op", default=timezone.now)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("gesloten op", null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    closed_reason = models.CharField("waarom nu gesloten", max_length=300, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "onderschrijfronde"
        verbose_name_plural = "onderschrijfrondes"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, closed_reason="")
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="round_closed_by_somebody",
            ),
        ]
        triggers = [
            frozen.Refuse(
                name="closed_stays_closed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__closed_at__isnull=False),
            ),
            frozen.RefuseEdit(fields=["version", "opened_at", "opened_by"], name="opening_is_write_once"),
            *frozen.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"Onderschrijven van {self.version}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class EndorsementRequestQuerySet(models.QuerySet["EndorsementRequest"]):
    def unanswered(self) -> EndorsementRequestQuerySet:
        """Those that a party can still answer: in an open round, by the newest link, and not answered yet."""
        given = Endorsement.objects.filter(round=models.OuterRef("round"), party=models.OuterRef("party"))
        return self.filter(is_current=True, round__closed_at__isnull=True).exclude(models.Exists(given))


class EndorsementRequest(models.Model):
    """The link by which one party was asked. Only the link's SHA-256 is kept; following it changes nothing."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="requests")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="partij")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="contactpersoon")
    name = models.CharField("naam", max_length=100, blank=True)  # as the party's contact person was known then
    function = models.CharField("functie", max_length=100, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField("gevraagd op", default=timezone.now)
    is_current = models.BooleanField("geldig", default=True)  # a new link makes the one before useless

    objects = EndorsementRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "verzoek om te onderschrijven"
        verbose_name_plural = "verzoeken om te onderschrijven"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "party"], condition=Q(is_current=True), name="request_one_current_per_party"
            ),
        ]
        triggers = [
            frozen.RefuseEdit(fields=["round", "party", "token_hash", "asked_at"]),
            *frozen.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.round}"


class Endorsement(models.Model):
    """One party's answer to one version: fully, with a reservation, or not. Given once, kept for good."""

    class Answer(models.TextChoices):
        FULL = "volledig", "onderschrijft volledig"
        RESERVED = "voorbehoud", "onderschrijft met voorbehoud"
        REFUSED = "niet", "onderschrijft niet"

    class Method(models.TextChoices):
        LINK = "link per e-mail", "via de link in een e-mail"
        ACCOUNT = "ingelogd", "ingelogd als contactpersoon"

    round = models.ForeignKey(Round, models.PROTECT, related_name="endorsements")
    party = models.ForeignKey(Party, models.PROTECT, related_name="endorsements", verbose_name="partij")
    digest = models.CharField("controlegetal", max_length=64)  # as it was shown to who answered
    answer = models.CharField("antwoord", max_length=20, choices=Answer)
    points = models.JSONField("punten", default=list, blank=True)  # numbers of points, as ["1.2"]
    text = models.TextField("voorbehoud of reden", blank=True, max_length=2000)
    name = models.CharField("naam", max_length=100)
    function = models.CharField("functie", max_length=100)
    on_behalf_of = models.CharField("namens", max_length=200)
    decided_on = models.DateField("datum van het besluit", null=True, blank=True)
    endorsed_at = models.DateTimeField("geantwoord op", default=timezone.now)
    request = models.ForeignKey(EndorsementRequest, models.PROTECT, related_name="+")
    method = models.CharField("hoe", max_length=30, choices=Method, default=Method.LINK)

    class Meta:
        verbose_name = "onderschrijving"
        verbose_name_plural = "onderschrijvingen"
        constraints = [
            models.UniqueConstraint(fields=["round", "party"], name="endorsement_one_per_party"),
            models.CheckConstraint(
                condition=Q(answer="volledig", text="") | (Q(answer__in=["voorbehoud", "niet"]) & ~Q(text="")),
                name="endorsement_reservation_says_what",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(function="") & ~Q(on_behalf_of=""), name="endorsement_names"
            ),
            models.CheckConstraint(
                condition=Q(method__in=["link per e-mail", "ingelogd"]), name="endorsement_method_is_known"
            ),
        ]
        triggers = [
            # What a party endorsed is the version of this round, and the round was open: under a lock, so that an answer
            # and the closing of the round in the same moment come one after the other.
            pgtrigger.Trigger(
                name="of_the_open_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("is_closed", "BOOLEAN"), ("frozen_digest", "TEXT")],
                func="""
                SELECT r.closed_at IS NOT NULL, v.digest INTO is_closed, frozen_digest
                FROM agendas_round r JOIN agendas_agendaversion v ON v.id = r.version_id
                WHERE r.id = NEW.round_id FOR SHARE OF r;
                IF is_closed OR frozen_digest IS DISTINCT FROM NEW.digest THEN
                    RAISE EXCEPTION 'The round is closed, or another version was endorsed'
                    USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            *frozen.append_only(),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.get_answer_display()}"


class DocumentQuerySet(WorkOrderQuerySet):
    def sealed(self) -> DocumentQuerySet:
        """The final ones that are made and sealed, without their answers: to list and to download."""
        final = self.filter(kind=Document.Kind.FINAL, state=Document.State.STORED)
        return final.select_related("version__agenda").defer("answers", "version__content")

    def newest_of_each_agenda(self) -> DocumentQuerySet:
        """Of each agenda the document of its newest version."""
        return self.order_by("version__agenda", "-version__number").distinct("version__agenda")


class Document(WorkOrder):
    """A version as a PDF: a draft to read before endorsing, or the final one with the answers, sealed.

    The row is the work order as well.
    """

    class Kind(models.TextChoices):
        DRAFT = "concept", "ter onderschrijving"
        FINAL = "vastgesteld", "vastgesteld"

    version = models.ForeignKey(AgendaVersion, models.PROTECT, related_name="documents")
    kind = models.CharField("soort", max_length=20, choices=Kind)
    answers = models.BinaryField(null=True)  # canonical JSON of the endorsements, for the final document
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField("grootte in bytes", null=True)
    pages = models.PositiveSmallIntegerField("bladzijden", null=True)
    sealed_by = models.CharField("verzegeld door", max_length=200, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        verbose_name_plural = "documenten"
        constraints = [
            *WorkOrder.Meta.constraints,
            models.UniqueConstraint(fields=["version", "kind"], name="document_one_of_a_kind"),
            models.CheckConstraint(
                condition=Q(kind="concept", answers__isnull=True) | Q(kind="vastgesteld", answers__isnull=False),
                name="document_final_has_answers",
            ),
            models.CheckConstraint(
                condition=Q(state="stored", stored_at__isnull=False, sha256__regex=r"^[0-9a-f]{64}$")
                | (~Q(state="stored") & Q(stored_at__isnull=True, sha256="")),
                name="document_stored_has_a_digest",
            ),
            models.CheckConstraint(
                condition=~Q(state="stored", kind="vastgesteld", sealed_by=""), name="document_final_is_sealed"
            ),
        ]
        indexes = [models.Index(fields=["sha256"], name="document_sha256")]
        triggers = [
            frozen.Refuse(name="stored_stays", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state="stored")),
            frozen.RefuseEdit(fields=["version", "kind", "answers", "asked_at"], name="order_is_write_once"),
            *frozen.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.get_kind_display()})"

    @property
    def file_name(self) -> str:
        """What the file is called when somebody downloads it."""
        return f"verbeteragenda-{self.version.code}{'-concept' if self.kind == self.Kind.DRAFT else ''}.pdf"


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
