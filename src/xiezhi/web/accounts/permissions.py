"""Everything a person may be allowed to do, and what it is called. Who holds which is in `roles`."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(TextChoices):
    """What a route or an action asks for. A permission says what; the scope says on which rows."""

    WORKBENCH_OPEN = "workbench.open", _("打开工作台")

    DELIVERY_READ = "delivery.read", _("查看交付")
    DELIVERY_UPLOAD = "delivery.upload", _("上传交付")
    DELIVERY_CHASE = "delivery.chase", _("催报逾期交付")
    CATALOGUE_READ = "catalogue.read", _("查看数据资源目录")

    RULE_READ = "rule.read", _("查看模型")
    RULE_PROPOSE = "rule.propose", _("提出模型参数修改")
    RULE_APPROVE = "rule.approve", _("批准模型参数修改")
    RUN_READ = "run.read", _("查看运行")
    RUN_START = "run.start", _("启动运行")

    ALERT_READ = "alert.read", _("查看预警")
    EVIDENCE_READ = "evidence.read", _("查看证据")
    ALERT_DISPATCH = "alert.dispatch", _("分办、督办预警")
    ALERT_VERIFY = "alert.verify", _("签收、核查、整改预警")
    ALERT_REVIEW = "alert.review", _("审核核查结果、验收整改")
    ALERT_APPROVE = "alert.approve", _("审批预警的分办、延期")
    ALERT_APPROVE_RED = "alert.approve_red", _("审批红色预警的分办")
    ALERT_DISMISS = "alert.dismiss", _("了结预警")
    ALERT_SNOOZE = "alert.snooze", _("暂缓预警")
    ALERT_MERGE = "alert.merge", _("并入预警")
    ALERT_EXPORT = "alert.export", _("导出预警")
    REPLAY_CHECK = "replay.check", _("查看并处理重放不一致")

    REVEAL_REQUEST = "reveal.request", _("申请揭示身份")
    REVEAL_APPROVE = "reveal.approve", _("批准揭示身份")
    REVEAL_REGISTER = "reveal.register", _("查看揭示登记簿")

    TRAIL_READ = "trail.read", _("查看审计记录")
    TRAIL_EXPORT = "trail.export", _("导出审计记录")

    ACCOUNT_READ = "account.read", _("查看账号")
    ACCOUNT_CREATE = "account.create", _("新建账号、重置密码、解锁")
    ACCOUNT_DISABLE = "account.disable", _("停用、启用账号")
    POST_GRANT = "post.grant", _("授予、终止岗位，设定密级许可")
    SIGHT_REVIEW = "sight.review", _("查看、导出、复核可见范围清单")
    UNIT_MANAGE = "unit.manage", _("维护单位")
    POLICY_SET = "policy.set", _("设定安全策略")
    MACHINE_MANAGE = "machine.manage", _("管理机器账号")
    CALENDAR_MANAGE = "calendar.manage", _("维护工作日历")
    SYSTEM_RUN = "system.run", _("运行维护系统")
