"""Places of one name are told apart, in words and in figures; a picture says what it leaves out."""

from __future__ import annotations

from datetime import date

import pytest

from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.web.accounts.models import Unit, UnitKind
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.supervision.models import Coverage, Run
from xiezhi.web.supervision.presenters import coverage as presenter
from xiezhi.web.supervision.queries.coverage import Cell, coverage_by_place, coverage_of


def _unit(kind: UnitKind, name: str, parent: Unit | None = None) -> Unit:
    return Unit(kind=kind, name=name, name_en=f"{name} E", parent=parent)


def test_a_village_is_told_with_its_town_and_county_and_a_department_alone() -> None:
    city = _unit(UnitKind.CITY, "衍州市")
    county = _unit(UnitKind.COUNTY, "双溪县", city)
    town = _unit(UnitKind.TOWN, "城关镇", county)
    village = _unit(UnitKind.VILLAGE, "东村", town)
    assert village.full_title.zh == "双溪县城关镇东村"
    assert village.full_title.en == "东村 E (城关镇 E, 双溪县 E)"
    assert town.full_title.zh == "双溪县城关镇"
    assert _unit(UnitKind.TOWN, "直管镇", city).full_title.zh == "直管镇"
    assert _unit(UnitKind.INSTITUTION, "中心小学", county).full_title.zh == "双溪县中心小学"
    for kind in (UnitKind.DEPARTMENT, UnitKind.OFFICE, UnitKind.COUNTY):
        assert _unit(kind, "某单位", city).full_title.zh == "某单位"


@pytest.mark.django_db
def test_the_coverage_of_two_places_of_one_name_is_not_added_up(commission: Commission) -> None:
    """By what was delivered, and by where it was placed."""
    one, other = commission.units["v111"], commission.units["v121"]
    Unit.objects.filter(pk__in=(one.pk, other.pk)).update(name="东村")
    with system_scope("test"):
        now = clock.now()
        run = Run.objects.create(
            number=1,
            state=1,
            snapshot="",
            engine="",
            actor="",
            started=now,
            finished=now,
            parameters={},
            seconds={},
            copied_at=now,
        )
        for path, rows in ((one.path, 3), (other.path, 4)):
            Coverage.objects.create(
                run=run, rule="T-1", unit_label="东村", unit_path=path, line="subsidy", outcome="evaluated", rows=rows
            )
    viewer = commission.viewer(RoleCode.CITY_LEADER)
    with acting_as(viewer):
        told, placed = coverage_of(viewer, "T-1"), coverage_by_place(viewer)
    assert sorted(cell.population for cell in told) == sorted(cell.population for cell in placed) == [3, 4]
    assert len({cell.unit for cell in told}) == len({cell.unit for cell in placed}) == 2
    assert all(cell.unit.startswith("东村 · ") for cell in told)
    assert all(cell.unit.endswith("东村") for cell in placed)


def test_the_map_of_units_and_months_says_what_it_leaves_out() -> None:
    months = [date(2020 + number // 12, number % 12 + 1, 1) for number in range(26)]
    cells = [Cell(f"单位{unit:02}", month, {"evaluated": 10 + unit}) for unit in range(25) for month in months]
    drawn = presenter.heat([*cells, Cell("单位00", None, {"evaluated": 5, "outside": 9})], "图", "月份")
    assert drawn is not None
    assert drawn.left_out == "图中没有：行数较少的 1 个单位、更早的 2 个月、没有月份的 5 行。"
    whole = presenter.heat(cells[:3], "图", "月份")
    assert whole is not None
    assert whole.left_out == ""
