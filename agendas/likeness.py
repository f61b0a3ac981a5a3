"""What in a room resembles what, from the words alone: no service, no downloaded model.

Words come stemmed, and without stop words, from PostgreSQL's Dutch dictionary: the one that searches them. scikit-learn compares
their pieces of four to six letters, so that "parkeerplaats" and "parkeren" meet. It is asked for in here and not at the top:
only the worker that works something out pays for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

NAME_COUNTS = 3  # as often as so many times inbreng: what a theme is called says what it is about
SUREST = 0.5  # of what has no place, the part for which a theme is offered: benchmarks/suggestions.py
FAR = 0.85  # the cosine distance from which two are not alike any more
FEWEST = 3  # times inbreng to call it a group
MOST_WORDS = 4
MOST_COMPARED = 3000  # the newest
SAYS_LITTLE = (  # in every room, about everything; besides the stop words of PostgreSQL
    "jullie ons onze iemand niemand iedereen mensen ander andere eigen volgend volgende heel echt graag altijd nooit vaak soms "
    "verwacht verwachten wil willen moet moeten maak maken blijf blijft blijven ga gaat gaan kom komt komen laat laten "
    "krijg krijgt krijgen vind vinden zeg zegt zeggen goed goede beter meer minder veel weinig keer "
    "waar waarom waarvoor wanneer welk welke hoe hier daar daarom dan zo zoals zelf elk elke ieder iedere alles iets niets "
    "allemaal nu nog al pas meteen straks steeds eens even toch gewoon eigenlijk misschien zeker bijna juist overal ergens "
    "nergens ding dingen dus want maar mijn mij jij jou uw hun haar doe doet doen sta staat staan weet weten zie ziet zien"
)


@dataclass(frozen=True)
class Word:
    """A word as somebody said it, and its stem."""

    said: str
    stem: str


Text = Sequence[Word]


def words_of(texts: Sequence[str], *, besides: str = "") -> list[list[Word]]:
    """The words of each text that say something, in order, without those of `besides`. One statement, however many texts."""
    asked = [*texts, f"{SAYS_LITTLE} {besides}"]
    found: list[list[Word]] = [[] for _ in asked]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT n, lower(token), lexemes[1] FROM unnest(%s::text[]) WITH ORDINALITY AS said (text, n),
            LATERAL ts_debug('dutch', text) WHERE lexemes <> '{}' AND alias NOT LIKE 'hword_%%part'
            """,
            [asked],
        )
        for number, said, stem in cursor.fetchall():
            found[number - 1].append(Word(said, stem))
    dropped = {word.stem for word in found.pop()}
    return [[word for word in text if word.stem not in dropped] for text in found]


def nearest(themes: Sequence[Text], placed: Sequence[tuple[Text, int]], loose: Sequence[Text]) -> list[int | None]:
    """For each loose text the number of its theme, or None where we are not sure: only the surest half gets one.

    themes: what each is called and about; placed: what already stands under one, with its number. A text that has not one word
    in common with its theme gets none, nor is there anything to choose with fewer than two themes.
    """
    if len(themes) < 2 or not loose:
        return [None] * len(loose)
    from sklearn.naive_bayes import ComplementNB

    known = [*((text, number) for number, text in enumerate(themes) for _ in range(NAME_COUNTS)), *placed]
    stems = stems_of(themes, placed)
    pieces = _pieces([*(text for text, _ in known), *loose])
    model = ComplementNB().fit(pieces[: len(known)], [number for _, number in known])
    chances = model.predict_proba(pieces[len(known) :])
    found: list[int | None] = [None] * len(loose)
    best, second = (chances.argsort(axis=1)[:, -rank] for rank in (1, 2))
    sure = [row[one] - row[other] for row, one, other in zip(chances, best, second, strict=True)]
    for at in sorted(range(len(loose)), key=lambda at: -sure[at])[: max(1, round(len(loose) * SUREST))]:
        if stems[best[at]] & {word.stem for word in loose[at]}:
            found[at] = int(best[at])
    return found


def stems_of(themes: Sequence[Text], placed: Sequence[tuple[Text, int]]) -> list[set[str]]:
    """By the number of a theme, every stem that occurs in what it is called or in what stands under it."""
    stems = [{word.stem for word in text} for text in themes]
    for text, number in placed:
        stems[number] |= {word.stem for word in text}
    return stems


def alike(texts: Sequence[Text]) -> list[list[int]]:
    """Groups of texts that resemble each other, as their numbers, the largest first. What resembles nothing is in none."""
    filled = [at for at, text in enumerate(texts) if text]
    filled = filled[-MOST_COMPARED:]  # each with each: that grows with the square
    if len(filled) < FEWEST:
        return []
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.metrics.pairwise import cosine_distances

    far = cosine_distances(_pieces([texts[at] for at in filled]))
    model = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=FAR
    ).fit(far)
    groups: dict[int, list[int]] = {}
    for at, label in zip(filled, model.labels_, strict=True):
        groups.setdefault(int(label), []).append(at)
    return sorted((group for group in groups.values() if len(group) >= FEWEST), key=lambda group: (-len(group), group))


def telling(texts: Sequence[Text], *, among: Counter[str], shared_with: Collection[str] | None = None) -> list[str]:
    """The words that at least two of these texts have in common and that are rare `among` all, as people said them.

    among: in how many texts each stem occurs (`counted`). With `shared_with`: those stems, also where one text has them. The
    most telling first.
    """
    here = counted(texts)
    fewest = 2 if shared_with is None else 1
    shared = [stem for stem, n in here.items() if n >= fewest and (shared_with is None or stem in shared_with)]
    shared.sort(key=lambda stem: (-(here[stem] ** 2) / among.get(stem, here[stem]), stem))
    return [_as_said(stem, texts) for stem in shared[:MOST_WORDS]]


def counted(texts: Sequence[Text]) -> Counter[str]:
    """In how many texts each stem occurs."""
    return Counter(stem for text in texts for stem in {word.stem for word in text})


def _as_said(stem: str, texts: Sequence[Text]) -> str:
    """The form in which most people said it."""
    forms = sorted(word.said for text in texts for word in text if word.stem == stem)
    return max(forms, key=forms.count)


def _pieces(texts: Sequence[Text]) -> Any:
    """A row per text: how much each piece of its words weighs."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 6), sublinear_tf=True)
    return pieces.fit_transform([" ".join(word.stem for word in text) or "-" * 6 for text in texts])
