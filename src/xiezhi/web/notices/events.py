"""What notices write into the trail."""

from xiezhi.web.audit.kinds import declare, name_object

READ = declare("notice.read", zh="通知标为已读", en="Marked notices as read", fields={"number": ("条数", "Number")})
EXPIRED = declare("notice.expired", zh="清理已读通知", en="Removed read notices", fields={"number": ("条数", "Number")})

name_object("notice", zh="通知", en="notice")
name_object("notices.notice", zh="通知", en="notice")
