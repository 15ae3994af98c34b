"""Words for what roles and posts are made of, as the screens say them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.models import UnitKind
from xiezhi.web.accounts.roles import Duty, Reach

Word = str | Promise

REACHES: Mapping[Reach, Word] = {
    Reach.NOTHING: _("不看业务数据"),
    Reach.OWN: _("本单位及以下"),
    Reach.OVERSEEN: _("联系单位及以下"),
    Reach.REGION: _("所在地区及以下"),
}

DUTIES: Mapping[Duty, Word] = {
    Duty.BUSINESS: _("业务"),
    Duty.DEPARTMENT: _("部门"),
    Duty.SYSTEM: _("系统管理"),
    Duty.SECURITY: _("安全保密管理"),
    Duty.AUDIT: _("安全审计"),
    Duty.MACHINE: _("机器"),
}

KINDS: Mapping[UnitKind, Word] = {
    UnitKind.CITY: _("市"),
    UnitKind.COUNTY: _("县区"),
    UnitKind.TOWN: _("乡镇"),
    UnitKind.VILLAGE: _("村（社区）"),
    UnitKind.COMMISSION: _("纪委监委"),
    UnitKind.OFFICE: _("内设室"),
    UnitKind.STATIONED: _("派驻纪检监察组"),
    UnitKind.DEPARTMENT: _("部门"),
    UnitKind.INSTITUTION: _("所属单位"),
}

AUTHORITIES: Mapping[int, Word] = {0: _("无"), 1: _("乡管"), 2: _("县管"), 3: _("市管"), 4: _("省管")}
"""干部管理权限: up to which managing level subjects are seen."""

LABELS: Mapping[int, Word] = {0: _("普通"), 1: _("内部"), 2: _("受限"), 3: _("保密")}
"""Labels of data, and the clearance that goes up to one: in the words of the classifications they come from."""

RELATIONS: Mapping[str, Word] = {
    "self": _("本人"),
    "spouse": _("配偶"),
    "parent": _("父母"),
    "child": _("子女"),
    "sibling": _("兄弟姐妹"),
    "in-law": _("姻亲"),
    "other": _("其他可能影响公正的关系"),
}

ENDINGS: Mapping[str, Word] = {
    "idle": _("您有一段时间没有操作，会话已结束，请重新登录。"),
    "absolute": _("会话已到最长时间，请重新登录。"),
    "disabled": _("您的会话已结束，请重新登录；登录不了时请找系统管理员。"),
    "expired": _("您的会话已结束，请重新登录；登录不了时请找系统管理员。"),
}
