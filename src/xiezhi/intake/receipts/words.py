"""The vocabulary of intake: every reason for which a row is set aside or left out, every repair; what each means, how to mend it.

These spellings stand on receipts, in returned files and in coverage. Nothing invents others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from xiezhi.kernel.masking import by_shape
from xiezhi.kernel.words import Words


class Word(NamedTuple):
    """What a reason or repair says, and, for reasons, how the sender mends the cell."""

    said: Words
    mend: Words


def _word(zh: str, en: str, mend_zh: str = "", mend_en: str = "") -> Word:
    return Word(Words(zh=zh, en=en), Words(zh=mend_zh, en=mend_en))


_FULL = ("填写完整、真实的号码", "give the full, true number")
_AS_TEXT = ("把该列设为文本格式后重新填写完整号码", "format the column as text and enter the full number again")
_DATE = ("按 2021-01-05 的格式填写真实存在的日期", "give an existing date as 2021-01-05")
_NUMBER = ("只填数字,例如 1234.50", "give digits only, such as 1234.50")

REASONS: dict[str, Word] = {
    "id_check_digit": _word("身份证号校验位不符", "check digit of the citizen id is wrong",
                            "核对身份证号", "check the citizen id"),
    "id_masked": _word("身份证号被遮盖", "citizen id is masked", *_FULL),
    "id_placeholder": _word("身份证号是占位填充", "citizen id is a placeholder", *_FULL),
    "id_scientific": _word("身份证号被表格软件转成科学计数法", "citizen id was turned into scientific notation", *_AS_TEXT),
    "id_malformed": _word("身份证号格式不对", "citizen id is malformed", *_FULL),
    "id_birth_impossible": _word("身份证号中的出生日期不存在", "birth date in the citizen id is impossible",
                                 "核对身份证号", "check the citizen id"),
    "code_check_digit": _word("统一社会信用代码校验位不符", "check character of the credit code is wrong",
                              "核对代码", "check the code"),
    "code_malformed": _word("机构代码格式不对", "organisation code is malformed",
                            "填写 18 位统一社会信用代码", "give the 18-character credit code"),
    "code_legacy": _word("旧机构代码,不能与信用代码关联", "legacy organisation code",
                         "填写 18 位统一社会信用代码", "give the 18-character credit code"),
    "account_masked": _word("银行账号被遮盖", "bank account is masked", *_FULL),
    "account_malformed": _word("银行账号格式不对", "bank account is malformed", *_AS_TEXT),
    "placeholder": _word("写的是“无”一类的占位内容", "says that there is nothing",
                         "有则填写真实内容,没有则留空", "give the true value, or leave the cell empty"),
    "phone_malformed": _word("电话号码格式不对", "telephone number is malformed", *_FULL),
    "plate_malformed": _word("号牌格式不对", "vehicle plate is malformed", *_FULL),
    "name_unreadable": _word("姓名含无法识别的字符", "name holds unreadable characters",
                             "用 GB18030 或 UTF-8 重新导出", "export again as GB18030 or UTF-8"),
    "name_several": _word("一格里写了几个人或几个单位", "several persons or organisations in one cell",
                          "每人(单位)一行,一格只写一个名字", "give each a row, and one name in the cell"),
    "name_malformed": _word("写的不是姓名或单位名称(数字、日期、金额、编码、符号,或“某某的母亲”“某书记”“某人代领”)",
                            "no name: digits, a day, an amount, a code, a symbol, or “the mother of”, an office, an agent",
                            "核对各列是否错位,只写姓名或名称本身", "see whether columns are shifted; give the name alone"),
    "required_empty": _word("必填项为空", "required value is missing", "补填", "fill it in"),
    "date_impossible": _word("日期不存在", "date does not exist", *_DATE),
    "date_malformed": _word("日期格式无法识别", "date cannot be read", *_DATE),
    "error_cell": _word("表格公式出错(如 #REF!),没有值", "a formula of the spreadsheet failed (such as #REF!): there is no value",
                        "改正公式后重填,确无内容则留空", "mend the formula, or leave the cell empty if there is nothing"),
    "ditto_mark": _word("写的是“同上”,不是内容", "says “as above”, which is no content",
                        "填写内容本身", "write the content itself"),
    "before_other": _word("日期早于同一行中应在其前的日期(如死亡早于出生)",
                          "before a day of the same row that must come first (a death before the birth)",
                          "核对这两个日期", "check both days"),
    "in_the_future": _word("日期晚于收到数据的日子", "lies after the day on which it was received", "核对年份", "check the year"),
    "month_ambiguous": _word("数值 2024.1 可能是 1 月,也可能是 10 月", "the number 2024.1 may be January or October",
                             "把该列设为文本格式,按 2024-10 填写", "format the column as text and write 2024-10"),
    "amount_malformed": _word("金额无法识别", "amount cannot be read", *_NUMBER),
    "amount_fraction": _word("金额的小数多于两位,不足一分的部分不知怎么算",
                             "an amount with parts of a fen: how it is rounded nobody can say",
                             "按实际支付的金额填写,保留两位小数", "give what was paid, with two decimals"),
    "split_amount": _word("金额像是被千分位的逗号拆成了两格", "the comma of its thousands seems to have cut the amount in two",
                          "金额不写千分位逗号,或加引号", "write amounts without commas, or in quotes"),
    "number_malformed": _word("数字无法识别", "number cannot be read", *_NUMBER),
    "boolean_malformed": _word("是否项无法识别", "yes or no cannot be read", "填 是 或 否", "give yes or no"),
    "code_unknown": _word("不在代码表中", "not in the code list", "按契约所附代码表填写", "use the contract's code list"),
    "region_malformed": _word("区划代码格式不对", "region code is malformed",
                              "填写 12 位统计用区划代码", "give the 12-digit region code"),
    "out_of_range": _word("数值超出允许范围", "value is out of range", "核对数值和单位", "check value and unit"),
    "text_too_long": _word("文字过长", "text is too long", "缩短文字", "shorten the text"),
    "total_row": _word("合计行,不是数据", "total row, not data", "删除合计行", "delete the total row"),
    "void_row": _word("这一行写明作废、退回或是示例,不是数据", "the row says of itself that it is void, sent back or an example",
                      "删除这一行,或填写应填的内容", "delete the row, or write what belongs there"),
    "differs_from_id": _word("与同一行身份证号所示的出生日期或性别不一致",
                             "differs from the birth or sex that the row's citizen id tells",
                             "核对身份证号和这一项", "check the id and this value"),
    "same_as_other": _word("与同一行另一栏是同一个号码(自己是自己的亲属、上级)",
                           "the same number as in another column of the row: nobody is their own relative or head company",
                           "核对这两栏", "check both columns"),
    "above_other": _word("大于同一行中包含它的金额(如基金支付大于费用总额)",
                         "more than the amount of the row that it is a part of (more paid by the fund than was charged)",
                         "核对这两项金额和单位", "check both amounts and their units"),
    "example_row": _word("模板里的示例行,不是数据", "example of a template, not data", "删除示例行", "delete the example"),
    "under_merged": _word("合并单元格下面还有另一个值,表上看不见", "under a merged cell lies another value that nobody sees",
                          "取消合并,核对露出的值", "unmerge the cells and see which value is meant"),
    "merged_amount": _word("几行合用一个合并单元格里的金额或数量,分不清各行是多少",
                           "several rows share the amount or number of one merged cell",
                           "取消合并,逐行填写", "unmerge the cells and write each row's own"),
    "column_count": _word("列数与表头不符", "number of cells differs from the header",
                          "核对分隔符和引号", "check delimiters and quotes"),
    "json_broken": _word("这一行不是一个完整的 JSON 对象", "the line is not one whole JSON object",
                         "核对是否被截断或多了字符,每行一个对象重新导出", "write one whole object a line"),
    "key_conflict": _word("主键已存在而内容不同", "key is held with other content",
                          "核对是否改号或更正原记录", "give another key, or correct the record at its source"),
    "number_cut": _word("长编号被表格软件转成数字,末几位已丢失", "a spreadsheet made a figure of a long number, its end is lost",
                        *_AS_TEXT),
    "key_became_date": _word("编号被表格软件改成了日期", "a spreadsheet made a date of a code",
                             "把该列设为文本格式后重填", "format the column as text and enter it again"),
    "identity_in_text": _word("文字列中写的是证件号、银行卡号或手机号", "a text column holds a citizen id, card or mobile number",
                              "核对各列是否错位,该列改填应填的内容", "see whether columns are shifted; give what belongs there"),
    "text_misread": _word("文字是乱码(UTF-8 被当作 GBK 读过)", "the text is garbled: UTF-8 that was read as GBK",
                          "从原系统重新导出", "export it again from where it was right"),
    "nul_byte": _word("含 NUL 字节", "holds a NUL byte", "重新导出文件", "export the file again"),
    "characters_damaged": _word("含残缺字符(半个 Unicode 代理对)", "holds damaged characters (half a Unicode surrogate pair)",
                                "用 UTF-8 重新导出", "export again as UTF-8"),
    "linked_only": _word("只有链接,链接所指的发布没有交付", "only a link; the release it points to was not delivered",
                         "交付发布本身,或含 compiledRelease 的记录", "deliver the release, or a record with its compiledRelease"),
    "record_empty": _word("记录中没有发布", "the record holds no release",
                          "交付含发布的记录", "deliver a record with its releases"),
    "member_repeated": _word("同一对象中一个成员名出现两次且内容不同",
                             "two members of one name with different content in one object",
                             "每个成员名只写一次", "give each member once"),
    "value_nested": _word("应是一个值的地方是嵌套的对象或列表", "an object or list stands where one value belongs",
                          "按平的行导出,每一项单独成一列", "export flat rows, with a column for each member"),
    "earlier_release_missing": _word("本采购过程先前的发布已不在库中,无法合并",
                                     "earlier releases of the process are no longer held: it cannot be merged",
                                     "交付编译发布(tag 为 compiled)", "deliver its compiled release"),
}  # fmt: skip

REPAIRS: dict[str, Word] = {
    "trimmed": _word("去除空格等不可见字符", "blanks removed"),
    "half_width": _word("全角转半角", "full-width characters made half-width"),
    "upper_x": _word("小写字母改大写", "small letters made capitals"),
    "id_15_to_18": _word("15 位身份证号升为 18 位", "15-digit id brought to 18"),
    "decimal_suffix": _word("去除末尾 .0", "trailing .0 removed"),
    "date_serial": _word("表格日期序号转日期", "spreadsheet serial read as a date"),
    "date_format": _word("日期写法统一", "date format unified"),
    "counter_removed": _word("去除数字后的量词", "what is counted removed from behind a number"),
    "amount_format": _word("金额写法统一", "amount format unified"),
    "name_spacing": _word("去除姓名中的空格", "spaces inside a name removed"),
    "name_dot": _word("间隔号统一", "middle dot unified"),
    "name_title": _word("去除姓名后括号里的说明", "remark in brackets after a name removed"),
    "identity_removed": _word("隐去文字中的证件号、银行卡号、手机号", "citizen id, card or mobile number taken out of a text"),
    "code_spacing": _word("去除代码名称字间的空格", "blanks between the characters of a code's title removed"),
    "code_decided": _word("按本地决定认作代码表中的代码", "taken for a code of the list, as decided here"),
    "common_form": _word("部首或兼容字符换成通用字", "radicals and compatibility forms made ordinary characters"),
    "traditional": _word("繁体转简体", "traditional characters made simplified"),
    "error_as_empty": _word("表格公式出错,按空白读入", "a formula of the spreadsheet failed: read as empty"),
    "list_of_one": _word("应为单个值处是只有一项的列表,取该项", "a list of one where a single value belongs: its entry is read"),
    "object_for_list": _word("应为列表处是单个对象,作一项读入", "an object where a list belongs: read as its entry"),
    "list_for_object": _word("bids 是列表,作 bids.details 读入", "bids is a list: read as bids.details"),
    "bare_amount": _word("金额没有写成对象,按数额读入", "an amount that is no object: read as the amount"),
    "bare_id": _word("当事方只写了编号,按编号读入", "a party that is a bare text: read as its id"),
    "repeated_entry": _word("同一条目重复,只计一次", "the same entry twice: counted once"),
    "binary_noise": _word("去除二进制运算留下的尾数", "noise of binary arithmetic removed"),
    "amount_rounded": _word("小数超过两位,四舍五入到分", "more than two decimals: rounded to the second"),
}

LEFT_OUT: dict[str, Word] = {
    "footer_total": _word("合计行", "total"),
    "footer_signature": _word("签署行", "signatures"),
    "footer_note": _word("说明行", "note"),
    "footer_page": _word("页码行", "page number"),
    "footer_header": _word("重复的表头", "the header again"),
}  # fmt: skip
"""Rows around a table that are no data and that nobody has to mend."""

REMARKS: dict[str, Word] = {
    "all_zero": _word("每一行都是 0,请核对是否漏导出", "0 in every row: was it lost on the way out?"),
    "fractions_of_one": _word("单位是 %,而每个值都不大于 1(0.3 是 30% 还是 0.3%?),请核对",
                              "in per cent, and none is above 1: is 0.3 meant as 30 % or as 0.3 %?"),
    "two_names": _word("同一个身份证号写了不同的姓名,其中有的行是别人的,请核对",
                       "one citizen id under different names: some of the rows are somebody else's"),
    "wrong_type": _word("类型不对,未读取", "of the wrong type: not read"),
    "not_an_object": _word("不是对象,未读取", "no object: not read"),
    "duplicate_id": _word("编号重复而内容不同,分开保留并加序号", "one id with different content: kept apart under numbered ids"),
    "duplicate_id_unclear": _word("编号由几个条目共用,又未写明当事方,无法判断所指,未读取",
                                  "an id that several entries share, and no party named: which is meant is unclear, not read"),
    "party_contradicted": _word("同一编号的当事方有不同标识,只按编号识别",
                                "parties of one id have different identifiers: known by the id alone"),
    "amount_negative": _word("金额为负,未读取", "negative amount: not read"),
    "amount_too_fine": _word(
        "舍入到分后无法区分或为零,未读取", "cannot be told apart, or is nothing, to the second decimal: not read"
    ),
    "number_negative": _word("数量为负,未读取", "negative number: not read"),
    "party_by_name": _word("当事方只有名称,只在本采购过程内比对", "party known by name only: compared within its process only"),
    "party_unnamed": _word("当事方无编号、无名称", "party without id, identifier or name"),
    "undated": _word("没有发布时间,以接收时间为准", "no release date: counts as of its receipt"),
    "merged": _word("与同一采购过程的其他发布合并", "merged with other releases of its process"),
    "superseded": _word("已有更新的编译发布,以其为准", "a newer compiled release stands"),
}  # fmt: skip
"""What is said of accepted rows: of what could not be read of them, the reason's word; and these."""

