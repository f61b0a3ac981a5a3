"""What a meeting is remembered by: its report, frozen at closing and drawn by a worker."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.text import slugify

from stakeholders.models import Person
from thuiswijk.lib import frozen
from thuiswijk.lib.canonical import digest
from thuiswijk.lib.work import WorkOrder, WorkOrderQuerySet
from trajectories.models.meetings import Meeting


class MeetingReportQuerySet(WorkOrderQuerySet):
    def standing(self) -> MeetingReportQuerySet:
        """Without those that were withdrawn, because words in them were erased."""
        return self.filter(withdrawn_at__isnull=True)

    def due(self) -> MeetingReportQuerySet:
        """What a worker should take up; of what was withdrawn there is nothing to draw."""
        return super().due().standing()


class MeetingReport(WorkOrder):
    """The besprekingsverslag of a meeting: what it says, frozen at closing, and the two files that a worker makes of it.

    A number is never used twice: opened and closed again, or corrected, the meeting gets the next one. Where words are
    erased on request, the reports that hold them are withdrawn: their content and their files go, the row stays.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField("nummer")
    content = models.BinaryField()  # canonical JSON (trajectories.report_content)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    odt_sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField("bladzijden", null=True)
    withdrawn_at = models.DateTimeField("ingetrokken op", null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MeetingReportQuerySet.as_manager()

    class Meta:
        verbose_name = "verslag"
        verbose_name_plural = "verslagen"
        ordering = ("-number",)
        constraints = [
            *WorkOrder.Meta.constraints,
            models.UniqueConstraint(fields=["meeting", "number"], name="meetingreport_number_once"),
            models.CheckConstraint(
                condition=Q(
                    state="stored", stored_at__isnull=False,
                    pdf_sha256__regex=r"^[0-9a-f]{64}$", odt_sha256__regex=r"^[0-9a-f]{64}$",
                )
                | (~Q(state="stored") & Q(stored_at__isnull=True, pdf_sha256="", odt_sha256="")),
                name="meetingreport_stored_has_both_digests",
            ),
            models.CheckConstraint(
                condition=(Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True) & ~Q(content=b""))
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, content=b""),
                name="meetingreport_says_something",
            ),
        ]  # fmt: skip
        triggers = [
            frozen.RefuseEdit(fields=["meeting", "number", "asked_at"], name="order_is_write_once"),
            *frozen.erasable("content", at="withdrawn_at", by="withdrawn_by"),
            frozen.Refuse(
                name="stored_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="stored")
                & (pgtrigger.Q(new__withdrawn_at__isnull=True) | pgtrigger.Q(old__withdrawn_at__isnull=False)),
            ),
            *frozen.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"Verslag {self.number} van {self.meeting}"

    @cached_property
    def says(self) -> dict[str, Any]:
        """The content, to read."""
        return dict(json.loads(bytes(self.content))) if self.content else {}

    def quotes(self, words: str) -> bool:
        """Whether these words of somebody stand in it."""
        return any(one["text"] == words for asked in self.says["questions"] for one in asked["said"])

    @property
    def digest(self) -> str:
        """The controlegetal of the content."""
        return digest(bytes(self.content))

    def file_name(self, kind: str) -> str:
        """What the file is called when somebody downloads it: verslag-startbijeenkomst-2026-09-15-nr-2.pdf."""
        meeting = self.says["meeting"]
        title = slugify(meeting["title"])[:60].rstrip("-") or "bijeenkomst"
        return f"verslag-{title}-{meeting['starts_at'][:10]}-nr-{self.number}.{kind}"
