"""The believable example: everything `manage.py demo` puts in an empty Thuiswijk, as pure data.

The gemeente Voorbeeldstad, its streets, its organisations and its people are made up. Nothing here imports Django:
`EXAMPLE` at the bottom is a tree of frozen dataclasses that a loader walks from top to bottom. Keys are only for
pointing inside this file; `tests/test_example.py` proves that every key that is pointed at exists.

Days are whole numbers counted from today (negative is past), so that the demo never grows old. Only `Point.ready`
is counted from the first day of the term, because that is how parties speak of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

PHASES = (
    "aanmelding",
    "gesprekken",
    "start",
    "themas",
    "werk",
    "agenda",
    "onderschrijven",
    "vaststelling",
    "nakoming",
)
PARTY_KINDS = (
    "gemeente",
    "corporatie",
    "welzijn",
    "zorg",
    "school",
    "kerk",
    "ondernemer",
    "vereniging",
    "bewoners",
    "overig",
)
MEETING_KINDS = ("gesprek", "start", "werk", "leer", "netwerk")
# What parties said to the expectations, by turns: (answer, words); None is one that still waits.
REPLIES = [
    ("doen", "Dat staat nu in onze afspraken."),
    ("doen", "Daar beginnen wij dit najaar mee."),
    ("kan_niet", "Daar hebben wij dit jaar de mensen niet voor. In het voorjaar kijken wij er opnieuw naar."),
    ("doen", ""),
    ("doen", "Wij spreken af wie van ons dat oppakt, en laten het weten."),
    None,
]

CONTRIBUTION_KINDS = ("opmerking", "verwachting", "signaal", "idee", "behoefte")
COMMITMENT_ROLES = ("trekker", "meewerkend", "deskundig", "kan_niet")
ANSWERS = ("volledig", "voorbehoud", "niet", "geen")
PROGRESS_STATES = ("begonnen", "loopt", "klaar", "vastgelopen")
OBSTACLES = ("financiering", "regelgeving", "afdeling", "privacy")


@dataclass(frozen=True)
class Person:
    """Somebody of the gemeente or the adviser; role is projectleider, adviseur or meelezer."""

    key: str
    name: str
    function: str
    email: str
    role: str


@dataclass(frozen=True)
class Party:
    """An organisation or group that can promise, with the person who speaks for it; kind is one of PARTY_KINDS."""

    key: str
    name: str
    kind: str
    contact: str
    function: str
    email: str
    has_account: bool = False


@dataclass(frozen=True)
class Figure:
    """One figure of a wijk; measured_on is an ISO date."""

    label: str
    value: str
    gemeente: str = ""  # the same of the whole gemeente
    source: str = "voorbeeldcijfers, verzonnen"
    measured_on: str = "2026-01-01"


@dataclass(frozen=True)
class Wijk:
    """A wijk with its code of that year; the corners of its outline in tens of metres to the east and the north."""

    key: str
    code: str
    name: str
    figures: tuple[Figure, ...]
    corners: str
    source: str = "voorbeeldkaart, verzonnen"
    year: int = 2026

    @property
    def outline(self) -> list[list[list[list[int]]]]:
        """As a wijk has it (thuiswijk.lib.outlines). The town lies in the North Sea, so nobody takes it for a real one."""
        corners = [corner.split(",") for corner in self.corners.split()]
        return [[[[400_000 + round(int(x) * 14.93), 5_300_000 + round(int(y) * 8.98)] for x, y in corners]]]


@dataclass(frozen=True)
class Contribution:
    """One thing said. said_by None is a resident; addressed_to is set exactly when kind is verwachting."""

    text: str
    kind: str
    theme: str | None = None
    said_by: str | None = None
    addressed_to: str | None = None


@dataclass(frozen=True)
class Item:
    """An agendapunt: the question that phones ask, and what came out of it."""

    title: str
    minutes: int
    question: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Action:
    """Who does what, agreed in a meeting; due is a day from today, done says whether it was done by now."""

    text: str
    party: str | None
    due: int | None = None
    done: bool = False


@dataclass(frozen=True)
class Consent:
    """What a party said in a werkbijeenkomst of a point: akkoord, opmerking or bezwaar; and what was done with an objection."""

    point: str
    party: str
    answer: str
    words: str = ""
    reply: str = ""


@dataclass(frozen=True)
class Meeting:
    """A meeting and what was said there; attendance is people per party key, residents are counted apart."""

    key: str
    kind: str
    title: str
    place: str
    days: int
    question: str
    residents: int
    attendance: Mapping[str, int]
    contributions: tuple[Contribution, ...] = ()
    items: tuple[Item, ...] = ()
    actions: tuple[Action, ...] = ()
    consents: tuple[Consent, ...] = ()  # in the order in which they were said


@dataclass(frozen=True)
class Reply:
    """What a party answered to an invitation, so many days after it; with nobody, it does not come."""

    party: str
    after: int
    people: int = 0
    remark: str = ""


@dataclass(frozen=True)
class Upcoming:
    """A meeting that is planned, with its agenda; whom was asked to come on which day from today, and who answered."""

    kind: str
    title: str
    place: str
    days: int
    agenda: tuple[Item, ...] = ()
    asked: int = 0
    invited: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True)
class Theme:
    """What contributions are placed in. With `declined` filled it is a subject not taken over, and this is why."""

    key: str
    name: str
    summary: str
    declined: str = ""


@dataclass(frozen=True)
class Commitment:
    """What one party does, knows best, or can't do on a point, in its own words; role is one of COMMITMENT_ROLES."""

    party: str
    role: str
    text: str


@dataclass(frozen=True)
class Point:
    """One thing that will get better; key is its number, ready is days from the start of the term or None."""

    key: str
    theme: str
    title: str
    why: str
    first_step: str
    ready: int | None
    noticed_by: str
    means: str
    commitments: tuple[Commitment, ...]
    signal: str = ""
    cause: str = ""
    amounts: tuple[tuple[str, int, str, str], ...] = ()  # what for, how much, euro or uur, where from
    serves: tuple[str, ...] = ()


@dataclass(frozen=True)
class Agenda:
    """The texts and points of a verbeteragenda; paragraphs are parted by blank lines, rules are one per line."""

    title: str
    term_from: int
    term_until: int
    summary: str
    motivation: str
    story: str
    rules: str
    follow_up: str
    points: tuple[Point, ...]
    gaps_reason: str = ""


@dataclass(frozen=True)
class Answer:
    """One party's answer to the version. `geen` means it did not answer: no name, no days, no text."""

    party: str
    answer: str
    reservations: dict[str, str] = field(default_factory=dict)  # by the key of a point
    text: str = ""
    name: str = ""
    function: str = ""
    on_behalf_of: str = ""
    decided: int | None = None
    answered: int | None = None
    method: str = "link per e-mail"


@dataclass(frozen=True)
class Round:
    """Asking the parties; while closed is None the round is open and who has no Answer here has still to give it."""

    frozen: int
    opened: int
    deadline: int
    answers: tuple[Answer, ...]
    closed: int | None = None
    closed_reason: str = ""
    sealed: int | None = None


@dataclass(frozen=True)
class Progress:
    """What became of a party's promise; an obstacle (one of OBSTACLES) is named with who can lift it."""

    point: str
    party: str
    days: int
    state: str
    text: str
    obstacle: str | None = None
    lifted_by: str = ""


@dataclass(frozen=True)
class Notice:
    """A resident's answer to "merkt u hier iets van?": ja, een_beetje or nee."""

    point: str
    days: int
    noticed: str
    text: str


