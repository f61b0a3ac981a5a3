"""docs/agenda-schema.md says which keys the frozen JSON has, and which of them may be null: so it is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from agendas import endorsing
from agendas.models import AgendaVersion
from tests.agendas.example_document import example_answers, example_content, example_evidence
from tests.factories import everything_in

DOCUMENT = (Path(__file__).parents[2] / "docs" / "agenda-schema.md").read_text()
TOKEN = re.compile(r"[\w]+\??|[\[\]{}:,]")


def shape_of(tokens: list[str]) -> Any:
    """“[{name, day?, parties: [{party}]}]” as [{"name": None, "day?": None, "parties": [{"party": None}]}]."""
    if tokens[0] == "[":
        del tokens[0]
        inner = shape_of(tokens)
        del tokens[0]
        return [inner]
    shape: dict[str, Any] = {}
    while tokens.pop(0) != "}":  # what stood there was { or a comma
        shape[tokens.pop(0)] = None
        if tokens[0] == ":":
            del tokens[0]
            shape[list(shape)[-1]] = shape_of(tokens)
        if tokens[0] == "}":
            del tokens[0]
            break
    return shape


def documented(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The keys at the top of this file with their shapes, and the shapes of what lies deeper, by its path."""
    chapter = DOCUMENT.split(f"## `{name}`")[1].split("\n## ")[0]
    top: dict[str, Any] = {}
    deeper: dict[str, Any] = {}
    for keys, told in re.findall(r"^\| (`.+?`) \| (.+) \|$", chapter, re.MULTILINE):
        shape = re.search(r"`(\[?\{.+?\}\]?)`", told)
        for key in re.findall(r"`(.+?)`", keys):
            (deeper if "[" in key else top)[key] = shape_of(TOKEN.findall(shape[1])) if shape else None
    return top, deeper


def wrong(value: Any, shape: Any, deeper: dict[str, Any], path: str = "") -> list[str]:
    """Every place where a value is not as documented."""
    if isinstance(shape, list):
        rows = value if isinstance(value, list) else [value]
        return [one for row in rows for one in wrong(row, shape[0], deeper, f"{path}[]")]
    if shape is None or value is None:
        return []
    names = {key.rstrip("?"): key for key in shape}
    if not isinstance(value, dict) or set(value) != set(names):
        return [f"{path}: {sorted(set(value) ^ set(names))}"]
    found = []
    for name, key in names.items():
        here = f"{path}.{name}".lstrip(".")
        if value[name] is None and not key.endswith("?"):
            found.append(f"{here} is null")
        found += wrong(value[name], shape[key] or deeper.get(here), deeper, here)
    return found


def test_the_document_is_read():
    top, deeper = documented("agenda.json")
    assert top["meetings"][0]["parties"] == [{"party": None, "people": None}]
    assert top["term"] == {"from?": None, "until?": None} and "changed_since?" in top
    assert set(deeper) == {"points[].amounts", "points[].serves", "points[].commitments"}
    content = example_content()
    assert wrong(content | {"title": None}, top, deeper) == ["title is null"]
    content["points"][0]["amounts"] = [{"what": "verf"}]
    assert wrong(content, top, deeper) == ["points[].amounts[]: ['amount', 'source', 'unit']"]


def test_example_is_as_documented():
    content = example_content()
    assert wrong(content, *documented("agenda.json")) == []
    assert wrong(example_answers(content), *documented("onderschrijvingen.json")) == []
    assert wrong(example_evidence(content), *documented("bewijs.json")) == []


@pytest.mark.django_db
def test_what_is_frozen_and_answered_is_as_documented(cast):
    everything_in(cast.trajectory, cast.leader)
    version = AgendaVersion.objects.get(agenda__trajectory=cast.trajectory, number=2)
    assert all(version.data[key] for key in ("figures", "meetings", "contributions", "terms", "changes"))
    assert version.data["points"][0]["amounts"] and version.data["points"][0]["commitments"]
    assert wrong(version.data, *documented("agenda.json")) == []
    asked = version.round.requests.order_by("pk")[0]
    endorsing.endorse(
        asked, digest=version.digest, answer="volledig", reservations=[], text="", name="A", function="B", on_behalf_of="C",
        decided_on=None, method="op papier", registered_by=cast.leader, proof="De brief.",
    )  # fmt: skip
    document = endorsing.close_round(version.round, by=cast.leader, reason="Het is tijd.")
    answers = json.loads(bytes(document.answers))
    assert {one["answer"] for one in answers["answers"]} >= {"volledig", "geen"}
    assert wrong(answers, *documented("onderschrijvingen.json")) == []
    assert any(one["registered_by"] for one in answers["answers"])
