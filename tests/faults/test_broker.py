"""The broker is away: no page waits for it, what must follow is said, and it follows."""

from __future__ import annotations

import pytest

from tests.faults.conftest import FolderBroker, Platform, check_sealed_once


@pytest.mark.stack
@pytest.mark.parametrize("way", ["gone", "silent"])
def test_broker_away_document_follows_when_it_is_back(platform: Platform, ground, monkeypatch, way):
    if way == "silent" and isinstance(platform.broker, FolderBroker):
        pytest.skip("A folder can't be silent: this is about Redis.")
    # Who waits for a silent broker waits five seconds and more; a page that doesn't is there long before.
    monkeypatch.setattr("tests.faults.conftest.GIVES_UP", 4.0)
    leader = platform.caller(ground["session"])
    draft, round_ = ground["drafts"].pop(), ground["rounds"].pop()
    draft_page, round_page = f"/trajecten/{draft}/agenda/", f"/versies/{round_['version']}/"

    platform.broker.take_away(way)
    try:
        leader.get(draft_page)
        frozen, version_page = leader.post(f"{draft_page}bevriezen/", reason="")
        closed, _ = leader.post(f"{round_page}sluiten/", reason="Het duurt te lang.")
        assert (frozen, closed) == (302, 302)
        for page in (version_page, round_page):
            assert "Het document volgt vanzelf" in leader.get(page)
    finally:
        platform.broker.give_back()

    states = "SELECT array_agg(DISTINCT state) FROM agendas_document WHERE version_id IN (%s, %s)"
    version = int(version_page.strip("/").split("/")[-1])
    platform.wait_until(lambda: platform.sql(states, version, round_["version"]) == [(["stored"],)], seconds=120)
    final = "SELECT id FROM agendas_document WHERE version_id = %s AND kind = 'vastgesteld'"
    check_sealed_once(platform, platform.sql(final, round_["version"])[0][0])
    platform.wait_until(platform.is_healthy)
