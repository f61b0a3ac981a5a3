"""`python -m benchmarks.archive`: what the zip for the archive costs beside zipping the same files and nothing more, by turns.

Of the largest trajectory of a filled database (benchmarks.scene, 2,000 contributions), with an agenda of 80 pages. Prints a line
of JSON: CPU in milliseconds (the median of the rounds), the ratio, and the SQL statements.
"""

import io
import json
import os
import statistics
import time
import zipfile

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "thuiswijk.settings"
django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from agendas import archiving, sealing  # noqa: E402
from agendas.documents import draw_document  # noqa: E402
from tests.agendas.example_document import example_answers, example_content  # noqa: E402
from tests.factories import SealedFactory  # noqa: E402
from thuiswijk.lib import files, mdto, pdf  # noqa: E402
from thuiswijk.lib.canonical import canonical, digest  # noqa: E402
from trajectories.models import Trajectory  # noqa: E402

ROUNDS = 3
FACTOR = 12  # of the example agenda: 80 pages


def with_agenda() -> tuple[Trajectory, int]:
    """The trajectory with most contributions, with a long agenda drawn and kept; and how many pages that has."""
    trajectory = Trajectory.objects.annotate(said=Count("contributions")).order_by("-said")[0]
    content = example_content(FACTOR)
    data, answers = canonical(content), canonical(example_answers(content))
    leader = trajectory.leaders[0].person
    version = trajectory.agenda.versions.create(number=1, content=data, digest=digest(data), frozen_by=leader)
    drawn = pdf.repack(draw_document(data, answers))
    SealedFactory(version=version, answers=answers, sha256=files.store(sealing.documents_folder(), drawn))
    return trajectory, pdf.page_count(drawn)


def packed(trajectory: Trajectory) -> bytes:
    with archiving.pack(trajectory, appraisal=mdto.Appraisal(mdto.KEPT), when=timezone.now()) as made:
        return made.read()


def zipped_again(held: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
    """The same files, packed as tightly."""
    with zipfile.ZipFile(io.BytesIO(), "w") as bare:
        for info, data in held:
            bare.writestr(info.filename, data, compress_type=info.compress_type)


def main() -> None:
    trajectory, pages = with_agenda()
    packed(trajectory)  # imports what writes the sheets
    with CaptureQueriesContext(connection) as captured:
        archive = packed(trajectory)
    with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
        held = [(info, zipped.read(info)) for info in zipped.infolist()]
    ours, bare = [], []
    for _ in range(ROUNDS):
        begun = time.process_time()
        packed(trajectory)
        between = time.process_time()
        zipped_again(held)
        ours.append((between - begun) * 1000)
        bare.append((time.process_time() - between) * 1000)
    measured = {
        "pages": pages, "contributions": trajectory.contributions.count(), "files": len(held), "kilobytes": len(archive) // 1024,
        "ours": round(statistics.median(ours), 1), "bare": round(statistics.median(bare), 1),
        "ratio": round(statistics.median(a / b for a, b in zip(ours, bare, strict=True)), 2), "statements": len(captured),
    }  # fmt: skip
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
