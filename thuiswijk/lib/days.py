"""Days on which people here stay at home: weekends, and the public holidays of the Netherlands."""

from datetime import date
from functools import cache

import holidays

WEEKEND = {5: "een zaterdag", 6: "een zondag"}


@cache
def _holidays_of(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("NL", years=year, language="nl"))


def day_off(day: date) -> str:
    """What keeps people away on this day, as it ends the sentence "Dit is …"; "" on an ordinary day."""
    return _holidays_of(day.year).get(day) or WEEKEND.get(day.weekday(), "")
