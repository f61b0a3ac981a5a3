"""An example agenda as frozen content and answers (docs/agenda-schema.md), of any length: for tests, conformance and benchmarks.

Everything in it is made up: the gemeente, the wijk, the parties and the people.
"""

from itertools import cycle, islice
from typing import Any

from thuiswijk.example import EXAMPLE
from thuiswijk.lib import chain
from thuiswijk.lib.canonical import canonical, digest
from thuiswijk.lib.maps import Place, map_of

GEMEENTE_RUIMTE, GEMEENTE_SAMEN, LINDE, WELZIJN, SCHOOL, KERK, ONDERNEMERS, BEWONERS = range(1, 9)

PARTIES = [
    (GEMEENTE_RUIMTE, "Gemeente Voorbeeldstad, afdeling Openbare Ruimte", "gemeente", "gemeente", "Sanne de Wit"),
    (GEMEENTE_SAMEN, "Gemeente Voorbeeldstad, afdeling Samenleving", "gemeente", "gemeente", "Karim Aydin"),
    (LINDE, "Woonstichting De Linde", "corporatie", "woningcorporatie", "Joost Hendriks"),
    (WELZIJN, "Welzijn Voorbeeldstad", "welzijn", "welzijnsorganisatie", "Fatma Yıldız"),
    (SCHOOL, "Basisschool Het Lindenblad", "school", "school", "Marieke van ’t Veld"),
    (KERK, "Open Kerk aan het Lindeplein", "kerk", "kerk of geloofsgemeenschap", "Piet Jansma"),
    (ONDERNEMERS, "Winkeliers van het Lindeplein", "ondernemer", "ondernemers", None),
    (BEWONERS, "Bewonersgroep Lindenkwartier", "bewonersgroep", "bewonersgroep", "Łucja Nowak"),
]

THEMES = [
    (
        "Schoon en veilig op straat",
        "Veel mensen zeggen dat zij ’s avonds een andere route nemen omdat het achter de flats donker is. Ook het afval naast "
        "de containers komt in bijna elk gesprek terug. Mensen willen niet alleen dat het wordt opgeruimd, zij willen weten "
        "wie zij kunnen bellen en wat er daarna gebeurt.",
    ),
    (
        "Elkaar kennen en helpen",
        "Er is veel burenhulp in de wijk, maar wie nieuw is vindt die niet. Ouderen missen een plek waar zij zonder afspraak "
        "binnen kunnen lopen. De kerk, de school en het buurthuis doen elk iets, en weten dat niet van elkaar.",
    ),
    (
        "Goed wonen",
        "Vocht en schimmel in de woningen aan de Beukenstraat is de grootste zorg. Huurders voelen zich van het kastje naar "
        "de muur gestuurd. De corporatie heeft in de zaal uitgelegd wat zij dit jaar wel en niet kan.",
    ),
    (
        "Opgroeien in het Lindenkwartier",
        "Jongeren willen een eigen plek en willen meepraten. Ouders vragen hulp bij huiswerk en bij geldzorgen. De school "
        "wil haar gymzaal na schooltijd openstellen, als iemand het beheer doet.",
    ),
]

