"""Bad wifi: a phone sends the same thing again, or two things under one key, at the same moment."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.faults.conftest import Platform

TOLD = "met een andere tekst"


def send_together(
    platform: Platform, ground: dict[str, Any], key: uuid.UUID, texts: list[str]
) -> list[tuple[int, str]]:
    """Posts one form per text at the same time, all with one key; what each was answered."""
    path = f"/b/{ground['meeting']}/"
    phone = platform.caller()
    phone.get(path)
    with ThreadPoolExecutor(len(texts)) as hands:
        return list(hands.map(lambda text: phone.post(path, key=str(key), text=text), texts))


def standing(platform: Platform, key: uuid.UUID) -> list[str]:
    return [text for (text,) in platform.sql("SELECT text FROM trajectories_contribution WHERE key = %s", key)]


@pytest.mark.stack
def test_same_text_twenty_times_at_once_stands_once(platform, ground):
    key = uuid.uuid4()

    answers = send_together(platform, ground, key, ["Er moet een bankje bij de bushalte."] * 20)

    assert {status for status, _ in answers} == {302}
    assert standing(platform, key) == ["Er moet een bankje bij de bushalte."]


@pytest.mark.stack
def test_two_texts_under_one_key_one_stands_and_the_other_is_told(platform, ground):
    texts = ["Het speeltuintje is stuk.", "De bus komt te laat."]
    for _ in range(5):
        key = uuid.uuid4()

        answers = send_together(platform, ground, key, texts)

        [stands] = standing(platform, key)
        [(_, page)] = [answer for answer in answers if answer[0] == 200]
        [left] = [text for text in texts if text != stands]
        assert TOLD in page and left in page  # and nothing typed is gone
        assert str(key) not in page  # so that the next try counts as a new one
