"""Who? Gemeenten, parties, persons, who may act for whom, and the mail that reaches them."""

from __future__ import annotations

from typing import Any

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from thuiswijk.lib import frozen


class GemeenteQuerySet(models.QuerySet["Gemeente"]):
    def visible_to(self, user: User | AnonymousUser) -> GemeenteQuerySet:
        """The gemeenten in which this user has a role; a beheerder knows of all of them."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_staff else self.filter(pk__in=user.roles.values("gemeente"))

    def with_counts(self) -> GemeenteQuerySet:
        """Annotates `leaders` and `invited`: how many projectleiders there are, and how many people were asked to come."""
        leads, now = Q(memberships__role=Membership.Role.LEADER), timezone.now()
        is_open = Q(invitations__accepted_at=None, invitations__revoked_at=None, invitations__expires_at__gt=now)
        return self.annotate(
            leaders=models.Count("memberships", filter=leads, distinct=True),
            invited=models.Count("invitations", filter=is_open, distinct=True),
        )


class Gemeente(models.Model):
    """A municipality: the owner of its data. The code is that of Statistics Netherlands (CBS)."""

    name = models.CharField("naam", max_length=100)
    code = models.CharField("CBS-code", max_length=6, unique=True)

    objects = GemeenteQuerySet.as_manager()

    class Meta:
        verbose_name = "gemeente"
        verbose_name_plural = "gemeenten"
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^GM\d{4}$"), name="gemeente_code_is_of_cbs"),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> models.QuerySet[User]:
        """With the person: every page of who is signed in says who that is."""
        return super().get_queryset().select_related("person")

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)  # None: signs in by a mailed code only
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: somebody who can sign in. Who they are is a Person."""

    email = models.EmailField("e-mailadres", unique=True)
    is_staff = models.BooleanField("beheerder", default=False)
    is_active = models.BooleanField("actief", default=True)
    date_joined = models.DateTimeField("sinds", default=timezone.now)

    USERNAME_FIELD = "email"
    objects = UserManager()

    class Meta:
        verbose_name = "account"
        verbose_name_plural = "accounts"

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    def has_usable_password(self) -> bool:
        """Nobody has a password here, also not somebody whose account was made in the admin."""
        return False

    @property
    def needs_second_factor(self) -> bool:
        """Whether this account opens what only a second factor may open: the platform, or the work of a trajectory."""
        return self.is_staff or self.roles.filter(role__in=Membership.AT_WORK).exists()

    @property
    def roles(self) -> models.QuerySet[Membership]:
        """What the person behind this account may do, and for whom."""
        return Membership.objects.filter(person__user=self)

    @property
    def gemeenten(self) -> models.QuerySet[Membership, Any]:
        """The ids of the gemeenten in which this account has any role, also as the contact person of a party."""
        return self.roles.order_by().values_list(Coalesce("gemeente", "party__gemeente"), flat=True).distinct()


@pghistory.track()
class Person(models.Model):
    """Somebody we know by name: who can sign in, or is only a name with an e-mail address."""

    name = models.CharField("naam", max_length=100)
    function = models.CharField("functie", max_length=100, blank=True)
    email = models.EmailField("e-mailadres", blank=True)
    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="person")

    class Meta:
        verbose_name = "persoon"
        verbose_name_plural = "personen"
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="person_email_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """An abbreviation or a word as a gemeente explains it; it goes before docs/begrippen.yaml.

    Without a meaning it needs no explanation: of a word that everybody knows here, or to leave out one of that list.
    """

    gemeente = models.ForeignKey(Gemeente, models.CASCADE, related_name="terms", verbose_name="gemeente")
    term = models.CharField("afkorting of woord", max_length=40)
    meaning = models.CharField("wat het betekent", max_length=300, blank=True)

    class Meta:
        verbose_name = "begrip"
        verbose_name_plural = "begrippen"
        ordering = (Lower("term"),)
        constraints = [
            models.UniqueConstraint("gemeente", Lower("term"), name="term_is_unique_in_gemeente"),
            models.CheckConstraint(condition=Q(term__regex=r"^\w.*\S$"), name="term_begins_with_a_letter"),
        ]

    def __str__(self) -> str:
        return self.term


class PartyQuerySet(models.QuerySet["Party"]):
    def gemeente_first(self) -> PartyQuerySet:
        """The gemeente's own departments first: it gives the example."""
        return self.order_by(models.Case(models.When(kind=Party.Kind.GEMEENTE, then=0), default=1), "name")

    def with_contact(self) -> PartyQuerySet:
        """Annotates `contact_name` and `contact_email`: of the first contact person, or None."""
        contacts = Membership.objects.filter(party=models.OuterRef("pk"), role=Membership.Role.CONTACT).order_by("pk")
        return self.annotate(
            contact_name=models.Subquery(contacts.values("name")[:1]),
            contact_email=models.Subquery(contacts.values("person__email")[:1]),
        )


