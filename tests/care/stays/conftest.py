"""The world of a ward."""

from __future__ import annotations

import pytest

from tests.care.stays.world import World, world


@pytest.fixture
def ward(empty_record: None) -> World:
    """Nobody admitted yet."""
    del empty_record
    return world()
