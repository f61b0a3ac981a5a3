"""What people say in a hall, in short, with the theme that an adviser put it under: made up, of no wijk that exists."""

_SAID = {
    "Parkeren en verkeer": """
        Auto’s staan half op de stoep.
        Er wordt veel te hard gereden in de Kastanjelaan.
        Nergens plek voor mijn auto ’s avonds.
        Een drempel bij de school zou helpen.
        Bezoek kan nooit parkeren.
        Vrachtwagens rijden dwars door de wijk.
        Die rotonde is gevaarlijk op de fiets.
        Maak er een straat van waar je dertig mag.
        Busjes van bezorgers blokkeren de weg.
        Het kruispunt bij de bakker is onoverzichtelijk.
        Fietsers hebben geen eigen strook.
        Kan er een parkeervergunning komen?
    """,
    "Groen en spelen": """
        Meer bomen, het is hier zo heet.
        De speeltuin is kapot en niemand maakt hem.
        Zet bloembakken bij de flat.
        Kinderen kunnen nergens voetballen.
        Het gras wordt nooit gemaaid.
        Een moestuin voor de buurt.
        De bankjes in het park zijn rot.
        Graag een schommel voor kleintjes.
        Plant eens iets anders dan struiken.
        Er is geen schaduw op het plein.
        Geveltuintjes maken de straat vrolijk.
        Honden poepen waar kinderen spelen.
    """,
    "Schoon": """
        Overal zwerfvuil rond de containers.
        De ondergrondse container zit altijd vol.
        Mensen zetten grofvuil gewoon op straat.
        Meer prullenbakken bij de bushalte.
        Ratten door etensresten bij de flat.
        Wij ruimen iedere zaterdag het plein op.
        Het stinkt in de kelderbox naar afval.
        Glas op het fietspad.
        Wie haalt die matrassen weg?
        Afval scheiden is hier onmogelijk.
        De straatvegers slaan onze straat over.
        Peuken en blikjes voor de supermarkt.
    """,
    "Veilig": """
        Het is donker achter de flats, ik loop om.
        Meer lampen in de tunnel.
        Jongens hangen ’s nachts bij de garage.
        Er wordt gedeald op de hoek.
        De wijkagent zie je nooit.
        Ik doe na tien uur de deur niet meer open.
        Inbraken in de schuurtjes.
        Een buurtpreventiegroep, daar doe ik aan mee.
        Vuurwerk is hier al in oktober.
        Scooters scheuren over de stoep, eng.
        Ik voel mij onveilig bij de bushalte.
        Het portiek staat altijd open voor vreemden.
    """,
    "Wonen": """
        Schimmel in de slaapkamer van mijn dochter.
        De lift is om de week stuk.
        Mijn huur gaat omhoog en er gebeurt niets.
        Het tocht door de kozijnen.
        Wanneer wordt de flat geïsoleerd?
        Jongeren uit de wijk vinden hier geen woning.
        De corporatie belt nooit terug.
        De verwarming doet het half.
        Ik woon te groot maar kan niet weg.
        Lekkage in de badkamer, al drie maanden.
        De energierekening is niet te betalen in dit huis.
        Splitsing van woningen maakt het druk.
    """,
    "Ontmoeten": """
        Ik eet altijd alleen.
        Het buurthuis is in het weekend dicht.
        Een keer per maand samen koken.
        Nieuwe buren kennen niemand.
        Waar kan ik koffie drinken zonder lid te zijn?
        De kerk heeft een zaal over.
        Een straatfeest brengt ons bij elkaar.
        Ouderen zitten achter de ramen.
        Vrouwen willen een eigen avond.
        Taalcafé op dinsdag, kom langs.
        Mijn moeder spreekt dagen niemand.
        Een repaircafé, ik heb gereedschap.
    """,
    "Jeugd en school": """
        Er is niets te doen voor pubers.
        Huiswerk maken kan bij ons thuis niet.
        Een jongerenwerker die blijft.
        De wachtlijst voor zwemles is een jaar.
        Stageplekken voor jongens van het vmbo.
        Kinderen komen zonder ontbijt in de klas.
        Sport is te duur voor drie kinderen.
        Laat de gymzaal na school open.
        Meiden willen ook een plek.
        De leerkrachten wisselen steeds.
        Ouders weten niet bij wie zij moeten zijn.
        Een plek om te gamen onder toezicht.
    """,
    "Zorg en geld": """
        De huisarts neemt niemand meer aan.
        Formulieren van de gemeente snap ik niet.
        Schulden durft niemand te noemen.
        Mantelzorg is zwaar, ik kan nooit weg.
        De wijkverpleging wisselt iedere week.
        Het loket is alleen op afspraak.
        De voedselbank is te ver lopen.
        Ik wacht een halfjaar op hulp.
        Een maatje voor mensen met dementie.
        Bijzondere bijstand aanvragen duurt maanden.
        Niemand vertelt waar ik recht op heb.
        De tandarts betaal ik niet meer.
    """,
}
LABELLED = {theme: [line.strip() for line in lines.strip().splitlines()] for theme, lines in _SAID.items()}
