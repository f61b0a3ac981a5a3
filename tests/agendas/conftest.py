from __future__ import annotations

import pytest

from agendas import endorsing, versions
from agendas.models import Document
from stakeholders.models import Membership
from tests.factories import MembershipFactory, complete_agenda


@pytest.fixture
def final(cast) -> Document:
    """The order for the final document of a round that was closed, which no worker took up yet."""
    agenda = complete_agenda(cast.trajectory)
    version = versions.freeze(agenda, by=cast.leader)
    round_ = endorsing.open_round(version, deadline=agenda.ends_on, by=cast.leader)
    return endorsing.close_round(round_, by=cast.leader, reason="De raad vergadert morgen.")


@pytest.fixture
def party(cast):
    return cast.parties[1]


@pytest.fixture
def contact(party):
    """A person with an account, who is contact person of the party beside the one who has none."""
    return MembershipFactory(party=party, gemeente=None, role=Membership.Role.CONTACT).person