# theme, title, why, first step, ready on, noticed by, means, [(party, role, text)]
POINTS: list[tuple[int, str, str, str, str | None, str, str, list[tuple[int, str, str]]]] = [
    (
        1,
        "Het achterpad bij de flats is ’s avonds goed verlicht",
        "Bewoners van de drie flats aan de Lindelaan lopen nu om, of gaan na het donker niet meer de deur uit. Dat geldt het "
        "meest voor ouderen en voor meiden die van sport terugkomen.",
        "Samen met bewoners een avond over het pad lopen en de donkere plekken aanwijzen.",
        "2027-06-30",
        "In de avondwandeling van najaar 2027 wijzen bewoners geen donkere plekken meer aan.",
        "€ 38.000 uit het onderhoudsbudget openbare verlichting; de corporatie betaalt de lampen aan haar eigen gevels.",
        [
            (
                GEMEENTE_RUIMTE,
                "trekker",
                "Wij plaatsen acht lantaarnpalen en snoeien het groen langs het pad twee keer per jaar.",
            ),
            (LINDE, "meewerkend", "Wij hangen lampen met een sensor aan de achtergevels van onze drie flats."),
            (BEWONERS, "deskundig", "Wij weten waar het donker is en lopen de ronde mee."),
        ],
    ),
    (
        1,
        "Geen afval meer naast de containers",
        "Naast de ondergrondse containers aan het Lindeplein staat elke week grofvuil. Dat trekt ratten aan en geeft "
        "iedereen het gevoel dat niemand oplet.",
        "In februari zes weken lang tellen waar en wanneer er afval naast staat.",
        "2027-09-30",
        "Het aantal meldingen bij de gemeente is gehalveerd, en bewoners geven het plein een 7 of hoger.",
        "Uren van de afdeling en van de winkeliers; € 4.500 voor borden in vijf talen.",
        [
            (
                GEMEENTE_RUIMTE,
                "trekker",
                "Wij halen gemeld afval binnen twee werkdagen op en melden dat het weg is.",
            ),
            (ONDERNEMERS, "meewerkend", "Wij houden het stuk voor onze winkels zelf schoon."),
            (LINDE, "kan_niet", "Wij kunnen geen huismeester in de avond inzetten: daar is geen geld voor tot 2029."),
        ],
    ),
    (
        2,
        "Iedere werkdag een open huiskamer",
        "Mensen die alleen wonen zoeken een plek zonder afspraak en zonder formulier. Nu is er alleen op dinsdagmorgen iets.",
        "De vier clubs die nu iets doen maken samen één rooster.",
        "2027-04-01",
        "Op elke werkdag is één plek open, en er komen mensen die wij nog niet kenden.",
        "De ruimte in de kerk is gratis; koffie en materiaal kosten € 6.000 per jaar uit het wijkbudget.",
        [
            (
                KERK,
                "trekker",
                "Wij openen onze zaal op maandag, woensdag en vrijdag en zorgen voor twee vrijwilligers per keer.",
            ),
            (
                WELZIJN,
                "meewerkend",
                "Onze opbouwwerker is er elke woensdag bij voor vragen over geld, de Wmo en formulieren.",
            ),
            (
                GEMEENTE_SAMEN,
                "meewerkend",
                "Wij betalen de koffie, het materiaal en een training voor de vrijwilligers.",
            ),
            (SCHOOL, "kan_niet", "Op schooldagen hebben wij voor vijf uur geen lokaal vrij."),
        ],
    ),
    (
        2,
        "Nieuwe buren worden binnen een maand welkom geheten",
        "Wie hier komt wonen kent niemand. Straatgenoten willen best langsgaan, maar horen niet dat er iemand nieuw is.",
        "Een welkomstkaart maken met de namen van drie straatgenoten.",
        None,
        "Van tien nieuwe huurders zeggen er acht dat iemand is langs geweest.",
        "Geen extra geld nodig.",
        [
            (
                BEWONERS,
                "trekker",
                "In elke straat gaat één van ons langs bij nieuwe buren, met de kaart en een bloembol.",
            ),
            (
                LINDE,
                "meewerkend",
                "Wij vragen elke nieuwe huurder of wij de naam mogen doorgeven aan de bewonersgroep.",
            ),
        ],
    ),
    (
        3,
        "De woningen aan de Beukenstraat zijn droog",
        "In 64 woningen is schimmel. Kinderen worden er ziek van. Bewoners kregen te horen dat zij meer moesten luchten.",
        "In januari meet een onafhankelijk bureau het vocht in alle 64 woningen.",
        "2028-03-31",
        "Bij de nieuwe meting is in geen woning meer schimmel groter dan een hand.",
        "€ 410.000 uit het onderhoudsplan van De Linde. Voor zes koopwoningen is nog geen geld gevonden.",
        [
            (
                LINDE,
                "trekker",
                "Wij vervangen de ventilatie in al onze woningen, eerst bij gezinnen met kinderen.",
            ),
            (
                GEMEENTE_SAMEN,
                "meewerkend",
                "Onze energiecoach helpt de eigenaren van de zes koopwoningen bij hun aanvraag.",
            ),
            (WELZIJN, "meewerkend", "Wij bellen aan bij huurders die nog niet gemeld hebben."),
        ],
    ),
    (
        4,
        "Jongeren hebben een eigen plek en een eigen stem",
        "Tussen vijf uur en tien uur is er binnen niets te doen voor jongeren van 12 tot 18 jaar. Zij vragen om een plek die "
        "zij zelf mogen inrichten.",
        "Zes jongeren kiezen in maart samen de ruimte en maken de huisregels.",
        "2027-10-01",
        "Er komen elke week ten minste twintig jongeren, ook meiden. De overlast op het plein is volgens bewoners minder.",
        "€ 22.000 per jaar voor een jongerenwerker, twee jaar lang.",
        [
            (
                WELZIJN,
                "trekker",
                "Onze jongerenwerker is op drie avonden aanwezig en leidt tien jongeren op als beheerder.",
            ),
            (SCHOOL, "meewerkend", "Onze gymzaal is op dinsdag en donderdag van vijf tot acht uur vrij."),
            (
                GEMEENTE_SAMEN,
                "meewerkend",
                "Wij betalen de jongerenwerker en vragen de jongeren elk half jaar om advies.",
            ),
        ],
    ),
    (
        4,
        "Huiswerkhulp voor elk kind dat het nodig heeft",
        "Thuis is het vaak te vol of te druk om te leren. Betaalde hulp is voor de meeste ouders te duur.",
        "De school en de kerk zoeken samen tien vrijwilligers.",
        "2027-02-15",
        "Alle kinderen van de wachtlijst van 2026 hebben een plek.",
        "Vrijwilligers; € 1.200 voor boeken uit het schoolfonds.",
        [
            (SCHOOL, "trekker", "Wij bieden twee middagen per week huiswerkhulp in onze bibliotheek."),
            (KERK, "meewerkend", "Wij leveren vijf vrijwilligers die met kinderen mogen werken."),
        ],
    ),
]

