"""What a receipt names by a word of the vocabulary it also says in words."""

from __future__ import annotations

from xiezhi.intake.receipts.receipt import LeftOut, Reason, Remark, Repair
from xiezhi.intake.receipts.words import LEFT_OUT, REASONS, REMARKS, REPAIRS


def test_each_word_is_said_as_the_vocabulary_says_it() -> None:
    assert [Remark(column="x", remark=word, count=1).words for word in REMARKS] == [one.said for one in REMARKS.values()]
    assert [Repair(column="x", repair=word, count=1).words for word in REPAIRS] == [one.said for one in REPAIRS.values()]
    assert [Reason(row=None, column="x", reason=word, count=1).words for word in REASONS] == [
        one.said for one in REASONS.values()
    ]
    assert [LeftOut(row=1, kind=word, said="x").words for word in LEFT_OUT] == [one.said for one in LEFT_OUT.values()]
