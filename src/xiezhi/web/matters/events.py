"""What matters write into the trail."""

from xiezhi.web.audit.kinds import declare, name_object

OF_A_MOVE = {
    "process": ("流程", "process"),
    "move": ("动作", "move"),
    "state": ("状态", "state"),
    "proposed_by": ("送审人", "proposed by"),
    "data": ("填写内容", "what was said"),
}

MOVED = declare("matter.moved", zh="办理事项", en="Moved a matter", fields=OF_A_MOVE)
PROPOSED = declare("matter.proposed", zh="送审", en="Sent for approval", fields=OF_A_MOVE)
SIGNED = declare("matter.signed", zh="审批同意", en="Approved a move", fields=OF_A_MOVE)
DECLINED = declare("matter.declined", zh="审批不同意", en="Declined a move", fields=OF_A_MOVE)
WITHDRAWN = declare("matter.withdrawn", zh="撤回送审", en="Withdrew what was sent for approval", fields=OF_A_MOVE)
ALARMED = declare(
    "matter.alarmed",
    zh="到期提醒、逾期上报",
    en="Reminded or escalated",
    fields={"reminded": ("提醒", "reminded"), "escalated": ("上报", "escalated")},
)
YEAR_ENTERED = declare(
    "calendar.entered",
    zh="录入工作日历",
    en="Entered a year of the working calendar",
    fields={"days": ("不同于星期的日子", "days unlike the week"), "source": ("来源", "source")},
)

name_object("matters.matter", zh="事项", en="matter")
name_object("matters.calendaryear", zh="工作日历", en="working calendar")
name_object("matters", zh="事项", en="matters")
