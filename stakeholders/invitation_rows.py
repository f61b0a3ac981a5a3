"""A list of people, pasted from a spreadsheet: from text to people to invite, with what is wrong in each row.

Knows the columns and the words in them, and no database: who is known already comes in as addresses, and what goes out can be
shown before anybody is mailed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from stakeholders.invitations import Invitee
from stakeholders.models import Membership
from thuiswijk.lib.sheets import SheetError, read_sheet
from thuiswijk.lib.text import clean, in_brief

MOST = 200
COLUMNS = ("naam", "adres", "rol", "functie")
SYNONYMS = {"e-mail": "adres", "email": "adres", "e-mailadres": "adres", "emailadres": "adres", "mailadres": "adres"}
Role = Membership.Role
ROLES = {"projectleider": Role.LEADER, "adviseur": Role.ADVISER, "meelezer": Role.READER, "leest mee": Role.READER}
ADVISERS_ELSEWHERE = "adviseurs nodigt de beheerder van Thuiswijk uit. Kies projectleider of meelezer."


@dataclass(frozen=True)
class InvitedRow:
    """One row as read. A row with a `problem` must be mended first; one with a `note` is left out, for a good reason."""

    number: int
    who: Invitee
    role: str  # as written
    problem: str = ""
    note: str = ""


def read_rows(text: str, *, roles: Collection[str], known: Mapping[str, str], is_limited: bool) -> list[InvitedRow]:
    """Reads rows of name, address, role and function, with tabs, semicolons or commas between; a row of names may go first.

    `roles` are those that may be given, `known` tells of an address (in small letters) why it needs no invitation. Raises
    SheetError, with a Dutch sentence, where the list as a whole can't be read.
    """
    rows, seen = [], dict(known)
    for number, cells in _table(text):
        name, email, written, function = (cells[column] for column in COLUMNS)
        role = ROLES.get(written.casefold(), "")
        who = Invitee(name, email, role, function, is_limited)
        note = seen.get(email.lower(), "")
        rows.append(InvitedRow(number, who, written, "" if note else _problem(who, written, roles), note))
        if email:
            seen.setdefault(email.lower(), f"staat ook in regel {number}.")
    if len(rows) > MOST:
        raise SheetError(f"Deze lijst heeft {len(rows)} regels. Nodig hoogstens {MOST} mensen tegelijk uit.")
    return rows


def _table(text: str) -> list[tuple[int, dict[str, str]]]:
    """The filled rows, with the number of their line, and a text under each of our columns."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    has_header = "@" not in first
    if not has_header:
        text = max("\t;,", key=first.count).join(COLUMNS) + "\n" + text
    sheet = read_sheet(text.encode("utf-8", "surrogatepass"), name="")
    titles = {SYNONYMS.get(title.casefold(), title.casefold()): title for title in sheet.header}
    unknown = [title for key, title in titles.items() if key not in COLUMNS]
    if unknown or not {"naam", "adres", "rol"} <= set(titles):
        raise SheetError(
            "Zet op de eerste regel de namen van de kolommen: naam, adres, rol, functie. Of laat die regel weg."
        )
    return [
        (
            row.number if has_header else row.number - 1,
            {key: " ".join(clean(row.cells[titles[key]]).split()) if key in titles else "" for key in COLUMNS},
        )
        for row in sheet.rows
    ]  # fmt: skip


def _problem(who: Invitee, written: str, roles: Collection[str]) -> str:
    """What must be mended in this row, as the end of a sentence; or nothing."""
    if not who.name or len(who.name) > 100:
        return "vul een naam in, van hoogstens 100 tekens."
    if len(who.function) > 100:
        return "de functie is te lang. Er passen 100 tekens in."
    try:
        validate_email(who.email)
    except ValidationError:
        return f"“{in_brief(who.email)}” is geen compleet e-mailadres. Vul het zo in: naam@voorbeeld.nl."
    if who.role and who.role not in roles:
        return ADVISERS_ELSEWHERE
    if not who.role:
        return f"de rol “{in_brief(written)}” kennen wij niet. Kies {' of '.join(sorted(roles, reverse=True))}."
    return ""
