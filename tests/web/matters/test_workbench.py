"""What the workbench says of matters: what one's unit has in hand, what waits for one's signature, each with its list."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client

from tests.web.matters.begun import arranged, raised
from tests.web.matters.test_moving import WHY, move
from tests.web.people import Commission
from xiezhi.web.accounts.roles import RoleCode

As = Callable[[RoleCode], Client]


def home(client: Client) -> str:
    page: str = client.get("/").content.decode()
    return page


def test_what_a_unit_has_in_hand_stands_on_its_peoples_workbench_and_in_a_list(commission: Commission, client_as: As) -> None:
    arranged(2026, 2027)
    county, town = commission.viewer(RoleCode.COUNTY_OFFICER), commission.viewer(RoleCode.TOWN_OFFICER)
    numbers = [f"2026-10000{number}" for number in range(8)]
    for number in numbers:
        move(raised(commission, number, "v111"), "dispatch", county, office=commission.units["tc11"].pk, why=WHY)
    page = home(client_as(RoleCode.TOWN_OFFICER))
    assert sum(f"/alerts/{number}/" in page for number in numbers) == 6
    assert "本单位另有 2 条经手的预警" in page
    listed = client_as(RoleCode.TOWN_OFFICER).get("/alerts/?ours=on").content.decode()
    assert all(f"/alerts/{number}/" in listed for number in numbers)
    assert re.search(r"本单位经手.{0,400}>8<", page, re.DOTALL)
    assert "本单位经手" not in home(client_as(RoleCode.COUNTY_OFFICER))
    assert not any(
        f"/alerts/{number}/" in client_as(RoleCode.COUNTY_OFFICER).get("/alerts/?ours=on").content.decode() for number in numbers
    )
    assert town.unit_id == commission.units["tc11"].pk


def test_a_signature_waits_on_its_signers_workbench_alone_and_is_given_there(commission: Commission, client_as: As) -> None:
    arranged(2026, 2027)
    matter = raised(commission, "2026-100010", "v111", level="orange")
    move(matter, "dispatch", commission.viewer(RoleCode.SUPERVISING_OFFICER), office=commission.units["cc1"].pk, why=WHY)
    assert "审批：分办 2026-100010" in home(client_as(RoleCode.SUPERVISING_HEAD))
    for other in (RoleCode.SUPERVISING_OFFICER, RoleCode.CITY_LEADER, RoleCode.COUNTY_LEADER):
        assert "审批：分办" not in home(client_as(other))
    client = client_as(RoleCode.SUPERVISING_HEAD)
    page = client.get("/alerts/2026-100010/").content.decode()
    address = re.search(r"/matters/proposals/[0-9a-f-]{36}/sign/", page)
    assert address is not None
    assert client.post(address[0], {"why": "同意"}).status_code == 303
    assert client.post(address[0], {"why": "同意"}).status_code == 409
    assert "待签收" in client.get("/alerts/2026-100010/").content.decode()
    assert "审批：分办" not in home(client)


def test_a_proposal_out_of_sight_is_not_there(commission: Commission, client_as: As) -> None:
    """Nor is an act that there is not; whoever sees the matter and may not sign is told so."""
    arranged(2026, 2027)
    matter = raised(commission, "2026-100011", "v111", level="orange")
    move(matter, "dispatch", commission.viewer(RoleCode.SUPERVISING_OFFICER), office=commission.units["cc1"].pk, why=WHY)
    page = client_as(RoleCode.SUPERVISING_HEAD).get("/alerts/2026-100011/").content.decode()
    address = re.search(r"/matters/proposals/[0-9a-f-]{36}/", page)
    assert address is not None
    for role in (RoleCode.STATIONED_OFFICER, RoleCode.AUDITOR, RoleCode.SYSTEM_ADMINISTRATOR):
        for act in ("sign", "decline", "withdraw"):
            assert client_as(role).get(f"{address[0]}{act}/").status_code == 404
            assert client_as(role).post(f"{address[0]}{act}/", {"why": "不同意"}).status_code == 404
    assert client_as(RoleCode.SUPERVISING_HEAD).get(f"{address[0]}burn/").status_code == 404
    assert client_as(RoleCode.COUNTY_OFFICER).post(f"{address[0]}sign/", {"why": "同意"}).status_code == 422