STREETS = [
    "Lindelaan",
    "Beukenstraat",
    "Esdoornhof",
    "Kastanjesingel",
    "Wilgenpad",
    "Olmenplein",
    "Hazelaarstraat",
    "Berkenlaan",
]

SUMMARY = """Het Lindenkwartier is een wijk waar mensen graag wonen en waar zij elkaar groeten. Toch zijn er zorgen: over donkere \
paden, over schimmel in huizen, over kinderen en ouderen die te veel alleen zijn. In zes bijeenkomsten hebben bewoners en \
organisaties elkaar gezegd wat zij van elkaar verwachten.

Dat leverde vier thema’s op, en voor elk thema afspraken waar iemand zijn naam onder zet. Voor ieder verbeterpunt is er één \
trekker. Die zorgt dat het gebeurt. Anderen doen mee of weten er het meest van.

Het belangrijkste in het kort:

De gemeente maakt het achterpad bij de flats licht, vóór de zomer van 2027. De Linde maakt de woningen aan de Beukenstraat \
droog, vóór april 2028. De kerk, het welzijnswerk en de gemeente openen samen op elke werkdag een huiskamer. Jongeren krijgen een \
eigen plek, die zij zelf beheren.

Niet alles kan. Een huismeester in de avond en een zwembad komen er niet. Waarom niet, staat er eerlijk bij.

Elk half jaar vertellen de trekkers wat er is gedaan, en zeggen bewoners of zij er iets van merken."""

MOTIVATION = """In het voorjaar van 2026 vroegen bewoners van de flats aan de Lindelaan om een gesprek met de gemeente. Aanleiding \
was een reeks inbraken, maar al snel ging het over meer: over buren die elkaar niet meer kennen en over meldingen waar niets op \
volgde.

De gemeente heeft toen besloten om niet zelf een plan te schrijven, maar om in de wijk te luisteren. Het college heeft daar een \
projectleider en een budget voor vrijgemaakt. Iedere partij die iets kan betekenen is uitgenodigd."""

STORY = """“Vroeger stond op zaterdag iedereen buiten op het plein. Nu ken ik in mijn eigen portiek drie mensen.” Dat zei een \
bewoonster in de startbijeenkomst, en veel mensen knikten.

De wijk is gebouwd in de jaren zestig, ruim en groen. De eerste bewoners zijn nu oud. In dezelfde portieken wonen jonge gezinnen \
uit meer dan dertig landen. Zij willen hetzelfde: een veilige straat, een droog huis en buren op wie je kunt rekenen. 👋"""

RULES = """Wij zeggen eerlijk wat wij kunnen en wat niet.
Wie iets toezegt, brengt het zoveel mogelijk in praktijk. Lukt het niet, dan zegt die partij dat zelf en zo vroeg mogelijk.
Bij elk verbeterpunt is één partij de trekker. De trekker hoeft niet alles zelf te doen.
Wij praten met elkaar en niet over elkaar.
Een afspraak verandert alleen in een nieuwe versie van deze agenda."""

FOLLOW_UP = """Elk half jaar vragen wij iedere trekker wat er is gedaan en wat dat heeft opgeleverd. In dezelfde week vragen wij \
bewoners of zij er iets van merken. Beide antwoorden staan naast elkaar op de openbare pagina van deze agenda.

Eén keer per jaar komen alle partijen bij elkaar. Dan kijken wij welke punten af zijn, wat vastzit en wie dat kan losmaken. Als \
een afspraak verandert, maken wij een nieuwe versie. Alleen de partijen die het raakt, onderschrijven opnieuw."""

PLACES = [Place(wijk.code, wijk.name, wijk.outline) for wijk in EXAMPLE.wijken]  # the first is Lindenkwartier

