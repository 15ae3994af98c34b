"""Every planted omission can still be planted: a text that is no longer there would prove nothing, and nobody would notice."""

from __future__ import annotations

import ast

import pytest

from tests.web.matrix.omissions import ROOT, WEB
from tests.web.matrix.planted import PLANTED, Omission


@pytest.mark.parametrize("one", PLANTED, ids=lambda one: one.opens)
def test_its_text_stands_once_and_what_is_planted_is_python(one: Omission) -> None:
    before = (ROOT / WEB / one.file).read_text("utf-8")
    assert before.count(one.old) == 1
    if one.file.endswith(".py"):
        ast.parse(before.replace(one.old, one.new))
