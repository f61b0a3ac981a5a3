"""What abbreviations and jargon mean in a gemeente: docs/begrippen.yaml, and over it the list of the gemeente itself."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from stakeholders.models import Gemeente, Term
from thuiswijk.lib.terms import Glossary


@cache
def built_in() -> Glossary:
    """The list that every gemeente begins with."""
    read: dict[str, Any] = yaml.safe_load((Path(settings.BASE_DIR) / "docs" / "begrippen.yaml").read_text())
    return Glossary(read["uitleg"], frozenset(read["woorden"]), frozenset(read["bekend"]))


def glossary_of(gemeente: Gemeente, *, names: Iterable[str] = ()) -> Glossary:
    """What is explained in this gemeente: its own words go before those that every gemeente has.

    Nobody is asked to explain an abbreviation that stands in one of these `names`, those of parties.
    """
    own = list(gemeente.terms.all())
    meanings = {term.term: term.meaning for term in own} | others(own)
    in_names = Glossary({}).unknown_in(names)
    return Glossary(meanings, built_in().ordinary, built_in().known | frozenset(in_names))


def frozen_glossary(terms: list[dict[str, str]]) -> Glossary:
    """What a frozen version explains (docs/agenda-schema.md), whatever the list says today."""
    return Glossary({term["term"]: term["meaning"] for term in terms}, built_in().ordinary)


def others(own: Iterable[Term]) -> dict[str, str]:
    """What every gemeente has, but for what this one explains itself."""
    said = {term.term.lower() for term in own}
    return {term: meaning for term, meaning in built_in().meanings.items() if term.lower() not in said}


def explain(gemeente: Gemeente, term: str, meaning: str) -> Term:
    """Adds a term to the list of the gemeente; an empty meaning says that it needs no explanation.

    Where it stands there already, also since a moment ago, it stays as it is: two people who explain it make one row.
    """
    Term.objects.bulk_create([Term(gemeente=gemeente, term=term, meaning=meaning)], ignore_conflicts=True)
    return gemeente.terms.get(term__iexact=term)