# label, value, the same of the whole gemeente, source, measured on
FIGURES = [
    ("Inwoners", "6.240", "84.310", "CBS, Kerncijfers wijken en buurten", "2026-01-01"),
    ("Woningen", "2.915", "", "CBS, Kerncijfers wijken en buurten", "2026-01-01"),
    ("Huurwoningen van de corporatie", "58 %", "31 %", "CBS, Kerncijfers wijken en buurten", "2026-01-01"),
    ("Inwoners van 65 jaar en ouder", "23 %", "21,5 %", "CBS, Kerncijfers wijken en buurten", "2026-01-01"),
    ("Rapportcijfer voor de leefbaarheid", "6,3", "7,0", "Wijkpeiling Voorbeeldstad", "2026-03-15"),
    ("Bewoners die zich ’s avonds wel eens onveilig voelen", "41 %", "", "Wijkpeiling Voorbeeldstad", "2026-03-15"),
]

MEETINGS = [
    ("start", "startbijeenkomst", "Wat verwachten wij van elkaar?", "2026-09-15", "Open Kerk aan het Lindeplein", 64),
    ("werk", "werkbijeenkomst", "Schoon en veilig op straat", "2026-09-29", "Buurthuis De Schakel", 38),
    ("werk", "werkbijeenkomst", "Elkaar kennen en helpen", "2026-10-06", "Basisschool Het Lindenblad", 41),
    ("werk", "werkbijeenkomst", "Goed wonen", "2026-10-13", "Kantoor De Linde", 52),
    ("werk", "werkbijeenkomst", "Opgroeien in het Lindenkwartier", "2026-10-27", "Basisschool Het Lindenblad", 33),
    ("werk", "werkbijeenkomst", "Wie doet wat?", "2026-11-10", "Open Kerk aan het Lindeplein", 47),
]

CONTRIBUTIONS: list[tuple[int, str, str, int | None, int | None, int, str]] = [
    (1, "Achter de flat is het zo donker dat ik mijn sleutel niet zie.", "signaal", None, GEMEENTE_RUIMTE, 1, ""),
    (1, "Wij verwachten dat de gemeente terugbelt als je iets meldt.", "verwachting", None, GEMEENTE_RUIMTE, 1,
     "Wat verwacht u van de gemeente?"),
    (1, "Ik ruim het al tien jaar zelf op 😤", "opmerking", None, None, 2, ""),
    (1, "Borden in meer talen zouden helpen, mijn buurvrouw leest العربية.", "idee", None, None, 2, ""),
    (1, "Na de training fietsen wij met z’n drieën, alleen durf ik niet.", "signaal", None, None, 2, ""),
    (1, "Wij kunnen ons eigen stuk schoonhouden, maar niet het hele plein.", "opmerking", ONDERNEMERS, None, 2, ""),
    (1, "Geef ons de tellingen, dan zien wij of het helpt.", "verwachting", BEWONERS, GEMEENTE_RUIMTE, 6, "Wie doet wat?"),
    (2, "Sinds mijn man dood is spreek ik soms drie dagen niemand.", "behoefte", None, None, 1, ""),
    (2, "Wij hebben een zaal die vier dagen leeg staat.", "opmerking", KERK, None, 3, ""),
    (2, "Laat de clubs samen één rooster maken, dan weet ik waar ik heen kan.", "idee", None, WELZIJN, 3, ""),
    (2, "Niemand heeft mij welkom geheten. Nu doe ik het zelf bij anderen.", "opmerking", None, None, 3, ""),
    (2, "Wij verwachten dat de gemeente vrijwilligers niet laat betalen voor een training.", "verwachting", KERK,
     GEMEENTE_SAMEN, 6, "Wie doet wat?"),
    (3, "De schimmel zit tot achter het bed van mijn dochter.", "signaal", None, LINDE, 1, ""),
    (3, "Wij verwachten van huurders dat zij ons binnenlaten voor de meting.", "verwachting", LINDE, BEWONERS, 4,
     "Wat verwacht De Linde van de buurt?"),
    (3, "Zeg niet weer dat ik meer moet luchten.", "opmerking", None, LINDE, 4, ""),
    (3, "Ik heb gekocht, en nu val ik overal buiten.", "signaal", None, GEMEENTE_SAMEN, 4, ""),
    (3, "Begin bij de gezinnen met kleine kinderen.", "idee", None, LINDE, 4, ""),
    (4, "Een plek zonder grote mensen, nou ja, één dan.", "behoefte", None, None, 5, "Wat missen jongeren?"),
    (4, "Mijn zoon maakt zijn huiswerk in de gang.", "signaal", None, SCHOOL, 5, ""),
    (4, "Wij kunnen de gymzaal openen als iemand anders afsluit.", "opmerking", SCHOOL, WELZIJN, 5, ""),
    (4, "Vraag het óns, en niet aan onze ouders.", "verwachting", None, GEMEENTE_SAMEN, 5, "Wat missen jongeren?"),
    (4, "Meiden komen alleen als er ook een vrouw bij is.", "opmerking", None, WELZIJN, 5, ""),
]  # fmt: skip

