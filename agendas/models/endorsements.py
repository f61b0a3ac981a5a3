"""A version lies with the parties: who was asked, and what each of them answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.formats import date_format

from agendas.models.versions import AgendaVersion
from stakeholders.models import Party, Person
from thuiswijk.lib import frozen
from thuiswijk.lib.text import in_a_row


class RoundQuerySet(models.QuerySet["Round"]):
    def held(self) -> RoundQuerySet:
        """Locked until the transaction ends: what asks, answers and closes takes the round before anything of it."""
        locked = self.select_for_update(of=("self",))
        return locked.select_related("version__agenda__trajectory", "opened_by")

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
    is_withdrawn = models.BooleanField("ingetrokken", default=False)  # closed without a document, for the reason given

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
            models.CheckConstraint(
                condition=Q(is_withdrawn=False) | (Q(closed_at__isnull=False) & ~Q(closed_reason="")),
                name="round_withdrawn_says_why",
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

    @property
    def is_past_day(self) -> bool:
        """Whether the day to answer is over: "tot en met" is until midnight in Amsterdam. An open round still takes answers."""
        return timezone.localdate() > self.deadline


class EndorsementRequestQuerySet(models.QuerySet["EndorsementRequest"]):
    def with_second(self, *, of: models.OuterRef | EndorsementRequest) -> EndorsementRequestQuerySet:
        """Those by which a second person is asked now to sign the answer that was given by the request `of`."""
        return self.filter(seconds=of, is_current=True)

    def of_first(self) -> EndorsementRequestQuerySet:
        """Those that ask for the answer of a party, and not for a second person beside it."""
        return self.filter(seconds__isnull=True)

    def unanswered(self) -> EndorsementRequestQuerySet:
        """Those that somebody can still answer: in an open round, by the newest link, and not answered yet."""
        given = Endorsement.objects.filter(round=models.OuterRef("round"), party=models.OuterRef("party"))
        waiting = self.filter(is_current=True, round__closed_at__isnull=True).exclude(models.Exists(given))
        return waiting.exclude(models.Exists(EndorsementRequest.objects.with_second(of=models.OuterRef("pk"))))


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
    code_hash = models.CharField(max_length=64, blank=True)  # of the code that was mailed last (agendas.proving)
    code_for = models.CharField(max_length=20, blank=True)  # what that code confirms
    code_sent_at = models.DateTimeField("code gestuurd op", null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    reminders = models.PositiveSmallIntegerField("herinneringen", default=0)  # that were sent (agendas.reminding)
    handed_over_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="handed_over", verbose_name="doorgegeven door"
    )  # the request of the colleague who gave it to this person
    # Where two people sign for the party: the second one is asked to sign the answer that the first one gave, as it stands
    # in `proposal`. It becomes the answer of the party when the second one signs (agendas.countersigning).
    seconds = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="seconded", verbose_name="tekent mee met"
    )
    proposal = models.JSONField("antwoord van de eerste", default=dict, blank=True)
    declined_reason = models.TextField("waarom niet meegetekend", blank=True, max_length=2000)

    objects = EndorsementRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "verzoek om te onderschrijven"
        verbose_name_plural = "verzoeken om te onderschrijven"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "party", "seconds"],
                condition=Q(is_current=True),
                nulls_distinct=False,
                name="request_one_current_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(seconds__isnull=True, proposal={}, declined_reason="")
                | ((Q(seconds__isnull=False) & ~Q(proposal={})) & (Q(declined_reason="") | Q(is_current=False))),
                name="request_of_the_second_has_a_proposal",
            ),
        ]
        triggers = [
            frozen.RefuseEdit(
                fields=["round", "party", "token_hash", "asked_at", "handed_over_by", "seconds", "proposal"]
            ),
            frozen.Refuse(
                name="declined_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__declined_reason__df=pgtrigger.F("new__declined_reason"))
                & pgtrigger.Q(old__declined_reason__gt=""),
            ),
            *frozen.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.round}"

    @property
    def address(self) -> str:
        """Where who was asked can be mailed; "" where there is nobody, or no address."""
        return self.person.email if self.person else ""


class Scan(models.Model):
    """The paper on which a party answered, as a file: for who staffs the trajectory alone, and kept as long as the answer.

    Its digest stands in the record of the round and in the sealed document. `defer("content")` where it is only named.
    """

    class Kind(models.TextChoices):
        PDF = "application/pdf", "PDF"
        JPEG = "image/jpeg", "JPEG"
        PNG = "image/png", "PNG"

    request = models.ForeignKey(EndorsementRequest, models.PROTECT, related_name="scans", verbose_name="verzoek")
    name = models.CharField("naam van het bestand", max_length=100)
    kind = models.CharField("soort", max_length=20, choices=Kind)
    size = models.PositiveIntegerField("grootte in bytes")
    sha256 = models.CharField("controlegetal", max_length=64)
    content = models.BinaryField("scan")

    class Meta:
        verbose_name = "scan van een antwoord"
        verbose_name_plural = "scans van antwoorden"
        triggers = [
            pgtrigger.Trigger(
                name="digest_is_of_content",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF encode(sha256(NEW.content), 'hex') IS DISTINCT FROM NEW.sha256
                    OR octet_length(NEW.content) NOT BETWEEN 1 AND 10485760 OR octet_length(NEW.content) <> NEW.size
                THEN
                    RAISE EXCEPTION 'The digest or the size is not of the content' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            *frozen.append_only(),
        ]

    def __str__(self) -> str:
        return self.name


class Endorsement(models.Model):
    """One party's answer to one version: fully, with a reservation, or not. Given once, kept for good."""

    class Answer(models.TextChoices):
        FULL = "volledig", "onderschrijft volledig"
        RESERVED = "voorbehoud", "onderschrijft met voorbehoud"
        REFUSED = "niet", "onderschrijft niet"

    class Method(models.TextChoices):
        CODE = "code per e-mail", "met een code die per e-mail kwam"
        LINK = "link per e-mail", "via de link in een e-mail"  # before there were codes
        ACCOUNT = "ingelogd", "ingelogd als contactpersoon"
        PAPER = "op papier", "op papier"
        SPOKEN = "mondeling", "mondeling of telefonisch"

    class Mandate(models.TextChoices):
        DECISION = "besluit", "besluit"
        PROXY = "volmacht", "met een volmacht"
        FUNCTION = "functie", "bevoegd op grond van de functie"
        GROUP = "groep", "groep zonder rechtspersoon"

    round = models.ForeignKey(Round, models.PROTECT, related_name="endorsements")
    party = models.ForeignKey(Party, models.PROTECT, related_name="endorsements", verbose_name="partij")
    digest = models.CharField("controlegetal", max_length=64)  # as it was shown to who answered
    answer = models.CharField("antwoord", max_length=20, choices=Answer)
    reservations = models.JSONField("voorbehouden", default=list, blank=True)  # [{"point": "1.2", "text": …}]
    text = models.TextField("reden van een nee", blank=True, max_length=2000)
    name = models.CharField("naam", max_length=100)
    function = models.CharField("functie", max_length=100)
    on_behalf_of = models.CharField("namens", max_length=200)
    mandate = models.CharField("op grond waarvan", max_length=20, choices=Mandate, blank=True)  # "" before it was asked
    decided_on = models.DateField("datum van het besluit", null=True, blank=True)
    endorsed_at = models.DateTimeField("geantwoord op", default=timezone.now)
    request = models.ForeignKey(EndorsementRequest, models.PROTECT, related_name="+")
    method = models.CharField("hoe", max_length=30, choices=Method, default=Method.LINK)
    code_sent_to = models.EmailField("code gestuurd aan", blank=True)
    registered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="genoteerd door"
    )  # who leads the trajectory, for a party that answered on paper or aloud
    proof = models.CharField("waaruit blijkt dit antwoord?", max_length=500, blank=True)
    scan = models.OneToOneField(
        Scan, models.PROTECT, null=True, blank=True, related_name="endorsement", verbose_name="scan"
    )
    given_on = models.DateField("op papier of mondeling gegeven op", null=True, blank=True)
    # The second person, of a party for which two sign. Until that one signs there is no answer; on paper both are named.
    second = models.ForeignKey(
        EndorsementRequest, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="mede gevraagd"
    )
    second_name = models.CharField("naam van de tweede", max_length=100, blank=True)
    second_function = models.CharField("functie van de tweede", max_length=100, blank=True)
    second_code_sent_to = models.EmailField("code van de tweede gestuurd aan", blank=True)
    seconded_at = models.DateTimeField("meegetekend op", null=True, blank=True)

    class Meta:
        verbose_name = "onderschrijving"
        verbose_name_plural = "onderschrijvingen"
        constraints = [
            models.UniqueConstraint(fields=["round", "party"], name="endorsement_one_per_party"),
            models.CheckConstraint(
                condition=Q(answer="volledig", text="", reservations=[])
                | (Q(answer="voorbehoud", text="") & ~Q(reservations=[]))
                | (Q(answer="niet", reservations=[]) & ~Q(text="")),
                name="endorsement_reservation_says_what",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(function="") & ~Q(on_behalf_of=""), name="endorsement_names"
            ),
            models.CheckConstraint(
                condition=Q(method__in=["link per e-mail", "ingelogd", "op papier", "mondeling"], code_sent_to="")
                | (Q(method="code per e-mail") & ~Q(code_sent_to="")),
                name="endorsement_method_is_known",
            ),
            models.CheckConstraint(
                condition=(
                    Q(method__in=["op papier", "mondeling"], registered_by__isnull=False)
                    & (~Q(proof="") | Q(scan__isnull=False))
                )
                | (
                    ~Q(method__in=["op papier", "mondeling"])
                    & Q(registered_by__isnull=True, proof="", scan__isnull=True)
                ),
                name="endorsement_registered_with_proof",
            ),
            models.CheckConstraint(
                condition=Q(mandate__in=["", "volmacht", "functie", "groep"])
                | Q(mandate="besluit", decided_on__isnull=False),
                name="endorsement_mandate_is_known",
            ),
            models.CheckConstraint(
                condition=Q(given_on__isnull=True) | Q(registered_by__isnull=False),
                name="endorsement_given_before_noted",
            ),
            models.CheckConstraint(
                condition=Q(
                    second__isnull=True,
                    second_name="",
                    second_function="",
                    second_code_sent_to="",
                    seconded_at__isnull=True,
                )
                | (
                    Q(second__isnull=False, seconded_at__isnull=False)
                    & ~Q(second_name="")
                    & ~Q(second_function="")
                    & ~Q(second_code_sent_to="")
                    & ~Q(Exact(Lower("second_code_sent_to"), Lower("code_sent_to")))
                )
                | (
                    Q(
                        registered_by__isnull=False,
                        second__isnull=True,
                        second_code_sent_to="",
                        seconded_at__isnull=True,
                    )
                    & ~Q(second_name="")
                    & ~Q(second_function="")
                    & ~Q(Exact(Lower("second_name"), Lower("name")))
                ),
                name="endorsement_second_is_another",
            ),
        ]
        triggers = [
            # What a party endorsed is the version of this round, and the round was open: under a lock, so that an answer
            # and the closing of the round in the same moment come one after the other.
            pgtrigger.Trigger(
                name="of_the_open_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("is_closed", "BOOLEAN"), ("frozen_digest", "TEXT"), ("needed", "INTEGER")],
                func="""
                SELECT r.closed_at IS NOT NULL, v.digest INTO is_closed, frozen_digest
                FROM agendas_round r JOIN agendas_agendaversion v ON v.id = r.version_id
                WHERE r.id = NEW.round_id FOR SHARE OF r;
                IF is_closed OR frozen_digest IS DISTINCT FROM NEW.digest THEN
                    RAISE EXCEPTION 'The round is closed, or another version was endorsed'
                    USING ERRCODE = 'check_violation';
                END IF;
                -- Every reservation says of which point it is, once, and what it is.
                IF (
                    SELECT count(*) <> count(DISTINCT r.point) OR bool_or(coalesce(r.point, '') = '' OR coalesce(r.text, '') = '')
                    FROM jsonb_to_recordset(NEW.reservations) AS r (point TEXT, text TEXT)
                ) THEN
                    RAISE EXCEPTION 'A reservation is of one point, and says what' USING ERRCODE = 'check_violation';
                END IF;
                SELECT signatories INTO needed FROM stakeholders_party WHERE id = NEW.party_id;
                IF needed = 2 AND NEW.second_name = '' THEN
                    RAISE EXCEPTION 'Two people sign for this party' USING ERRCODE = 'check_violation';
                END IF;
                IF NEW.second_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM agendas_endorsementrequest s JOIN agendas_endorsementrequest f ON f.id = s.seconds_id
                    WHERE s.id = NEW.second_id AND f.id = NEW.request_id AND s.person_id IS DISTINCT FROM f.person_id
                ) THEN
                    RAISE EXCEPTION 'The second one was asked beside somebody else, or is the first'
                    USING ERRCODE = 'check_violation';
                END IF;
                IF NEW.second_id IS NOT NULL AND lower(NEW.second_name) = lower(NEW.name) THEN
                    RAISE EXCEPTION 'The second one has the name of the first' USING ERRCODE = 'check_violation';
                END IF;
                IF NEW.scan_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM agendas_scan s WHERE s.id = NEW.scan_id AND s.request_id = NEW.request_id
                ) THEN
                    RAISE EXCEPTION 'The scan is of another answer' USING ERRCODE = 'check_violation';
                END IF;
                -- One human may be known by two addresses: as a person, and of the account.
                IF NEW.second_id IS NOT NULL AND EXISTS (
                    WITH known AS (
                        SELECT r.id AS request, lower(a.address) AS address FROM agendas_endorsementrequest r
                        LEFT JOIN stakeholders_person p ON p.id = r.person_id
                        LEFT JOIN stakeholders_user u ON u.id = p.user_id
                        CROSS JOIN LATERAL (VALUES (p.email), (u.email), (
                            CASE r.id WHEN NEW.second_id THEN NEW.second_code_sent_to ELSE NEW.code_sent_to END
                        )) AS a (address)
                        WHERE r.id IN (NEW.request_id, NEW.second_id) AND a.address <> ''
                    )
                    SELECT 1 FROM known f JOIN known s USING (address)
                    WHERE f.request = NEW.request_id AND s.request = NEW.second_id
                ) THEN
                    RAISE EXCEPTION 'The second one reads an address of the first' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            *frozen.append_only(),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.get_answer_display()}"

    @property
    def grounds(self) -> str:
        """By what right this was answered, as "besluit van 2 januari 2026"; "" where that was not said."""
        return grounds_in_words(self.mandate, self.decided_on)

    @property
    def said(self) -> list[tuple[str, str]]:
        """What stands beside the answer, in words: see `said_in_words`."""
        return said_in_words({"reservations": self.reservations, "text": self.text})

    @property
    def shown_by(self) -> str:
        """From what an answer that was written down can be seen: the note, the scan, or both."""
        return shown_in_words(self.proof, has_scan=self.scan_id is not None)

    def asked_of(self) -> EndorsementRequestQuerySet:
        """The requests by which this was answered: of the first, and of the second where two signed."""
        asked = EndorsementRequest.objects.filter(pk__in=[pk for pk in (self.request_id, self.second_id) if pk])
        return asked.select_related("person", "party__gemeente").order_by("pk")


def grounds_in_words(mandate: str, decided_on: date | None) -> str:
    """By what right somebody answers, as "met een volmacht, besluit van 2 januari 2026"."""
    words = [] if mandate in ("", Endorsement.Mandate.DECISION) else [str(Endorsement.Mandate(mandate).label)]
    return ", ".join(words + ([f"besluit van {date_format(decided_on, 'j F Y')}"] if decided_on else []))


def points_in_words(numbers: Iterable[str]) -> str:
    """punt 1.1; punten 1.1 en 2.1; "" of none"""
    named = list(numbers)
    return f"punt{'en' if len(named) > 1 else ''} {in_a_row(named)}" if named else ""


def said_in_words(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What stands beside an answer, as [("Punt 1.1", words)], or [("", reason)] of a no; the same words stand once for all
    their points. In: an answer as data, of any schema: before 6 one text stood with a list of points."""
    points: dict[str, list[str]] = {}
    for one in answer.get("reservations", []):
        points.setdefault(one["text"], []).append(one["point"])
    if answer["text"]:
        points.setdefault(answer["text"], []).extend(answer.get("points", []))
    return [(points_in_words(filter(None, numbers)).capitalize(), text) for text, numbers in points.items()]


def shown_in_words(note: str, *, has_scan: bool) -> str:
    """From what an answer that was written down can be seen, as "Brief van 2 januari. De gemeente bewaart een scan."."""
    if not has_scan:
        return note
    if not note:
        return "een scan die de gemeente bewaart"
    return f"{note}{'' if note[-1] in '.!?' else '.'} De gemeente bewaart een scan."


class CarriedEndorsement(models.Model):
    """A party's answer to an earlier version that stands for this one as well, as nothing changed that touches the party.

    It stays dated by the version that the party answered. An answer to this version itself goes before it.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="carried")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="partij")
    endorsement = models.ForeignKey(Endorsement, models.PROTECT, related_name="carried", verbose_name="antwoord")

    class Meta:
        verbose_name = "antwoord dat blijft staan"
        verbose_name_plural = "antwoorden die blijven staan"
        constraints = [
            models.UniqueConstraint(fields=["round", "party"], name="carried_one_per_party"),
        ]
        triggers = [
            # The same party, an earlier version of the same agenda, and an answer that was a yes: of two where two sign now.
            pgtrigger.Trigger(
                name="of_an_earlier_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM agendas_round r
                    JOIN agendas_agendaversion v ON v.id = r.version_id
                    JOIN agendas_agendaversion before ON before.agenda_id = v.agenda_id AND before.number < v.number
                    JOIN agendas_round asked ON asked.version_id = before.id
                    JOIN agendas_endorsement e ON e.round_id = asked.id
                    WHERE r.id = NEW.round_id AND r.closed_at IS NULL AND e.id = NEW.endorsement_id
                    AND e.party_id = NEW.party_id AND e.answer <> 'niet'
                    AND (e.second_name <> '' OR EXISTS (
                        SELECT 1 FROM stakeholders_party p WHERE p.id = NEW.party_id AND p.signatories = 1
                    ))
                ) THEN
                    RAISE EXCEPTION 'Only a yes of the same party to an earlier version can be carried over'
                    USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            *frozen.append_only(),
        ]

    def __str__(self) -> str:
        return f"{self.endorsement}, nog steeds"
