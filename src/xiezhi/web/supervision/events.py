"""What supervision writes into the trail."""

from xiezhi.web.audit.kinds import declare, name_object

RUN_FINISHED = declare(
    "rule.run_finished",
    zh="运行模型完成",
    en="Ran the models",
    fields={
        "rules": ("模型数", "rules"),
        "new": ("新出现", "new"),
        "changed": ("有变化", "changed"),
        "gone": ("已消失", "gone"),
        "broken": ("出错", "broken"),
        "not_computable": ("无法计算", "not computable"),
    },
)
TESTED = declare("rule.tested", zh="运行模型案例", en="Ran the cases of a model", fields={"failed": ("未通过", "failed")})
TRIED = declare(
    "rule.tried",
    zh="试算参数",
    en="Tried parameters",
    fields={"enters": ("进入", "enter"), "leaves": ("退出", "leave"), "stays": ("不变", "stay")},
)
EXPIRED = declare("rule.tries_expired", zh="清理旧的试算", en="Removed old tries", fields={"number": ("数量", "number")})
PROPOSED = declare("rule.change_proposed", zh="提出模型变更", en="Proposed a change of a model")
APPROVED = declare("rule.change_approved", zh="批准模型变更", en="Approved a change of a model")
RETURNED = declare("rule.change_returned", zh="退回模型变更", en="Returned a change of a model")
WITHDRAWN = declare("rule.change_withdrawn", zh="撤回模型变更", en="Withdrew a change of a model")

BY_MOVE = {"approve": APPROVED, "return": RETURNED, "withdraw": WITHDRAWN}

name_object("rule", zh="监督模型", en="rule")
name_object("run", zh="运行", en="run")
name_object("supervision.change", zh="模型变更", en="change of a rule")
name_object("supervision.run", zh="运行", en="run")
name_object("supervision.whatif", zh="试算", en="try")
