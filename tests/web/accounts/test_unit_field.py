"""A unit is chosen by its name: told apart, suggested within sight, refused where the name fits several."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django import forms
from django.test import Client

from tests.web.people import Commission
from xiezhi.web.accounts import queries
from xiezhi.web.accounts.forms.units import UnitField
from xiezhi.web.accounts.models import Unit
from xiezhi.web.accounts.roles import RoleCode

pytestmark = pytest.mark.django_db
As = Callable[[RoleCode], Client]


class Form(forms.Form):
    unit = UnitField(label="单位")


def form(text: str) -> Form:
    made = Form({"unit": text})
    made.fields["unit"].offered = queries.open_units()  # type: ignore[attr-defined]
    return made


@pytest.fixture
def eastern(commission: Commission) -> Commission:
    """Two villages called 东村, in two towns."""
    for code in ("v111", "v121"):
        Unit.objects.filter(code=code).update(name="东村", name_en="East Village")
    return commission


@pytest.mark.parametrize("text", ["c1单位t11单位东村", "v111", "East Village (Unit t11, Unit c1)", " c1单位t11单位东村 "])
def test_the_full_name_in_either_language_or_the_code_is_enough(eastern: Commission, text: str) -> None:
    made = form(text)
    assert made.is_valid(), made.errors
    assert made.cleaned_data["unit"].code == "v111"


def test_a_path_from_a_link_is_shown_as_the_unit_it_is(eastern: Commission) -> None:
    made = form(eastern.units["v111"].path)
    assert made.is_valid()
    assert 'value="c1单位t11单位东村"' in str(made["unit"])


def test_a_name_that_one_alone_has_is_enough(eastern: Commission) -> None:
    made = form("v112单位")
    assert made.is_valid()
    assert made.cleaned_data["unit"].code == "v112"


def test_a_name_of_several_is_refused_with_all_of_them(eastern: Commission) -> None:
    (said,) = form("东村").errors["unit"]
    assert "有 2 个单位叫“东村”" in said
    assert "c1单位t11单位东村、c1单位t12单位东村" in said


@pytest.mark.parametrize("text", ["西村", "东", "9999.", "c2单位t11单位东村", "%", "\\", "东\0村"])
def test_what_no_unit_is_called_is_refused(eastern: Commission, text: str) -> None:
    (said,) = form(text).errors["unit"]
    assert f"没有叫“{text}”的单位" in said


def suggested(client: Client, text: str) -> list[str]:
    page = client.get("/units/find/", {"field": "unit", "unit": text}).content.decode()
    return re.findall(r'value="([^"]*)"', page)


def test_suggestions_are_of_ones_sight(eastern: Commission, client_as: As) -> None:
    assert suggested(client_as(RoleCode.CITY_LEADER), "东村") == ["c1单位t11单位东村", "c1单位t12单位东村"]
    assert suggested(client_as(RoleCode.TOWN_OFFICER), "东村") == ["c1单位t11单位东村"]
    assert suggested(client_as(RoleCode.SECURITY_ADMINISTRATOR), "t12单位东") == ["c1单位t12单位东村"]
    assert suggested(client_as(RoleCode.CITY_LEADER), "没有") == []
    assert suggested(client_as(RoleCode.TOWN_OFFICER), "东\0村") == ["c1单位t11单位东村"]


def test_a_filter_that_was_not_understood_says_so(eastern: Commission, client_as: As) -> None:
    client = client_as(RoleCode.CITY_LEADER)
    page = client.get("/alerts/", {"unit": "东村", "money_from": "一万"}).content.decode()
    assert page.count("这个条件没有采用") == 2
    assert "有 2 个单位叫“东村”" in page
    assert "请写成以元为单位的数" in page
    assert "没有采用" not in client.get("/alerts/", {"unit": "v112单位", "money_from": "1,000.5"}).content.decode()