# What was said and is not in the agenda: under a declined subject, or (None) under nothing yet.
LEFT_OUT: list[tuple[int | None, str, str, int | None, int | None, int, str]] = [
    (1, "Een zwembad, dat missen wij hier het meest.", "behoefte", None, None, 1, ""),
    (1, "Wij verwachten dat er weer zwemles in de wijk komt.", "verwachting", SCHOOL, GEMEENTE_SAMEN, 5, ""),
    (2, "Laat bezoekers betalen voor het plein, dan is er plek voor ons.", "idee", None, GEMEENTE_RUIMTE, 2, ""),
    (None, "De klok op de kerk loopt elf minuten achter.", "opmerking", None, None, 3, ""),
]


GROUPED = {
    text: "Het is donker en onoverzichtelijk achter de flats"
    for text in (
        "Achter de flat is het zo donker dat ik mijn sleutel niet zie.",
        "Na de training fietsen wij met z’n drieën, alleen durf ik niet.",
    )
}  # as an editor says it, beside the words


BEHIND_IT = {
    "signal": "Mensen lopen liever om.",
    "cause": "Niemand voelt zich eigenaar van de plek tussen de portieken.",
    "amounts": [
        {"what": "verlichting en groen", "amount": 12500, "unit": "euro", "source": "wijkbudget 2027"},
        {"what": "uren van de opbouwwerker", "amount": 80, "unit": "uur", "source": "welzijnssubsidie"},
    ],
    "serves": ["hulpbronnen", "veiligheid", "doen"],
}


# Of five expectations, one waits.
REPLIES = [
    ("doen", "Wij bellen binnen twee werkdagen terug, ook als wij het nog niet weten.", None, False),
    ("kan_niet", "Daar is dit jaar geen geld voor. Wij vragen het aan voor 2028.", None, True),
    ("deskundiger", "Zij spreken deze mensen elke week.", WELZIJN, False),
    ("doen", "", None, False),
]  # fmt: skip


def replies_to(number: int, addressed_to: int | None) -> list[dict[str, Any]]:
    """What the party says to the inbreng with this number, if it is an expectation and does not wait."""
    if addressed_to is None or number % 5 == 4:
        return []
    answer, text, other, on_behalf = REPLIES[number % 5]
    if other == addressed_to:
        answer, other = "doen", None
    return [{"contribution": number, "answer": answer, "text": text, "other_party": other, "on_behalf": on_behalf}]


def stood_at(meeting: int, everything: list[tuple[Any, ...]]) -> dict[str, int]:
    """How far the expectations stood when this meeting began: every party answers before the second meeting after."""
    asked = [(place, said) for place, said in enumerate(everything, start=1) if said[5] and said[6] < meeting]
    answers = [
        reply["answer"] for place, said in asked if said[6] < meeting - 1 for reply in replies_to(place, said[5])
    ]
    return {"count": len(asked), "answered": len(answers), "agreed": answers.count("doen")}