@pghistory.track()
class Party(models.Model):
    """An organisation or group that can promise. The departments of the gemeente are parties too."""

    class Kind(models.TextChoices):
        GEMEENTE = "gemeente", "gemeente"
        HOUSING = "corporatie", "woningcorporatie"
        WELFARE = "welzijn", "welzijnsorganisatie"
        CARE = "zorg", "zorgorganisatie"
        SCHOOL = "school", "school"
        CHURCH = "kerk", "kerk of geloofsgemeenschap"
        BUSINESS = "ondernemer", "ondernemers"
        CLUB = "vereniging", "vereniging"
        RESIDENTS = "bewoners", "bewonersgroep"
        OTHER = "overig", "andere partij"

    SIGNATORIES = ((1, "één persoon"), (2, "twee personen, na elkaar"))

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="parties", verbose_name="gemeente")
    name = models.CharField("naam", max_length=120)
    kind = models.CharField("soort partij", max_length=20, choices=Kind)
    signatories = models.PositiveSmallIntegerField(
        "hoeveel mensen tekenen samen?", choices=SIGNATORIES, default=1
    )  # as its statutes or its board want it

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = "partij"
        verbose_name_plural = "partijen"
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint("gemeente", Lower("name"), name="party_name_is_unique_in_gemeente"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "gemeente",
                        "corporatie",
                        "welzijn",
                        "zorg",
                        "school",
                        "kerk",
                        "ondernemer",
                        "vereniging",
                        "bewoners",
                        "overig",
                    ]
                ),
                name="party_kind_is_known",
            ),
            models.CheckConstraint(condition=Q(signatories__in=[1, 2]), name="party_one_or_two_sign"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_gemeente(self) -> bool:
        return self.kind == self.Kind.GEMEENTE

    @property
    def contact(self) -> Membership | None:
        """The contact person whom we ask: the first one, as `with_contact` annotates; None where there is none."""
        contacts = self.memberships.filter(role=Membership.Role.CONTACT)
        return contacts.select_related("person").order_by("pk").first()


# A contact person is one of a party, an adviser of own trajectories only, the others of a gemeente: had, or asked to take.
OF_A_GEMEENTE_OR_A_PARTY = (
    Q(role="contactpersoon", party__isnull=False, gemeente__isnull=True, is_limited=False)
    | Q(role__in=["projectleider", "meelezer"], party__isnull=True, gemeente__isnull=False)
    | Q(role="adviseur", party__isnull=True, gemeente__isnull=False, is_limited=True)
)


@pghistory.track()
class Membership(models.Model):
    """What a person may do, and for whom: a role in a gemeente, or as the contact person of a party.

    A projectleider and a meelezer work for the whole gemeente, or only in the trajectories they are appointed to
    (`trajectories.Appointment`); an adviseur always the latter. The name and function are those by which this gemeente or
    party knows the person: what another one typed is its own.
    """

    class Role(models.TextChoices):
        LEADER = "projectleider", "projectleider"
        ADVISER = "adviseur", "adviseur"
        READER = "meelezer", "meelezer"
        CONTACT = "contactpersoon", "contactpersoon"

    IN_GEMEENTE = (Role.LEADER, Role.ADVISER, Role.READER)
    AT_WORK = (Role.LEADER, Role.ADVISER)  # who change things; the others read, or answer for their party

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships", verbose_name="persoon")
    role = models.CharField("rol", max_length=20, choices=Role)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, null=True, blank=True, related_name="memberships")
    party = models.ForeignKey(Party, models.CASCADE, null=True, blank=True, related_name="memberships")
    is_limited = models.BooleanField("alleen bij eigen trajecten", default=False)
    name = models.CharField("naam", max_length=100)
    function = models.CharField("functie", max_length=100, blank=True)
    since = models.DateTimeField("sinds", default=timezone.now)

    class Meta:
        verbose_name = "rol van een persoon"
        verbose_name_plural = "rollen van personen"
        ordering = ("name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=OF_A_GEMEENTE_OR_A_PARTY,
                name="membership_is_of_a_gemeente_or_a_party",
            ),
            models.UniqueConstraint(
                fields=["person", "gemeente", "party"], nulls_distinct=False, name="membership_is_unique"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="membership_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_role_display()} van {self.party or self.gemeente}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Those that can still be accepted."""
        return self.pending().filter(expires_at__gt=timezone.now())

    def pending(self) -> InvitationQuerySet:
        """Those that nobody answered or took back yet; the time of some is past."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)


class Invitation(models.Model):
    """Somebody was asked by mail to take a role. Only the link's SHA-256 is kept; who accepts becomes a member."""

    email = models.EmailField("e-mailadres")
    name = models.CharField("naam", max_length=100)
    function = models.CharField("functie", max_length=100, blank=True)
    role = models.CharField("rol", max_length=20, choices=Membership.Role)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, null=True, blank=True, related_name="invitations")
    party = models.ForeignKey(Party, models.CASCADE, null=True, blank=True, related_name="invitations")
    is_limited = models.BooleanField("alleen bij eigen trajecten", default=False)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField("uitgenodigd op", default=timezone.now)
    invited_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # none: a beheerder
    expires_at = models.DateTimeField("geldig tot")
    accepted_at = models.DateTimeField("aangenomen op", null=True, blank=True)
    accepted_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField("ingetrokken op", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "uitnodiging"
        verbose_name_plural = "uitnodigingen"
        ordering = ("-invited_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=OF_A_GEMEENTE_OR_A_PARTY,
                name="invitation_is_to_a_gemeente_or_a_party",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True), name="invitation_has_one_end"
            ),
            models.UniqueConstraint(
                Lower("email"),
                "gemeente",
                "party",
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                nulls_distinct=False,
                name="invitation_one_open_per_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_role_display()} van {self.party or self.gemeente}"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and not self.is_expired

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def place(self) -> Gemeente | Party:
        """Where the role is: in a gemeente or a party, never both."""
        place = self.party or self.gemeente
        assert place is not None
        return place

    @property
    def gemeente_pk(self) -> int:
        """Of the gemeente, or that of the party: behind whose wall it stands."""
        place = self.place
        return place.pk if isinstance(place, Gemeente) else place.gemeente_id


class AccountEvent(models.Model):
    """Something happened at the door of an account. Rows are only added, and go after a year (docs/retention.yaml).

    Who took which role stands in the history of memberships and appointments.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "ingelogd", "ingelogd"
        SIGN_IN_FAILED = "mislukt", "inloggen mislukt"
        SIGNED_OUT = "uitgelogd", "uitgelogd"
        SESSIONS_ENDED = "elders_uit", "op andere apparaten uitgelogd"
        FACTOR_ADDED = "tweede_stap", "tweede stap ingesteld"
        FACTOR_REMOVED = "tweede_stap_weg", "tweede stap weggehaald"

    account = models.ForeignKey(User, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    method = models.CharField(max_length=60, blank=True)  # as allauth calls it: "code", "totp", "code, webauthn"
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "gebeurtenis met een account"
        verbose_name_plural = "gebeurtenissen met accounts"
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=["account", "-at", "-id"], name="event_of_account")]
        triggers = frozen.kept_for_a_while()

    def __str__(self) -> str:
        return self.get_kind_display()


class Download(models.Model):
    """Somebody who was signed in took a document or personal data home. Rows are only added, and go after a year."""

    account = models.ForeignKey(User, models.CASCADE, related_name="downloads")
    what = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "download"
        verbose_name_plural = "downloads"
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=["account", "-at", "-id"], name="download_of_account")]
        triggers = frozen.kept_for_a_while()

    def __str__(self) -> str:
        return self.what


class Erasure(models.Model):
    """Somebody is to be erased: ordered by a request, carried out by a worker, for no request may touch the history.

    The person is none where nothing else was left of them. A projectleider orders it for one gemeente, which forgets what it
    knows of the person; a beheerder for all there is.
    """

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, null=True, related_name="+")  # none: the whole person
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField("gevraagd op", default=timezone.now)
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")  # none: a beheerder
    done_at = models.DateTimeField("gedaan op", null=True, blank=True)

    class Meta:
        verbose_name = "wissen van een persoon"
        verbose_name_plural = "wissen van personen"
        indexes = [models.Index(fields=["asked_at"], condition=Q(done_at__isnull=True), name="erasure_waiting")]

    def __str__(self) -> str:
        return f"gevraagd op {self.asked_at:%d-%m-%Y}"


class Mail(models.Model):
    """A mail to one address. The row is the truth; the worker delivers it and forgets the text, which may hold a link."""

    class State(models.TextChoices):
        WAITING = "waiting", "wacht"
        SENT = "sent", "verstuurd"
        FAILED = "failed", "mislukt"

    to = models.EmailField("aan")
    subject = models.CharField("onderwerp", max_length=200)
    text = models.TextField("tekst", blank=True)
    calendar = models.TextField("afspraak", blank=True)  # an iCalendar object (RFC 5546) that goes with it
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("pogingen", default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    error = models.CharField("fout", max_length=200, blank=True)
    made_at = models.DateTimeField("gemaakt", default=timezone.now)
    sent_at = models.DateTimeField("verstuurd", null=True, blank=True)

    class Meta:
        verbose_name = "e-mail"
        verbose_name_plural = "e-mails"
        ordering = ("-made_at", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["waiting", "sent", "failed"]), name="mail_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="mail_sent_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="mail_waiting")]

    def __str__(self) -> str:
        return self.subject
