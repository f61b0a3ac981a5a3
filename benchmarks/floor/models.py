from __future__ import annotations

import uuid

from django.db import models


class Gemeente(models.Model):
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Wijk(models.Model):
    gemeente = models.ForeignKey(Gemeente, models.PROTECT)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Trajectory(models.Model):
    wijk = models.ForeignKey(Wijk, models.PROTECT)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    trajectory = models.ForeignKey(Trajectory, models.PROTECT)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Remark(models.Model):
    trajectory = models.ForeignKey(Trajectory, models.PROTECT)
    theme = models.ForeignKey(Theme, models.PROTECT, null=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True)  # made by the phone: twice sent, once stands
    text = models.TextField(max_length=2000)
    said_by = models.CharField(max_length=100, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["trajectory", "-made_at", "-id"], name="remark_of_trajectory")]

    def __str__(self) -> str:
        return self.text[:80]
