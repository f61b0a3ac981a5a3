"""Work that a row orders and a worker does, so that a killed worker or a message delivered twenty times ends in one piece of work.

The row is the order and the truth. A claim is an UPDATE whose row count decides, with a lease that expires; what a worker
with an older claim made is thrown away. What fails is tried again later, and parked after MAX_ATTEMPTS until somebody asks.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from thuiswijk.lib.wake import wake

RETRY_AFTER = timedelta(seconds=20)


class WorkOrderQuerySet(models.QuerySet):
    def due(self) -> Self:
        """Those that a worker should take up: waiting, or held by a worker that fell silent."""
        now = timezone.now()
        return self.filter(
            Q(state=WorkOrder.State.WAITING, next_try_at__lte=now)
            | Q(state=WorkOrder.State.CLAIMED, leased_until__lt=now)
        )


class WorkOrder(models.Model):
    """What is ordered, and how far it has come. It is written with the decision that asks for it, and a worker claims it."""

    class State(models.TextChoices):
        WAITING = "waiting", "wacht op de maker"
        CLAIMED = "claimed", "wordt gemaakt"
        STORED = "stored", "klaar"
        FAILED = "failed", "lukt niet"

    MAX_ATTEMPTS = 8

    state = models.CharField("toestand", max_length=10, choices=State, default=State.WAITING)
    step = models.CharField("bezig met", max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField("pogingen", default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    claim = models.UUIDField(null=True, default=None)  # of the worker that holds it: an older claim can store nothing
    leased_until = models.DateTimeField(null=True)
    error = models.CharField("fout", max_length=300, blank=True)
    asked_at = models.DateTimeField("gevraagd op", default=timezone.now)
    stored_at = models.DateTimeField("gemaakt op", null=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "claimed", "stored", "failed"]), name="%(class)s_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", claim__isnull=False, leased_until__isnull=False) | ~Q(state="claimed"),
                name="%(class)s_claimed_by_somebody",
            ),
        ]

    @property
    def is_stored(self) -> bool:
        return self.state == self.State.STORED

    @property
    def is_underway(self) -> bool:
        """Whether a worker will do it, or does it now."""
        return self.state in (self.State.WAITING, self.State.CLAIMED)


Order = TypeVar("Order", bound=WorkOrder)


def _lease() -> Any:
    return timezone.now() + timedelta(seconds=settings.DOCUMENT_LEASE_SECONDS)


def claim(orders: WorkOrderQuerySet, pk: int) -> uuid.UUID | None:
    """Takes up an order, if it is this worker's turn; gives what to hold it by."""
    mine = uuid.uuid4()
    taken = orders.due().filter(pk=pk)
    is_ours = taken.update(
        state=WorkOrder.State.CLAIMED,
        claim=mine,
        leased_until=_lease(),
        attempts=F("attempts") + 1,
        step="begonnen",
        error="",
    )
    return mine if is_ours else None


def held(order: Order, mine: uuid.UUID) -> QuerySet[Order]:
    """The row, while this worker still holds it."""
    rows = type(order)._default_manager
    return rows.filter(pk=order.pk, state=WorkOrder.State.CLAIMED, claim=mine)


def tell(order: WorkOrder, mine: uuid.UUID, step: str) -> None:
    """Tells the page how far we are, and renews the lease."""
    held(order, mine).update(step=step, leased_until=_lease())


def give_back(order: WorkOrder, mine: uuid.UUID, error: Exception) -> None:
    """Puts the order back in the queue with what went wrong; the last time it is parked."""
    is_last = order.attempts >= order.MAX_ATTEMPTS
    held(order, mine).update(
        state=WorkOrder.State.FAILED if is_last else WorkOrder.State.WAITING,
        step="",
        error=f"{type(error).__name__}: {error}"[:300],
        next_try_at=timezone.now() + RETRY_AFTER * order.attempts,
    )


def put_off(order: WorkOrder, mine: uuid.UUID, error: Exception, *, step: str) -> None:
    """Puts the order back in the queue to wait for a service that is not ours, and tells the page so with `step`.

    It is never parked for that, however long the service is away: trying again is all that anybody could do. So these tries
    don't count up to MAX_ATTEMPTS.
    """
    tries = min(order.attempts, order.MAX_ATTEMPTS - 2)
    held(order, mine).update(
        state=WorkOrder.State.WAITING,
        step=step,
        attempts=tries,
        error=f"{type(error).__name__}: {error}"[:300],
        next_try_at=timezone.now() + RETRY_AFTER * tries,
    )


def sweep(orders: WorkOrderQuerySet, task: str) -> None:
    """Wakes a worker for every order that waits too long: its message was lost, or its worker was.

    An order under which every worker dies is parked, as one that fails is.
    """
    silent = orders.due().filter(state=WorkOrder.State.CLAIMED, attempts__gte=WorkOrder.MAX_ATTEMPTS)
    silent.update(state=WorkOrder.State.FAILED, step="", error="Every worker that took it up fell silent.")
    for pk in orders.due().order_by("asked_at").values_list("pk", flat=True)[:50]:
        wake(task, pk)


def try_again(order: WorkOrder, task: str) -> None:
    """Puts a parked order back in the queue."""
    type(order)._default_manager.filter(pk=order.pk, state=WorkOrder.State.FAILED).update(
        state=WorkOrder.State.WAITING, attempts=0, next_try_at=timezone.now()
    )
    wake(task, order.pk)
