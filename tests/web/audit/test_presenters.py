"""An event as people read it, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.audit.site import TESTED
from xiezhi.web.audit import presenters
from xiezhi.web.audit.kinds import every_kind
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.audit.presenters import FieldChange, Particular


def event(**columns: Any) -> AuditEvent:
    plain = {
        "kind": TESTED.code,
        "outcome": "done",
        "username": "zhang.san",
        "display_name": "张三",
        "unit_name": "第一监督检查室",
        "details": {},
    }
    return AuditEvent(**{**plain, "on_kind": "alerts.alert", "on_id": "7", "on_label": "AL-2026-7", **columns})


def test_a_sentence_says_who_did_what_to_what() -> None:
    assert presenters.sentence(event(), "zh") == "张三（第一监督检查室）改动：AL-2026-7"
    assert presenters.sentence(event(), "en") == "张三 (第一监督检查室): changed: AL-2026-7"
    refused = event(outcome="refused", unit_name="", display_name="")
    assert presenters.sentence(refused, "zh") == "zhang.san改动：AL-2026-7（被拒）"
    assert presenters.sentence(refused, "en") == "zhang.san: changed: AL-2026-7 (refused)"


def test_a_kind_whose_app_is_gone_is_called_by_its_code() -> None:
    assert presenters.what(event(kind="old.thing_done"), "zh") == "old.thing_done"


def test_changes_are_fields_with_words() -> None:
    changed = event(
        before={"state": "raised", "active": True, "lines": ["土地"], "same": 1, "shade": "红"},
        after={"state": "done", "active": False, "lines": ["土地", "救助"], "same": 1, "shade": None, "ends_on": "2026-12-31"},
    )
    assert presenters.changes(changed, "zh") == [
        FieldChange("状态", "raised", "done"),
        FieldChange("是否启用", "是", "否"),
        FieldChange("业务条线", "土地", "土地、救助"),
        FieldChange("色调", "红", "—"),
        FieldChange("截止日期", "—", "2026-12-31"),
    ]
    assert presenters.changes(changed, "en")[1] == FieldChange("Active", "yes", "no")
    assert presenters.changes(changed, "en")[3] == FieldChange("Shade", "红", "—")


def test_particulars_are_never_json() -> None:
    told = event(
        details={"permission": "alert.read", "several": {"role": "auditor", "lines": []}, "at": "2026-11-23T08:00:00+00:00"}
    )
    assert presenters.particulars(told, "zh") == [
        Particular("所需权限", "alert.read"),
        Particular("several", "角色：auditor；业务条线：—"),
        Particular("at", "2026-11-23 16:00:00"),
    ]


def test_objects_are_called_by_their_models() -> None:
    assert presenters.object_word("audit.auditevent", "zh") == "审计事件"
    assert presenters.object_word("route", "en") == "page"
    assert presenters.object_word("gone.model", "zh") == "gone.model"


def test_choices_are_said_in_words() -> None:
    assert presenters.changes(
        event(on_kind="audit.auditevent", before={"outcome": "done"}, after={"outcome": "refused"}), "zh"
    ) == [FieldChange("outcome", "完成", "被拒")]


@pytest.mark.parametrize("kind", every_kind(), ids=str)
def test_every_kind_has_words_in_both_languages(kind: Any) -> None:
    assert kind.words.zh.strip()
    assert kind.words.en.strip()
    assert kind.words.en.isascii()
