"""The order and the names of the tests."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: at the end everybody would wait for the last of them."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their argument, not by what they hold.

    A packed file holds the second it was packed in: each process would know the test by another name, and a run in
    several processes is refused as a whole.
    """
    return argname if isinstance(val, bytes) else None
