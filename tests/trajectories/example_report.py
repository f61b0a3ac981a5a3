"""The content of an example report (trajectories.report_content), short or long: for tests and conformance.

Everything in it is made up.
"""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

SAID = [
    ("Achter de flats aan de Lindelaan is het ’s avonds zo donker dat ik omloop.", "signaal", None, None),
    ("Wij verwachten dat de corporatie zegt wanneer de schimmel wordt aangepakt.", "verwachting", None,
     "Woonstichting De Linde"),
    ("Een bankje bij de bushalte. Mijn moeder kan niet zo lang staan.", "idee", None, None),
    ("Wij willen de gymzaal wel openstellen, maar dan moet iemand het beheer doen.", "opmerking",
     "Basisschool Het Lindenblad", None),
    ("Van de gemeente verwachten wij één nummer om te bellen, ook op zaterdag.", "verwachting",
     "Winkeliers van het Lindeplein", "Gemeente Voorbeeldstad, afdeling Openbare Ruimte"),
    ("Niemand weet dat er op woensdag koffie is.\nHang het op in de flats!", "behoefte", None, None),
    ("Lekker uitzicht, aardige buren. Dat mag ook weleens gezegd.", "opmerking", None, None),
]  # fmt: skip
QUESTIONS = ["Wat maakt de wijk fijn, en wat is nodig?", "Wat verwacht u van elkaar?"]


def example_report(times: int = 2, *, kind: str = "start") -> dict[str, Any]:
    """The content, with each question answered `times` × 7 times."""
    is_talk = kind == "gesprek"
    parties = [
        {"name": "Gemeente Voorbeeldstad, afdeling Openbare Ruimte", "kind_label": "gemeente", "people": 2},
        {"name": "Woonstichting De Linde", "kind_label": "woningcorporatie", "people": 3},
        {"name": "Basisschool Het Lindenblad", "kind_label": "school", "people": 1},
        {"name": "Winkeliers van het Lindeplein", "kind_label": "ondernemers", "people": 2},
    ]
    said = [dict(zip(("text", "kind", "said_by", "addressed_to"), one, strict=True)) for one in SAID]
    answers = list(islice(cycle(said), times * len(said)))
    return {
        "schema": 2,
        "number": 2,
        "made_at": "2026-09-15T22:04:11+02:00",
        "gemeente": {"code": "GM9999", "name": "Voorbeeldstad"},
        "trajectory": "Lindenkwartier",
        "meeting": {
            "kind": kind,
            "kind_label": "gesprek" if is_talk else "startbijeenkomst",
            "title": "Gesprek in het buurthuis" if is_talk else "Startbijeenkomst in de Open Kerk",
            "starts_at": "2026-09-15T19:30:00+02:00",
            "minutes": 150,
            "place": "Open Kerk aan het Lindeplein",
        },
        "residents": 2 if is_talk else 61,
        "parties": [] if is_talk else parties,
        "items": [
            {"number": 1, "title": "Welkom", "question": "", "outcome": "", "corrections": []},
            {
                "number": 2, "title": "Hoe is het om hier te wonen?", "question": QUESTIONS[0],
                "outcome": "Veel mensen noemen de donkere paden en de schimmel.\n\nBijna iedereen noemt ook de buren: die zijn "
                "er voor elkaar.",
                "corrections": [
                    {
                        "text": "Het ging om de paden achter de Lindelaan, niet achter de Beukenstraat.",
                        "corrected_at": "2026-09-17T09:12:00+02:00",
                    }
                ],
            },
            {
                "number": 3, "title": "Wat verwachten wij van elkaar?", "question": QUESTIONS[1],
                "outcome": "De corporatie zegt op 1 november wanneer de woningen aan de beurt zijn.", "corrections": [],
            },
        ],
        "actions": [
            {"text": "Met bewoners een avond over het pad lopen en de donkere plekken aanwijzen",
             "party": "Gemeente Voorbeeldstad, afdeling Openbare Ruimte", "due_on": "2026-10-15", "is_done": False},
            {"text": "De lijst van woningen met schimmel delen", "party": "Woonstichting De Linde", "due_on": "2026-11-01",
             "is_done": True},
            {"text": "De koffie-ochtend in de flats ophangen", "party": None, "due_on": None, "is_done": False},
        ],
        "earlier_actions": [
            {"text": "De school vragen of de gymzaal open kan", "party": "Basisschool Het Lindenblad", "due_on": None,
             "is_done": False, "meeting": "Gesprek met de school"},
        ],
        "room": [] if is_talk else [
            {"subject": "Het achterpad bij de flats is ’s avonds goed verlicht", "theme": "Schoon en veilig op straat", "parties": [
                {"party": "Gemeente Voorbeeldstad, afdeling Openbare Ruimte", "answer": "akkoord", "words": "", "reply": "",
                 "is_earlier": False, "before": [
                     {"answer": "kan niet akkoord gaan", "words": "In juni lukt het niet.", "reply": ""}]},
                {"party": "Woonstichting De Linde", "answer": "kan niet akkoord gaan", "is_earlier": True, "before": [],
                 "words": "Wij mogen niet aan de gevels zonder besluit van de bewoners.",
                 "reply": "De bewonersgroep stemt er in oktober over."},
            ]},
        ],
        "questions": [
            {"question": QUESTIONS[0], "said": answers, "hidden": 1},
            {"question": QUESTIONS[1], "said": answers[::-1], "hidden": 0},
            {"question": "", "said": said[:1], "hidden": 0},
        ],
        "contributions": len(answers) * 2 + 2,
        "hidden": 1,
    }  # fmt: skip


def empty_report() -> dict[str, Any]:
    """A meeting at which nothing was said and nothing was written down."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("parties", "items", "room", "actions", "earlier_actions", "questions"), []
    ) | dict.fromkeys(("residents", "contributions", "hidden"), 0)
    return example_report() | nothing | {"number": 1}
