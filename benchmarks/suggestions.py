"""`python -m benchmarks.suggestions`: how often what the board suggests is what an adviser chose, beside plain guesses.

Labelled are the example's own trajectories (long sentences, each told once) and a hall of short ones (hall.py). A part of each is
placed, the rest has no place, as halfway an evening; ten times, each with another part. Both are made up by us: a wijk that
really spoke may come out otherwise.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thuiswijk.settings")
django.setup()

from agendas import likeness  # noqa: E402
from benchmarks.hall import LABELLED  # noqa: E402
from benchmarks.measure import print_table  # noqa: E402
from thuiswijk.example import EXAMPLE  # noqa: E402

TIMES = 10
PLACED = (0.0, 0.25, 0.5)
HEAD = ["said in", "times", "themes", "placed", "offered", "right", "most common", "random"]
GROUPS_HEAD = ["said in", "groups", "in a group", "pairs of one theme", "any pair"]


@dataclass
class Said:
    """What was said in one place: each text with its theme, and what the themes are called."""

    name: str
    texts: list[str]
    labels: list[str]
    themes: dict[str, str]
    words: list[likeness.Text] = field(init=False)
    called: dict[str, likeness.Text] = field(init=False)

    def __post_init__(self) -> None:
        self.words = list(likeness.words_of(self.texts))
        self.called = dict(zip(self.themes, likeness.words_of(list(self.themes.values())), strict=True))


def everything() -> Iterator[Said]:
    for told in EXAMPLE.trajectories:
        said = [one for meeting in told.meetings for one in meeting.contributions if one.theme]
        if said:
            themes = {theme.key: f"{theme.name}. {theme.summary}" for theme in told.themes}
            yield Said(told.area, [one.text for one in said], [str(one.theme) for one in said], themes)
    pairs = [(text, theme) for theme, texts in LABELLED.items() for text in texts]
    yield Said("a hall", [text for text, _ in pairs], [theme for _, theme in pairs], {name: name for name in LABELLED})


def judged(said: Said, part: float) -> list[str]:
    """A row of the table: of what had no place, the share that was offered a theme and the share of that which was right."""
    order = list(said.themes)
    offered = right = loose = common = 0
    for seed in range(TIMES):
        shuffled = random.Random(seed).sample(range(len(said.texts)), len(said.texts))
        placed, rest = shuffled[: int(len(shuffled) * part)], shuffled[int(len(shuffled) * part) :]
        known = [(said.words[at], order.index(said.labels[at])) for at in placed]
        found = likeness.nearest(list(said.called.values()), known, [said.words[at] for at in rest])
        guess = Counter(said.labels[at] for at in placed or rest).most_common(1)[0][0]
        loose += len(rest)
        offered += sum(number is not None for number in found)
        right += sum(
            number is not None and order[number] == said.labels[at] for number, at in zip(found, rest, strict=True)
        )
        common += sum(said.labels[at] == guess for at in rest)
    return [
        said.name, str(len(said.texts)), str(len(order)), f"{part:.0%}", f"{offered / loose:.0%}",
        f"{right / offered:.0%}", f"{common / loose:.0%}", f"{1 / len(order):.0%}",
    ]  # fmt: skip


def grouped(said: Said) -> list[str]:
    """A row of the table: of two in one group, how often they have one theme; and of any two."""
    groups = likeness.alike(said.words)
    pairs = [said.labels[a] == said.labels[b] for group in groups for a, b in combinations(group, 2)]
    plain = [a == b for a, b in combinations(said.labels, 2)]
    in_one = sum(map(len, groups)) / len(said.texts)
    share = f"{sum(pairs) / len(pairs):.0%}" if pairs else "–"
    return [said.name, str(len(groups)), f"{in_one:.0%}", share, f"{sum(plain) / len(plain):.0%}"]


def main() -> None:
    said = list(everything())
    print("A theme for what has no place: the share that is offered one, and of those the share that is right.")
    print("Beside it how often the theme that is most common would be right for all, and a theme at random.\n")
    print_table(HEAD, [judged(one, part) for one in said for part in PLACED])
    print(
        "\nGroups of what resembles each other, with nothing placed: of two in one group, how often an adviser gave one theme.\n"
    )
    print_table(GROUPS_HEAD, [grouped(one) for one in said])


if __name__ == "__main__":
    main()
