"""`python -m benchmarks.floor.fill PAGES`: fills the floor's empty database and writes down which pages it has."""

import os
import sys
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.floor.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks import sizes  # noqa: E402
from benchmarks.counting import count  # noqa: E402
from benchmarks.floor.models import Gemeente, Remark, Theme, Trajectory, Wijk  # noqa: E402
from benchmarks.pages import NEW_KEY, Page, Request, write_pages  # noqa: E402


def fill() -> Trajectory:
    wijk = Wijk.objects.create(name="Lindenkwartier", gemeente=Gemeente.objects.create(name="Voorbeeldstad"))
    trajectory = Trajectory.objects.create(wijk=wijk, name="Lindenkwartier")
    themes = [Theme.objects.create(trajectory=trajectory, name=f"Thema {n}") for n in range(sizes.THEMES)]
    Remark.objects.bulk_create(
        Remark(
            trajectory=trajectory, theme=themes[n % sizes.THEMES], text=sizes.spoken(n), said_by="Bewoner"
        )
        for n in range(sizes.CONTRIBUTIONS)
    )  # fmt: skip
    return trajectory


def pages_of(trajectory: Trajectory) -> dict[str, Page]:
    """The four pages, each with its number of statements."""
    pages = {}
    for rows in (50, 100, 1000):
        page = Page([Request(reverse("remark_list", args=[trajectory.pk, rows]))])
        pages[f"list_{rows}"] = count(page, shows='<li id="', times=rows)
    newest = trajectory.remark_set.latest("pk")
    pages["detail"] = count(Page([Request(reverse("remark_detail", args=[newest.pk]))]), shows="donker", times=4)
    form = {"key": NEW_KEY, "text": sizes.spoken(0)}
    pages["post"] = count(Page([Request(reverse("remark_new", args=[trajectory.pk]), form)]))
    return pages


if __name__ == "__main__":
    call_command("migrate", run_syncdb=True, verbosity=0)
    write_pages(pages_of(fill()), Path(sys.argv[1]))
