from __future__ import annotations

import pytest
from scim.world import World


@pytest.fixture
def world(make_account):
    """Return an organization with Olga, its representative, and a connected directory."""
    return World(make_account)