def example_content(factor: int = 1) -> dict[str, Any]:
    """Frozen content; factor 1 draws 20 pages, 12 draws 92: points and contributions are repeated."""
    points = []
    for number, _name in enumerate(THEMES, start=1):
        of_theme = [point for point in POINTS if point[0] == number]
        for index, point in enumerate(islice(cycle(of_theme), len(of_theme) * factor)):
            _, title, why, first_step, ready_on, noticed_by, means, commitments = point
            street = f" ({STREETS[index % len(STREETS)]})" if index >= len(of_theme) else ""
            points.append(
                {
                    "id": number * 1000 + index, "number": f"{number}.{index + 1}", "theme": number,
                    "title": title + street, "why": why,
                    "first_step": first_step, "ready_on": ready_on, "noticed_by": noticed_by, "means": means,
                    "commitments": [{"party": party, "role": role, "text": text} for party, role, text in commitments],
                }
            )  # fmt: skip
    spoken = list(islice(cycle(CONTRIBUTIONS), len(CONTRIBUTIONS) * factor))
    everything = [(said[0], None, *said[1:]) for said in spoken] + [(None, *said) for said in LEFT_OUT]
    for point in points:  # every first point of a theme comes from all that was said under it
        said_by = [said[4] for said in everything if said[0] == point["theme"] and point["number"].endswith(".1")]
        point |= {"voices": len(said_by), "residents": said_by.count(None)}
        point |= BEHIND_IT if said_by else {"signal": "", "cause": "", "amounts": [], "serves": []}
    return {
        "schema": 6,
        "document_number": "VA-2026-0007",
        "version": 2,
        "frozen_at": "2026-11-20T14:05:00Z",
        "frozen_by": {"name": "Sanne de Wit", "function": "projectleider"},
        "verify_url": "https://thuiswijk.example/controleer/VA-2026-0007-v2/",
        "title": "Verbeteragenda Lindenkwartier",
        "gemeente": {"name": "Voorbeeldstad", "code": "GM9999"},
        "area": {
            "name": "Lindenkwartier",
            "wijken": [{"code": "WK999901", "year": 2026, "name": "Lindenkwartier"}],
            "map": map_of(PLACES[:1], PLACES[1:], source="voorbeeldkaart, verzonnen", year=2026),
        },
        "term": {"from": "2027-01-01", "until": "2028-12-31"},
        "summary": SUMMARY,
        "motivation": MOTIVATION,
        "story": STORY,
        "rules": RULES,
        "follow_up": FOLLOW_UP,
        "figures": [
            {"label": label, "value": value, "gemeente": gemeente, "source": source, "measured_on": measured_on}
            for label, value, gemeente, source, measured_on in FIGURES
        ],
        "meetings": [
            {
                "number": number, "kind": kind, "kind_label": kind_label, "title": title, "held_on": held_on,
                "place": place, "residents": residents, "contributions": sum(1 for said in everything if said[6] == number),
                "parties": [
                    {"party": party, "people": 1 + (party + number) % 3}
                    for party, *_ in PARTIES
                    if (party * number) % 5 != 4 and not (party == ONDERNEMERS and number > 3)
                ],
                "expectations": stood_at(number, everything),
            }
            for number, (kind, kind_label, title, held_on, place, residents) in enumerate(MEETINGS, start=1)
        ],
        "parties": [
            {"id": party, "name": name, "kind": kind, "kind_label": kind_label, "contact": contact}
            for party, name, kind, kind_label, contact in PARTIES
        ],
        "themes": [
            {
                "number": number, "name": name, "summary": summary,
                "contributions": sum(1 for contribution in spoken if contribution[0] == number),
            }
            for number, (name, summary) in enumerate(THEMES, start=1)
        ],
        "points": points,
        "declined": [
            {
                "number": 1, "subject": "Een zwembad in de wijk", "contributions": 2,
                "reason": "Een zwembad kost meer dan het hele wijkbudget van tien jaar. Met de bus is het zwembad in "
                "Molenveld twaalf minuten rijden.",
            },
            {
                "number": 2, "subject": "Betaald parkeren op het Lindeplein", "contributions": 1,
                "reason": "Bewoners en winkeliers zijn het hier niet over eens. Zij praten er in 2027 apart over verder.",
            },
        ],
        "gaps": [
            "Verbeterpunt 2.2 heeft geen datum waarop het klaar is.",
            "De Winkeliers van het Lindeplein hebben nog geen contactpersoon.",
        ],
        "gaps_reason": "De winkeliers kiezen in januari een nieuw bestuur. Daarop wachten zou alle andere punten vertragen.",
        "contributions": [
            {
                "id": number, "group": GROUPED.get(text, ""), "part": "",
                "theme": theme, "declined": declined, "text": text, "kind": kind, "said_by": said_by,
                "addressed_to": addressed_to, "meeting": meeting, "question": question,
                "points": [f"{theme}.1"] if theme else [],
            }
            for number, (theme, declined, text, kind, said_by, addressed_to, meeting, question) in enumerate(everything, 1)
        ],
        "replies": [
            reply for number, said in enumerate(everything, start=1) for reply in replies_to(number, said[5])
        ],
        "changed_since": 1,
        "changes": [
            {
                "sentence": "Punt 3.1: de dag waarop het klaar is was “31 december 2027”, is nu “31 maart 2028”.",
                "parties": [GEMEENTE_RUIMTE, LINDE],
            },
            {"sentence": "Nieuw: punt 4.2.", "parties": [WELZIJN]},
        ],
        "terms": [
            {"term": "corporatie", "meaning": "een organisatie die betaalbare huurwoningen bouwt, verhuurt en onderhoudt."},
            {"term": "opbouwwerker", "meaning": "iemand die bewoners helpt om samen hun buurt beter te maken."},
            {"term": "Wmo", "meaning": "Wet maatschappelijke ondersteuning. De gemeente helpt mensen om mee te doen."},
        ],
    }  # fmt: skip


