"""What each department delivers: its folder, its fields, and the names that fields go by in one office and another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One field. `heads`: spellings of its header, one an office. `firm` fields are required: damage sets the row aside."""

    name: str
    kind: str
    heads: tuple[str, ...]
    firm: bool = False

    def head(self, office: int) -> str:
        return self.heads[office % len(self.heads)]


@dataclass(frozen=True)
class Table:
    """One delivered table."""

    name: str
    department: str
    title: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)


def _text(name: str, *heads: str) -> Field:
    return Field(name, "text", heads)


def _typed(name: str, kind: str, *heads: str) -> Field:
    return Field(name, kind, heads)


def _firm(name: str, kind: str, *heads: str) -> Field:
    return Field(name, kind, heads, firm=True)


def _table(name: str, department: str, title: str, *fields: Field) -> Table:
    return Table(name, department, title, fields)


_PERSON = Field("person", "id", ("身份证号码", "公民身份号码", "证件号码"), firm=True)
_NAME = _typed("name", "name", "姓名")
_VILLAGE = _typed("village", "region", "村代码", "行政区划代码", "村(社区)代码")
_VILLAGE_FIRM = Field("village", "region", _VILLAGE.heads, firm=True)

TABLES = {
    table.name: table
    for table in (
        _table(
            "subsidy_payment",
            "finance",
            "惠民惠农补贴发放",
            _text("payment_id", "发放流水号", "业务流水号", "流水号"),
            _PERSON,
            _NAME,
            _text("item", "补贴项目代码", "项目编码", "项目代码"),
            _firm("benefit_month", "month", "所属月份", "补贴月份", "所属期"),
            _firm("pay_date", "date", "发放日期", "支付日期", "到账日期"),
            _firm("amount", "money", "发放金额", "金额", "补贴金额"),
            _typed("bank_account", "account", "银行账号", "收款账号", "银行卡号"),
            _typed("payee_name", "name", "收款人姓名", "户名", "账户名"),
            _VILLAGE_FIRM,
            _text("agency", "经办单位", "发放单位", "主管部门"),
        ),
        _table(
            "subsidy_item",
            "finance",
            "补贴项目目录",
            _text("item", "项目代码"),
            _text("title", "项目名称"),
            _text("universal", "是否普惠"),
            _text("min_age", "最低年龄"),
            _typed("monthly_standard", "money", "月标准"),
        ),
        _table(
            "person_population",
            "public_security",
            "人口信息",
            _PERSON,
            _NAME,
            _firm("sex", "code", "性别"),
            _firm("birth_date", "date", "出生日期"),
            _text("household", "户号", "户口簿号"),
            _text("relation", "与户主关系"),
            _VILLAGE,
            _firm("status", "code", "人员状态", "户籍状态"),
            _typed("status_date", "date", "状态日期", "状态变更日期"),
        ),
        _table(
            "death_registry",
            "civil_affairs",
            "死亡人员信息",
            _PERSON,
            _NAME,
            _firm("death_date", "date", "死亡日期", "死亡时间"),
            _firm("source", "code", "信息来源", "数据来源"),
        ),
        _table(
            "fiscal_payroll",
            "finance",
            "财政统发工资",
            _PERSON,
            _NAME,
            _typed("unit", "company", "单位统一社会信用代码", "单位代码"),
            _firm("month", "month", "工资月份", "发放月份"),
            _firm("amount", "money", "应发工资", "应发金额"),
            _firm("kind", "code", "人员类别"),
        ),
        _table(
            "dibao_member",
            "civil_affairs",
            "低保对象名册",
            _text("case_no", "低保证号", "家庭编号"),
            _PERSON,
            _NAME,
            _text("relation", "与户主关系"),
            _firm("case_kind", "code", "低保类别"),
            _firm("start_month", "month", "享受起始月", "起始月份"),
            _typed("end_month", "month", "终止月份", "停发月份"),
            _VILLAGE,
            _text("agency", "审批单位", "经办单位"),
        ),
        _table(
            "med_settlement",
            "medical_insurance",
            "医保结算",
            _text("settle_id", "结算编号", "结算流水号"),
            _PERSON,
            _text("hospital", "医疗机构名称", "医院名称"),
            _firm("kind", "code", "医疗类别"),
            _firm("admit", "date", "入院日期"),
            _firm("discharge", "date", "出院日期"),
            _text("diagnosis", "诊断编码", "主要诊断编码"),
            _typed("total_fee", "money", "总费用", "医疗总费用"),
            _typed("fund_pay", "money", "基金支付", "统筹支付"),
            _typed("self_pay", "money", "个人自付", "个人支付"),
        ),
        _table(
            "house_insurance",
            "insurance",
            "农房保险投保清单",
            _text("policy_no", "保单号"),
            _typed("person", "id", *_PERSON.heads),
            _VILLAGE_FIRM,
            _text("agent", "业务员", "经办业务员"),
            _firm("sign_date", "date", "签单日期"),
            _typed("premium", "money", "保费"),
        ),
        _table(
            "canteen_purchase",
            "education",
            "学校食堂采购",
            _text("purchase_id", "采购流水号"),
            _text("school", "学校名称"),
            _typed("purchase_date", "date", "采购日期"),
            _text("item", "食材名称"),
            _text("quantity", "数量(公斤)"),
            _typed("unit_price", "money", "单价"),
            _typed("supplier", "company", "供应商统一社会信用代码"),
        ),
        _table(
            "tender_lot",
            "trading",
            "公共资源交易标段",
            _text("lot_no", "标段编号"),
            _typed("tenderer", "company", "招标人统一社会信用代码"),
            _text("title", "标段名称"),
            _text("category", "项目类别"),
            _typed("limit_price", "money", "最高限价"),
            _typed("notice_date", "date", "公告日期"),
            _typed("open_time", "time", "开标时间"),
        ),
        _table(
            "bid",
            "trading",
            "投标记录",
            _text("lot_no", "标段编号"),
            _typed("bidder", "company", "投标人统一社会信用代码"),
            _text("bidder_name", "投标人名称"),
            _typed("price", "money", "投标报价"),
            _text("won", "是否中标"),
        ),
        _table(
            "bid_deposit",
            "trading",
            "投标保证金",
            _text("lot_no", "标段编号"),
            _typed("bidder", "company", "投标人统一社会信用代码"),
            _text("payer_name", "付款户名"),
            _text("payer_account", "付款账号"),
            _typed("amount", "money", "金额"),
            _typed("paid_at", "time", "到账时间"),
        ),
        _table(
            "village_cadre",
            "organisation",
            "村(社区)干部名册",
            _PERSON,
            _NAME,
            _VILLAGE_FIRM,
            _text("post", "职务"),
            _typed("valid_from", "date", "任职日期"),
            _typed("valid_to", "date", "离任日期"),
        ),
        _table(
            "kinship",
            "organisation",
            "干部亲属备案",
            _typed("person", "id", "干部身份证号"),
            _typed("kin", "id", "亲属身份证号"),
            _text("relation", "亲属关系"),
            _text("degree", "亲等"),
            _typed("valid_from", "date", "起始日期"),
            _typed("valid_to", "date", "终止日期"),
        ),
        _table(
            "enterprise",
            "market",
            "市场主体登记",
            _firm("company", "company", "统一社会信用代码"),
            _text("company_name", "企业名称"),
            _text("kind", "企业类型"),
            _typed("established", "date", "成立日期"),
            _firm("status", "code", "登记状态"),
            _typed("registered_capital", "wan", "注册资本"),
        ),
        _table(
            "enterprise_person",
            "market",
            "市场主体人员",
            _firm("company", "company", "统一社会信用代码"),
            _PERSON,
            _firm("role", "code", "人员角色"),
            _text("share", "持股比例"),
            _typed("valid_from", "date", "任职起始日期"),
            _typed("valid_to", "date", "任职终止日期"),
        ),
        _table(
            "village_project",
            "agriculture",
            "村级工程项目",
            _text("project_no", "项目编号"),
            _VILLAGE_FIRM,
            _text("kind", "工程类别"),
            _typed("contract_date", "date", "合同签订日期"),
            _typed("contractor", "company", "承建单位统一社会信用代码"),
            _typed("amount", "money", "合同金额"),
        ),
        _table(
            "procurement",
            "finance",
            "政府采购合同",
            _text("purchase_no", "采购编号"),
            _typed("buyer", "company", "采购人统一社会信用代码"),
            _text("budget_item", "预算项目"),
            _text("category", "采购品目"),
            _text("fiscal_year", "预算年度"),
            _firm("method", "code", "采购方式"),
            _typed("supplier", "company", "供应商统一社会信用代码"),
            _typed("amount", "money", "合同金额"),
            _typed("contract_date", "date", "合同日期"),
        ),
        _table(
            "region",
            "statistics",
            "统计用区划代码",
            _text("code", "区划代码"),
            _text("region_name", "区划名称"),
            _text("parent", "上级代码"),
            _typed("valid_from", "date", "启用日期"),
            _typed("valid_to", "date", "停用日期"),
        ),
    )
}
