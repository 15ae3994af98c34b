"""The fictional commission stands whole, and settling twice changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xiezhi.web.accounts.models import Post, Unit, User
from xiezhi.web.accounts.roles import ROLES, RoleCode
from xiezhi.web.accounts.viewer import posts_of, viewer_of
from xiezhi.web.demonstration.actions.settling import settle
from xiezhi.web.demonstration.commission import plan


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "delivered").mkdir()
    (tmp_path / "delivered" / "city.json").write_text(json.dumps({"persons": 5000}))
    return tmp_path


def test_the_commission_is_whole(db: None, home: Path) -> None:
    made = settle(home)
    kinds = {kind: Unit.objects.filter(kind=kind).count() for kind in ("city", "county", "town", "department", "stationed")}
    assert kinds == {"city": 1, "county": 3, "town": 12, "department": 25, "stationed": 6}
    assert Unit.objects.filter(kind="village").count() >= 36
    assert made == User.objects.count() == len(plan().people)
    assert {RoleCode(role) for role in Post.objects.values_list("role", flat=True)} == set(ROLES)


def test_settling_twice_changes_nothing(db: None, home: Path) -> None:
    settle(home)
    before = (Unit.objects.count(), User.objects.count(), Post.objects.count())
    assert settle(home) == 0
    assert (Unit.objects.count(), User.objects.count(), Post.objects.count()) == before


def test_an_office_sees_what_it_oversees_and_no_more(db: None, home: Path) -> None:
    settle(home)
    officer = User.objects.get(username="officer1")
    scope = viewer_of(officer, posts_of(officer, officer.posts.get().starts_on)[0]).scope
    assert scope.sees(path=Unit.objects.get(code="civil").path)
    assert scope.sees(path=Unit.objects.get(code="990101001001").path)
    assert not scope.sees(path=Unit.objects.get(code="990102001001").path)


def test_no_account_has_a_password(db: None, home: Path) -> None:
    """Only the printed links lead in: no default password exists, anywhere."""
    settle(home)
    assert [user.username for user in User.objects.all() if user.has_usable_password()] == []