def example_answers(content: dict[str, Any]) -> dict[str, Any]:
    """The answers of a closed round on that content: full, with a reservation, refused and not given."""

    def answer(party: int, kind: str, name: str = "", function: str = "", **rest: Any) -> dict[str, Any]:
        return {
            "party": party, "answer": kind, "reservations": [], "text": "", "name": name, "function": function,
            "on_behalf_of": "", "decided_on": None, "method": "link per e-mail" if name else "",
            "endorsed_at": f"2026-12-{party + 1:02d}T09:3{party}:00Z" if name else None,
            "version": content["version"] if name else None, "digest": digest(canonical(content)) if name else None,
            "mandate": "", "registered_by": None, "proof": "", "scan": None, "given_on": None, "handed_over": None,
            "second": None, "signed_alone": None, **rest,
        }  # fmt: skip

    return {
        "schema": 6,
        "document_number": content["document_number"],
        "version": content["version"],
        "digest": digest(canonical(content)),
        "opened_at": "2026-11-20T14:10:00Z",
        "deadline": "2026-12-15",
        "closed_at": "2026-12-16T08:30:00Z",
        "closed_by": {"name": "Sanne de Wit", "function": "projectleider"},
        "closed_reason": "De winkeliers hebben na drie herinneringen niet geantwoord. Zij kunnen bij de volgende versie meedoen.",
        "events": 31,
        "events_head": "7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069",
        "answers": [
            answer(GEMEENTE_RUIMTE, "volledig", "Ellen Smit", "afdelingshoofd",
                   on_behalf_of="college van burgemeester en wethouders", mandate="besluit", decided_on="2026-12-01"),
            answer(GEMEENTE_SAMEN, "volledig", "Karim Aydin", "afdelingshoofd",
                   on_behalf_of="college van burgemeester en wethouders", mandate="besluit", decided_on="2026-12-01"),
            answer(LINDE, "voorbehoud", "Joost Hendriks", "directeur", decided_on="2026-12-03",
                   on_behalf_of="bestuur van Woonstichting De Linde",
                   reservations=[
                       {"point": "3.1", "text": "Wij halen maart 2028 alleen als de aannemer op tijd vergunning krijgt."}
                   ],
                   second={"name": "Ria Post", "function": "bestuurder", "signed_at": "2026-12-05T10:00:00Z"}),
            answer(WELZIJN, "volledig", "Fatma Yıldız", "teamleider", on_behalf_of="directie", mandate="volmacht",
                   handed_over={"by": {"name": "Hans Prins", "function": "directeur"},
                                "to": {"name": "Fatma Yıldız", "function": "teamleider"}}),
            answer(SCHOOL, "volledig", "Marieke van ’t Veld", "directeur", on_behalf_of="schoolbestuur",
                   version=1, digest=64 * "5", endorsed_at="2026-10-08T09:30:00Z"),
            answer(KERK, "volledig", "Piet Jansma", "voorzitter kerkenraad", on_behalf_of="kerkenraad",
                   method="op papier", proof="Brief van 3 december.", scan=64 * "b", given_on="2026-12-03", mandate="functie",
                   second={"name": "Grietje Bos", "function": "scriba", "signed_at": None},
                   registered_by={"name": "Sanne de Wit", "function": "projectleider"}),
            answer(ONDERNEMERS, "geen"),
            answer(BEWONERS, "niet", "Łucja Nowak", "woordvoerder", mandate="groep",
                   text="Wij blijven meedoen, maar wij wilden dat betaald parkeren er ook in stond."),
        ],
    }  # fmt: skip


def reserved_everywhere(content: dict[str, Any]) -> dict[str, Any]:
    """Those answers, but every party that answered has a reservation at every point, the one party longer ones than the other."""
    given = example_answers(content)
    for times, answer in enumerate(given["answers"], start=1):
        if answer["answer"] != "geen":
            text = "Wij doen dit alleen als de begroting van 2028 het toelaat. " * 5 * times
            said = [{"point": point["number"], "text": f"{point['number']} {text}"} for point in content["points"]]
            answer |= {"answer": "voorbehoud", "reservations": said, "text": ""}
    return given