@dataclass(frozen=True)
class Trajectory:
    """One improvement trajectory, as far as it has come; readiness is (what was asked, what was noted)."""

    key: str
    name: str
    phase: str
    area: str
    wijken: tuple[str, ...]
    leader: str
    applied: int
    application: str
    readiness: tuple[tuple[str, str], ...] = ()
    parties: tuple[str, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    upcoming: tuple[Upcoming, ...] = ()
    later: tuple[Item, ...] = ()
    themes: tuple[Theme, ...] = ()
    agenda: Agenda | None = None
    round: Round | None = None
    progress: tuple[Progress, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def contributions(self) -> tuple[tuple[Meeting, Contribution], ...]:
        """Everything said in this trajectory, with the meeting it was said in."""
        return tuple((meeting, said) for meeting in self.meetings for said in meeting.contributions)


@dataclass(frozen=True)
class Example:
    """The whole example of one gemeente."""

    gemeente: str
    code: str
    staff: tuple[Person, ...] = field(default=())
    parties: tuple[Party, ...] = field(default=())
    wijken: tuple[Wijk, ...] = field(default=())
    trajectories: tuple[Trajectory, ...] = field(default=())


STAFF = (
    Person("sanne", "Sanne de Wit", "projectleider", "projectleider@voorbeeldstad.example", "projectleider"),
    Person("bilal", "Bilal Oussaid", "projectleider", "projectleider2@voorbeeldstad.example", "projectleider"),
    Person("marlies", "Marlies Terwolde", "adviseur wijkontwikkeling", "adviseur@voorbeeldstad.example", "adviseur"),
    Person("koen", "Koen van Dalsum", "wethouder zorg en wijken", "wethouder@voorbeeldstad.example", "meelezer"),
)

PARTIES = (
    Party(
        "gem_mo",
        "Gemeente Voorbeeldstad, Maatschappelijke Ontwikkeling",
        "gemeente",
        "Hanneke Prins",
        "teammanager zorg en welzijn",
        "h.prins@mo.voorbeeldstad.example",
    ),
    Party(
        "gem_bor",
        "Gemeente Voorbeeldstad, Beheer Openbare Ruimte",
        "gemeente",
        "Ruud Scholtens",
        "wijkbeheerder",
        "r.scholtens@beheer.voorbeeldstad.example",
    ),
    Party(
        "gem_wi",
        "Gemeente Voorbeeldstad, Werk en Inkomen",
        "gemeente",
        "Sevda Aksoylu",
        "teamleider participatie",
        "s.aksoylu@werk.voorbeeldstad.example",
    ),
    Party(
        "linde",
        "Woonstichting De Linde",
        "corporatie",
        "Joost Hendriksma",
        "manager wonen en leefbaarheid",
        "joost@delinde.voorbeeldstad.example",
    ),
    Party(
        "welzijn",
        "Stichting Welzijn Voorbeeldstad",
        "welzijn",
        "Fenna Molhuizen",
        "teamleider opbouwwerk",
        "fenna@welzijn.voorbeeldstad.example",
        has_account=True,
    ),
    Party(
        "anker",
        "Zorggroep Het Anker",
        "zorg",
        "Dilan Yaramis",
        "regiomanager wijkverpleging en ambulante zorg",
        "d.yaramis@hetanker.voorbeeldstad.example",
    ),
    Party(
        "zonnewijzer",
        "Basisschool De Zonnewijzer",
        "school",
        "Margot Ubbens",
        "directeur",
        "directie@zonnewijzer.voorbeeldstad.example",
    ),
    Party(
        "loods",
        "Brede School De Loods",
        "school",
        "Ivo Kranendonk",
        "brugfunctionaris",
        "ivo@deloods.voorbeeldstad.example",
    ),
    Party(
        "brug",
        "Kerkgemeente De Brug",
        "kerk",
        "Tineke Wagenvoort",
        "diaken",
        "diaconie@debrug.voorbeeldstad.example",
    ),
    Party(
        "vijgenboom",
        "Moskee De Vijgenboom",
        "kerk",
        "Hamid El Kasri",
        "bestuurslid",
        "bestuur@vijgenboom.voorbeeldstad.example",
    ),
    Party(
        "winkeliers",
        "Winkeliersvereniging Lindeplein",
        "ondernemer",
        "Perry Wolters",
        "voorzitter",
        "bestuur@lindeplein.voorbeeldstad.example",
    ),
    Party(
        "kade",
        "Ondernemersclub Havenkade",
        "ondernemer",
        "Jolanda Bruinsma-Vos",
        "secretaris",
        "info@havenkade.voorbeeldstad.example",
    ),
    Party(
        "vvl",
        "Sportvereniging VVL",
        "vereniging",
        "Ronald Geerdink",
        "voorzitter",
        "voorzitter@vvl.voorbeeldstad.example",
    ),
    Party(
        "roeiers",
        "Roeivereniging De Riemen",
        "vereniging",
        "Babette Loos",
        "bestuurslid jeugd",
        "jeugd@deriemen.voorbeeldstad.example",
    ),
    Party(
        "bewoners",
        "Bewonersgroep Lindenkwartier",
        "bewoners",
        "Wilma Otten",
        "aanspreekpunt",
        "groep@lindenkwartier.voorbeeldstad.example",
    ),
    Party(
        "kaaibewoners",
        "Bewonersgroep Aan de Kaai",
        "bewoners",
        "Orlando Pinas",
        "aanspreekpunt",
        "hallo@aandekaai.voorbeeldstad.example",
    ),
    Party(
        "molenaars",
        "Buurtvereniging De Molenaars",
        "vereniging",
        "Greet Alberda",
        "voorzitter",
        "voorzitter@demolenaars.voorbeeldstad.example",
    ),
    Party(
        "dorpsraad",
        "Dorpsraad Lage Wilgen",
        "bewoners",
        "Evert Nijland",
        "voorzitter",
        "dorpsraad@lagewilgen.voorbeeldstad.example",
    ),
    Party(
        "wijkagenten",
        "Wijkagenten Voorbeeldstad",
        "overig",
        "Ilse Rademakers",
        "operationeel expert wijk",
        "wijk@agenten.voorbeeldstad.example",
    ),
)

WIJKEN = (
    Wijk(
        "lindenkwartier",
        "WK999901",
        "Lindenkwartier",
        (
            Figure("Inwoners", "6.240", "84.310"),
            Figure("Huishoudens", "3.110"),
            Figure("Huishoudens van één persoon", "46%", "38%"),
            Figure("Inwoners van 65 jaar en ouder", "22%", "19%"),
            Figure("Woningen van een corporatie", "61%", "31%"),
            Figure("Inwoners die zich vaak eenzaam voelen", "14%", "11%", measured_on="2025-10-01"),
            Figure("Rapportcijfer voor de buurt", "6,4", "7,0", measured_on="2025-10-01"),
        ),
        "290,168 315,180 340,188 370,190 400,186 412,220 410,255 395,286 350,294 310,280 284,262 268,248 "
        "288,225 296,195",
    ),
    Wijk(
        "havenbuurt",
        "WK999902",
        "Havenbuurt",
        (
            Figure("Inwoners", "4.085"),
            Figure("Inwoners jonger dan 25 jaar", "34%"),
            Figure("Huishoudens met kinderen", "38%"),
            Figure("Huishoudens met een laag inkomen", "19%"),
            Figure("Woningen van na 2015", "41%"),
            Figure("Rapportcijfer voor de buurt", "6,8", measured_on="2025-10-01"),
        ),
        "60,169 90,172 106,171 109,202 120,203 122,168 150,155 180,142 186,170 182,205 175,230 130,242 "
        "85,234 62,226",
    ),
    Wijk(
        "molenveld",
        "WK999903",
        "Molenveld",
        (
            Figure("Inwoners", "7.512"),
            Figure("Inwoners van 75 jaar en ouder", "13%"),
            Figure("Koopwoningen", "58%"),
            Figure("Inwoners die mantelzorg geven", "17%", measured_on="2025-10-01"),
            Figure("Rapportcijfer voor de buurt", "7,1", measured_on="2025-10-01"),
        ),
        "200,248 235,256 268,248 284,262 310,280 350,294 346,330 330,365 290,386 240,388 204,365 186,325 "
        "182,280",
    ),
    Wijk(
        "zonnehof",
        "WK999904",
        "Zonnehof",
        (
            Figure("Inwoners", "2.960"),
            Figure("Huishoudens van één persoon", "52%"),
            Figure("Woningen in een flat", "74%"),
            Figure("Verhuisd in het afgelopen jaar", "18%"),
            Figure("Rapportcijfer voor de buurt", "6,1", measured_on="2025-10-01"),
        ),
        "175,123 210,119 244,125 278,139 286,100 274,62 230,52 186,60 168,90",
    ),
    Wijk(
        "buitengebied",
        "WK999905",
        "Buitengebied Oost",
        (
            Figure("Inwoners", "1.340"),
            Figure("Inwoners van 65 jaar en ouder", "27%"),
            Figure("Afstand tot de huisarts", "6,2 km"),
            Figure("Leerlingen op de dorpsschool", "58"),
        ),
        "400,186 440,174 490,168 540,176 600,196 660,204 710,270 720,350 660,430 550,470 430,465 340,435 "
        "290,386 330,365 346,330 350,294 395,286 410,255 412,220",
    ),
    # What lies around them: there is no trajectory here.
    Wijk("binnenstad", "WK999906", "Binnenstad", (),
         "180,142 210,138 240,143 270,156 290,168 296,195 288,225 268,248 235,256 200,248 175,230 182,205 186,170"),
    Wijk("weiden", "WK999907", "De Weiden", (),
         "0,150 40,165 60,169 62,226 85,234 130,242 175,230 200,248 182,280 186,325 204,365 170,390 100,400 30,380 -40,330 "
         "-60,240 -40,160"),
    Wijk("noorderhout", "WK999908", "Noorderhout", (),
         "204,365 240,388 290,386 340,435 300,480 220,490 150,460 100,400 170,390"),
    Wijk("overwater", "WK999909", "Overwater", (),
         "0,130 40,146 80,153 120,149 146,137 175,123 168,90 186,60 160,0 100,-40 20,-30 -40,30 -50,100"),
    Wijk("zuidhoek", "WK999910", "Zuidhoek", (),
         "278,139 308,157 336,168 360,171 400,167 440,155 490,149 540,156 600,175 640,100 540,30 450,-20 330,-40 160,0 186,60 "
         "230,52 274,62 286,100"),
)  # fmt: skip


def _paragraphs(*paragraphs: str) -> str:
    """Paragraphs as one text, parted by blank lines."""
    return "\n\n".join(paragraphs)


def _lines(*lines: str) -> str:
    """One rule per line."""
    return "\n".join(lines)


LK_THEMES = (
    Theme(
        "ontmoeten",
        "Elkaar tegenkomen zonder afspraak",
        "Er is in de wijk veel te doen, maar het is vaak dicht op de uren dat mensen alleen zijn. Buurthuis, kerk, "
        "moskee en school weten weinig van elkaars programma. Bewoners vragen om plekken waar u zo binnenloopt, en om "
        "iemand die u de eerste keer meeneemt.",
    ),
    Theme(
        "beeld",
        "Niemand uit beeld",
        "Buren, winkels en school zien vaak als eersten dat het niet goed gaat met iemand, maar weten niet wie ze "
        "kunnen bellen. Na een opname of een brief over schuld valt er een gat. Partijen willen elkaar eerder vinden, "
        "en mensen die het zelf hebben meegemaakt een rol geven.",
    ),
    Theme(
        "naast",
        "Wonen naast elkaar",
        "In de Kastanjehof en de Beukenflat kwamen in korte tijd veel nieuwe mensen wonen, ook uit de opvang. Er was "
        "weinig uitleg en weinig kennismaking. Bij geluid en ruzie komt het gesprek nu te laat.",
    ),
    Theme(
        "buiten",
        "Buiten kunnen lopen, zitten en thuiskomen",
        "Het Elzenpad is donker, de weg naar het plein is moeilijk met een rollator en bij school is het elke ochtend "
        "gevaarlijk. Bewoners willen niet nog een plan, maar dat een melding echt wordt opgelost. Bankjes en een "
        "toilet bepalen of mensen de deur uit gaan.",
    ),
    Theme(
        "meedoen",
        "Iets kunnen betekenen",
        "Veel mensen willen iets doen, maar zijn bang voor hun uitkering, missen de taal of vinden geen plek. Winkels "
        "en clubs willen wel ruimte maken als er één vast gezicht achter staat. Jongeren vragen om vertrouwen, te "
        "beginnen met een sleutel.",
    ),
    Theme(
        "parkeren",
        "Gratis parkeren rond het Lindeplein",
        "Bewoners en winkeliers vroegen om meer plekken en om gratis parkeren op zaterdag. Een andere bewoner wilde "
        "juist minder auto's.",
        declined=(
            "De gemeenteraad stelt het parkeren vast voor de hele stad, en doet dat volgend jaar opnieuw. In dit "
            "traject kan niemand daarover een belofte doen. De inbreng is letterlijk doorgegeven aan de afdeling die "
            "het raadsvoorstel maakt, en de winkeliersvereniging is uitgenodigd om daar zelf te spreken."
        ),
    ),
)

LK_POINTS = (
    Point(
        "1.1",
        "ontmoeten",
        "Buurthuis De Lindeboom is ook ’s avonds en op zondag open",
        "Voor mensen die alleen zijn als alles dicht is, en voor wie nu niet naar een club durft. U loopt binnen "
        "zonder lid te zijn.",
        "Vijf bewoners krijgen een sleutel en een avond uitleg over sluiten, kassa en EHBO.",
        120,
        "Bezoekers vertellen twee keer per jaar wat een zondag voor hen is geworden; daarnaast tellen we hoeveel "
        "mensen voor het eerst kwamen.",
        "Verzekering en verwarming uit de subsidie voor het buurthuis; koffie op eigen kosten van de bezoekers.",
        (
            Commitment(
                "welzijn",
                "trekker",
                "Wij openen op dinsdag- en donderdagavond zelf, en dragen de zondag over aan bewoners met een "
                "sleutel. Onze opbouwwerker blijft bereikbaar.",
            ),
            Commitment(
                "bewoners",
                "meewerkend",
                "Vier van ons willen om de beurt de zondag draaien. Wie voor het eerst komt, halen wij desnoods thuis "
                "op.",
            ),
            Commitment(
                "gem_mo",
                "meewerkend",
                "Wij betalen de extra uren verwarming en schrappen de eis dat er altijd een beroepskracht bij moet "
                "zijn.",
            ),
            Commitment(
                "anker",
                "kan_niet",
                "Wij kunnen ’s avonds niemand van ons team in het buurthuis zetten, want de avondroosters zijn nu al "
                "niet vol. Wij wijzen onze cliënten wel de weg.",
            ),
        ),
        signal="Op zondag en na zes uur is er nergens iemand.",
        cause="Het buurthuis is alleen open als er een beroepskracht is. Bewoners kregen nooit een sleutel.",
        amounts=(
            ("verwarming en verzekering", 2400, "euro", "subsidie voor het buurthuis"),
            ("de opbouwwerker", 60, "uur", "Welzijn, uit de vaste uren voor de wijk"),
        ),
        serves=("betekenis", "hulpbronnen", "in_beeld", "lef"),
    ),
    Point(
        "1.2",
        "ontmoeten",
        "Elke donderdag kan iedereen ergens in de wijk mee-eten",
        "Voor iedereen die niet graag alleen eet. De maaltijd gaat rond, zodat mensen ook eens bij de kerk, de moskee "
        "en de school binnenkomen.",
        "Eén eetkalender op papier, in elke brievenbus, met de eerste drie maanden erop.",
        60,
        "De koks schrijven na elke ronde één verhaal op; we tellen hoeveel mensen op meer dan één plek aan tafel "
        "kwamen.",
        "Gaarkeuken en zalen van de partijen zelf; de gemeente legt een bedrag per maaltijd bij tot en met het tweede "
        "jaar.",
        (
            Commitment(
                "brug",
                "trekker",
                "Wij maken de kalender, koken de eerste donderdag van de maand en zetten een bord buiten waarop staat "
                "dat iedereen welkom is.",
            ),
            Commitment(
                "vijgenboom",
                "meewerkend",
                "Wij koken de tweede donderdag, en in de ramadan is iedereen elke vrijdag welkom bij zonsondergang.",
            ),
            Commitment(
                "zonnewijzer",
                "meewerkend",
                "De derde donderdag koken ouders en groep 8 in onze aula. Tot zeven uur, want dan moet de conciërge "
                "naar huis.",
            ),
            Commitment(
                "winkeliers",
                "meewerkend",
                "De groenteman en de bakker leggen klaar wat over is, voor vijf uur.",
            ),
            Commitment(
                "gem_mo",
                "meewerkend",
                "Wij leggen twee jaar lang iets bij per bord, en vragen geen lijst met namen terug.",
            ),
            Commitment(
                "linde",
                "kan_niet",
                "Wij kunnen niet meebetalen, want huurgeld mag niet naar maaltijden. Wel hangen wij de kalender in "
                "elke lift en elke hal.",
            ),
        ),
    ),
    Point(
        "2.1",
        "beeld",
        "Eén nummer als u zich zorgen maakt om iemand, en u hoort wat ermee gedaan is",
        "Voor buren, winkeliers en leerkrachten die iets zien en nu niet weten wie ze moeten bellen.",
        "Het bestaande zorgnummer krijgt van acht tot acht een mens aan de lijn die de wijk kent.",
        150,
        "Bellers krijgen na twee weken de vraag of zij iets terug hoorden; we leggen er elk halfjaar een verhaal van "
        "een beller naast.",
        "Anderhalve formatieplaats, vrijgemaakt door twee meldpunten samen te voegen.",
        (
            Commitment(
                "gem_mo",
                "trekker",
                "Wij bemensen het nummer en bellen binnen twee weken terug. Ook als we alleen mogen zeggen: er is "
                "iemand mee bezig.",
            ),
            Commitment(
                "anker",
                "deskundig",
                "Wij weten hoe u iemand die in de war is rustig aanspreekt. Wij trainen de mensen aan de telefoon en "
                "de winkels op het plein.",
            ),
            Commitment(
                "wijkagenten",
                "meewerkend",
                "Wij sturen meldingen die geen politiewerk zijn dezelfde avond door, in plaats van na het weekend.",
            ),
            Commitment(
                "zonnewijzer",
                "meewerkend",
                "Onze intern begeleider belt voortaan dit nummer en niet meer vier verschillende loketten.",
            ),
            Commitment(
                "winkeliers",
                "meewerkend",
                "Wie de training heeft gehad, plakt de sticker op de deur. We beginnen met zes zaken.",
            ),
        ),
    ),
    Point(
        "2.2",
        "beeld",
        "Wie uit een opname thuiskomt, krijgt binnen een week iemand aan de deur",
        "Voor mensen die na een opname weer zelf wonen. De eerste weken alleen zijn de moeilijkste.",
        "Bij elk ontslaggesprek vragen wij: mag er iemand langskomen, en wie hebt u het liefst?",
        180,
        "Mensen die thuiskwamen vertellen in een gesprek hoe de eerste maand was; we houden bij hoeveel dagen er "
        "tussen thuiskomst en bezoek zaten.",
        "Twee betaalde ervaringsdeskundigen, samen zestien uur per week, uit het budget voor herstel.",
        (
            Commitment(
                "anker",
                "trekker",
                "Wij melden ontslag twee weken vooruit als de cliënt ja zegt, en zorgen dat de eerste afspraak al in "
                "de agenda staat.",
            ),
            Commitment(
                "gem_mo",
                "meewerkend",
                "Wij betalen twee ervaringsdeskundigen en een inloopuur zonder verwijsbriefje.",
            ),
            Commitment(
                "brug",
                "meewerkend",
                "Het inloopuur mag bij ons in de tuinkamer, op vrijdagmiddag. Wij schenken thee en bemoeien ons er "
                "verder niet mee.",
            ),
            Commitment(
                "welzijn",
                "meewerkend",
                "Wij nemen mensen die dat willen de eerste keer mee naar een activiteit.",
            ),
            Commitment(
                "linde",
                "kan_niet",
                "Wij kunnen geen woning leeg laten staan tijdens een opname, want daar gaan wij niet alleen over. Wij "
                "bellen wel voordat wij een brief over huurschuld sturen.",
            ),
        ),
    ),
    Point(
        "2.3",
        "beeld",
        "Hulp met brieven en geld op plekken waar u toch al komt",
        "Voor ouders en anderen die brieven niet openmaken of zich schamen bij een loket.",
        "Elke dinsdagochtend een tafel in de hal van De Zonnewijzer, met koffie en zonder nummertje.",
        45,
        "De vrijwilligers aan tafel vertellen welke brief het vaakst terugkomt; we tellen hoeveel kortingen zijn "
        "voorkomen door eerst te bellen.",
        "Uren van Werk en Inkomen; ruimte van school.",
        (
            Commitment(
                "gem_wi",
                "trekker",
                "Wij bellen twee keer voordat wij korten, en zetten elke dinsdag iemand op school neer die iets mag "
                "beslissen.",
            ),
            Commitment(
                "zonnewijzer",
                "meewerkend",
                "Wij geven de hal en een kast die op slot kan. Kinderen zonder ontbijt krijgen bij ons gewoon een "
                "boterham, zonder vragen.",
            ),
            Commitment(
                "welzijn",
                "deskundig",
                "Onze formulierenbrigade doet dit al jaren. Wij leiden zes nieuwe vrijwilligers op, het liefst ouders.",
            ),
            Commitment(
                "vijgenboom",
                "meewerkend",
                "Na het vrijdaggebed zit iemand van ons klaar die de brieven kan vertalen en mee kan lopen naar de "
                "tafel op school.",
            ),
        ),
    ),
    Point(
        "3.1",
        "naast",
        "Nieuwe bewoners worden welkom geheten door iemand uit hun eigen portiek",
        "Voor iedereen die nieuw komt wonen, met of zonder begeleiding, en voor de buren die dan weten wie er woont.",
        "De eerste twintig welkomsttassen inpakken, met een kaart van de wijk die bewoners zelf tekenen.",
        90,
        "Nieuwe bewoners vertellen na drie maanden of ze iemand op de trap kennen; we noteren hoeveel mensen geen "
        "bezoek wilden, want dat mag ook.",
        "De Linde betaalt de tassen; de bakker geeft het brood.",
        (
            Commitment(
                "bewoners",
                "trekker",
                "Wij bellen aan met de tas, maar eerst met een briefje of iemand dat wil. Niet op donderdag en niet "
                "in december.",
            ),
            Commitment(
                "linde",
                "meewerkend",
                "Wij geven elke maand door in welke portieken iemand nieuw komt, als die bewoner dat goedvindt. En "
                "wij betalen de tassen.",
            ),
            Commitment(
                "anker",
                "meewerkend",
                "Onze begeleiders bereiden het bezoek met de cliënt voor, en blijven daarna weg. Het is zijn huis.",
            ),
            Commitment("winkeliers", "meewerkend", "In de tas zit van ons een bon voor koffie en een brood."),
            Commitment(
                "gem_mo",
                "kan_niet",
                "Wij kunnen niet vooraf vertellen wie er komt wonen, want dat is privé. Wij delen wel elk kwartaal om "
                "hoeveel mensen het gaat.",
            ),
        ),
    ),
    Point(
        "3.2",
        "naast",
        "Bij geluid of ruzie zit er snel iemand aan tafel, en de huismeester is terug",
        "Voor buren die elkaar nu alleen nog briefjes schrijven.",
        "De huismeester begint op maandag en donderdag in de Kastanjehof, met spreekuur in de oude fietsenberging.",
        75,
        "De huismeester houdt een schriftje bij dat wij samen bespreken; we kijken hoe vaak een ruzie eindigde met "
        "een gesprek in plaats van een brief.",
        "De Linde, uit het geld voor leefbaarheid.",
        (
            Commitment(
                "linde",
                "trekker",
                "De huismeester komt terug voor twee dagdelen. Bij een melding zitten wij binnen vijf werkdagen met "
                "beide buren aan tafel.",
            ),
            Commitment(
                "wijkagenten",
                "meewerkend",
                "Als het dreigend is, gaan wij mee. In de wijk komen wij op de fiets, en op de eerste maandag staan "
                "wij bij de huismeester.",
            ),
            Commitment(
                "welzijn",
                "deskundig",
                "Onze buurtbemiddelaars zijn getraind in dit gesprek en horen bij geen van de partijen. Roep ons "
                "vroeg, dan werkt het.",
            ),
            Commitment(
                "anker",
                "kan_niet",
                "Wij kunnen buren niet vertellen wat er met een cliënt aan de hand is, want dat mag niet van de wet. "
                "Wij komen wel uitleggen wat u zelf kunt doen.",
            ),
        ),
    ),
    Point(
        "4.1",
        "buiten",
        "Het Elzenpad is verlicht en de route naar het Lindeplein is te doen met een rollator",
        "Voor wie slecht loopt, voor wie ’s avonds thuiskomt en voor mensen die nu een omweg maken.",
        "Eén woensdagochtend lopen bewoners met de wijkbeheerder de route. Wat zij samen zien, gaat dezelfde middag "
        "op de lijst.",
        100,
        "Drie bewoners met een rollator lopen de route elk halfjaar opnieuw en vertellen wat beter is; ernaast staat "
        "hoeveel meldingen twee keer gedaan moesten worden.",
        "Onderhoudsgeld van Beheer Openbare Ruimte. Twee bankjes uit het wijkbudget.",
        (
            Commitment(
                "gem_bor",
                "trekker",
                "Wij vervangen de lantaarns in één keer, zetten twee bankjes halverwege, en sluiten een melding pas "
                "als de melder is gebeld.",
            ),
            Commitment(
                "winkeliers",
                "meewerkend",
                "Wij houden de looplijn vrij: borden en rekken binnen de tegelrand. We spreken elkaar daar zelf op "
                "aan.",
            ),
            Commitment("bewoners", "meewerkend", "Wij lopen mee, en wij zeggen het ook als iets goed is gemaakt."),
            Commitment(
                "linde",
                "meewerkend",
                "De fietskelder van de Beukenflat krijgt licht dat vanzelf aangaat, en voor de lift ligt een "
                "onderdeel op voorraad.",
            ),
        ),
    ),
    Point(
        "4.2",
        "buiten",
        "De Meidoornstraat is veilig als de school begint en uitgaat",
        "Voor kinderen die lopen of fietsen, en voor de mensen die er wonen.",
        "Een proef van zes weken met de straat dicht tussen kwart over acht en kwart voor negen.",
        210,
        "Kinderen van groep 6 tekenen hun weg naar school voor en na de proef; we tellen de auto's op drie ochtenden.",
        "Hekken van de gemeente; vrijwilligers van de school.",
        (
            Commitment(
                "zonnewijzer",
                "trekker",
                "Wij zorgen elke schooldag voor twee ouders met een hesje. Ook in november.",
            ),
            Commitment(
                "gem_bor",
                "meewerkend",
                "Wij regelen de vergunning, de hekken en de borden, en wij praten met de bewoners van de straat voor "
                "het begint.",
            ),
            Commitment(
                "wijkagenten",
                "meewerkend",
                "De eerste twee weken staan wij erbij. Daarna komen wij onverwacht.",
            ),
            Commitment(
                "vvl",
                "kan_niet",
                "Wij kunnen ons parkeerterrein ’s ochtends niet openzetten voor ouders, want het is van de gemeente "
                "en er ligt een verbod op. Als dat eraf gaat, graag.",
            ),
        ),
    ),
    Point(
        "4.3",
        "buiten",
        "Een toilet op of bij het Lindeplein dat voor iedereen open is",
        "Voor mensen die nu thuisblijven omdat zij niet weten waar zij kunnen.",
        "Twee winkels en het buurthuis hangen een bordje op: u mag hier naar het toilet.",
        None,
        "We vragen het aan mensen op de bankjes: blijft u langer? En we houden bij hoeveel uur per week er een toilet "
        "open is.",
        "De bordjes kunnen morgen. Voor een los toilet is nog geen geld gevonden.",
        (
            Commitment(
                "gem_bor",
                "trekker",
                "Wij zoeken uit wat een toilet kost in aanleg en schoonmaak, en leggen dat voor aan de raad. Een "
                "datum kunnen wij nu niet eerlijk geven.",
            ),
            Commitment(
                "winkeliers",
                "meewerkend",
                "De bakker en de dierenwinkel hangen het bordje op. Wij vragen het ook aan de supermarkt.",
            ),
            Commitment(
                "welzijn",
                "meewerkend",
                "Het toilet van De Lindeboom is voor iedereen, ook als u niks komt doen.",
            ),
        ),
    ),
    Point(
        "5.1",
        "meedoen",
        "Meedoen in een winkel of club zonder zorgen om uw uitkering",
        "Voor mensen die iets kunnen en willen, maar bang zijn voor gedoe.",
        "Eén kantje in gewone taal: dit mag u doen met behoud van uw uitkering. Met een naam en een nummer.",
        80,
        "Mensen die meedraaien vertellen wat er veranderde in hun week; we tellen hoeveel plekken na een halfjaar nog "
        "bezet zijn.",
        "Een vaste begeleider voor acht uur per week, samen betaald door Werk en Inkomen en Het Anker.",
        (
            Commitment(
                "gem_wi",
                "trekker",
                "Wij maken het kantje en houden ons eraan. Wie proef draait, krijgt drie maanden geen controle.",
            ),
            Commitment(
                "anker",
                "meewerkend",
                "Er komt één vast gezicht voor alle winkels. Gaat het mis, dan staat diegene er dezelfde dag.",
            ),
            Commitment(
                "winkeliers",
                "meewerkend",
                "Vijf zaken bieden een proefplek aan. Geen gratis arbeid: wie blijft, krijgt een contract of een "
                "eerlijk gesprek.",
            ),
            Commitment(
                "vijgenboom",
                "meewerkend",
                "De taalles mag in onze bovenzaal, met oppas. De gemeente betaalt de docent.",
            ),
            Commitment("brug", "meewerkend", "In onze fietsenschuur kan iemand die fietsen kan maken, fietsen maken."),
        ),
    ),
    Point(
        "5.2",
        "meedoen",
        "Jongeren hebben een avond in de sporthal en een sleutel van het trapveld",
        "Voor jongeren van 12 tot 20 jaar, ook als wedstrijden niets voor hen zijn.",
        "Zes jongeren maken met VVL de spelregels voor de sleutel. Op één bladzijde, in hun eigen woorden.",
        130,
        "De jongeren maken zelf elk kwartaal een filmpje of verhaal; de club houdt bij hoe vaak de sleutel te laat "
        "terug was.",
        "Zaalhuur uit het sportbudget; jongerenwerk van Stichting Welzijn.",
        (
            Commitment(
                "vvl",
                "trekker",
                "Vrijdagavond is de zaal voor de wijk. Wij beginnen een team zonder wedstrijden, waar iedereen een "
                "shirt krijgt.",
            ),
            Commitment(
                "welzijn",
                "meewerkend",
                "Er is vrijdag altijd een jongerenwerker bij. De kantine hoeft dat niet alleen te doen.",
            ),
            Commitment(
                "gem_mo",
                "meewerkend",
                "Wij betalen de zaal, en komen één avond met de club praten over de accommodatie. Aan tafel, niet per "
                "mail.",
            ),
            Commitment(
                "wijkagenten",
                "deskundig",
                "Wij kennen de groepen en weten wie er goed ligt. Wij stellen ze voor en gaan dan weer weg.",
            ),
        ),
    ),
)

LK_AGENDA = Agenda(
    title="Verbeteragenda Lindenkwartier",
    term_from=-226,
    term_until=504,
    summary=_paragraphs(
        "In het Lindenkwartier wonen ruim zesduizend mensen. Bijna de helft woont alleen. Op een avond in de kerkzaal "
        "vertelden bewoners en organisaties wat zij van elkaar verwachten. Het ging over dichte deuren, donkere paden "
        "en brieven die niemand openmaakt. Maar ook over een tenor in het koor en buren die best een tas willen "
        "rondbrengen.",
        "Uit alles wat gezegd is, kwamen vijf thema's. Bij elk thema hebben partijen afgesproken wat er beter wordt, "
        "wie de trekker is en wie meehelpt. Zij hebben ook opgeschreven wat zij niet kunnen.",
        "Dit gaat u merken. Buurthuis De Lindeboom is ook ’s avonds en op zondag open. Elke donderdag kunt u ergens "
        "in de wijk mee-eten. Er komt één nummer als u zich zorgen maakt om iemand, en u hoort wat ermee is gedaan. "
        "Wie uit een opname thuiskomt, krijgt bezoek. Op school is hulp met brieven en geld. De huismeester komt "
        "terug en nieuwe bewoners worden welkom geheten. Het Elzenpad krijgt licht en de weg naar het plein wordt "
        "beter. De Meidoornstraat gaat op proef dicht rond schooltijd. Er wordt gewerkt aan een toilet op het plein. "
        "U kunt meedoen in een winkel zonder zorgen om uw uitkering. Jongeren krijgen een avond in de sporthal.",
        "Gratis parkeren staat er niet in. Waarom niet, leest u in hoofdstuk 9.",
        "De partijen beloven om dit zo veel mogelijk te doen. Elk halfjaar vertellen zij hoe het gaat, en u kunt zelf "
        "laten weten of u er iets van merkt.",
    ),
    motivation=_paragraphs(
        "De laatste jaren kwamen in het Lindenkwartier meer mensen wonen die wat extra steun nodig hebben: na een "
        "opname, uit de opvang of omdat zij ouder worden en thuis willen blijven. Een woning is dan niet genoeg. Het "
        "gaat erom dat iemand ook gegroet wordt, ergens nodig is en gemist wordt als hij er niet is.",
        "Er gebeurt al veel in de wijk. De gemeente betaalt aan veertien activiteiten. Toch wisten de mensen die ze "
        "organiseren weinig van elkaar, en verwachtten zij dingen van elkaar die nooit waren uitgesproken. Met deze "
        "agenda willen de partijen dat veranderen.",
    ),
    story=_paragraphs(
        "Een vrouw die hier al 41 jaar woont, kende vroeger de hele trap. Nu weet zij niet hoe haar bovenbuurman "
        "heet. Een paar deuren verder praatte een nieuwe bewoner een halfjaar met niemand. Zij hadden elkaar kunnen "
        "helpen, maar er was geen reden om aan te bellen.",
        "Een man met een rollator haalt driehonderd meter. De supermarkt is zeshonderd meter weg. Hij vroeg geen "
        "nieuw plein. Hij vroeg een bankje.",
        "En er was een jongere die opmerkte dat er over jongeren werd gepraat, terwijl er bijna geen in de zaal zat. "
        "Bij de volgende bijeenkomst zaten er zes. Zij vroegen om een sleutel.",
    ),
    rules=_lines(
        "Wij zeggen wat wij kunnen en wat wij niet kunnen. Een eerlijke nee is ook een antwoord.",
        "Wie iets niet haalt, zegt dat voordat een ander het merkt.",
        "Wij praten niet over bewoners zonder bewoners.",
        "Bij elk punt is één trekker. De trekker hoeft het niet alleen te doen.",
        "Wij bellen elkaar voordat wij elkaar een brief sturen.",
        "Loopt iets vast op geld, regels of afdelingen, dan zeggen wij dat hardop en zoeken wie het kan losmaken.",
    ),
    follow_up=_paragraphs(
        "Elke trekker vertelt twee keer per jaar op de openbare pagina van deze agenda hoe het gaat, met een verhaal "
        "en een cijfer. Wij werken niet met streefgetallen. Ernaast staat wat bewoners ervan merken.",
        "Eén keer per jaar eten wij samen op een donderdag, en lopen dan alle punten langs. Wat beter kan, komt in "
        "een nieuwe versie. Alleen partijen voor wie iets verandert, vragen wij dan opnieuw.",
    ),
    gaps_reason=(
        "Bij punt 4.3 staat nog geen datum. De partijen wilden het punt toch opnemen, omdat bewoners er zo vaak om "
        "vroegen en het begin (de bordjes) direct kan. De raad beslist over het geld."
    ),
    points=LK_POINTS,
)

LK_ROUND = Round(
    frozen=-270,
    opened=-269,
    deadline=-241,
    closed=-239,
    closed_reason=(
        "De winkeliersvereniging heeft na twee herinneringen en een telefoontje niet geantwoord. Het bestuur wisselde "
        "in die maand. De andere partijen wilden niet langer wachten met beginnen."
    ),
    sealed=-239,
    answers=(
        Answer(
            "gem_mo",
            "volledig",
            name="Hanneke Prins",
            function="teammanager zorg en welzijn",
            on_behalf_of="het college van burgemeester en wethouders",
            decided=-252,
            answered=-250,
        ),
        Answer(
            "gem_bor",
            "volledig",
            name="Ruud Scholtens",
            function="wijkbeheerder",
            on_behalf_of="de directeur Beheer Openbare Ruimte",
            decided=-258,
            answered=-258,
        ),
        Answer(
            "gem_wi",
            "volledig",
            name="Sevda Aksoylu",
            function="teamleider participatie",
            on_behalf_of="het college van burgemeester en wethouders",
            decided=-252,
            answered=-249,
        ),
        Answer(
            "linde",
            "volledig",
            name="Joost Hendriksma",
            function="manager wonen en leefbaarheid",
            on_behalf_of="de directeur-bestuurder",
            decided=-260,
            answered=-259,
        ),
        Answer(
            "welzijn",
            "volledig",
            name="Fenna Molhuizen",
            function="teamleider opbouwwerk",
            on_behalf_of="de directie",
            decided=-266,
            answered=-266,
        ),
        Answer(
            "brug",
            "volledig",
            name="Tineke Wagenvoort",
            function="diaken",
            on_behalf_of="de kerkenraad",
            decided=-248,
            answered=-246,
        ),
        Answer(
            "vijgenboom",
            "volledig",
            name="Hamid El Kasri",
            function="bestuurslid",
            on_behalf_of="het bestuur",
            decided=-255,
            answered=-255,
        ),
        Answer(
            "zonnewijzer",
            "volledig",
            name="Margot Ubbens",
            function="directeur",
            on_behalf_of="de school, na advies van de medezeggenschapsraad",
            decided=-251,
            answered=-251,
        ),
        Answer(
            "anker",
            "voorbehoud",
            reservations={
                "2.2": (
                    "Wij staan achter dit punt. Maar de avondzorg heeft vier vacatures. Zolang die er zijn, kunnen wij "
                    "het bezoek binnen een week alleen beloven voor mensen die op werkdagen thuiskomen. Wij melden elk "
                    "kwartaal of dit voorbehoud nog nodig is."
                )
            },
            name="Dilan Yaramis",
            function="regiomanager",
            on_behalf_of="de raad van bestuur",
            decided=-247,
            answered=-245,
        ),
        Answer(
            "bewoners",
            "volledig",
            name="Wilma Otten",
            function="aanspreekpunt",
            on_behalf_of="de negen leden van de bewonersgroep, na een stemming aan de keukentafel",
            decided=-262,
            answered=-243,
            method="op papier, ingeleverd bij de projectleider",
        ),
        Answer(
            "vvl",
            "volledig",
            name="Ronald Geerdink",
            function="voorzitter",
            on_behalf_of="de algemene ledenvergadering",
            decided=-244,
            answered=-243,
        ),
        Answer(
            "wijkagenten",
            "niet",
            text=(
                "Wij doen mee en blijven meedoen. Maar de inzet van agenten wordt elke week opnieuw bepaald en mag "
                "niet vooraf worden vastgelegd in een agenda van anderen. Daarom kunnen wij dit niet onderschrijven. "
                "Wat wij in de bijeenkomsten hebben gezegd, menen wij."
            ),
            name="Ilse Rademakers",
            function="operationeel expert wijk",
            on_behalf_of="de teamchef",
            decided=-249,
            answered=-249,
        ),
        Answer("winkeliers", "geen"),
    ),
)

LK_PROGRESS = (
    Progress(
        "2.3",
        "gem_wi",
        -170,
        "loopt",
        "De tafel op school staat er elke dinsdag. De eerste drie weken kwam er niemand. Toen zijn we pannenkoeken "
        "gaan bakken. Nu zitten er gemiddeld negen mensen. Wij hebben 31 keer gebeld voordat er een korting uitging; "
        "22 keer was die niet nodig.",
    ),
    Progress(
        "1.2",
        "brug",
        -150,
        "loopt",
        "De kalender hangt in elke lift. Op de tweede donderdag wisten zes mensen van onze kerk niet hoe je in de "
        "moskee je schoenen neerzet. Nu wel. In totaal 340 borden, en 57 mensen kwamen op meer dan één plek.",
    ),
    Progress(
        "1.1",
        "welzijn",
        -112,
        "loopt",
        "De zondag draait. Twee van de vijf sleutelhouders zijn gestopt, er kwamen er drie bij. Een meneer uit de "
        "Kastanjehof zet nu elke week de stoelen klaar. 48 mensen kwamen voor het eerst.",
    ),
    Progress(
        "4.1",
        "gem_bor",
        -96,
        "begonnen",
        "Alle lantaarns aan het Elzenpad zijn vervangen. De bankjes staan. De op-rit bij het plein is nog niet klaar: "
        "daar ligt een kabel die niet op de tekening stond.",
    ),
    Progress(
        "2.2",
        "anker",
        -64,
        "vastgelopen",
        "Met elf mensen is het gelukt om binnen een week langs te gaan. Bij zeven anderen hoorden wij het te laat van "
        "het ziekenhuis. Wij mogen de datum nu alleen per brief uitwisselen.",
        obstacle="privacy",
        lifted_by=(
            "Een afspraak over toestemming tussen het ziekenhuis, Het Anker en Maatschappelijke Ontwikkeling. De "
            "gemeente heeft het gesprek gepland."
        ),
    ),
    Progress(
        "3.2",
        "linde",
        -58,
        "klaar",
        "De huismeester is er nu vijf maanden, op maandag en donderdag. In zijn schriftje staan 83 bezoeken. Van de "
        "26 ruzies zijn er 19 aan tafel besproken. De briefjes in de lift zijn bijna weg.",
    ),
    Progress(
        "4.3",
        "gem_bor",
        -30,
        "vastgelopen",
        "De bordjes hangen. Een los toilet kost meer dan gedacht en niemand heeft geld voor het schoonmaken.",
        obstacle="financiering",
        lifted_by="De gemeenteraad, bij de volgende begroting.",
    ),
    Progress(
        "5.2",
        "vvl",
        -12,
        "loopt",
        "De vrijdag zit vol. Het team zonder wedstrijden heeft veertien leden en een eigen lied. De sleutel was één "
        "keer te laat terug, met een briefje erbij en een reep.",
    ),
)

LK_NOTICES = (
    Notice("1.1", -90, "ja", "Zondag is niet meer de langste dag. Meer hoef ik niet te zeggen."),
    Notice(
        "4.1",
        -80,
        "een_beetje",
        "Licht is top, bankje ook. Maar bij het plein moet ik nog steeds omlopen met dat ding.",
    ),
    Notice("2.1", -71, "nee", "Ik heb gebeld over mijn buurman. Na drie weken nog niks gehoord."),
    Notice(
        "3.2",
        -40,
        "ja",
        "De huismeester heeft ons allebei een stoel gegeven en toen moesten we wel. We zijn nu geen vrienden, maar we "
        "groeten.",
    ),
    Notice("5.2", -9, "ja", "beste avond van de week 🏀"),
    Notice("2.3", -5, "een_beetje", "Fijn die tafel, alleen jammer dat ik op dinsdag werk."),
)

LINDENKWARTIER = Trajectory(
    key="lindenkwartier",
    name="Thuis in het Lindenkwartier",
    phase="nakoming",
    area="Lindenkwartier",
    wijken=("lindenkwartier",),
    leader="sanne",
    applied=-480,
    application=(
        "In het Lindenkwartier komen steeds meer mensen zelfstandig wonen na een tijd in een instelling. Wij merken "
        "dat organisaties hard werken, maar langs elkaar heen. Wij willen met bewoners en partijen tot afspraken "
        "komen die ook worden uitgevoerd."
    ),
    readiness=(
        (
            "Wil de gemeente dit echt?",
            "Ja. Drie afdelingen zaten aan tafel en noemden zelf wat zij anders moeten doen.",
        ),
        (
            "Is er tijd en geld?",
            "Eén dag per week voor de projectleider, en een budget voor bijeenkomsten en kleine uitgaven.",
        ),
        ("Is er een projectleider?", "Ja, met kennis van de wijk en met de vrijheid om knelpunten aan te kaarten."),
        (
            "Is er steun van het bestuur?",
            "De wethouder komt naar de startbijeenkomst en blijft tot het einde. Om te luisteren.",
        ),
    ),
    parties=(
        "gem_mo",
        "gem_bor",
        "gem_wi",
        "linde",
        "welzijn",
        "anker",
        "zonnewijzer",
        "brug",
        "vijgenboom",
        "winkeliers",
        "bewoners",
        "vvl",
        "wijkagenten",
    ),
    meetings=(
        Meeting(
            "lk_gesprek",
            "gesprek",
            "Rondje langs de partijen",
            "De Lindeboom, keukentafel",
            -430,
            "Wat ziet u in de wijk dat anderen niet zien?",
            2,
            {"gem_mo": 1, "linde": 1, "zonnewijzer": 1, "vijgenboom": 1, "vvl": 1, "wijkagenten": 1},
            (
                Contribution(
                    "Wij dachten dat de kinderen zich slecht concentreerden. Toen bleek dat een flink deel zonder "
                    "ontbijt kwam. Dan weet je ineens dat het niet over rekenen gaat.",
                    "opmerking",
                    theme="beeld",
                    said_by="zonnewijzer",
                ),
                Contribution(
                    "Wij financieren in deze wijk veertien activiteiten en ik kon ze zelf niet allemaal opnoemen toen "
                    "ik het uitzocht.",
                    "signaal",
                    theme="beeld",
                    said_by="gem_mo",
                ),
                Contribution(
                    "Onze monteur komt bij elke huurder achter de voordeur. Die ziet meer dan tien rapporten, maar "
                    "wij vroegen hem nooit iets.",
                    "opmerking",
                    theme="naast",
                    said_by="linde",
                ),
                Contribution(
                    "Wij zitten hier al dertig jaar op 80 meter van de kerk. Koffie gedronken samen? Ik denk twee "
                    "keer.",
                    "opmerking",
                    theme="ontmoeten",
                    said_by="vijgenboom",
                ),
                Contribution(
                    "Het gevoel van onveiligheid zit op twee plekken: het Elzenpad en de fietskelder van de "
                    "Beukenflat. De rest van de wijk valt reuze mee.",
                    "signaal",
                    theme="buiten",
                    said_by="wijkagenten",
                ),
                Contribution(
                    "Als iemand van de gemeente één keer met ons aan tafel ging over die accommodatie, in plaats van "
                    "een mailtje, dan waren we in een avond klaar.",
                    "behoefte",
                    theme="meedoen",
                    said_by="vvl",
                ),
            ),
        ),
        Meeting(
            "lk_start",
            "start",
            "Startbijeenkomst Lindenkwartier",
            "Grote zaal van De Brug, Lindeplein 2",
            -402,
            "Wat verwacht u van elkaar, om u thuis te voelen in deze wijk?",
            43,
            {
                "gem_mo": 2,
                "gem_bor": 1,
                "gem_wi": 1,
                "linde": 3,
                "welzijn": 3,
                "anker": 2,
                "zonnewijzer": 2,
                "brug": 4,
                "vijgenboom": 3,
                "winkeliers": 2,
                "bewoners": 6,
                "vvl": 1,
                "wijkagenten": 2,
            },
            (
                Contribution(
                    "Ik woon hier nu 41 jaar en vroeger kende je de hele trap. Nu weet ik niet eens hoe mijn "
                    "bovenbuurman heet.",
                    "opmerking",
                    theme="ontmoeten",
                ),
                Contribution(
                    "In de Kastanjehof hadden wij vorig jaar 54 meldingen van geluid. Bij de meeste was er nooit een "
                    "gesprek geweest tussen de buren zelf.",
                    "signaal",
                    theme="naast",
                    said_by="linde",
                ),
                Contribution(
                    "Wij verwachten dat de gemeente de Meidoornstraat dichtzet bij het begin en het einde van de "
                    "school. Wij regelen zelf de ouders met de hesjes.",
                    "verwachting",
                    theme="buiten",
                    said_by="zonnewijzer",
                    addressed_to="gem_bor",
                ),
                Contribution(
                    "Dan verwachten wij van de school dat er elke dag iemand staat, ook in november als het regent. "
                    "Anders haalt het niks uit.",
                    "verwachting",
                    theme="buiten",
                    said_by="gem_bor",
                    addressed_to="zonnewijzer",
                ),
                Contribution(
                    "Dat koor op woensdag, prachtig. Zat ik laatst naast een jongen van twintig uit beschermd wonen. "
                    "Bleek een tenor!",
                    "opmerking",
                    theme="ontmoeten",
                ),
                Contribution(
                    "Een bankje halverwege. Van mijn deur naar de supermarkt is 600 meter en ik haal er 300.",
                    "behoefte",
                    theme="buiten",
                ),
                Contribution(
                    "We hebben veertig kinderen op de wachtlijst en geen trainers. De vrijwilligers die er nog zijn "
                    "worden ook een dagje ouder.",
                    "signaal",
                    theme="meedoen",
                    said_by="vvl",
                ),
                Contribution(
                    "Buurthuis De Lindeboom is om vijf uur dicht. Om vijf uur begint bij mij de dag pas lang te "
                    "worden.",
                    "signaal",
                    theme="ontmoeten",
                ),
                Contribution(
                    "Maak het parkeren rond het Lindeplein gewoon gratis. Dan komen de klanten ook weer.",
                    "verwachting",
                    theme="parkeren",
                    addressed_to="gem_bor",
                ),
                Contribution(
                    "Wij verwachten dat betaald parkeren op zaterdag wordt afgeschaft. Wij zien de mensen gewoon "
                    "doorrijden naar de meubelboulevard.",
                    "verwachting",
                    theme="parkeren",
                    said_by="winkeliers",
                    addressed_to="gem_bor",
                ),
                Contribution(
                    "Liever minder auto's dan meer. Mijn straat is één groot parkeerterrein.",
                    "opmerking",
                    theme="parkeren",
                ),
                Contribution(
                    "Bij ons aan de kassa zie je het het eerst. Iemand die ineens alleen nog blikken koopt. Maar wat "
                    "moet ik daar dan mee?",
                    "signaal",
                    theme="beeld",
                    said_by="winkeliers",
                ),
                Contribution(
                    "ik durf niet in me eentje naar binnen bij zo'n clubje waar iedereen mekaar al kent. iemand die "
                    "je de eerste keer meeneemt dat zou schelen",
                    "behoefte",
                    theme="ontmoeten",
                ),
                Contribution(
                    "Ze vragen altijd wat ik nodig heb. Niemand vraagt wat ik kan.",
                    "opmerking",
                    theme="meedoen",
                ),
                Contribution(
                    "Als school melden wij zorgen over een gezin en dan horen we maanden niks. Wij verwachten een "
                    "terugkoppeling, desnoods alleen: wij zijn ermee bezig.",
                    "verwachting",
                    theme="beeld",
                    said_by="zonnewijzer",
                    addressed_to="gem_mo",
                ),
                Contribution(
                    'Ik verwacht van de gemeente dat een melding over een losse tegel niet "afgehandeld" heet als '
                    "die tegel nog steeds los ligt.",
                    "verwachting",
                    theme="buiten",
                    addressed_to="gem_bor",
                ),
                Contribution(
                    "We willen dat de gemeente één potje maakt voor dingen in de buurt, waar je met een half A4'tje "
                    "iets kunt aanvragen. Nu zijn we langer bezig met het formulier dan met het feest.",
                    "verwachting",
                    theme="ontmoeten",
                    said_by="bewoners",
                    addressed_to="gem_mo",
                ),
                Contribution(
                    "geef kinderen de bloembakken op het plein. wat je zelf plant maak je niet kapot",
                    "idee",
                    theme="buiten",
                ),
                Contribution(
                    "Kan er op school iemand zitten die meekijkt met brieven van de Belastingdienst en zo? Daar kom "
                    "ik toch al elke dag. Bij het loket schaam ik me.",
                    "verwachting",
                    theme="beeld",
                    addressed_to="zonnewijzer",
                ),
                Contribution(
                    "Toen ik hier kwam wonen heb ik een halfjaar met niemand gepraat. Iemand die eens had aangebeld "
                    "met een plantje, ik had gehuild denk ik.",
                    "behoefte",
                    theme="naast",
                ),
                Contribution(
                    "Ik wil vrijwilligerswerk doen zonder bang te zijn voor mijn uitkering. Zet dat nou eens op "
                    "papier, in normale taal.",
                    "verwachting",
                    theme="meedoen",
                    addressed_to="gem_wi",
                ),
                Contribution(
                    "Wij verwachten dat Werk en Inkomen belt voordat er een korting wordt opgelegd. Een brief wordt "
                    "bij de helft van onze mensen niet opengemaakt.",
                    "verwachting",
                    theme="beeld",
                    said_by="welzijn",
                    addressed_to="gem_wi",
                ),
                Contribution(
                    "Wij vragen de corporatie om eerst zelf aan tafel te gaan bij burenruzies. Als wij in uniform "
                    "komen, is het al geëscaleerd.",
                    "verwachting",
                    theme="naast",
                    said_by="wijkagenten",
                    addressed_to="linde",
                ),
                Contribution(
                    "En als het echt dreigend is, dan verwachten wij dat de wijkagent meegaat. Onze mensen staan daar "
                    "soms alleen.",
                    "verwachting",
                    theme="naast",
                    said_by="linde",
                    addressed_to="wijkagenten",
                ),
                Contribution(
                    "Een sticker op de deur van winkels waar ze weten wat ze moeten doen als iemand in de war is. "
                    "Simpel. Kost niks.",
                    "idee",
                    theme="beeld",
                ),
                Contribution(
                    "Wij verwachten van de winkels op het plein dat ze iemand een paar ochtenden mee laten draaien. "
                    "Geen baan, gewoon een plek waar je gemist wordt als je er niet bent.",
                    "verwachting",
                    theme="meedoen",
                    said_by="anker",
                    addressed_to="winkeliers",
                ),
                Contribution(
                    "Prima, maar dan willen wij één vast gezicht dat we kunnen bellen als het niet lekker loopt. Niet "
                    "elke maand een andere begeleider.",
                    "verwachting",
                    theme="meedoen",
                    said_by="winkeliers",
                    addressed_to="anker",
                ),
                Contribution(
                    "Van de winkeliers vragen wij om de reclameborden en rekken van de stoep te houden. Wij leggen "
                    "een looplijn aan en twee dagen later staat hij vol.",
                    "verwachting",
                    theme="buiten",
                    said_by="gem_bor",
                    addressed_to="winkeliers",
                ),
                Contribution(
                    'We willen best meedenken hoor, maar er is hier in zes jaar drie keer een "plan voor het plein" '
                    "langsgekomen. De tekeningen waren steeds mooi.",
                    "opmerking",
                    theme="buiten",
                    said_by="winkeliers",
                ),
                Contribution(
                    "Na vijf uur kun je hier je auto nergens kwijt. Ik heb een halfuur rondgereden met de "
                    "boodschappen achterin.",
                    "signaal",
                    theme="parkeren",
                ),
                Contribution(
                    "Met de rollator kom je van de Esdoornlaan niet op het Lindeplein. Er staat een fietsenrek midden "
                    "op de op-rit. Wie verzint dat.",
                    "signaal",
                    theme="buiten",
                ),
                Contribution(
                    "Zeker de helft van onze meldingen ’s avonds is geen politiewerk. Dat zijn mensen die het niet "
                    "meer trekken.",
                    "opmerking",
                    theme="beeld",
                    said_by="wijkagenten",
                ),
                Contribution(
                    "De wijkagent mag wat mij betreft vaker op de fiets en minder in de auto. Wij weten niet eens hoe "
                    "ze eruitziet.",
                    "verwachting",
                    theme="naast",
                    addressed_to="wijkagenten",
                ),
                Contribution(
                    "Maak een tas voor nieuwe bewoners: brood, zout, een kaartje van de buurt en een telefoonnummer "
                    "van iemand op de trap. Ik wil ze wel rondbrengen!",
                    "idee",
                    theme="naast",
                ),
                Contribution(
                    "Gewoon ergens koffie kunnen drinken zonder dat je je moet opgeven of lid moet zijn. Meer vraag "
                    "ik niet.",
                    "behoefte",
                    theme="ontmoeten",
                ),
                Contribution(
                    "Mensen die bij ons worden ontslagen, vallen in een gat van vier tot zes weken. Er is een brief "
                    "gestuurd, maar niemand heeft aangebeld.",
                    "signaal",
                    theme="beeld",
                    said_by="anker",
                ),
                Contribution(
                    "Bij ons op de galerij wordt alles opgelost met briefjes in de lift. In hoofdletters.",
                    "opmerking",
                    theme="naast",
                ),
                Contribution(
                    "Ik ben zelf opgenomen geweest. Het uurtje begeleiding per week was prima, maar de andere 167 uur "
                    "zat ik daar met mezelf.",
                    "behoefte",
                    theme="beeld",
                ),
                Contribution(
                    "Van de sportclub zou ik willen dat mijn zoon (autisme) gewoon mee mag trainen. Hij hoeft geen "
                    "wedstrijden. Hij wil een shirt en een team.",
                    "verwachting",
                    theme="meedoen",
                    addressed_to="vvl",
                ),
                Contribution(
                    "Wij willen best jongeren van de straat in de zaal hebben, maar dan moet er ’s avonds een "
                    "jongerenwerker bij zijn. Onze kantinemensen zijn 70.",
                    "verwachting",
                    theme="meedoen",
                    said_by="vvl",
                    addressed_to="welzijn",
                ),
                Contribution(
                    "Ik verwacht van de gemeente 1 nummer dat je kunt bellen als je je zorgen maakt. En dan wil ik "
                    'horen dat er iets mee gedaan is. Niet alleen "we hebben het genoteerd".',
                    "verwachting",
                    theme="beeld",
                    addressed_to="gem_mo",
                ),
                Contribution(
                    "Kunnen we niet gewoon elke donderdag soep? Bij de kerk, dan de moskee, dan de school. Steeds "
                    "ergens anders 🍲",
                    "idee",
                    theme="ontmoeten",
                ),
                Contribution(
                    "Ik zit in de WIA en mag bijna niks volgens de regels, maar ik kan verdorie nog wél fietsen maken.",
                    "behoefte",
                    theme="meedoen",
                ),
                Contribution(
                    "Veel vrouwen bij ons willen werken en zitten al jaren op taalniveau A2. Wij verwachten een "
                    "taalles hier in de wijk, met oppas, en niet aan de andere kant van de stad.",
                    "verwachting",
                    theme="meedoen",
                    said_by="vijgenboom",
                    addressed_to="gem_wi",
                ),
                Contribution(
                    "Van bewoners hopen we dat ze ons bellen als ze iets niet begrijpen aan een buur van ons. Wij "
                    "mogen niet over iemand praten, maar wij kunnen wel uitleggen wat je zelf kunt doen.",
                    "verwachting",
                    theme="naast",
                    said_by="anker",
                    addressed_to="bewoners",
                ),
                Contribution(
                    "Onze cliënten zijn ook gewoon bewoners. Die hebben ook last van herrie.",
                    "opmerking",
                    theme="naast",
                    said_by="anker",
                ),
                Contribution(
                    "Om half negen is het in de Meidoornstraat oorlog. Auto's op de stoep, ouders die schelden, "
                    "kinderen ertussendoor. Vorige maand ging het nét goed.",
                    "signaal",
                    theme="buiten",
                    said_by="zonnewijzer",
                ),
                Contribution(
                    "Als een huurder van ons in de war is, willen we binnen een dag iemand van Het Anker aan de lijn "
                    "krijgen. Nu komen we in het keuzemenu terecht.",
                    "verwachting",
                    theme="beeld",
                    said_by="linde",
                    addressed_to="anker",
                ),
                Contribution(
                    "En omgekeerd: bel ons vóór de aanzegging de deur uit gaat. Als de huurschuld drie maanden is, "
                    "dan zijn wij te laat.",
                    "verwachting",
                    theme="beeld",
                    said_by="anker",
                    addressed_to="linde",
                ),
                Contribution(
                    'Jullie zeggen steeds "jongeren moeten iets te doen hebben" maar er is hier niemand onder de 18 '
                    "uitgenodigd behalve ik en mijn nichtje.",
                    "signaal",
                    theme="meedoen",
                ),
                Contribution(
                    "Van De Linde wil ik dat ze niet iedereen met een rugzakje in dezelfde flat zetten. Spreid dat "
                    "een beetje.",
                    "verwachting",
                    theme="naast",
                    addressed_to="linde",
                ),
                Contribution(
                    "Wij verwachten dat de huismeester terugkomt. Twee dagdelen per week is al wat. Die man wist "
                    "alles.",
                    "verwachting",
                    theme="naast",
                    said_by="bewoners",
                    addressed_to="linde",
                ),
                Contribution(
                    "In de ramadan koken wij toch al voor tweehonderd man. Zet de deur dan ook open voor de hele "
                    "straat, wij hebben genoeg.",
                    "idee",
                    theme="ontmoeten",
                    said_by="vijgenboom",
                ),
                Contribution(
                    "Wij verwachten van welzijn dat het buurthuis ook in het weekend open is. Eenzaam zijn doe je "
                    "niet van ma tot vr.",
                    "verwachting",
                    theme="ontmoeten",
                    addressed_to="welzijn",
                ),
                Contribution(
                    "Mijn buurvrouw deed drie weken de gordijnen niet open. Ik wist niet wie ik moest bellen. 112 is "
                    "toch te gek.",
                    "signaal",
                    theme="beeld",
                ),
                Contribution(
                    "Wij willen van de gemeente vooraf weten hoeveel mensen uit beschermd wonen er komend jaar een "
                    "woning zoeken. Nu horen wij het per geval.",
                    "verwachting",
                    theme="naast",
                    said_by="linde",
                    addressed_to="gem_mo",
                ),
                Contribution(
                    "Sleutel van het trapveldhok. Wij ruimen het echt wel op. Maar als we om 5 uur al weg moeten "
                    "blijven we op de portieken hangen ja 🤷",
                    "behoefte",
                    theme="meedoen",
                ),
                Contribution(
                    "Elzenpad, na zes uur: pikkedonker. Drie van de vijf lantaarns al maanden kapot. Heb het vier "
                    "keer gemeld.",
                    "signaal",
                    theme="buiten",
                ),
                Contribution(
                    "Mijn man heeft dementie. Hij loopt nog elke dag zijn rondje en raakt dan de weg kwijt bij de "
                    "Vlierstraat. Iedereen ziet hem, niemand belt.",
                    "signaal",
                    theme="beeld",
                ),
                Contribution(
                    "Ev alma, komşu al, zei mijn moeder altijd. Zoek geen huis uit, zoek een buur uit. Een huis heb "
                    "ik nu. Die buur mis ik nog.",
                    "opmerking",
                    theme="ontmoeten",
                ),
                Contribution(
                    "De lift in de Beukenflat doet het om de haverklap nie. M'n zus in de rolstoel zat twee dagen "
                    "vast op zes hoog. Twéé dagen.",
                    "signaal",
                    theme="naast",
                ),
                Contribution(
                    "Van de kerk verwachten we dat de grote zaal ook open mag voor mensen die niks met geloof hebben. "
                    "En dat je dat aan de buitenkant kunt zien.",
                    "verwachting",
                    theme="ontmoeten",
                    said_by="welzijn",
                    addressed_to="brug",
                ),
                Contribution(
                    "Wij zouden graag eens in de maand van het opbouwwerk horen wat er loopt. Nu organiseren we op "
                    "dezelfde dinsdag allebei een maaltijd.",
                    "verwachting",
                    theme="ontmoeten",
                    said_by="brug",
                    addressed_to="welzijn",
                ),
                Contribution(
                    "een wc op het plein. ik ga niet meer weg uit huis zonder te weten waar ik kan. klinkt raar maar "
                    "het is zo",
                    "behoefte",
                    theme="buiten",
                ),
                Contribution(
                    "Er kwamen in één jaar acht mensen uit de opvang in onze portiek wonen. Tegen hen heb ik niks, "
                    "maar niemand heeft ons wat verteld.",
                    "opmerking",
                    theme="naast",
                ),
                Contribution(
                    "Wij zien steeds dezelfde zestig gezichten. De mensen uit de Kastanjehof, die komen niet, en wij "
                    "gaan er eerlijk gezegd ook te weinig heen.",
                    "signaal",
                    theme="ontmoeten",
                    said_by="welzijn",
                ),
                Contribution(
                    "Laat ervaringsdeskundigen een inloopuur doen. Geen wachtlijst, geen verwijsbriefje, gewoon een "
                    "kop thee en iemand die het snapt.",
                    "idee",
                    theme="beeld",
                    said_by="brug",
                ),
                Contribution(
                    "Ik vin 't hier best netjes, eerlijk waar. Mag ook weleens gezegd worden. 👍",
                    "opmerking",
                    theme="buiten",
                ),
            ),
        ),
        Meeting(
            "lk_werk_1",
            "werk",
            "Werkbijeenkomst 1: tegenkomen en naast elkaar wonen",
            "Bovenzaal van De Vijgenboom, Vlierstraat 40",
            -374,
            "Wat kunt u zelf doen, wat niet, en wie kan het beter?",
            14,
            {
                "gem_mo": 1,
                "linde": 2,
                "welzijn": 2,
                "anker": 1,
                "brug": 2,
                "vijgenboom": 3,
                "bewoners": 4,
                "wijkagenten": 1,
            },
            (
                Contribution(
                    "Als vijf vrijwilligers een sleutel krijgen en wij de verzekering regelen, kan De Lindeboom de "
                    "zondag zelf draaien. Zonder ons erbij.",
                    "idee",
                    theme="ontmoeten",
                    said_by="welzijn",
                ),
                Contribution(
                    "Wij vragen de kerk om mee te tellen: hebben jullie ook stoelen en een vaatwasser? Dan hoeven wij "
                    "niet te huren.",
                    "verwachting",
                    theme="ontmoeten",
                    said_by="vijgenboom",
                    addressed_to="brug",
                ),
                Contribution(
                    "Wij brengen de welkomsttas, maar niet op donderdag en niet in december. Wij zijn ook maar met "
                    "z'n negenen.",
                    "opmerking",
                    theme="naast",
                    said_by="bewoners",
                ),
                Contribution(
                    "Dat iemand eerst vraagt óf je bezoek wilt. Niet iedereen zit te wachten op een commissie met een "
                    "taart.",
                    "behoefte",
                    theme="naast",
                ),
            ),
        ),
        Meeting(
            "lk_werk_2",
            "werk",
            "Werkbijeenkomst 2: niemand uit beeld",
            "Aula van De Zonnewijzer, Meidoornstraat 11",
            -346,
            "Wie ziet het als eerste, en wie doet dan wat?",
            9,
            {
                "gem_mo": 2,
                "gem_wi": 2,
                "linde": 1,
                "welzijn": 1,
                "anker": 3,
                "zonnewijzer": 2,
                "brug": 1,
                "winkeliers": 1,
                "wijkagenten": 1,
            },
            (
                Contribution(
                    "Wij mogen pas iets delen als iemand ja zegt. Vraag dat dan bij het ontslaggesprek, en niet als "
                    "het al misgaat.",
                    "opmerking",
                    theme="beeld",
                    said_by="anker",
                ),
                Contribution(
                    "Wij verwachten van Het Anker dat ontslag voortaan twee weken van tevoren gemeld wordt, als de "
                    "cliënt dat goed vindt. Dan kan er iemand klaarstaan.",
                    "verwachting",
                    theme="beeld",
                    said_by="gem_mo",
                    addressed_to="anker",
                ),
                Contribution(
                    "Ik heb vorige week het zorgnummer gebeld om te testen. Ik werd drie keer doorverbonden en toen "
                    "was het lunchpauze. Ik zeg het maar.",
                    "signaal",
                    theme="beeld",
                ),
            ),
        ),
        Meeting(
            "lk_werk_3",
            "werk",
            "Werkbijeenkomst 3: buiten en meedoen",
            "Kantine van VVL, Wilgenkade",
            -318,
            "Wat is de eerste stap, en wie zet die?",
            17,
            {
                "gem_bor": 2,
                "gem_wi": 1,
                "zonnewijzer": 1,
                "winkeliers": 2,
                "bewoners": 3,
                "vvl": 3,
                "welzijn": 1,
                "anker": 1,
                "wijkagenten": 1,
            },
            (
                Contribution(
                    "Loop met mij mee. Ik kom op woensdagochtend met de kaart, u met uw rollator, en wat we samen "
                    "zien gaat die middag op de lijst.",
                    "idee",
                    theme="buiten",
                    said_by="gem_bor",
                ),
                Contribution(
                    'Dan verwachten we wel dat we horen wat er níet kan. Een eerlijke nee is beter dan "het staat op '
                    'de planning".',
                    "verwachting",
                    theme="buiten",
                    said_by="bewoners",
                    addressed_to="gem_bor",
                ),
                Contribution(
                    "Wij kunnen een briefje maken van één kant: dit mag u doen met behoud van uw uitkering. Met een "
                    "naam eronder die je mag bellen.",
                    "idee",
                    theme="meedoen",
                    said_by="gem_wi",
                ),
                Contribution(
                    "Ik heb nu twee ochtenden in de dierenwinkel gestaan. Eerst om te proberen. De hamsters kennen "
                    "mij al 😄",
                    "opmerking",
                    theme="meedoen",
                ),
            ),
        ),
    ),
    themes=LK_THEMES,
    agenda=LK_AGENDA,
    round=LK_ROUND,
    progress=LK_PROGRESS,
    notices=LK_NOTICES,
)

HB_THEMES = (
    Theme(
        "samen",
        "Twee kanten van de Sluisdijk",
        "De Havenbuurt heeft een oud en een nieuw deel, en die kennen elkaar nauwelijks. Bewoners willen een reden om "
        "over te steken. Wie weinig geld heeft of weinig Nederlands leest, moet ook mee kunnen doen.",
    ),
    Theme(
        "groot",
        "Opgroeien tussen twaalf en achttien",
        "Voor oudere kinderen is er na school bijna niets. Zij willen een rustige plek en volwassenen die hen eerst "
        "groeten. School en hulp zien te veel verschillende gezichten.",
    ),
    Theme(
        "rondkomen",
        "Rondkomen zonder je te schamen",
        "Steeds meer gezinnen komen tekort, en de weg naar hulp is lang. Partijen willen eerder bellen en ter plekke "
        "kunnen beslissen. Bewoners willen elkaar ook zonder loket kunnen helpen.",
    ),
    Theme(
        "water",
        "Het water is van iedereen",
        "De kade is gevaarlijk voor kinderen en toch komt iedereen er graag. Bewoners willen ladders en een hele "
        "steiger. De roeivereniging wil haar deuren openen voor kinderen uit de straat.",
    ),
)

HB_POINTS = (
    Point(
        "1.1",
        "samen",
        "Eén dag per jaar is de Sluisdijk één lange tafel",
        "Voor bewoners van oud en nieuw die elkaar nu alleen in de auto passeren.",
        "Een groepje van beide kanten kiest een datum en plakt posters in vier talen.",
        160,
        "Bewoners vertellen met wie zij daarna nog eens hebben gepraat; we tellen hoeveel pannen er van elke kant "
        "kwamen.",
        "Wegafsluiting door de gemeente; de rest is van de bewoners.",
        (
            Commitment(
                "kaaibewoners",
                "trekker",
                "Wij regelen tafels, pannen en muziek. Alleen niet de vergunning, daar zijn we al eens in verdronken.",
            ),
            Commitment("gem_bor", "meewerkend", "Wij vragen de vergunning aan onszelf aan, en zetten de weg af."),
            Commitment(
                "kade",
                "meewerkend",
                "Wij lenen stoelen uit en schenken die dag koffie voor niks, aan beide kanten.",
            ),
            Commitment(
                "welzijn",
                "meewerkend",
                "Wij maken de posters met bewoners die de taal spreken. Geen vertaalmachine.",
            ),
        ),
    ),
    Point(
        "2.1",
        "groot",
        "De Loods is na schooltijd open, met een plek om stil te werken",
        "Voor jongeren die thuis geen rustige plek hebben.",
        "Binnen tien weken is het leerplein elke werkdag open tot acht uur.",
        70,
        "Leerlingen schrijven op de muur wat zij hier afkregen; de beheerder houdt bij op welke avonden het druk is.",
        "Een beheerder, half betaald door school en half door de gemeente.",
        (
            Commitment(
                "loods",
                "trekker",
                "Onze deur blijft open en het licht aan. Wie werkt, werkt; wie praat, gaat naar de aula.",
            ),
            Commitment(
                "gem_mo",
                "meewerkend",
                "Wij betalen de helft van de beheerder, voor twee jaar en niet voor één.",
            ),
            Commitment("welzijn", "meewerkend", "Twee avonden is er een jongerenwerker die ook van wiskunde houdt."),
            Commitment(
                "kade",
                "kan_niet",
                "Wij kunnen onze zaal niet geven voor jongeren onder de achttien, want met onze vergunning mag dat "
                "niet.",
            ),
        ),
    ),
    Point(
        "2.2",
        "groot",
        "Op school een vaste hulpverlener, twee dagen in de week",
        "Voor ouders en jongeren die nu steeds iemand anders zien.",
        "De school en de gemeente kiezen samen iemand, met twee ouders in het gesprek.",
        120,
        "Ouders vertellen of zij wisten wie ze konden bellen; we kijken hoelang dezelfde persoon blijft.",
        "Uit de inkoop van jeugdhulp. Twee dagen, geen drie.",
        (
            Commitment(
                "gem_mo",
                "trekker",
                "Wij zetten twee dagen dezelfde persoon neer en leggen dat voor twee jaar vast in het contract.",
            ),
            Commitment(
                "loods",
                "meewerkend",
                "Wij bellen ouders als er iets goed gaat, en vroeg als het niet goed gaat.",
            ),
            Commitment(
                "anker",
                "deskundig",
                "Wij weten wat werkt bij jongeren die somber zijn. Wij kijken elke maand een uur mee.",
            ),
            Commitment(
                "wijkagenten",
                "meewerkend",
                "Wij zeggen hoi. En als we ons zorgen maken over iemand, gaan we eerst naar de school en niet naar de "
                "groep.",
            ),
        ),
    ),
    Point(
        "3.1",
        "rondkomen",
        "In het buurtlokaal zit iemand die ter plekke ja mag zeggen",
        "Voor gezinnen die nu veertien bladzijden moeten invullen voor een wasmachine.",
        "Een proef van drie maanden op woensdagmiddag, tot 250 euro zonder formulier.",
        50,
        "We bewaren verhalen van mensen die hun verhaal maar één keer hoefden te doen; en we noteren hoeveel dagen "
        "het duurde.",
        "Bestaand geld voor bijzondere hulp, anders uitgegeven.",
        (
            Commitment(
                "gem_wi",
                "trekker",
                "Mijn collega's mogen tot 250 euro zelf beslissen en gaan dat op woensdag doen. Boven dat bedrag "
                "helpen wij met het formulier.",
            ),
            Commitment(
                "welzijn",
                "meewerkend",
                "Ons lokaal, onze koffie. Wij lopen met mensen mee als de drempel hoog is.",
            ),
            Commitment("loods", "meewerkend", "Onze brugfunctionaris brengt ouders die dat willen zelf naar de tafel."),
            Commitment(
                "linde",
                "meewerkend",
                "Wij bellen al na twee weken huurachterstand, en zeggen dan niet eerst het bedrag maar eerst "
                "goedemiddag.",
            ),
        ),
    ),
    Point(
        "3.2",
        "rondkomen",
        "De huizen in de Kraanstraat zijn voor de winter dicht",
        "Voor huurders die meer stoken voor de straat dan voor zichzelf.",
        "In de eerste maand gaat een ploeg langs alle 84 voordeuren met tochtstrip en kit.",
        110,
        "Huurders vertellen in welke kamer zij nu weer zitten; we leggen er, als zij dat willen, hun verbruik naast.",
        "Onderhoudsgeld van De Linde. Voor nieuw glas is pas over twee jaar geld.",
        (
            Commitment(
                "linde",
                "trekker",
                "Alle kieren dicht voordat het weer koud wordt. Dubbel glas kunnen wij dit jaar niet betalen, dat "
                "zeggen wij er eerlijk bij.",
            ),
            Commitment(
                "kaaibewoners",
                "meewerkend",
                "Wij gaan mee langs de deuren, want voor ons doen ze open. En wij beginnen de ruilkast voor jassen.",
            ),
            Commitment(
                "gem_wi",
                "meewerkend",
                "Wij nemen bij elk bezoek het formulier voor de energietoeslag mee en vullen het samen in.",
            ),
            Commitment(
                "gem_bor",
                "kan_niet",
                "Wij kunnen de straat dit jaar niet openbreken voor het warmtenet, want de planning ligt vast tot en "
                "met volgend jaar.",
            ),
        ),
    ),
    Point(
        "4.1",
        "water",
        "Langs de Havenkade hangen ladders en boeien",
        "Voor kinderen die spelen waar geen hek staat, en voor wie hen ziet vallen.",
        "Binnen zes weken hangen de eerste vier ladders bij de kop van de kade.",
        40,
        "Bewoners lopen elk voorjaar de kade langs en zeggen waar zij zich nog zorgen maken; ladders en boeien worden "
        "twee keer per jaar nageteld.",
        "Veiligheidsbudget van Beheer Openbare Ruimte.",
        (
            Commitment("gem_bor", "trekker", "Ladders. Geen onderzoek. Zes weken. En een boei bij elke tweede paal."),
            Commitment(
                "kade",
                "meewerkend",
                "Onze mensen leren hoe je een boei gooit, en wij bewaren er achter elke bar één.",
            ),
            Commitment(
                "roeiers",
                "deskundig",
                "Wij weten waar de stroming trekt en waar een ladder wel en niet helpt. Vraag ons voordat u boort.",
            ),
            Commitment(
                "wijkagenten",
                "meewerkend",
                "Wij gaan op warme dagen kijken. Niet om te bekeuren, wel om te zeggen waar het diep is.",
            ),
        ),
    ),
    Point(
        "4.2",
        "water",
        "Kinderen uit de buurt leren roeien",
        "Voor kinderen van 10 tot 15 jaar die langs het water wonen en er nooit op zitten.",
        "Een gratis proefles voor groep 8 in de eerste warme week.",
        190,
        "Kinderen maken een logboek; de vereniging houdt bij wie na het eerste jaar is gebleven, en vraagt wie stopte "
        "waarom.",
        "Boten van de vereniging; contributie uit het kindpakket.",
        (
            Commitment(
                "roeiers",
                "trekker",
                "Twee boten en vier begeleiders op woensdagmiddag. Wie het leuk vindt mag blijven, ook zonder "
                "contributie.",
            ),
            Commitment(
                "loods",
                "meewerkend",
                "Wij controleren het zwemdiploma en lopen de eerste keer mee naar de kade.",
            ),
            Commitment("gem_bor", "meewerkend", "De steiger wordt hersteld voordat de lessen beginnen."),
            Commitment(
                "gem_mo",
                "kan_niet",
                "Wij kunnen geen zwemles betalen voor kinderen zonder diploma, want het kindpakket is daarvoor dit "
                "jaar leeg. Volgend jaar vragen wij het opnieuw aan.",
            ),
        ),
    ),
)

HAVENBUURT = Trajectory(
    key="havenbuurt",
    name="Havenbuurt, één buurt",
    phase="onderschrijven",
    area="Havenbuurt",
    wijken=("havenbuurt",),
    leader="sanne",
    applied=-260,
    application=(
        "De nieuwbouw aan het water en de oude straten erachter groeien uit elkaar. De school vroeg ons om hulp, "
        "omdat zij de gevolgen elke dag in de klas ziet."
    ),
    readiness=(
        (
            "Wil de gemeente dit echt?",
            "Ja. De school heeft het aangezwengeld en de gemeente heeft ja gezegd voordat er een plan lag.",
        ),
        ("Is er tijd en geld?", "Twaalf uur in de week en een vrij te besteden potje."),
        (
            "Is er een projectleider?",
            "Ja, dezelfde als in het Lindenkwartier. Dat scheelt inwerken, maar let op de drukte.",
        ),
        ("Is er steun van het bestuur?", "De wethouder heeft de eerste uitnodiging zelf rondgebracht."),
    ),
    parties=(
        "gem_mo",
        "gem_bor",
        "gem_wi",
        "linde",
        "welzijn",
        "anker",
        "loods",
        "kade",
        "roeiers",
        "kaaibewoners",
        "wijkagenten",
    ),
    meetings=(
        Meeting(
            "hb_gesprek",
            "gesprek",
            "Voorgesprek met school en roeivereniging",
            "Lerarenkamer van De Loods",
            -214,
            "Wat moet er op tafel komen?",
            0,
            {"loods": 2, "roeiers": 1, "gem_mo": 1},
            (
                Contribution(
                    "Wij hebben een kast met broodtrommels en handschoenen. Die raakt sneller leeg dan twee jaar "
                    "geleden.",
                    "signaal",
                    theme="rondkomen",
                    said_by="loods",
                ),
                Contribution(
                    "We liggen hier al 90 jaar aan de kade en de kinderen van de overkant van de straat zijn nooit "
                    "binnen geweest. Dat is ook onze schuld.",
                    "opmerking",
                    theme="water",
                    said_by="roeiers",
                ),
            ),
        ),
        Meeting(
            "hb_start",
            "start",
            "Startbijeenkomst Havenbuurt",
            "Loods 4, Havenkade",
            -187,
            "Wat mag hier over een jaar anders zijn, en van wie vraagt u dat?",
            31,
            {
                "gem_mo": 1,
                "gem_wi": 1,
                "linde": 2,
                "welzijn": 2,
                "loods": 3,
                "kade": 2,
                "roeiers": 2,
                "kaaibewoners": 5,
                "wijkagenten": 1,
            },
            (
                Contribution(
                    "Er is oud Haven en nieuw Haven en daartussen loopt de Sluisdijk. Nieuw heeft de zonneterrassen, "
                    "wij hebben het uitzicht op de containers.",
                    "opmerking",
                    theme="samen",
                ),
                Contribution(
                    "Een plek om huiswerk te maken waar geen baby huilt. Bij ons thuis zijn we met zeven.",
                    "behoefte",
                    theme="groot",
                ),
                Contribution(
                    "Onze gasten klagen over de jeugd en de jeugd klaagt over onze gasten. Ze hebben elkaar nog nooit "
                    "gesproken.",
                    "signaal",
                    theme="samen",
                    said_by="kade",
                ),
                Contribution(
                    "Wij vragen om één vaste jeugdhulpverlener in school, drie dagen. Nu zien we er elf verschillende "
                    "in een jaar.",
                    "verwachting",
                    theme="groot",
                    said_by="loods",
                    addressed_to="gem_mo",
                ),
                Contribution(
                    "Ik wil dat school ons als ouders eerder belt. Niet pas als er een gesprek met vier mensen aan "
                    "tafel moet.",
                    "verwachting",
                    theme="groot",
                    addressed_to="loods",
                ),
                Contribution(
                    "Wij horen vaak pas bij twee maanden achterstand dat het mis is. Een belletje eerder kost ons "
                    "niks, een ontruiming kost iedereen alles.",
                    "opmerking",
                    theme="rondkomen",
                    said_by="linde",
                ),
                Contribution(
                    "Dat ik niet steeds hetzelfde verhaal hoef te doen. Elke keer begin je weer bij je scheiding.",
                    "behoefte",
                    theme="rondkomen",
                ),
                Contribution(
                    "Zet niet alles in het Nederlands op papier. Mijn schoonouders willen wel komen, ze kunnen het "
                    "alleen niet lezen.",
                    "verwachting",
                    theme="samen",
                    addressed_to="welzijn",
                ),
                Contribution(
                    "Van de corporatie verwacht ik dat ze de kieren in de Kraanstraat dichtmaken vóór de winter en "
                    "niet erna.",
                    "verwachting",
                    theme="rondkomen",
                    addressed_to="linde",
                ),
                Contribution(
                    "Wij verwachten van de cafés op de kade dat ze ook een keer iets doen voor de buren die geen vijf "
                    "euro voor een cappuccino hebben.",
                    "verwachting",
                    theme="samen",
                    said_by="kaaibewoners",
                    addressed_to="kade",
                ),
                Contribution(
                    "Eén lange tafel dwars over de Sluisdijk, verkeer een dag eraf. Iedereen neemt een pan mee.",
                    "idee",
                    theme="samen",
                ),
                Contribution(
                    "wij wonen net in de nieuwbouw aan het Touwslagerspad, 2 kleine kinderen, en ik ken alleen de "
                    "pakketbezorger",
                    "behoefte",
                    theme="samen",
                ),
                Contribution(
                    "Een aanvraag voor bijzondere bijstand is 14 kantjes. Ik ben boekhouder geweest en zelfs ik kwam "
                    "er niet uit.",
                    "verwachting",
                    theme="rondkomen",
                    addressed_to="gem_wi",
                ),
                Contribution(
                    "De school staat na vier uur leeg. Verwarming aan, licht aan, niemand binnen. Geef ons een "
                    "beheerder en hij mag open.",
                    "idee",
                    theme="groot",
                    said_by="loods",
                ),
                Contribution(
                    "Laat de kinderen van hier leren roeien, niet alleen wie er lid van is. Zij horen net zo goed bij "
                    "dat water.",
                    "verwachting",
                    theme="water",
                    addressed_to="roeiers",
                ),
                Contribution(
                    "Dan verwachten wij wel dat de steiger wordt hersteld. Daar zakt nu een volwassen kerel doorheen.",
                    "verwachting",
                    theme="water",
                    said_by="roeiers",
                    addressed_to="gem_bor",
                ),
                Contribution(
                    "Niet meteen fouilleren als we met z'n vieren staan. Zeg gewoon hoi dan zeggen wij ook hoi ✌",
                    "verwachting",
                    theme="groot",
                    addressed_to="wijkagenten",
                ),
                Contribution(
                    "Zet bij ons in het buurtlokaal één keer per week iemand neer die ter plekke ja mag zeggen. Nu "
                    "schrijven wij een verwijzing en zien we ze niet meer terug.",
                    "verwachting",
                    theme="rondkomen",
                    said_by="welzijn",
                    addressed_to="gem_wi",
                ),
                Contribution(
                    "Energierekening was 310 euro. Ik heb de kinderen verteld dat we kamperen, met z'n allen in één "
                    "kamer. Zij vonden het leuk.",
                    "signaal",
                    theme="rondkomen",
                ),
                Contribution(
                    "Vanaf hun twaalfde is er niks meer. De speeltuin is tot 11 en de kroeg is vanaf 18. Daartussen "
                    "zit gewoon zeven jaar.",
                    "signaal",
                    theme="groot",
                ),
                Contribution(
                    "Ruilkast voor winterjassen in de portiek. Beginnen wij gewoon mee, hoeven jullie niks voor te "
                    "doen.",
                    "idee",
                    theme="rondkomen",
                    said_by="kaaibewoners",
                ),
                Contribution(
                    "Aan de kop van de Havenkade zit geen hek en geen ladder. Vorige zomer viel er een jochie van zes "
                    "in. Iemand is erachteraan gesprongen, dat was het plan.",
                    "signaal",
                    theme="water",
                ),
                Contribution(
                    "Reddingsladders en een boei. Geen onderzoek naar ladders. Lád-ders.",
                    "verwachting",
                    theme="water",
                    addressed_to="gem_bor",
                ),
                Contribution(
                    "Wij kennen hier vijftien jongens die de verkeerde kant op dreigen te gaan. En ik ken zeker "
                    "honderdvijftig jongens die niks verkeerd doen, maar daar heeft niemand het over.",
                    "opmerking",
                    theme="groot",
                    said_by="wijkagenten",
                ),
                Contribution(
                    "Als kind zwom ik in dok drie. Nu staat er een bord dat het niet mag, met daaronder twaalf "
                    "zwemmers.",
                    "opmerking",
                    theme="water",
                ),
            ),
        ),
        Meeting(
            "hb_werk_1",
            "werk",
            "Werkbijeenkomst: wie doet wat",
            "Botenhuis van De Riemen, Ankerplein",
            -131,
            "Wat kunt u beloven en wat niet?",
            12,
            {
                "gem_mo": 1,
                "gem_bor": 1,
                "gem_wi": 1,
                "linde": 1,
                "welzijn": 1,
                "anker": 1,
                "loods": 2,
                "kade": 1,
                "roeiers": 2,
                "kaaibewoners": 3,
            },
            (
                Contribution(
                    "Drie dagen dezelfde hulpverlener krijg ik dit jaar niet rond. Twee wel. Liever een eerlijke twee "
                    "dan een beloofde drie.",
                    "opmerking",
                    theme="groot",
                    said_by="gem_mo",
                ),
                Contribution(
                    "Mijn mensen mogen tot 250 euro zelf beslissen. Dat wisten ze alleen niet meer. Dat ga ik "
                    "rechtzetten.",
                    "idee",
                    theme="rondkomen",
                    said_by="gem_wi",
                ),
                Contribution(
                    "Als wij de boten leveren, vragen wij de school om het zwemdiploma te controleren. Zonder diploma "
                    "gaat er niemand het water op.",
                    "verwachting",
                    theme="water",
                    said_by="roeiers",
                    addressed_to="loods",
                ),
            ),
            items=(
                Item(
                    "De zeven punten, één voor één",
                    75,
                    "",
                    "Bij ieder punt is er nu één trekker. Twee partijen zeiden eerst nee. Met één van hen kwamen wij er "
                    "dezelfde avond uit.",
                ),
            ),
            consents=(
                Consent("2.1", "loods", "akkoord"),
                Consent("2.1", "gem_mo", "akkoord"),
                Consent("2.1", "kade", "bezwaar", "Onze zaal mag niet open zijn voor jongeren onder de achttien."),
                Consent("2.1", "kade", "opmerking", "Zonder onze zaal is het goed. Voor oudere jongeren is hij er wel."),
                Consent("2.1", "welzijn", "opmerking", "Als de jongerenwerker niet ook de sleutel moet beheren."),
                Consent(
                    "2.2",
                    "loods",
                    "bezwaar",
                    "Met twee dagen mist een kind op vrijdag de enige die het kent.",
                    "De gemeente en de school kijken na een half jaar samen of twee dagen genoeg is.",
                ),
                Consent("2.2", "gem_mo", "akkoord"),
                Consent("2.2", "anker", "akkoord"),
                Consent("4.1", "gem_bor", "akkoord"),
                Consent("4.1", "roeiers", "opmerking", "Eerst met ons het water op, daarna pas boren."),
                Consent("4.1", "kade", "akkoord"),
            ),
        ),
    ),
    themes=HB_THEMES,
    agenda=Agenda(
        title="Verbeteragenda Havenbuurt",
        term_from=45,
        term_until=775,
        summary=_paragraphs(
            "De Havenbuurt is een jonge buurt: één op de drie bewoners is nog geen 25. De buurt heeft een oud en een "
            "nieuw deel, met de Sluisdijk ertussen. In Loods 4 vertelden bewoners en organisaties wat zij van elkaar "
            "verwachten. Het ging over koude huizen, over tieners zonder plek en over een jongetje dat in het water "
            "viel.",
            "Daar kwamen vier thema's uit en zeven punten die beter worden. Eén dag per jaar is de Sluisdijk een "
            "lange tafel voor iedereen. School De Loods blijft na vieren open, met een stille plek om te werken. Op "
            "school komt twee dagen per week een vaste hulpverlener. In het buurtlokaal zit iemand die meteen mag "
            "beslissen over kleine bedragen. De kieren in de Kraanstraat worden vóór de winter gedicht. Langs de kade "
            "komen ladders en boeien. En kinderen uit de buurt kunnen leren roeien.",
            "Niet alles kan. Nieuw glas in de Kraanstraat komt nog niet. De hulpverlener op school komt twee dagen, "
            "terwijl de school er drie vroeg. Zwemles kan de gemeente dit jaar niet betalen. Dat staat er eerlijk "
            "bij, met de reden.",
            "Bij elk punt staat wie de trekker is en wie meehelpt. De partijen beloven om hun deel zo veel mogelijk "
            "te doen. Zij vertellen elk halfjaar hoe het gaat, op een bladzijde die iedereen kan lezen. Woont u hier? "
            "Dan kunt u daar zelf laten weten of u er iets van merkt.",
        ),
        motivation=_paragraphs(
            "Op school zag men het het eerst: kinderen zonder handschoenen naast kinderen met een wintersport achter "
            "de rug. In de straat zelf kwamen die gezinnen elkaar niet tegen. De school vroeg de gemeente om niet nog "
            "een project te beginnen, maar om iedereen aan één tafel te zetten.",
            "Daar bleek dat veel al mocht en niemand het wist. Een medewerker mag kleine bedragen zelf geven. Een "
            "school mag na vier uur open zijn. Soms was er alleen iemand nodig die het hardop vroeg.",
        ),
        story=_paragraphs(
            "Een moeder vertelde haar kinderen dat ze gingen kamperen, met z'n allen in één kamer. De kinderen vonden "
            "het leuk. De rekening was er niet minder om.",
            "Bij de roeivereniging hangen foto's van negentig jaar. Op geen ervan staat een kind uit de Kraanstraat, "
            "vijftig meter verderop. Een bestuurslid zei dat zelf, voordat een ander het kon zeggen.",
        ),
        rules=_lines(
            "Liever een klein ding dat lukt dan een groot ding dat op papier staat.",
            "Wie bij het maken niet aan tafel zat, vragen wij alsnog.",
            "Wij gebruiken gewone woorden, en waar nodig meer dan één taal.",
            "Wat niet kan, krijgt een reden die een kind van twaalf begrijpt.",
        ),
        follow_up=_paragraphs(
            "De trekkers komen elk kwartaal een uur bij elkaar in het botenhuis. Wat zij melden, staat dezelfde week "
            "op de openbare pagina.",
            "Na een jaar, op de dag van de lange tafel, bespreken wij met de hele buurt wat gelukt is en wat een "
            "nieuwe versie nodig heeft.",
        ),
        points=HB_POINTS,
    ),
    round=Round(
        frozen=-16,
        opened=-15,
        deadline=13,
        answers=(
            Answer(
                "loods",
                "volledig",
                name="Ivo Kranendonk",
                function="brugfunctionaris",
                on_behalf_of="de directie van De Loods",
                decided=-13,
                answered=-12,
            ),
            Answer(
                "kaaibewoners",
                "volledig",
                name="Orlando Pinas",
                function="aanspreekpunt",
                on_behalf_of="de bewonersgroep",
                decided=-14,
                answered=-14,
            ),
            Answer(
                "gem_wi",
                "volledig",
                name="Sevda Aksoylu",
                function="teamleider participatie",
                on_behalf_of="het college van burgemeester en wethouders",
                decided=-6,
                answered=-5,
            ),
            Answer(
                "linde",
                "voorbehoud",
                reservations={
                    "3.2": (
                        "Wij halen het op tijd als de aannemer de ploeg levert die is toegezegd. Komt die ploeg niet, dan "
                        "beginnen wij met de woningen waar kinderen wonen."
                    )
                },
                name="Joost Hendriksma",
                function="manager wonen en leefbaarheid",
                on_behalf_of="de directeur-bestuurder",
                decided=-8,
                answered=-7,
            ),
            Answer(
                "roeiers",
                "volledig",
                name="Babette Loos",
                function="bestuurslid jeugd",
                on_behalf_of="het bestuur",
                decided=-4,
                answered=-3,
            ),
        ),
    ),
)

MOLENVELD = Trajectory(
    key="molenveld",
    name="Molenveld zorgt",
    phase="themas",
    area="Molenveld",
    wijken=("molenveld",),
    leader="sanne",
    applied=-95,
    application=(
        "Molenveld wordt snel ouder. Mensen redden zich lang zelf, tot het ineens niet meer gaat. Wij willen eerder "
        "met elkaar in gesprek en niet pas als er een crisis is."
    ),
    readiness=(
        ("Wil de gemeente dit echt?", "Ja, al wil niet elke afdeling even hard. Daar is open over gepraat."),
        ("Is er tijd en geld?", "Tijd wel. Het geld voor de werkbijeenkomsten is nog niet helemaal rond."),
        ("Is er een projectleider?", "Ja."),
        ("Is er steun van het bestuur?", "De wethouder steunt het, de raad is bijgepraat."),
    ),
    parties=(
        "gem_mo",
        "gem_bor",
        "gem_wi",
        "linde",
        "welzijn",
        "anker",
        "zonnewijzer",
        "brug",
        "winkeliers",
        "molenaars",
        "wijkagenten",
    ),
    upcoming=(
        Upcoming(
            "werk",
            "Werkbijeenkomst over elkaar zien",
            "Wijkcentrum De Kap, Molenwal 3",
            22,
            (
                Item("Welkom, en wat wij de vorige keer hoorden", 15),
                Item("Wie ziet het als het niet meer gaat?", 40, "Wat merkt u als eerste bij uw buren of cliënten?"),
                Item("Wat kan iedere partij doen?", 45, "Wat kunt u doen, en wat kunt u niet?"),
                Item("Afspraken tot de volgende keer", 15),
            ),
            -6,
            ("gem_mo", "gem_bor", "linde", "welzijn", "anker", "zonnewijzer", "brug", "molenaars"),
            (
                Reply("welzijn", 0, 3, "Wij brengen twee vrijwilligers van de maaltijden mee."),
                Reply("gem_mo", 1, 2),
                Reply("anker", 1, 2, "Eén van ons gaat om negen uur weg voor de avonddienst."),
                Reply("linde", 2, 0, "Die avond hebben wij zelf een bewonersavond. Wij lezen graag het verslag."),
                Reply("molenaars", 4, 5),
            ),
        ),
        Upcoming("werk", "Werkbijeenkomst over de stoepen en de bus", "Basisschool De Zonnewijzer", 50),
    ),
    later=(Item("Geld voor de wijkkamer", 20, "Wie kan meebetalen aan de wijkkamer?"),),
    meetings=(
        Meeting(
            "mv_gesprek",
            "gesprek",
            "Koffie met de buurtvereniging en de wijkverpleging",
            "Wijkcentrum De Kap, Molenwal 3",
            -41,
            "Wat maakt deze wijk anders dan andere wijken?",
            1,
            {"molenaars": 2, "anker": 1, "gem_bor": 1},
            (
                Contribution(
                    "Molenveld is de wijk waar iedereen alles zelf regelt, tot het niet meer gaat. Dan gaat het ook "
                    "meteen helemaal niet meer.",
                    "opmerking",
                    theme="zorg",
                    said_by="anker",
                ),
                Contribution(
                    "Onze ledenlijst: 412 namen. Gemiddelde leeftijd 71. En ja, ik zit zelf onder het gemiddelde.",
                    "signaal",
                    said_by="molenaars",
                ),
                Contribution(
                    "In deze wijk krijgen wij de meeste meldingen over stoepen van de hele stad. Dat ligt niet aan de "
                    "stoepen, dat ligt aan wie er lopen.",
                    "opmerking",
                    theme="weg",
                    said_by="gem_bor",
                ),
            ),
            actions=(
                Action("Opschrijven wie in het molencomité de sleutel van De Kap heeft", "molenaars", -8, done=True),
                Action("Uitzoeken of de lift van De Kap dit jaar nog gemaakt wordt", "gem_bor", -2),
            ),
        ),
        Meeting(
            "mv_start",
            "start",
            "Startbijeenkomst Molenveld",
            "Wijkcentrum De Kap, Molenwal 3",
            -6,
            "Wat hebt u nodig om hier prettig oud, jong of iets ertussenin te zijn?",
            52,
            {
                "gem_mo": 1,
                "gem_bor": 1,
                "linde": 1,
                "welzijn": 2,
                "anker": 2,
                "zonnewijzer": 1,
                "brug": 1,
                "molenaars": 5,
                "wijkagenten": 1,
            },
            (
                Contribution(
                    "Ik zorg voor mijn moeder van 88 en werk 32 uur. ’s Avonds om tien uur doe ik haar steunkousen "
                    "uit. Daarna val ik om.",
                    "signaal",
                    theme="zorg",
                ),
                Contribution(
                    "We hebben vier middagen in de week een lege zaal. Wie iets kan en het wil delen mag hem hebben, "
                    "zonder huur.",
                    "idee",
                    theme="kap",
                    said_by="welzijn",
                ),
                Contribution(
                    "Een lijst met mensen die wel een uurtje willen oppassen op een vader of moeder. Zoals vroeger "
                    "met kinderen. Wij kunnen die lijst wel bijhouden.",
                    "idee",
                    theme="zorg",
                    said_by="molenaars",
                ),
                Contribution(
                    "Er ligt altijd zwerfvuil achter de Maalderij. De jeugd krijgt de schuld, maar het komt uit de "
                    "afvalbak die te klein is.",
                    "signaal",
                ),
                Contribution(
                    "Ik snap dat wij hier niet bij het Lindeplein horen, maar als die winkeliers bezorgen, kom dan "
                    "ook naar ons. Het is een kwartier fietsen.",
                    "verwachting",
                    theme="weg",
                    addressed_to="winkeliers",
                ),
                Contribution(
                    "Ik vind eigenlijk dat we best wat liever mogen zijn. Ook voor die jongen die altijd met zijn "
                    "kratje bier bij de vijver zit. Die groet me elke ochtend.",
                    "opmerking",
                ),
                Contribution(
                    "Ik verwacht een gemeente die terugbelt. Acht maanden geleden stelde ik een vraag over een "
                    "traplift. Ik loop die trap nog steeds.",
                    "verwachting",
                    addressed_to="gem_mo",
                ),
                Contribution(
                    "Fietsers racen over het Haverpad alsof het de Tour is. Met zo'n dikke band. Ik stap er niet meer "
                    "op met de kleine.",
                    "signaal",
                    theme="weg",
                ),
                Contribution(
                    "Sinds de bus niet meer door de Korenlaan rijdt, ben ik van twee keer per week stad naar twee "
                    "keer per maand gegaan.",
                    "signaal",
                    theme="weg",
                ),
                Contribution(
                    "Over de bus gaan wij niet, daar gaat de provincie over. Maar wij kunnen wel mee aan tafel en wij "
                    "kennen de cijfers.",
                    "opmerking",
                    theme="weg",
                    said_by="gem_bor",
                ),
                Contribution(
                    "Wat denkt u van een belbusje met vrijwilligers? Ik heb mijn rijbewijs nog en tijd zat.",
                    "idee",
                    theme="weg",
                ),
                Contribution(
                    "Wij zouden willen dat huishoudelijke hulp en wijkverpleging op dezelfde dag over de vloer mogen "
                    "afstemmen. Nu zijn dat twee loketten en twee regelingen.",
                    "verwachting",
                    theme="zorg",
                    said_by="anker",
                    addressed_to="gem_mo",
                ),
                Contribution(
                    "Op de Roggestraat is een familie waar de politie om de week staat. De kinderen spelen bij ons in "
                    "de tuin en zeggen niks. Ik maak me zorgen.",
                    "signaal",
                ),
                Contribution(
                    "Rust. Het klinkt ondankbaar misschien, maar ik heb geen behoefte aan een buurtbarbecue. Ik wil "
                    "goeiemorgen kunnen zeggen en dat is het.",
                    "behoefte",
                ),
                Contribution(
                    "Ze hebben in De Kap nu een systeem dat je online een zaal moet boeken. Wij biljarten er al "
                    "twintig jaar. Hoezo boeken?",
                    "signaal",
                    theme="kap",
                ),
                Contribution(
                    "Deelauto, deelladder, deelboormachine. In mijn schuur staat alles en ik gebruik het nooit.",
                    "idee",
                ),
                Contribution(
                    "In de Wiekstraat zijn in een jaar tijd vijf woningen gekocht door een belegger. Er wonen steeds "
                    "andere mensen, ze blijven drie maanden.",
                    "signaal",
                ),
                Contribution(
                    "Wij zouden het fijn vinden als de buurtvereniging ons belt als iemand niet meer komt kaarten. "
                    "Jullie weten dat eerder dan wij.",
                    "verwachting",
                    said_by="anker",
                    addressed_to="molenaars",
                ),
                Contribution(
                    "Dat doen we graag. Maar dan verwachten we dat jullie ons ook iets terug vertellen, al is het: "
                    "dank je, we zijn langs geweest.",
                    "verwachting",
                    said_by="molenaars",
                    addressed_to="anker",
                ),
                Contribution(
                    "ik ben 16 en zorg voor me moeder. op school weet bijna niemand het. hoeft ook niet heel de klas "
                    "te weten maar 1 iemand zou fijn zijn",
                    "behoefte",
                    theme="zorg",
                ),
                Contribution(
                    "Een plek waar ik over mijn verdriet kan praten zonder dat het meteen therapie heet. Mijn vrouw "
                    "is dit jaar overleden.",
                    "behoefte",
                ),
                Contribution(
                    "Wij verwachten dat jullie ons programma ook op jullie website zetten. Wij zijn vrijwilligers, "
                    "maar wat we doen is echt.",
                    "verwachting",
                    theme="kap",
                    said_by="molenaars",
                    addressed_to="welzijn",
                ),
                Contribution(
                    "Wij krijgen in een week zeven verschillende gezichten aan bed. Ik verwacht dat het er hoogstens "
                    "drie worden. Mijn vader is geen pakketje.",
                    "verwachting",
                    theme="zorg",
                    addressed_to="anker",
                ),
                Contribution(
                    "Studenten in ruil voor lage huur een paar uur bij ouderen. Dat doen ze ergens anders ook en daar "
                    "werkt 't best.",
                    "idee",
                ),
                Contribution(
                    "Laat de keuken in het wijkcentrum weer open. Er staat een fornuis van acht pitten en we krijgen "
                    "een magnetronmaaltijd.",
                    "verwachting",
                    theme="kap",
                    addressed_to="welzijn",
                ),
                Contribution(
                    "Eén keer per maand een zaterdag vrij. Dat er dan iemand bij hem is die hij kent. Dat zou voor "
                    "mij het verschil zijn.",
                    "behoefte",
                    theme="zorg",
                ),
                Contribution("k vind dat er te veel vergadert word en te weinig gedaan sorry", "opmerking"),
                Contribution(
                    "Er staan hier soms rare briefjes op de lantaarnpaal over mensen uit de opvang. Ik haal ze eraf. "
                    "Kan iemand anders dat ook eens doen?",
                    "signaal",
                ),
                Contribution(
                    "Laat kinderen een keer voorlezen bij ons in de aanleunwoningen. Wij lezen ook graag terug.",
                    "verwachting",
                    addressed_to="zonnewijzer",
                ),
                Contribution(
                    "Groep 7 kan best een keer per maand met de oudere bewoners de moestuin in. Zij leren van u en u "
                    "hoeft niet te bukken.",
                    "idee",
                    said_by="zonnewijzer",
                ),
                Contribution(
                    "Snoei die heg bij het zebrapad aan de Korenlaan! Je ziet geen kind aankomen.",
                    "verwachting",
                    addressed_to="gem_bor",
                ),
                Contribution(
                    "Een kleinere woning hier in de wijk. Ik zit alleen in vijf kamers, maar ik ga niet weg uit "
                    "Molenveld. Dan maar vijf kamers.",
                    "behoefte",
                ),
                Contribution(
                    "Bouw nu eens iets gelijkvloers voor mensen die door willen stromen. Dan komt mijn huis vrij voor "
                    "een gezin.",
                    "verwachting",
                    addressed_to="linde",
                ),
                Contribution(
                    "Wij hebben in Molenveld maar 600 woningen. We willen veel, maar de grond is niet van ons.",
                    "opmerking",
                    said_by="linde",
                ),
                Contribution(
                    "Van de gemeente verwachten wij dat zij beslist over de plek van de oude gymzaal. Die staat nu "
                    "vijf jaar leeg en wij staan klaar.",
                    "verwachting",
                    said_by="linde",
                    addressed_to="gem_mo",
                ),
                Contribution(
                    "Die oude gymzaal! Begane grond een huiskamer, erboven appartementen. Klaar. Waarom moet dat zo "
                    "lang duren?",
                    "idee",
                ),
                Contribution(
                    "السلام عليكم — dat zeg ik altijd als ik binnenkom. In het begin keek men op. Nu roept de halve "
                    "bridgeclub het terug.",
                    "opmerking",
                    theme="kap",
                ),
                Contribution(
                    "Wijkcentrum De Kap ruikt nog precies zoals in 1988. Dat vind ik eigenlijk wel fijn.",
                    "opmerking",
                    theme="kap",
                ),
                Contribution(
                    "Geef ons geld voor drie jaar in plaats van één jaar. Elk najaar zijn we twee maanden bezig met "
                    "bewijzen dat we er volgend jaar nog moeten zijn.",
                    "verwachting",
                    said_by="welzijn",
                    addressed_to="gem_mo",
                ),
                Contribution(
                    "Dan willen wij van jullie horen wie jullie níet bereiken, en niet alleen hoeveel mensen er over "
                    "de drempel kwamen.",
                    "verwachting",
                    said_by="gem_mo",
                    addressed_to="welzijn",
                ),
                Contribution(
                    "Als Drent ben ik de weg hier wel gewend hoor: niet te veel praoten, gewoon doen.",
                    "opmerking",
                ),
                Contribution(
                    "We hebben op dit moment in Molenveld vier vacatures in de avond. Daar wil ik eerlijk over zijn, "
                    "voordat we mooie dingen beloven.",
                    "signaal",
                    theme="zorg",
                    said_by="anker",
                ),
                Contribution(
                    "Mijn man wou geen hulp. Nooit. Tot de kapper zei dat hij er moe uitzag. Naar die kapper "
                    "luisterde hij dus wel.",
                    "opmerking",
                    theme="zorg",
                ),
                Contribution(
                    "De stoplichten bij de Molenwal staan zó kort op groen voor voetgangers. Ik verwacht dat iemand "
                    "van de gemeente dat een keer met een stok in de hand uitprobeert.",
                    "verwachting",
                    theme="weg",
                    addressed_to="gem_bor",
                ),
                Contribution(
                    "Iets voor mannen. Het is allemaal breien, bloemschikken en bewegen op muziek. Ik wil een "
                    "werkplaats, met een draaibank.",
                    "behoefte",
                    theme="kap",
                ),
                Contribution(
                    "De kerk heeft zo'n mooi orgel, laat mensen daar gewoon eens op oefenen. Ik heb vroeger gespeeld, "
                    "thuis kan het niet meer.",
                    "verwachting",
                    addressed_to="brug",
                ),
                Contribution(
                    "Een cursus voor mantelzorgers op woensdagmiddag: daar kan toch niemand die werkt? Graag in de "
                    "avond.",
                    "verwachting",
                    theme="zorg",
                    addressed_to="welzijn",
                ),
                Contribution(
                    "Meer kleuren op de muur bij de tunnel, kijk hoe grijs. Dat wou ik zeggen. (en ik ben 9)",
                    "behoefte",
                ),
                Contribution(
                    "Mijn telefoon is zo oud dat de app van de huisarts er niet meer op werkt. Dus nu kan ik geen "
                    "afspraak meer maken. 🙃",
                    "signaal",
                ),
                Contribution("Hulp met DigiD en dat soort dingen, van iemand die niet zucht.", "behoefte"),
                Contribution("Iemand die mijn band plakt en dan ook een kwartier blijft hangen.", "behoefte"),
                Contribution(
                    "Zorg dat de stoepranden aan de Roggestraat omlaag gaan vóórdat de nieuwe bestrating erin ligt. "
                    "Anders ligt straks alles weer open.",
                    "verwachting",
                    theme="weg",
                    said_by="molenaars",
                    addressed_to="gem_bor",
                ),
                Contribution(
                    "Met de scootmobiel kom ik nergens binnen. Twee treden bij de bakker, drempel bij de apotheek, en "
                    "bij de bieb doet de knop het niet.",
                    "behoefte",
                    theme="weg",
                ),
                Contribution(
                    "Wij willen wel een wandeling voor mensen die iemand verloren hebben. Je loopt naast elkaar, dat "
                    "praat makkelijker dan tegenover elkaar.",
                    "idee",
                    said_by="brug",
                ),
                Contribution(
                    "Mijn dochter met down kan echt iets. Ze zit nu al twee jaar op een wachtlijst voor dagbesteding "
                    "buiten de stad. Ik verwacht dat er hier in de buurt gezocht wordt.",
                    "verwachting",
                    addressed_to="gem_wi",
                ),
                Contribution(
                    "de wifi in de aanleunwoningen valt elke avond uit. dan kan ik mn kleinkind in canada nie zien",
                    "signaal",
                ),
                Contribution(
                    "Er wordt ’s nachts gedeald bij de volkstuinen. Wij durven er niks van te zeggen. Ik verwacht dat "
                    "jullie het op een ander moment komen bekijken dan dinsdag om elf.",
                    "verwachting",
                    addressed_to="wijkagenten",
                ),
                Contribution(
                    "Meld het alstublieft wél. Eén melding is een gerucht, tien is een patroon en dan krijg ik er "
                    "mensen op.",
                    "opmerking",
                    said_by="wijkagenten",
                ),
                Contribution(
                    "De huisarts heeft een patiëntenstop. Nieuwe mensen in de wijk rijden nu naar de andere kant van "
                    "de stad met een ziek kind.",
                    "signaal",
                ),
                Contribution(
                    "In de winter zie je niemand. Letterlijk niemand. Vanaf november ben ik mijn eigen gezelschap en "
                    "zo leuk ben ik niet.",
                    "signaal",
                ),
                Contribution(
                    "Hartstikke mooie avond dit, maar wie zit hier? Allemaal mensen die toch al overal zitten. "
                    "Inclusief mezelf.",
                    "opmerking",
                ),
                Contribution(
                    "Ga met de volgende avond naar de kantine van de tuinders of naar de flat. Niet wéér in De Kap.",
                    "idee",
                ),
            ),
            items=(
                Item("Welkom en waarom wij hier zijn", 15),
                Item(
                    "Wat hebt u nodig?",
                    60,
                    "",
                    "Zorg in de avond, een plek om binnen te lopen en een veilige oversteek bij de school kwamen het vaakst "
                    "terug.\n\nVeel mensen zeiden ook wat zij zelf kunnen doen, als iemand het bij elkaar brengt.",
                ),
                Item(
                    "Hoe wij verdergaan",
                    20,
                    "",
                    "Wij ordenen alles wat gezegd is in thema’s. Op de volgende bijeenkomst kijken wij of die kloppen.",
                ),
            ),
            actions=(
                Action("De thema’s opschrijven en rondsturen aan wie erbij was", "gem_mo", 8),
                Action("Vragen wie er ’s avonds een uur in De Kap wil zitten", "molenaars", 15),
                Action("Laten zien hoeveel vacatures er in de avondzorg zijn, en waar", "anker"),
            ),
        ),
    ),
    themes=(
        Theme(
            "zorg",
            "Zorgen voor een ander en het volhouden",
            "Veel mensen zorgen voor een ouder, partner of kind en komen zelf tekort. Zij vragen om bekende gezichten "
            "en om af en toe vrij.",
        ),
        Theme(
            "weg",
            "De deur uit en ergens komen",
            "De bus is weg, de stoep is hoog en het stoplicht is kort. Wie slecht loopt, blijft thuis.",
        ),
        Theme(
            "kap",
            "De Kap weer van de wijk",
            "Het wijkcentrum heeft een keuken en lege zalen. Bewoners en vrijwilligers willen er zelf iets van maken.",
        ),
    ),
)

LAGE_WILGEN = Trajectory(
    key="lage_wilgen",
    name="Lage Wilgen blijft",
    phase="gesprekken",
    area="Lage Wilgen (dorp)",
    wijken=("buitengebied",),
    leader="bilal",
    applied=-60,
    application=(
        "Lage Wilgen heeft nog een school met 58 kinderen, een dorpshuis en veel mensen die iets willen doen. De "
        "voorzieningen verdwijnen. De dorpsraad vroeg of de gemeente wil meedenken voordat ook de school weg is."
    ),
    readiness=(
        ("Wil de gemeente dit echt?", "Ja, en het dorp nog meer."),
        ("Is er tijd en geld?", "Zes uur per week, een halfjaar lang. Daarna opnieuw bekijken."),
        ("Is er een projectleider?", "Ja, hij komt zelf van het platteland."),
        ("Is er steun van het bestuur?", "De wethouder is in het dorpshuis geweest."),
    ),
    parties=("gem_mo", "gem_bor", "dorpsraad", "anker", "vvl"),
    meetings=(
        Meeting(
            "lw_dorpsraad",
            "gesprek",
            "Bij de dorpsraad aan tafel",
            "Dorpshuis De Hooiberg, Kerkbrink 1",
            -24,
            "Wat moet er blijven, en wat mag er bijkomen?",
            7,
            {"dorpsraad": 4, "gem_mo": 1},
            (
                Contribution(
                    "De pinautomaat weg, de dokter weg, de bus rijdt twee keer. Wat blijft er over? Nou, wij.",
                    "signaal",
                    said_by="dorpsraad",
                ),
                Contribution(
                    "Een plek waar de jeugd onder dak kan staan. Ze hangen nu in het bushokje waar toch geen bus komt.",
                    "behoefte",
                ),
                Contribution(
                    "Dorpshuis De Hooiberg ’s morgens open met koffie, en dat de wijkzuster daar dan een uurtje zit.",
                    "idee",
                ),
                Contribution(
                    "Wie oet de stad komt wonen mot hier eerst even wennen. Wij ook trouwens, an hun.",
                    "opmerking",
                ),
                Contribution(
                    "Wij verwachten dat de gemeente naar het dorp toe komt in plaats van andersom. Het is dezelfde "
                    "afstand.",
                    "verwachting",
                    said_by="dorpsraad",
                    addressed_to="gem_mo",
                ),
            ),
        ),
        Meeting(
            "lw_ouders",
            "gesprek",
            "Koffie met ouders op het schoolplein",
            "Dorpsschool, Veldweg 8",
            -10,
            "Wat mist uw kind hier?",
            9,
            {"gem_mo": 1},
            (
                Contribution(
                    "Ik rijd elke dag 44 kilometer met onze zoon naar speciaal onderwijs. Hij kent daardoor geen kind "
                    "in zijn eigen dorp.",
                    "signaal",
                ),
                Contribution(
                    "Kan de club uit de stad één middag hier training geven? Wij hebben een veld en een kantine met "
                    "een biljart.",
                    "verwachting",
                    addressed_to="vvl",
                ),
            ),
        ),
    ),
)

ZONNEHOF = Trajectory(
    key="zonnehof",
    name="Zonnehof kent elkaar",
    phase="aanmelding",
    area="Zonnehof",
    wijken=("zonnehof",),
    leader="bilal",
    applied=-4,
    application=(
        "In de flats van de Zonnehof verhuist elk jaar bijna een vijfde van de mensen. Buren kennen elkaar niet en de "
        "partijen in de wijk wisselen ook vaak. Wij willen graag in gesprek over een traject."
    ),
)

EXAMPLE = Example(
    gemeente="Voorbeeldstad",
    code="GM9999",
    staff=STAFF,
    parties=PARTIES,
    wijken=WIJKEN,
    trajectories=(LINDENKWARTIER, HAVENBUURT, MOLENVELD, LAGE_WILGEN, ZONNEHOF),
)
