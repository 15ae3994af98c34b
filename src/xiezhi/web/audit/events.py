"""What the trail tells of itself."""

from xiezhi.web.audit.kinds import declare, name_object

RESUMED = declare("trail.resumed", zh="断裂后继续封存审计链", en="Went on sealing after a break")
DELIVERED = declare("trail.delivered", zh="导出审计数据供模型使用", en="Delivered the trail as data")
EXPORTED = declare("trail.exported", zh="导出审计链", en="Exported the trail")

name_object("audit.auditevent", zh="审计事件", en="event of the trail")
name_object("trail", zh="审计链", en="trail")
