"""How much stands in every database that is measured: the same on each side, or a comparison says nothing."""

CONTRIBUTIONS = 1000
BOARDS = (50, 2000)  # contributions on a small board and on a large one
PARTIES = 10
THEMES = 5
POINTS_OF_A_THEME = 3
WORDS = "Achter de flat is het donker, wij lopen daarom om. " * 4  # 200 characters, about what people say


def spoken(number: int) -> str:
    """The text of the contribution with this number."""
    return f"{number}: {WORDS}".strip()