def example_evidence(content: dict[str, Any], times: int = 1) -> dict[str, Any]:
    """The evidence beside those answers, with every kind of event in it; `times` over where it must be long."""
    given = example_answers(content)
    people = [{"id": 1, "name": "Sanne de Wit", "function": "projectleider"}]
    asked = [
        (1, GEMEENTE_RUIMTE, "Ellen Smit", "afdelingshoofd"), (2, GEMEENTE_SAMEN, "Karim Aydin", "afdelingshoofd"),
        (3, LINDE, "Joost Hendriks", "directeur"), (4, WELZIJN, "Saskia Bos", "bestuurder"),
        (5, KERK, "Piet Jansma", "voorzitter kerkenraad"), (6, ONDERNEMERS, "", ""),
        (7, BEWONERS, "Łucja Nowak", "woordvoerder"), (8, WELZIJN, "Fatma Yıldız", "teamleider"),
        (9, LINDE, "Mieke van Dam", "bestuurder"), (10, LINDE, "Mieke van Dam", "bestuurder"),
    ]  # fmt: skip
    requests = [
        {"id": pk, "party": party, "name": name, "function": function,
         "address": f"{name.split()[0].lower()}@elders.example" if name else "", "asked_at": "2026-11-20T14:10:00Z",
         "handed_over_by": 4 if pk == 8 else None, "seconds": 3 if pk in (9, 10) else None}
        for pk, party, name, function in asked
    ]  # fmt: skip
    of = {request["id"]: request["party"] for request in requests}

    def through(kind: str, request: int, **facts: Any) -> dict[str, Any]:
        return {"kind": kind, "request": request, "party": of[request], **facts}

    def answered(kind: str, request: int, **facts: Any) -> dict[str, Any]:
        said = next(one for one in given["answers"] if one["party"] == of[request])
        names = ("answer", "reservations", "text", "name", "function", "on_behalf_of", "decided_on")
        told = {name: said[name] for name in names} | {"agreed": "Ik heb de agenda gelezen.", "digest": given["digest"]}
        how = {"method": "code per e-mail", "code_sent_to": requests[request - 1]["address"], "proof": ""}
        return through(kind, request, **told | how | facts)

    second = {
        "name": "Mieke van Dam",
        "function": "bestuurder",
        "code_sent_to": "mieke@elders.example",
        "agreed": "Ik mag dit.",
    }
    told: list[dict[str, Any]] = [
        {"kind": "opened", "party": None, "by": 1, "deadline": "2026-12-10", "digest": given["digest"]},
        {"kind": "carried", "party": SCHOOL, "version": 1, "digest": 64 * "5"},
        *[through("asked", pk, is_mailed=pk != 6) for pk in range(1, 8)],
        *[
            through("code_sent", 1, to="link"), through("code_wrong", 1, tries=1), through("code_expired", 1),
            through("code_sent", 1, to="account"), through("code_right", 1), answered("answered", 1),
            answered("answered", 2, method="ingelogd", code_sent_to=""), through("handed_over", 8, is_mailed=True),
            through("link_old", 4), answered("answered", 8), answered("proposed", 3), through("second_asked", 9, is_mailed=True),
            through("second_declined", 9, reason="Ik wil eerst weten wie de schilder betaalt."), answered("proposed", 3),
            through("second_asked", 10, is_mailed=True), answered("answered", 3, second=second),
            answered("registered", 5, by=1, method="op papier", code_sent_to="", proof="Brief van 3 december.",
                     scan={"name": "brief kerkenraad.pdf", "size": 184_320, "sha256": 64 * "b"},
                     second={"name": "Grietje Bos", "function": "scriba"}),
            through("reminded", 7),
        ] * times,
        {"kind": "postponed", "party": None, "deadline": "2026-12-15", "before": "2026-12-10"},
        answered("answered", 7),
        {"kind": "closed", "party": None, "by": 1, "reason": given["closed_reason"], "missing": [ONDERNEMERS]},
    ]  # fmt: skip
    events: list[dict[str, Any]] = []
    for number, body in enumerate(told, start=1):
        at = f"2026-12-{1 + number % 15:02d}T09:{number % 60:02d}:07Z"
        text, previous = canonical(body | {"at": at}).decode(), events[-1]["hash"] if events else given["digest"]
        events.append({"number": number, "body": text, "hash": chain.link(previous, text)})
    second_of = {"name": "Mieke van Dam", "function": "bestuurder", "signed_at": "2026-12-04T10:00:00Z"}
    return {
        "schema": 2,
        **{
            name: given[name] for name in ("document_number", "version", "digest", "opened_at", "deadline", "closed_at")
        },
        "title": content["title"],
        "gemeente": content["gemeente"]["name"],
        "document_sha256": 64 * "a",
        "sealed_at": "2026-12-16T08:31:00Z",
        "closed_reason": given["closed_reason"],
        "parties": [{"id": party["id"], "name": party["name"]} for party in content["parties"]],
        "people": people,
        "requests": requests,
        "answers": [
            answer
            | {"code_sent_to": "ellen@elders.example" if answer["party"] == GEMEENTE_RUIMTE else ""}
            | {"second_code_sent_to": "mieke@elders.example" if answer["party"] == LINDE else ""}
            | ({"second": second_of} if answer["party"] == LINDE else {})
            | {"scan_file": {"name": "brief kerkenraad.pdf", "size": 184_320} if answer["party"] == KERK else None}
            for answer in given["answers"]
        ],
        "events": events,
        "events_head": events[-1]["hash"],
    }
