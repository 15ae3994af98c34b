"""Alerts for machines: their unit's own, masked, and only what changed since last time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.test import Client

from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.alerts.models import Alert

URL = "/api/v1/alerts"


def raised(
    commission: Commission, number: int, unit: str, *, level: str = "red", moved: datetime | None = None, label: int = 0
) -> None:
    at = moved or clock.now()
    place = commission.units[unit]
    with system_scope("test"):
        Alert.objects.create(
            fingerprint=f"{number:032}",
            number=f"A{number}",
            rule="XZ-SUB-001",
            version=1,
            variant="a",
            title_zh="题",
            title_en="title",
            line="subsidy",
            level=level,
            level_rank=4,
            hit_state="new",
            unit=place,
            unit_path=place.path,
            unit_label=place.name,
            placed_by="name",
            subject_kind="citizen_id",
            subject_key=f"citizen_id:{number}",
            subject_masked="110***********1234",
            label=label,
            sentence_zh="句",
            sentence_en="sentence",
            search="",
            seal="0" * 64,
            run=1,
            first_run=1,
            raised_at=at,
            renewed_at=at,
            moved_at=at,
        )


def numbers(client: Client, **query: object) -> list[str]:
    return [one["number"] for one in client.get(URL, query).json()["items"]]


def test_the_own_units_and_clearance(client: Client, commission: Commission) -> None:
    raised(commission, 1, "civil")
    raised(commission, 2, "finance")
    raised(commission, 3, "civil", label=3)
    assert numbers(client) == ["A1"]
    told = client.get(f"{URL}/A1").json()
    assert told["subject_masked"] == "110***********1234"
    assert "subject_key" not in told
    for hidden in ("A2", "A3", "A9"):
        assert client.get(f"{URL}/{hidden}").status_code == 404


def test_filters(client: Client, commission: Commission) -> None:
    now = clock.now()
    raised(commission, 1, "civil", level="red", moved=now - timedelta(days=2))
    raised(commission, 2, "civil", level="blue", moved=now)
    assert numbers(client, level="blue") == ["A2"]
    assert numbers(client, rule="XZ-SUB-001") == ["A1", "A2"]
    assert numbers(client, rule="XZ-NONE") == []
    assert numbers(client, unit="civil") == ["A1", "A2"]
    assert numbers(client, unit="finance") == numbers(client, unit="nowhere") == []
    assert numbers(client, raised_since=(now - timedelta(days=1)).isoformat()) == ["A2"]
    assert client.get(URL, {"level": "purple"}).status_code == 422
    for edge in ("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "1899-12-31T00:00:00Z"):
        assert client.get(URL, {"raised_since": edge}).status_code == 422


def test_only_what_changed_since(client: Client, commission: Commission) -> None:
    now = clock.now()
    for number in range(1, 6):
        raised(commission, number, "civil", moved=now + timedelta(microseconds=number // 2))
    seen, cursor, more = [], "", True
    while more:
        page = client.get(URL, {"limit": 2, "cursor": cursor}).json()
        seen += [one["number"] for one in page["items"]]
        cursor, more = page["next"], page["more"]
    assert seen == ["A1", "A2", "A3", "A4", "A5"]
    assert client.get(URL, {"cursor": cursor}).json() == {"items": [], "next": cursor, "more": False}
    with system_scope("test"):
        Alert.objects.filter(number="A2").update(moved_at=now + timedelta(hours=1))
    assert numbers(client, cursor=cursor) == ["A2"]
