"""People come together: what is planned, who is asked, who comes, and what is agreed there."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from stakeholders.models import Gemeente, Party, Person
from thuiswijk.lib import frozen
from trajectories.models.road import Trajectory

CODE_SIGNS = "ABCDEFGHJKMNPQRTUVWXYZ2346789"  # without those that look alike on a beamer: I L O S 0 1 5


def new_code(length: int = 6) -> str:
    """Signs that people can read from a beamer and type on a phone; 29 to the power of `length` of them."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(length))


def new_receipt() -> str:
    """The code with which a deelnemer follows what became of their words: eight signs, 500 billion of them."""
    return new_code(8)


class Kind(models.TextChoices):
    """The kinds of meeting."""

    TALK = "gesprek", "gesprek"
    START = "start", "startbijeenkomst"
    WORK = "werk", "werkbijeenkomst"
    LEARNING = "leer", "leerbijeenkomst"
    NETWORK = "netwerk", "netwerkbijeenkomst"


class MeetingPattern(models.Model):
    """One meeting of the draaiboek of a gemeente: what is planned at once for a new trajectory, and what is asked there.

    Without `days_after` it is not planned by itself: the list of questions of a gesprek, say.
    """

    gemeente = models.ForeignKey(Gemeente, models.CASCADE, related_name="meeting_patterns")
    position = models.PositiveSmallIntegerField("plaats", default=0)
    kind = models.CharField("soort bijeenkomst", max_length=20, choices=Kind)
    title = models.CharField("titel", max_length=120)
    days_after = models.PositiveSmallIntegerField("aantal dagen na de eerste bijeenkomst", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("duur in minuten", default=120)
    questions = models.TextField("vragen, één op een regel", max_length=3000, blank=True)

    class Meta:
        verbose_name = "bijeenkomst in het draaiboek"
        verbose_name_plural = "draaiboek"
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="pattern_kind_is_known"),
            models.CheckConstraint(condition=Q(minutes__range=(5, 1440)), name="pattern_takes_a_while"),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Meeting(models.Model):
    """People came together and spoke: a talk, the start meeting, a working meeting."""

    Kind = Kind

    class State(models.TextChoices):
        PLANNED = "planned", "gepland"
        CANCELLED = "cancelled", "gaat niet door"
        OPENED = "opened", "open voor inbreng"
        CLOSED = "closed", "gesloten"

    NEXT = {
        State.PLANNED: {State.OPENED, State.CANCELLED},
        State.CANCELLED: {State.PLANNED},
        State.OPENED: {State.CLOSED},
        State.CLOSED: {State.OPENED},  # a forgotten flip-over: open again, then close
    }

    trajectory = models.ForeignKey(Trajectory, models.PROTECT, related_name="meetings")
    kind = models.CharField("soort bijeenkomst", max_length=20, choices=Kind)
    title = models.CharField("titel", max_length=120)
    starts_at = models.DateTimeField("begint op")
    minutes = models.PositiveSmallIntegerField("duur in minuten", default=120)
    place = models.CharField("plaats", max_length=120, blank=True)
    question = models.CharField("vraag aan de deelnemers", max_length=300, blank=True)
    residents = models.PositiveSmallIntegerField("aantal bewoners aanwezig", default=0)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    code = models.CharField("code", max_length=6, unique=True, default=new_code, editable=False)
    cancelled_reason = models.CharField("waarom gaat de bijeenkomst niet door?", max_length=200, blank=True)
    # Where we are in the room: the item whose question is open, whether phones may send, whether the beamer shows answers.
    item = models.ForeignKey("MeetingItem", models.SET_NULL, null=True, blank=True, related_name="+")
    is_paused = models.BooleanField("gepauzeerd", default=False)
    is_revealed = models.BooleanField("antwoorden zichtbaar", default=False)
    # The SEQUENCE of RFC 5545: it goes up with each change that a calendar shows.
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "bijeenkomst"
        verbose_name_plural = "bijeenkomsten"
        ordering = ("starts_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["gesprek", "start", "werk", "leer", "netwerk"]), name="meeting_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled", "opened", "closed"]), name="meeting_state_is_known"
            ),
            models.CheckConstraint(condition=Q(minutes__range=(5, 1440)), name="meeting_takes_a_while"),
            models.CheckConstraint(
                condition=Q(state="cancelled") | Q(cancelled_reason=""), name="meeting_reason_is_of_cancelling"
            ),
            # The other half of a two-column foreign key: a contribution's trajectory is its meeting's.
            models.UniqueConstraint(fields=["id", "trajectory"], name="meeting_id_trajectory"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="calendars_see_it_change",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                IF (NEW.starts_at, NEW.minutes, NEW.title, NEW.place, NEW.state = 'cancelled')
                   IS DISTINCT FROM (OLD.starts_at, OLD.minutes, OLD.title, OLD.place, OLD.state = 'cancelled') THEN
                    NEW.revision := OLD.revision + 1;
                END IF;
                RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPENED

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    @property
    def has_begun(self) -> bool:
        """Whether it is too late to ask who comes."""
        return self.starts_at <= timezone.now() or self.state == self.State.CLOSED

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def question_now(self) -> str:
        """What the phones ask at this moment: the question of the open item, or else that of the meeting."""
        return (self.item.question if self.item else "") or self.question

    def question_at(self, item: int | None) -> str:
        """The question that was open when these words were typed: of an item (its id), or of the meeting itself (0).

        Of an item that is not of this meeting, or without a number, it is the question that is open now.
        """
        if item is None or item == (self.item_id or 0):
            return self.question_now
        asked = self.items.filter(pk=item).values_list("question", flat=True).first() if item else ""
        return self.question_now if asked is None else asked or self.question


@pghistory.track()
class MeetingItem(models.Model):
    """An agendapunt: what will be spoken of, with a question of its own and what came out. Without a meeting: not planned yet."""

    trajectory = models.ForeignKey(Trajectory, models.CASCADE, related_name="items")
    meeting = models.ForeignKey(Meeting, models.CASCADE, null=True, blank=True, related_name="items")
    position = models.PositiveSmallIntegerField("plaats", default=0)
    title = models.CharField("agendapunt", max_length=120)
    question = models.CharField("vraag aan de deelnemers", max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField("minuten", default=15)
    outcome = models.TextField("uitkomst", max_length=2000, blank=True)

    class Meta:
        verbose_name = "agendapunt"
        verbose_name_plural = "agendapunten"
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(1, 600)), name="item_takes_a_while"),
        ]
        triggers = [
            # Once the meeting is closed its report stands: an outcome changes by a correction only, which shows as one.
            pgtrigger.Trigger(
                name="closed_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                IF EXISTS (SELECT 1 FROM trajectories_meeting
                           WHERE state = 'closed' AND id IN (
                               CASE WHEN TG_OP <> 'INSERT' THEN OLD.meeting_id END,
                               CASE WHEN TG_OP <> 'DELETE' THEN NEW.meeting_id END)) THEN
                    RAISE EXCEPTION 'The meeting is closed' USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.title


class OutcomeCorrection(models.Model):
    """What an outcome should have said, found after the meeting was closed. It stands beside the outcome, never over it."""

    item = models.ForeignKey(MeetingItem, models.PROTECT, related_name="corrections")
    text = models.TextField("verbetering", max_length=2000)
    corrected_at = models.DateTimeField("verbeterd op", default=timezone.now)
    corrected_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "verbetering van een uitkomst"
        verbose_name_plural = "verbeteringen van uitkomsten"
        ordering = ("corrected_at", "id")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="correction_says_something")]
        triggers = frozen.append_only()

    def __str__(self) -> str:
        return self.text[:80]


