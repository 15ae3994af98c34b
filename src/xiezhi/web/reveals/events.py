"""What reveals write into the trail. Never the value."""

from xiezhi.web.audit.kinds import declare, name_object

ASKED = declare("reveal.asked", zh="申请揭示身份", en="Asked to reveal an identity")
APPROVED = declare("reveal.approved", zh="同意揭示身份", en="Approved a reveal")
REFUSED = declare("reveal.refused", zh="不同意揭示身份", en="Refused a reveal")
OPENED = declare(
    "reveal.opened", zh="打开身份", en="Opened an identity", fields={"alert": ("预警", "alert"), "kind": ("类别", "kind")}
)
REGISTER_READ = declare("reveal.register_read", zh="查看揭示登记", en="Read the register of reveals")

name_object("register", zh="登记簿", en="register")
name_object("reveals.revealrequest", zh="揭示申请", en="request to reveal")
