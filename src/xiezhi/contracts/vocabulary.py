"""What the closed vocabularies of a contract are called wherever a person reads them: on pages, in templates, on screens."""

from __future__ import annotations

from collections.abc import Mapping

from xiezhi.contracts.kinds import Cadence, Classification, FieldKind, LoadMode, Unsound
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.words import Words

KINDS: Mapping[str, Words] = {
    FieldKind.TEXT: Words(zh="文本", en="text"),
    FieldKind.CODE: Words(zh="代码", en="code"),
    FieldKind.INTEGER: Words(zh="整数", en="whole number"),
    FieldKind.DECIMAL: Words(zh="小数", en="number"),
    FieldKind.MONEY: Words(zh="金额", en="money"),
    FieldKind.DATE: Words(zh="日期", en="date"),
    FieldKind.MONTH: Words(zh="月份", en="month"),
    FieldKind.TIMESTAMP: Words(zh="时间", en="time"),
    FieldKind.BOOLEAN: Words(zh="是否", en="yes or no"),
    FieldKind.REGION: Words(zh="区划代码", en="region code"),
    FieldKind.IDENTITY: Words(zh="身份标识(湖中只存编号)", en="identity (the lake keeps only its number)"),
}

IDENTITIES: Mapping[str, Words] = {
    IdentityKind.CITIZEN_ID: Words(zh="公民身份号码", en="citizen id"),
    IdentityKind.CREDIT_CODE: Words(zh="统一社会信用代码", en="credit code"),
    IdentityKind.PARTY_ID: Words(zh="当事方标识", en="party id"),
    IdentityKind.NAME: Words(zh="姓名", en="name"),
    IdentityKind.PHONE: Words(zh="电话", en="phone"),
    IdentityKind.BANK_ACCOUNT: Words(zh="银行账号", en="bank account"),
    IdentityKind.VEHICLE_PLATE: Words(zh="车牌", en="vehicle plate"),
    IdentityKind.ADDRESS: Words(zh="地址", en="address"),
}

LOAD_MODES: Mapping[str, Words] = {
    LoadMode.APPEND: Words(zh="追加", en="append"),
    LoadMode.REPLACE_PERIOD: Words(zh="按期替换", en="replace period"),
    LoadMode.UPSERT: Words(zh="按主键更新", en="upsert by key"),
}

CADENCES: Mapping[str, Words] = {
    Cadence.DAILY: Words(zh="每日", en="daily"),
    Cadence.WEEKLY: Words(zh="每周", en="weekly"),
    Cadence.MONTHLY: Words(zh="每月", en="monthly"),
    Cadence.QUARTERLY: Words(zh="每季度", en="quarterly"),
    Cadence.HALF_YEARLY: Words(zh="每半年", en="half-yearly"),
    Cadence.YEARLY: Words(zh="每年", en="yearly"),
}

CLASSIFICATIONS: Mapping[str, Words] = {
    Classification.PUBLIC: Words(zh="公开", en="public"),
    Classification.INTERNAL: Words(zh="内部", en="internal"),
    Classification.RESTRICTED: Words(zh="受限", en="restricted"),
    Classification.CONFIDENTIAL: Words(zh="保密", en="confidential"),
}

UNSOUND: Mapping[str, Words] = {
    Unsound.SET_ASIDE: Words(zh="不合格则退回该行", en="an unsound value sets the row aside"),
    Unsound.NULL: Words(zh="不合格则留空并记等级", en="an unsound value stays empty, with its grade"),
}