class ActionQuerySet(models.QuerySet["Action"]):
    def open(self) -> ActionQuerySet:
        """What is still to be done."""
        return self.filter(done_at__isnull=True)

    def open_before(self, meeting: Meeting) -> ActionQuerySet:
        """What is still to be done of earlier meetings of the same trajectory: it stands on the agenda of this one."""
        earlier = Q(meeting__starts_at__lt=meeting.starts_at) | Q(
            meeting__starts_at=meeting.starts_at, meeting__lt=meeting.pk
        )
        return self.open().filter(earlier, meeting__trajectory=meeting.trajectory_id).order_by("due_on", "pk")


@pghistory.track()
class Action(models.Model):
    """An actiepunt: who does what before when. As long as it is open it stands on the agenda of every next meeting."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="actions")
    text = models.CharField("wat wordt er gedaan?", max_length=300)
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name="wie doet het?"
    )
    due_on = models.DateField("klaar op", null=True, blank=True)
    done_at = models.DateTimeField("klaar sinds", null=True, blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "actiepunt"
        verbose_name_plural = "actiepunten"
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="action_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_late(self) -> bool:
        """Whether its day has passed while it is not done."""
        return self.done_at is None and self.due_on is not None and self.due_on < timezone.localdate()


class MeetingInvitation(models.Model):
    """A party is asked to come to a meeting. Its answer needs no account: who has the mail, answers."""

    class Answer(models.TextChoices):
        COMES = "komt", "komt"
        STAYS_AWAY = "komt niet", "komt niet"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="invitations")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="partij")
    key = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False
    )  # the link is an HMAC of it: every mail has the same
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)  # SHA-256 of that link's token
    sent_at = models.DateTimeField("uitgenodigd op", null=True, blank=True)
    sent_revision = models.PositiveIntegerField(null=True, blank=True)  # of the meeting, as the last mail told it
    reminded_at = models.DateTimeField("herinnerd op", null=True, blank=True)
    answer = models.CharField("antwoord", max_length=10, choices=Answer, blank=True)
    people = models.PositiveSmallIntegerField("met hoeveel mensen?", null=True, blank=True)
    remark = models.CharField("opmerking", max_length=300, blank=True)
    answered_at = models.DateTimeField("geantwoord op", null=True, blank=True)

    class Meta:
        verbose_name = "uitnodiging voor een bijeenkomst"
        verbose_name_plural = "uitnodigingen voor bijeenkomsten"
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "party"], name="meeting_invitation_once_per_party"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, people__isnull=True)
                | Q(answer="komt", answered_at__isnull=False, people__gte=1)
                | Q(answer="komt niet", answered_at__isnull=False, people__isnull=True),
                name="meeting_invitation_answered_in_full",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.meeting}"


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


class Participant(models.Model):
    """A deelnemer of one meeting, without account or name: a phone that made its own key, or a numbered card of paper.

    The code leads for years to what became of the words (`/volg/CODE`).
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="participants")
    code = models.CharField("volgcode", max_length=8, unique=True, default=new_receipt, editable=False)
    device = models.UUIDField(null=True, blank=True, editable=False)
    card = models.PositiveSmallIntegerField("nummer van de kaart", null=True, blank=True)
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="partij"
    )  # none: a resident
    checked_in_at = models.DateTimeField("aangemeld op", null=True, blank=True)
    joined_at = models.DateTimeField("doet mee sinds", default=timezone.now)
    email = models.EmailField("e-mailadres voor nieuws", blank=True)
    told = models.CharField(max_length=64, blank=True)  # digest of the news that was mailed last

    class Meta:
        verbose_name = "deelnemer"
        verbose_name_plural = "deelnemers"
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "device"], name="participant_once_per_device"),
            models.UniqueConstraint(fields=["meeting", "card"], name="participant_once_per_card"),
            models.CheckConstraint(
                condition=Q(device__isnull=False, card__isnull=True) | Q(device__isnull=True, card__gte=1),
                name="participant_has_a_phone_or_a_card",
            ),
            # The other half of a two-column foreign key: words belong to a participant of the same meeting.
            models.UniqueConstraint(fields=["id", "meeting"], name="participant_id_meeting"),
        ]

    def __str__(self) -> str:
        return self.readable_code

    @property
    def readable_code(self) -> str:
        """The code as people read and type it: ABCD-2346."""
        return f"{self.code[:4]}-{self.code[4:]}"

    @property
    def masked_email(self) -> str:
        """The address as who left it knows it again, and nobody else who has the code: n…@elders.example."""
        name, _, domain = self.email.rpartition("@")
        return f"{name[:1]}…@{domain}"


class CalendarFeed(models.Model):
    """The address at which a person's own calendar finds their meetings. A new one makes the old one dead."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField("gemaakt op", default=timezone.now)

    class Meta:
        verbose_name = "agenda-abonnement"
        verbose_name_plural = "agenda-abonnementen"

    def __str__(self) -> str:
        return str(self.person)
