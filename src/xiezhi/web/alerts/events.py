"""What alerts write into the trail."""

from xiezhi.web.audit.kinds import declare, name_object

RAISED = declare(
    "alert.raised",
    zh="生成预警",
    en="Raised alerts",
    fields={"new": ("新增", "new"), "changed": ("变化", "changed"), "gone": ("消失", "gone"), "woken": ("提前恢复", "woken")},
)
LOOKED_AT = declare("alert.looked_at", zh="查看预警", en="Looked at an alert")
EVIDENCE = declare("alert.evidence_opened", zh="查看证据", en="Looked at evidence")
WHY_ASKED = declare("alert.why_asked", zh="查看其他模型为何未命中", en="Asked why other rules did not flag")
DISMISSED = declare("alert.dismissed", zh="了结预警", en="Closed an alert", fields={"outcome": ("结论", "outcome")})
REOPENED = declare("alert.reopened", zh="重新打开预警", en="Reopened an alert")
SNOOZED = declare("alert.snoozed", zh="暂缓预警", en="Snoozed an alert", fields={"until": ("暂缓至", "until")})
WOKEN = declare("alert.woken", zh="结束暂缓", en="Ended a snooze")
MERGED = declare("alert.merged", zh="并入预警", en="Merged an alert", fields={"into": ("并入", "into")})
OF_WORK = {
    "result": ("核查结论", "result"),
    "amount": ("核实金额（分）", "amount, fen"),
    "returned": ("已追回（分）", "returned, fen"),
    "office": ("单位", "office"),
}
DISPATCHED = declare("alert.dispatched", zh="分办预警", en="Dispatched an alert", fields=OF_WORK)
SIGNED_FOR = declare("alert.signed_for", zh="签收预警", en="Signed for an alert")
DECLINED = declare("alert.declined", zh="退回预警：不属本单位", en="Returned an alert as not theirs")
TRANSFERRED = declare("alert.transferred", zh="转交预警", en="Transferred an alert", fields=OF_WORK)
EXTENDED = declare("alert.extended", zh="延期", en="Extended a deadline")
SUBMITTED = declare("alert.submitted", zh="反馈核查结果", en="Reported a verification", fields=OF_WORK)
SENT_BACK = declare("alert.sent_back", zh="退回补充", en="Sent a report back")
ACCEPTED = declare("alert.accepted", zh="审核通过", en="Accepted a report")
RECTIFIED = declare("alert.rectified", zh="报告整改情况", en="Reported a rectification", fields=OF_WORK)
URGED = declare("alert.urged", zh="督办预警", en="Urged an alert")
REPLAYED = declare("alert.replayed", zh="重放证明", en="Replayed a hit", fields={"proved": ("一致", "proved")})
REPLAYED_ALL = declare(
    "alert.replayed_all",
    zh="重放全部命中",
    en="Replayed every hit",
    fields={"proved": ("一致", "proved"), "differences": ("不一致", "differences"), "new": ("新发现", "new")},
)
MISMATCH_HANDLED = declare("alert.mismatch_handled", zh="处理重放不一致", en="Settled a replay mismatch")
EXPORTED = declare(
    "alert.exported", zh="导出预警", en="Exported alerts", fields={"rows": ("行数", "rows"), "format": ("格式", "format")}
)
DOWNLOADED = declare("alert.export_downloaded", zh="下载导出文件", en="Downloaded an export")
VIEW_SAVED = declare("alert.view_saved", zh="保存视图", en="Saved a view")
VIEW_REMOVED = declare("alert.view_removed", zh="删除视图", en="Removed a view")

name_object("alerts.alert", zh="预警", en="alert")
name_object("alerts.export", zh="导出", en="export")
name_object("alerts.mismatch", zh="重放不一致", en="mismatch")
name_object("replay", zh="重放", en="replay")
name_object("alerts.savedview", zh="视图", en="saved view")
