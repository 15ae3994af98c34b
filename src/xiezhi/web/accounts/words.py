"""Words for what roles and posts are made of, as the screens say them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.models import UnitKind
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import Duty, Reach

Word = str | Promise

PERMISSIONS: Mapping[Permission, Word] = {
    Permission.WORKBENCH_OPEN: _("打开工作台"),
    Permission.DELIVERY_READ: _("查看交付"),
    Permission.DELIVERY_UPLOAD: _("上传交付"),
    Permission.DELIVERY_CHASE: _("催报逾期交付"),
    Permission.CATALOGUE_READ: _("查看数据资源目录"),
    Permission.RULE_READ: _("查看模型"),
    Permission.RULE_PROPOSE: _("提出模型参数修改"),
    Permission.RULE_APPROVE: _("批准模型参数修改"),
    Permission.RUN_READ: _("查看运行"),
    Permission.RUN_START: _("启动运行"),
    Permission.ALERT_READ: _("查看预警"),
    Permission.EVIDENCE_READ: _("查看证据"),
    Permission.ALERT_DISMISS: _("了结预警"),
    Permission.ALERT_SNOOZE: _("暂缓预警"),
    Permission.ALERT_MERGE: _("并入预警"),
    Permission.ALERT_EXPORT: _("导出预警"),
    Permission.REPLAY_CHECK: _("查看并处理重放不一致"),
    Permission.REVEAL_REQUEST: _("申请揭示身份"),
    Permission.REVEAL_APPROVE: _("批准揭示身份"),
    Permission.REVEAL_REGISTER: _("查看揭示登记簿"),
    Permission.TRAIL_READ: _("查看审计记录"),
    Permission.TRAIL_EXPORT: _("导出审计记录"),
    Permission.ACCOUNT_READ: _("查看账号"),
    Permission.ACCOUNT_CREATE: _("新建账号、重置密码、解锁"),
    Permission.ACCOUNT_DISABLE: _("停用、启用账号"),
    Permission.POST_GRANT: _("授予、终止岗位，设定密级许可"),
    Permission.UNIT_MANAGE: _("维护单位"),
    Permission.POLICY_SET: _("设定安全策略"),
    Permission.MACHINE_MANAGE: _("管理机器账号"),
    Permission.SYSTEM_RUN: _("运行维护系统"),
}

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

LABELS: Mapping[int, Word] = {0: _("普通"), 1: _("内部"), 2: _("敏感"), 3: _("受限")}
"""Labels of data, and the clearance that goes up to one."""

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
