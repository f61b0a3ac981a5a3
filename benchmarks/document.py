"""`python -m benchmarks.document`: what drawing an agenda costs beside WeasyPrint alone, in one warm process, by turns.

Prints a line of JSON for each length: pages, CPU in milliseconds (the median of the rounds) of each step, and the SQL statements.
"""

import io
import json
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "thuiswijk.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from pikepdf import Pdf  # noqa: E402

from agendas.documents import document_html, draw_document  # noqa: E402
from tests.agendas.example_document import example_answers, example_content  # noqa: E402
from thuiswijk.lib import drawing, pdf, seal  # noqa: E402
from thuiswijk.lib.canonical import canonical  # noqa: E402

ROUNDS = 3
FACTORS = (1, 8)  # of the example agenda


def measure(content: bytes, answers: bytes, signer: Any) -> dict[str, float]:
    """The medians of one length. `bare` is WeasyPrint asked for a PDF and nothing more; `bare_tagged` is WeasyPrint asked for
    PDF/A-3a, which is what we ask of it, with the font configuration kept as we keep it."""
    base = f"{(settings.BASE_DIR / 'static').as_uri()}/"
    html = document_html(content, answers)
    costs: dict[str, list[float]] = defaultdict(list)
    statements = 0

    def took(name: str, step: Callable[..., bytes], *args: Any, **options: Any) -> bytes:
        before = time.process_time()  # of all threads
        given = step(*args, **options)
        costs[name].append((time.process_time() - before) * 1000)
        return given

    def bare(**options: Any) -> bytes:
        return drawing.HTML(string=html, base_url=base).write_pdf(**options)

    sealed = b""
    for _ in range(ROUNDS):
        with CaptureQueriesContext(connection) as captured:
            drawn = took("ours", draw_document, content, answers)
        statements += len(captured)
        took("bare", bare)
        took("bare_tagged", bare, pdf_variant="pdf/a-3a", font_config=drawing._font_configuration())
        packed = took("repack", pdf.repack, drawn)
        sealed = took("seal", seal.seal, packed, signer=signer, reason="Meting", location="Voorbeeldstad")
    with Pdf.open(io.BytesIO(sealed)) as opened:
        pages = len(opened.pages)
    medians = {name: round(statistics.median(values), 1) for name, values in costs.items()}
    ratios = {
        f"ratio_{name}": round(statistics.median(a / b for a, b in zip(costs["ours"], costs[name], strict=True)), 2)
        for name in ("bare", "bare_tagged")
    }
    return {"pages": pages, "kilobytes": len(sealed) // 1024, "statements": statements, **medians, **ratios}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "seal.p12"
        seal.make_key(key, organisation="Meting")
        signer = seal.load_signer(key, "")
        first = canonical(example_content())
        draw_document(first, None)  # reads the fonts, compiles the templates
        for factor in FACTORS:
            content = example_content(factor)
            measured = measure(canonical(content), canonical(example_answers(content)), signer)
            print(json.dumps(measured), flush=True)


if __name__ == "__main__":
    main()
