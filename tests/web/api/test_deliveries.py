"""Sending files in, and reading what became of deliveries."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web.api.conftest import Issue, machine
from tests.web.jobs import work
from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.deliveries.models import Delivery, Upload
from xiezhi.web.jobs.actions.starting import start
from xiezhi.web.jobs.models import Job

URL = "/api/v1/deliveries"


def csv(text: str = "a,b\n1,2\n", name: str = "发放.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def send(client: Client, *files: SimpleUploadedFile, key: str = "", **fields: Any) -> Any:
    return client.post(URL, {"files": list(files), **fields}, headers={"Idempotency-Key": key} if key else {})


def deliver(commission: Commission, number: int, unit: str) -> None:
    with system_scope("test"):
        place = commission.units[unit]
        Delivery.objects.create(
            number=number,
            file=f"{number}.csv",
            unit=place,
            unit_path=place.path,
            received_at=clock.now(),
            sha256=sha256(str(number).encode()).hexdigest(),
            size=1,
            fate="clean",
        )


def jobs() -> int:
    with system_scope("test"):
        return Job.objects.count()


def test_files_become_a_job(client: Client) -> None:
    answer = send(client, csv())
    assert answer.status_code == 202, answer.content
    told = answer.json()
    assert answer["Location"] == f"/api/v1/jobs/{told['id']}"
    again = client.get(answer["Location"]).json()
    assert (again["state"], again["kind"], again["failure"]) == ("waiting", "deliveries.receive", None)


def test_the_same_key_sends_once(client: Client) -> None:
    first = send(client, csv(), key="2026-11-23/1")
    again = send(client, csv(), key="2026-11-23/1")
    assert first.json()["id"] == again.json()["id"]
    assert jobs() == 1
    other = send(client, csv("a,b\n3,4\n"), key="2026-11-23/1")
    assert other.status_code == 422
    assert other.json()["code"] == "XZ-API-02"
    assert send(client, csv("a,b\n3,4\n"), key="2026-11-23/2").json()["id"] != first.json()["id"]
    assert jobs() == 2


def test_a_key_is_the_senders_own(client: Client, commission: Commission, issued: Issue) -> None:
    first = send(client, csv(), key="k").json()
    again = send(machine(issued()[1]), csv(), key="k").json()
    assert first["id"] == again["id"], "another token of the same account"


@pytest.mark.parametrize("name", ["a.exe", "a.svg", "a.pdf"])
def test_files_that_may_not_come_in(client: Client, name: str) -> None:
    answer = send(client, csv(), csv(name=name))
    assert answer.status_code == 422
    assert answer.json()["files"][0]["name"] == name
    assert jobs() == 0
    with system_scope("test"):
        assert Upload.objects.count() == 0


def test_nothing_sent_is_no_delivery(client: Client) -> None:
    assert client.post(URL, {}).status_code == 422


def test_only_the_own_units_deliveries(client: Client, commission: Commission) -> None:
    deliver(commission, 1, "civil")
    deliver(commission, 2, "finance")
    assert [one["number"] for one in client.get(URL).json()["items"]] == [1]
    assert client.get(f"{URL}/1").status_code == 200
    foreign, absent = client.get(f"{URL}/2"), client.get(f"{URL}/99")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json() | {"instance": ""} == absent.json() | {"instance": ""}


def test_pages_by_cursor(client: Client, commission: Commission) -> None:
    for number in range(1, 8):
        deliver(commission, number, "civil")
    seen, cursor = [], ""
    while True:
        page = client.get(URL, {"limit": 3, "cursor": cursor}).json()
        seen += [one["number"] for one in page["items"]]
        if not page["next"]:
            break
        cursor = page["next"]
        deliver(commission, 100 + len(seen), "civil")
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    wrong = client.get(URL, {"cursor": "bm9uc2Vuc2U"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "XZ-API-04")


def test_anothers_job_is_not_there(client: Client, commission: Commission) -> None:
    viewer = commission.viewer(RoleCode.DATA_ANALYST)
    with acting_as(viewer):
        job = start(work.rows, by=viewer, title="别人的")
    assert client.get(f"/api/v1/jobs/{job.pk}").status_code == 404


def test_more_than_can_be_taken_is_the_senders_fault(client: Client) -> None:
    """Each was answered as a fault of ours."""
    assert send(client, *(csv(name=f"{n}.csv") for n in range(300))).status_code == 400
    assert client.post(URL, {"files": [csv()], **{f"f{n}": "x" for n in range(2000)}}).status_code == 400


def test_two_hundred_files_are_taken(client: Client) -> None:
    assert send(client, *(csv(name=f"{n}.csv") for n in range(200))).status_code == 202
    refused = send(client, *(csv(name=f"{n}.csv") for n in range(201)))
    assert refused.status_code == 422
    assert "200" in refused.content.decode()
