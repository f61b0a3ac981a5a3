from __future__ import annotations

import pytest

from stakeholders.models import Membership
from tests.factories import MembershipFactory


@pytest.fixture
def party(cast):
    return cast.parties[1]


@pytest.fixture
def contact(party):
    """A person with an account, who is contact person of the party beside the one who has none."""
    return MembershipFactory(party=party, gemeente=None, role=Membership.Role.CONTACT).person
