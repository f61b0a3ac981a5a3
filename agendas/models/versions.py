"""The draft, the versions that were frozen of it, and the documents that are drawn of those."""

from __future__ import annotations

import json
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from stakeholders.models import Person
from thuiswijk.lib import frozen
from thuiswijk.lib.work import WorkOrder, WorkOrderQuerySet
from trajectories.models import Trajectory


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
        """The versions, newest first, each with its round and without its content."""
        return list(self.versions.defer("content").select_related("round").with_sealed().order_by("-number"))

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

    @cached_property
    def data(self) -> dict[str, Any]:
        """The content, parsed once: it never changes. Who wants another one copies it."""
        return dict(json.loads(bytes(self.content)))


class DocumentQuerySet(WorkOrderQuerySet):
    def sealed(self) -> DocumentQuerySet:
        """The final ones that are made and sealed, without their answers: to list and to download."""
        final = self.filter(kind=Document.Kind.FINAL, state=Document.State.STORED)
        return final.select_related("version__agenda").defer("answers", "version__content")

    def newest_of_each_agenda(self) -> DocumentQuerySet:
        """Of each agenda the document of its newest version."""
        return self.order_by("version__agenda", "-version__number").distinct("version__agenda")


class Document(WorkOrder):
    """A version as a PDF: a draft to read before endorsing, the final one with the answers, sealed, and the sealed evidence.

    The evidence is for the gemeente alone: it holds addresses (agendas.dossier). The row is the work order as well.
    """

    class Kind(models.TextChoices):
        DRAFT = "concept", "ter onderschrijving"
        FINAL = "vastgesteld", "vastgesteld"
        EVIDENCE = "bewijsdossier", "bewijsdossier"

    class SealLevel(models.TextChoices):
        """PAdES, ETSI EN 319 142-1."""

        OWN_CLOCK = "B-B", "PAdES B-B"
        TIMESTAMP = "B-T", "PAdES B-T"
        ARCHIVED = "B-LTA", "PAdES B-LTA"

    AWAITING_TIMESTAMP = "wachten op de tijdstempeldienst"

    version = models.ForeignKey(AgendaVersion, models.PROTECT, related_name="documents")
    kind = models.CharField("soort", max_length=20, choices=Kind)
    answers = models.BinaryField(null=True)  # canonical JSON: the endorsements, and for the evidence how each was given
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField("grootte in bytes", null=True)
    pages = models.PositiveSmallIntegerField("bladzijden", null=True)
    sealed_by = models.CharField("verzegeld door", max_length=200, blank=True)
    # What the seal itself says, None where it was set before this was kept. The service, where one proves that moment.
    signed_at = models.DateTimeField("tijdstip in het zegel", null=True)
    timestamped_by = models.CharField("tijdstip bewezen door", max_length=200, blank=True)
    seal_level = models.CharField("niveau van het zegel", max_length=5, blank=True, choices=SealLevel)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        verbose_name_plural = "documenten"
        constraints = [
            *WorkOrder.Meta.constraints,
            models.UniqueConstraint(fields=["version", "kind"], name="document_one_of_a_kind"),
            models.CheckConstraint(
                condition=Q(kind="concept", answers__isnull=True)
                | Q(kind__in=["vastgesteld", "bewijsdossier"], answers__isnull=False),
                name="document_final_has_answers",
            ),
            models.CheckConstraint(
                condition=Q(state="stored", stored_at__isnull=False, sha256__regex=r"^[0-9a-f]{64}$")
                | (~Q(state="stored") & Q(stored_at__isnull=True, sha256="")),
                name="document_stored_has_a_digest",
            ),
            models.CheckConstraint(
                condition=~Q(state="stored", kind__in=["vastgesteld", "bewijsdossier"], sealed_by=""),
                name="document_final_is_sealed",
            ),
            models.CheckConstraint(
                condition=Q(seal_level="", signed_at__isnull=True, timestamped_by="")
                | Q(seal_level="B-B", signed_at__isnull=False, timestamped_by="")
                | (Q(seal_level__in=["B-T", "B-LTA"], signed_at__isnull=False) & ~Q(timestamped_by="")),
                name="document_level_says_whose_clock",
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
        if self.kind == self.Kind.EVIDENCE:
            return f"bewijsdossier-{self.version.code}.pdf"
        return f"verbeteragenda-{self.version.code}{'-concept' if self.kind == self.Kind.DRAFT else ''}.pdf"

    @property
    def is_to_be_sealed(self) -> bool:
        return self.kind != self.Kind.DRAFT

    @property
    def is_awaiting_timestamp(self) -> bool:
        """Whether its pages are drawn, and the service that proves the moment of sealing has to answer first."""
        return self.state == self.State.WAITING and self.step == self.AWAITING_TIMESTAMP
