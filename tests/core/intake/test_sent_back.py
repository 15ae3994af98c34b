"""Rows that came again after they had been set aside: each counts once, whichever way it was known."""

from __future__ import annotations

from xiezhi.intake.receipt import Mending, Receipt
from xiezhi.intake.sent_back import Back, Brought, mendings


def told(brought: Brought, *claimed: Mending) -> list[Mending]:
    """What is new, where 1 and 2 set ten rows aside each and an earlier delivery told what it `claimed`."""
    earlier = Receipt(delivery=2, file="b.csv", contract=None, received_at="", sha256="", bytes=0, mendings=list(claimed))
    return mendings(brought, [earlier], {1: frozenset(range(1, 11)), 2: frozenset(range(1, 11))})


def test_rows_are_told_by_the_delivery_that_set_them_aside() -> None:
    rows = [Back(1, row, accepted=True, keyed=True) for row in (3, 4, 5, 9)]
    rows += [Back(2, 1, accepted=False, keyed=True)]
    assert told(Brought(rows=rows)) == [Mending(delivery=1, mended="3-5,9"), Mending(delivery=2, again="1")]


def test_a_row_known_by_its_key_and_by_its_number_counts_once_and_by_its_key() -> None:
    brought = Brought(rows=[Back(1, 3, accepted=False, keyed=True)], origin=1, numbers=[Back(1, 3, accepted=True, keyed=False)])
    assert told(brought) == [Mending(delivery=1, mended="3")]


def test_a_row_known_by_its_number_alone_has_no_readable_key() -> None:
    numbers = [Back(1, 3, accepted=True, keyed=False), Back(1, 99, accepted=True, keyed=False)]
    assert told(Brought(origin=1, numbers=numbers)) == [Mending(delivery=1, mended="3", unread=1)]


def test_what_an_earlier_delivery_brought_already_is_not_told_again() -> None:
    rows = [Back(1, row, accepted=True, keyed=True) for row in (3, 4, 5)]
    assert told(Brought(rows=rows), Mending(delivery=1, mended="3-4")) == [Mending(delivery=1, mended="5")]


def test_rows_that_went_with_their_period_are_told_of_their_delivery() -> None:
    brought = Brought(rows=[Back(2, 7, accepted=True, keyed=True)], anew={1: 4})
    assert told(brought) == [Mending(delivery=1, anew=4), Mending(delivery=2, mended="7")]
