"""What the machine interface writes into the trail."""

from xiezhi.web.audit.kinds import declare, name_object

ISSUED = declare(
    "api.token_issued",
    zh="签发机器令牌",
    en="Issued a machine token",
    fields={"scopes": ("权限", "Permissions"), "networks": ("来源地址", "Networks"), "expires_on": ("到期日", "Expires on")},
)
REVOKED = declare("api.token_revoked", zh="吊销机器令牌", en="Revoked a machine token")
READ = declare(
    "api.read", zh="机器读取", en="Read by a machine", fields={"token": ("令牌", "Token"), "status": ("答复", "Answer")}
)
TURNED_AWAY = declare("api.turned_away", zh="机器令牌被拒", en="Turned a machine away")

name_object("api.machinetoken", zh="机器令牌", en="token of a machine")