WORDS = REASONS | REPAIRS | REMARKS | LEFT_OUT


SHOWN = 40
"""Characters of a delivered cell that a receipt repeats."""


def shown(cell: str | None, *, hidden: bool) -> str | None:
    """A delivered cell as a receipt may show it. Where its column is `hidden`: two characters, the last one, and its length."""
    if not cell:
        return None
    if not hidden:
        return as_shown(cell)
    return f"{cell[:2]}…{cell[-1:]} ({len(cell)})" if len(cell) > 4 else f"… ({len(cell)})"


def as_shown(text: object) -> str:
    """A delivered text as a receipt may repeat it, whatever column it stands in."""
    return by_shape(str(text)[: 10 * SHOWN])[:SHOWN]


def explain(reasons: str, titles: Mapping[str, str], *, english: bool = False) -> str:
    """`field=word|field=word`, or a bare word, as a sender reads it beside the row: which column, what is wrong, what to do.

    `titles`: what the sender calls each field; one that has no column keeps its own name.
    """
    parts = (part.rpartition("=") for part in reasons.split("|"))
    return ("; " if english else ";").join(_explained(titles.get(name, name), WORDS[word], english) for name, _, word in parts)


def _explained(title: str, word: Word, english: bool) -> str:
    if english:
        said, mend = (f"{title}: " if title else "") + word.said.en, word.mend.en
        return f"{said}, {mend}" if mend else said
    said = (f"“{title}”列:" if title else "") + word.said.zh
    return f"{said},请{word.mend.zh}" if word.mend.zh else said
