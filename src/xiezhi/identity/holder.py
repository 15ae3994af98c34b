"""Whose a name on an account is: a bank's, an insurer's, a guarantor's, a platform's, any other organisation's, or a person's."""

from __future__ import annotations

from xiezhi.identity.characters import HAN
from xiezhi.identity.cleaning import text_sql
from xiezhi.identity.expressions import cases, contains_match, matches

PART_OF_NAME = "合伙|公司|有限|股份|集团|独资|个体|分店|分部|分公司"
"""Words in brackets that belong to an organisation's registered name."""

_FORM = r"(?:\([^()]+\)|集团|控股|股份|有限|责任|公司)+"
"""The corporate form after what a firm does: (集团)股份有限公司."""

_COMPANY = rf"{_FORM}(?:[^司]{{0,20}}(?:[分支]公司|办事处|代表处|营业部|业务部))*"
_COUNTERS = "(?:[^公路街巷里弄][^公]{0,20})?(?:支行|分行|分社|分理处|储蓄所|营业所)"
_PURSE = "(?:投标|履约|招标|交易|代收|代缴|结算|专用|监管|托管)*(?:保证金)?(?:代收|结算|监管|专用)*(?:专户|账户|帐户|户|保证金)?"
"""What an account is for, after whose it is: 投标保证金专户."""

_UNIT = (
    "公司|集团|厂|中心|合作社|商行|工程队|建筑队|事务所|研究院|设计院|医院|学校|大学|仓库|"
    "经营部|经销部|门市|商店|工作室|协会|委员会|政府|[局厅处部站社场店]$"
)

HOLDERS = {
    "担保": rf"(?:担保|增信|保函)(?:服务|投资|管理|互助|基金|平台|中心|机构|协会)*(?:{_COMPANY})?{_PURSE}$",
    "保险": rf"(?:保险|财险|产险|寿险)(?:{_COMPANY}|(?:[^司柜箱丝杠带粉绳套][^司]{{0,12}})?[分支]公司)?{_PURSE}$",
    "银行": rf"(?:银行|农商行|农信社|信用社|信用合作社|信用(?:合作)?联社|信用(?:合作)?联合社)(?:{_COMPANY})?(?:{_COUNTERS})*"
    rf"(?:营业[部室厅])?{_PURSE}$|(?:支行|分行)(?:营业[部室厅])?{_PURSE}$",
    "交易平台": "(?:公共资源交易"
    r"|(?:资源|工程|产权|股权|要素|土地|采购|招标|[投招]标)[^司]{0,4}交易(?:服务|管理)?(?:中心|所)|[省市州盟区县旗镇乡]交易中心"
    r"|招标?投标(?:服务|交易)?中心|采购中心|结算中心|财政[局厅部所]?|财政[^司]{0,12}(?:支付|收付|结算|核算)[^司]{0,4}中心)"
    rf"(?:服务|管理)?(?:平台|中心|[局所委])?(?:{_COMPANY})?(?:[^司]{{0,12}}(?:分中心|分局|办事处))?{_PURSE}$",
    "单位": rf"{_UNIT}|.{{3}}行$",
}
"""What a name on an account says of whose it is, in this order; a shorter one without any of these words is a person's.

Whose trade it is to pay deposits tells the end of the name, with branch and kind of account: a firm in 银行路, a maker of
保险柜 and one that furnishes a 交易中心 only have the word in theirs. 行 ends given names too (王知行).
"""

_NO_LISTS = "担保|保函|增信|保险|银行|信用社|信用联社|农商行|公共资源交易|交易中心|交易所|采购中心|结算中心|财政"
"""Words anywhere in a name that make it an organisation's, whatever its trade: it is no list of persons."""

TRADE = "|".join((_NO_LISTS, _UNIT, "行$", PART_OF_NAME, "联合体"))
"""What says of a name that it is an organisation's and no list of persons."""


def holder(name: str) -> str:
    """Whose a normalised name is: one of HOLDERS, `个人` for two to four characters or a name with a dot, else `不明`."""
    trades = [(contains_match(name, words), text_sql(kind)) for kind, words in HOLDERS.items()]
    person = matches(name, f"[{HAN}]{{2,4}}|[{HAN}]+·[{HAN}·]+")
    return cases((f"{name} IS NULL", "NULL"), *trades, (person, "'个人'"), otherwise="'不明'")
