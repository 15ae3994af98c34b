"""The order of the tests."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: at the end everybody would wait for the last of them."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
