"""The board of themes: by dragging, by keyboard alone, and by two advisers at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Projectleider

pytestmark = pytest.mark.stack


@pytest.fixture
def board(stack) -> tuple[int, list[int], list[str]]:
    """(trajectory, ids of five times inbreng that have no place, names of its themes), of its own for every test."""
    trajectory = stack.sql("SELECT min(trajectory_id) FROM trajectories_participation")[0][0]
    meeting = stack.sql("SELECT min(id) FROM trajectories_meeting WHERE trajectory_id = %s", trajectory)[0][0]
    said = stack.sql(
        """INSERT INTO trajectories_contribution (trajectory_id, meeting_id, key, text, kind, addressed_name, question, source,
            made_at, hidden_reason)
        SELECT %s, %s, gen_random_uuid(), 'Op het bord ' || n, 'opmerking', '', '', 'telefoon',
            now() + n * interval '1 second', '' FROM generate_series(1, 5) n RETURNING id""",
        trajectory, meeting,
    )  # fmt: skip
    themes = stack.sql("SELECT name FROM agendas_theme WHERE trajectory_id = %s ORDER BY position, id", trajectory)
    return trajectory, [pk for (pk,) in said], [name for (name,) in themes]


def themes_of(stack, said: list[int]) -> list[tuple[int, str]]:
    query = """SELECT p.contribution_id, t.name FROM agendas_placement p JOIN agendas_theme t ON t.id = p.theme_id
        WHERE p.contribution_id = ANY(%s) ORDER BY 1, 2"""
    return [tuple(row) for row in stack.sql(query, said)]


def ready(page: Page) -> None:
    """The side of the board is there: the script runs."""
    expect(page.locator("#zijkant[hx-trigger^=every]")).to_have_count(1)
    expect(page.locator(".htmx-request, .htmx-settling, .htmx-swapping")).to_have_count(0)


def test_two_at_once_by_dragging_and_by_keyboard(stack, window, leader_state, board):
    trajectory, said, (first, second, *_) = board
    leader, adviser = window(state=leader_state), window()
    Projectleider(adviser, stack).signs_in("adviseur@voorbeeldstad.example")
    for page in (leader, adviser):
        page.goto(f"/trajecten/{trajectory}/themas/?zoek=Op+het+bord")
        ready(page)

    for pk in said[:2]:
        leader.locator(f"input[value='{pk}']").check()
    row = leader.locator("li", has=leader.locator(f"input[value='{said[1]}']"))
    row.drag_to(leader.locator(".board__theme", has_text=first))
    expect(leader.locator("#meldingen")).to_contain_text(f"2 keer inbreng bij “{first}” gezet.")
    assert themes_of(stack, said) == [(pk, first) for pk in said[:2]]
    assert leader.url.endswith("?zoek=Op+het+bord")

    # The adviser sees who did that by itself, and by keyboard places one that is gone and one that is still there.
    expect(adviser.locator(".steps")).to_contain_text(f"zette 2 keer inbreng bij ‘{first}’")
    for pk in said[1:3]:
        adviser.locator(f"input[value='{pk}']").focus()
        adviser.keyboard.press("Space")
    adviser.locator("select[name=theme]").focus()
    adviser.keyboard.type(second)
    adviser.locator("#place").focus()
    adviser.keyboard.press("Enter")
    expect(adviser.locator("#meldingen")).to_contain_text(f"1 keer inbreng bij “{second}” gezet.")
    expect(adviser.locator("#meldingen")).to_contain_text("door een collega verplaatst")
    assert themes_of(stack, said) == [(said[0], first), (said[1], first), (said[2], second)]

    # Taken back by who did it, while the step of the other stays.
    expect(leader.locator(".steps__list > li")).to_contain_text([f"bij ‘{second}’", f"bij ‘{first}’"])
    leader.locator(".steps__list > li", has_text=f"bij ‘{first}’").first.get_by_role("button").click()
    expect(leader.locator("#meldingen")).to_contain_text("2 keer inbreng staat weer waar die stond.")
    assert themes_of(stack, said) == [(said[2], second)]


def test_dragging_one_out_of_a_theme_leaves_what_was_ticked(stack, window, leader_state, board):
    trajectory, said, (first, *_) = board
    theme = stack.sql("SELECT id FROM agendas_theme WHERE trajectory_id = %s AND name = %s", trajectory, first)[0][0]
    page = window(state=leader_state)
    page.goto(f"/trajecten/{trajectory}/themas/?zoek=Op+het+bord")
    ready(page)
    for pk in said[:3]:
        page.locator(f"input[value='{pk}']").check()
    page.locator("select[name=theme]").select_option(first)
    page.locator("#place").click()
    expect(page.locator("#meldingen")).to_contain_text("3 keer inbreng")

    page.goto(f"/trajecten/{trajectory}/themas/?thema={theme}")
    ready(page)
    page.locator(f"input[value='{said[0]}']").check()
    row = page.locator("li", has=page.locator(f"input[value='{said[2]}']"))
    row.drag_to(page.locator(".board__theme", has_text="Nog niet geplaatst"))
    expect(page.locator("#meldingen")).to_contain_text(f"1 keer inbreng uit “{first}” gehaald.")
    assert themes_of(stack, said) == [(said[0], first), (said[1], first)]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_steps_have_a_page_of_their_own(stack, window, leader_state, board, scripts):
    trajectory, said, (first, *_) = board
    page = window(state=leader_state, scripts=scripts, width=360)
    page.goto(f"/trajecten/{trajectory}/themas/?zoek=Op+het+bord")
    if scripts:
        ready(page)
    page.locator(f"input[value='{said[0]}']").check()
    page.locator("select[name=theme]").select_option(first)
    page.locator("#place").click()
    expect(page.locator("#meldingen")).to_contain_text(f"1 keer inbreng bij “{first}” gezet.")
    page.get_by_role("link", name="Laatste stappen").click()
    page.locator(".steps__list > li", has_text=f"zette 1 keer inbreng bij ‘{first}’").first.get_by_role(
        "button"
    ).click()
    expect(page.locator("#meldingen")).to_contain_text("1 keer inbreng staat weer waar die stond.")
    assert themes_of(stack, said) == []


def test_inbreng_is_split_by_keyboard_alone_and_without_scripts(stack, window, leader_state, board):
    trajectory, (pk, *_), (first, second, *_) = board
    words = "Op het bord, de stoepen zijn slecht en er is niets voor jongeren."
    row = stack.sql(
        """INSERT INTO trajectories_contribution (trajectory_id, meeting_id, key, text, kind, addressed_name, question, source,
            made_at, hidden_reason)
        SELECT trajectory_id, meeting_id, gen_random_uuid(), %s, 'opmerking', '', '', 'telefoon', now(), ''
        FROM trajectories_contribution WHERE id = %s RETURNING id""",
        words, pk,
    )  # fmt: skip
    said = row[0][0]
    page = window(state=leader_state, scripts=False, width=360)
    for piece, theme in (("de stoepen zijn slecht", first), ("en er is niets voor jongeren.", second)):
        page.goto(f"/trajecten/{trajectory}/themas/?zoek=stoepen+jongeren")
        page.locator(f"a[href*='/inbreng/{said}/splitsen/']").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Splits deze inbreng")
        page.get_by_label(piece).focus()
        page.keyboard.press("Space")
        page.get_by_label("Dit deel gaat naar").focus()
        page.keyboard.type(theme)
        page.get_by_role("button", name="Splits").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#meldingen")).to_contain_text(f"“{piece}” staat nu als deel bij “{theme}”.")
    page.goto(f"/inbreng/{said}/")
    parts = [
        "Op het bord,",
        "de stoepen zijn slecht",
        "en er is niets voor jongeren.",
    ]  # what stands nowhere is one too
    expect(page.locator("mark")).to_have_text(parts)
    assert themes_of(stack, [said]) == sorted([(said, first), (said, second)])
    page.get_by_role("button", name="Maak weer één geheel").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#meldingen")).to_contain_text("De delen zijn weer één geheel.")
    expect(page.locator("mark")).to_have_count(0)


def test_session_that_ended_leaves_the_board_as_it_stands(stack, window, leader_state, board):
    trajectory, said, (first, *_) = board
    page = window(state=leader_state)
    page.goto(f"/trajecten/{trajectory}/themas/?zoek=Op+het+bord")
    ready(page)
    window.listens = False  # the browser complains of every 401
    page.context.clear_cookies(name="sessionid")
    page.locator(f"input[value='{said[0]}']").check()
    with page.expect_response(lambda answer: "/stappen/" in answer.url and answer.status == 401):
        pass  # the board asks by itself
    expect(page.locator(".board__theme", has_text=first)).to_be_visible()
    expect(page.locator(f"input[value='{said[0]}']")).to_be_checked()
    page.locator("select[name=theme]").select_option(first)
    page.locator("#place").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen")
    assert "zoek%3DOp%2Bhet%2Bbord" in page.url
    assert themes_of(stack, said) == []
