"""What accounts write into the trail."""

from xiezhi.web.audit.kinds import declare, name_object

SIGNED_IN = declare("account.signed_in", zh="登录", en="Signed in")
SIGNED_OUT = declare("account.signed_out", zh="退出", en="Signed out")
SIGN_IN_FAILED = declare("account.sign_in_failed", zh="登录失败", en="Sign-in failed")
LOCKED = declare("account.locked", zh="连续失败被锁定", en="Locked after failures")
UNLOCKED = declare("account.unlocked", zh="解除锁定", en="Unlocked")
SESSION_CLOSED = declare("account.session_closed", zh="结束其他会话", en="Ended other sessions")
LINK_MADE = declare("account.link_made", zh="生成登录链接", en="Made a sign-in link")
CODES_MADE = declare("account.codes_made", zh="生成恢复码", en="Made recovery codes")
FACTOR_RESET_ASKED = declare("account.factor_reset_asked", zh="申请重置第二因素", en="Asked for a second factor to be reset")
FACTOR_RESET_DONE = declare("account.factor_reset_done", zh="重置第二因素", en="Reset a second factor")
FACTOR_RESET_REFUSED = declare("account.factor_reset_refused", zh="不同意重置第二因素", en="Refused to reset a second factor")
SET_UP = declare("site.set_up", zh="首次设置", en="Set up the site")
SESSION_ENDED = declare("account.session_ended", zh="会话到时结束", en="Session ended at its limit")
POST_CHOSEN = declare("account.post_chosen", zh="切换岗位", en="Changed post")
PASSWORD_CHANGED = declare("account.password_changed", zh="修改密码", en="Changed password")
PASSWORD_RESET = declare("account.password_reset", zh="重置密码", en="Reset a password")
FACTOR_ADDED = declare("account.factor_added", zh="添加第二因素", en="Added a second factor")
FACTOR_REMOVED = declare("account.factor_removed", zh="移除第二因素", en="Removed a second factor")
CREATED = declare("account.created", zh="新建账号", en="Created an account")
DISABLED = declare("account.disabled", zh="停用账号", en="Disabled an account")
ENABLED = declare("account.enabled", zh="启用账号", en="Enabled an account")
CLEARED = declare("account.clearance_set", zh="设定密级许可", en="Set a clearance")
POST_GRANTED = declare("post.granted", zh="授予岗位", en="Granted a post")
POST_ENDED = declare("post.ended", zh="终止岗位", en="Ended a post")
UNIT_ADDED = declare("unit.added", zh="新增单位", en="Added a unit")
UNIT_CLOSED = declare("unit.closed", zh="撤销单位", en="Closed a unit")
OVERSIGHT_ASKED = declare("unit.oversight_asked", zh="提议联系单位", en="Proposed the overseen units")
OVERSIGHT_SET = declare("unit.oversight_set", zh="设定联系单位", en="Set the overseen units")
OVERSIGHT_REFUSED = declare("unit.oversight_refused", zh="不同意联系单位", en="Refused the overseen units")
SIGHT_REVIEWED = declare(
    "sight.reviewed",
    zh="复核可见范围",
    en="Reviewed who sees what",
    fields={"posts": ("岗位数", "posts"), "digest": ("清单摘要", "digest of the list")},
)
SIGHT_EXPORTED = declare(
    "sight.exported",
    zh="导出可见范围清单",
    en="Exported who sees what",
    fields={"posts": ("岗位数", "posts"), "digest": ("清单摘要", "digest of the list"), "format": ("格式", "format")},
)
RECUSAL_DECLARED = declare("recusal.declared", zh="申报回避", en="Declared a recusal")
RECUSAL_WIDENED = declare(
    "recusal.widened",
    zh="按新到数据扩展回避范围",
    en="Widened recusals by what was delivered",
    fields={"added": ("新增主体", "subjects added")},
)
RECUSAL_LIFT_ASKED = declare("recusal.lift_asked", zh="申请解除回避", en="Asked for a recusal to be lifted")
RECUSAL_LIFTED = declare("recusal.lifted", zh="解除回避", en="Lifted a recusal")
RECUSAL_LIFT_REFUSED = declare("recusal.lift_refused", zh="不同意解除回避", en="Refused to lift a recusal")
REFUSED = declare("access.refused", zh="越权访问被拒", en="Refused access")
LOOKED_AT_ACCOUNT = declare("account.looked_at", zh="查看账号", en="Looked at an account")
SETTINGS_CHANGED = declare("account.settings_changed", zh="修改个人设置", en="Changed own settings")
EXPIRED = declare(
    "account.expired",
    zh="清理过期会话和登录链接",
    en="Removed sessions and links that were over",
    fields={"sessions": ("会话", "sessions"), "links": ("登录链接", "sign-in links")},
)

name_object("accounts.factorreset", zh="第二因素重置", en="reset of a second factor")
name_object("accounts.oversight", zh="联系单位提议", en="proposal of overseen units")
name_object("accounts.sightreview", zh="可见范围复核", en="review of who sees what")
name_object("accounts.post", zh="岗位", en="post")
name_object("accounts.recusal", zh="回避", en="recusal")
name_object("accounts.signedinsession", zh="会话", en="session")
name_object("accounts.signinlink", zh="登录链接", en="sign-in link")
name_object("accounts.unit", zh="单位", en="unit")
name_object("accounts.user", zh="账号", en="account")
name_object("account", zh="账号", en="account")
name_object("sight", zh="可见范围", en="who sees what")
name_object("route", zh="页面", en="page")
name_object("subject", zh="主体", en="subject")
