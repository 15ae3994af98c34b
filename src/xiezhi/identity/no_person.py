"""What a short Chinese name shows of being no person's name: a number, kin, an office, whoever collects for them, two persons.

Patterns for Python and RE2, held against a name in half width whose runs of blanks are one space each. Words of organisations
excuse: 红星村12组卫生院 is registered so.
"""

from __future__ import annotations

from xiezhi.identity.characters import HAN
from xiezhi.kernel.surnames import DOUBLE, SINGLE

REMARK = r"[(\[【〔〈{][^()\[\]【】〔〕〈〉{}]*[)\]】〕〉}]"
"""A remark in brackets at the end: 张三(户主)."""

_SURNAME = f"(?:{'|'.join(DOUBLE)}|[{''.join(sorted(SINGLE))}])"
_FREQUENT = (
    "[王李张刘陈杨黄赵吴周徐孙朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蔡蒋余于"
    "杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖韦贾夏方邹熊孟秦邱侯江尹薛]"
)
"""Family names that few words begin with, and few names of other peoples."""

_PERSON = f"{_SURNAME}[{HAN}]{{1,2}}"
_SHORT = f"[{HAN}·]{{2,4}}"

_NUMBERED = (
    rf"{_SHORT} ?[元￥¥$]? ?[0-9][0-9.,]+(?: ?{REMARK})?",
    rf"{_SHORT} ?[0-9]+ ?[年月日元块岁斤亩笔次人户].*",
    rf"\(?[0-9]{{1,4}} ?[.、)\]\-:_#] ?{_SHORT}",
)
"""王建国123, 王建国2024年, 1.王建国. One digit behind a name stays: 张三2 is how villages tell two apart."""

_RELATIVES = (
    "父亲|母亲|爸爸|妈妈|妻子|丈夫|配偶|爱人|老婆|老公|儿子|女儿|子女|长子|长女|次子|次女|媳妇|儿媳|女婿|孙子|孙女|外孙"
    "|弟弟|哥哥|姐姐|妹妹|爷爷|奶奶|外公|外婆|岳父|岳母|家属|家人|亲属|遗属|遗孀|监护人|代理人"
)
_KIN = (
    f"{_PERSON}[妻父母]",
    f"[{HAN}]{{2,4}}[之的](?:{_RELATIVES}|[子女妻夫父母弟兄姐妹孙侄])",
    f"{_PERSON}(?:{_RELATIVES})",
)
"""王建国妻, 张三之子, 王建国的母亲, 王建国母亲: somebody of theirs, not named."""

_OFFICES = (
    "书记|主任|村长|乡长|镇长|县长|区长|局长|处长|科长|股长|所长|站长|主席|会计|出纳|经理|厂长|老师|医生|校长|院长|园长"
    "|队长|组长|社长|先生|女士|小姐|同志|师傅|老板|律师|大爷|大妈|大伯|大叔|大娘|大婶|大嫂"
)
_STATES = "已?死亡|已故|病故|亡故|去世|身故|夫妇|夫妻|一家|全家|家庭|两口子?|已?注销|作废|重复|补发|停发"
_ROLES = "已故|死者|户主|姓名|申请人|受益人|领款人|农户|村民|居民|社员|患者|学生|亡者|保洁员|护林员|临时工|职工|本人"
_NO_PLACE = "[^省市区县旗镇乡村屯庄街道路组队班科股类族室院站所部坊楼堂 ]"
_ONE = f"{_SURNAME}[{HAN}]?{_NO_PLACE}"
_PLACE = f"[{HAN}]{{1,9}}[省市州县区旗镇乡村屯寨庄组队社街]"
_ADDRESSED = (
    f"{_SURNAME}[{HAN}]{{0,2}} ?(?:{_OFFICES})",
    f"{_PERSON} ?(?:{_STATES}|{_ROLES})",
    f"(?:{_ROLES}|{_RELATIVES}) ?{_PERSON}",
    f"{_PLACE} {_ONE}",
    f"{_ONE} {_PLACE}",
    "(?:用户|客户|人员|职工|员工|工人|测试|编号|序号|代码)[0-9A-Za-z]{1,6}",
    "[BCDFGHJKLMNPQRSTVWXZ]{2,5}",
)
"""王书记, 王建国 先生: how somebody is spoken to, and whoever has the office next, too. 王建国已故, 户主王建国: what is said of
them, 红星村 王建国: where they live; 李一家 and 王家庭 are names. 用户1, ZJG stand for somebody."""

_NO_AGENT = "[^时现古当世后前年历朝() 0-9A-Za-z]"
_AGENT = (
    f"{_SURNAME}[{HAN}]?{_NO_AGENT} ?代 ?{_PERSON}",
    rf"{_PERSON} ?\(?代[领收签取](?:人)?:? ?(?:{_PERSON})?\)?",
    rf"{_PERSON} ?\(?由? ?{_PERSON} ?代[领收签取]?(?:人)?\)?",
)
"""王建国代李四, 王建国由李四代领: two persons, and it is not said which is meant. (新时代家居 is a shop.)"""

ALONE = f"[{HAN}]"
"""One character is a surname at most."""

NOBODY = "|".join((*_NUMBERED, *_KIN, *_ADDRESSED, *_AGENT, ALONE, REMARK))
"""All of a name, where no word of an organisation is in it."""

SIDE_BY_SIDE = f"{_ONE}(?: {_ONE})+"
"""王建国 李秀英: two that each look like a name. A single character or a double surname before the blank only pads (欧阳 文静);
红旗村 卫生室 are places."""

WRITTEN_TOGETHER = f"{_FREQUENT}[{HAN}]{{2}}{_FREQUENT}[{HAN}]{{2}}"
"""王建国李秀英."""

_BETWEEN = "[和与及暨跟或]|以及|委托|又名|原名|曾用名|更名|改名|转交?"
JOINED = (
    f"{_PERSON} ?(?:{_BETWEEN}|[_=—–~>-]) ?{_PERSON}"
    f"|{_FREQUENT}[{HAN}]{{1,2}} ?[.。] ?{_FREQUENT}[{HAN}]{{1,2}}|{WRITTEN_TOGETHER}"
)
"""王建国和李秀英, 王建国-李秀英, 王建国委托李秀英, 王建国又名李四; 张三.李四 (阿里.买买提 is one)."""

MIXED = f"[^{HAN}]*(?:[{HAN}][^{HAN}]*){{1,4}}"
CLEAN = f"[{HAN}]+(?:·[{HAN}]+)*[0-9A-Za-z]?"
_GROUP = "[0-9A-Za-z] ?[组队社楼栋幢区班号院小中幼室]"
NO_MIXTURE = f"{_GROUP}|[(]"
"""As few Chinese characters as a person's name has hold nothing else (王建国&, 王jianguo, “王建国”), but for one letter or digit
at the end. 李庄3组 is a group of a village, and brackets are part of a registered name."""

PADDED = f"(?:{'|'.join(DOUBLE)}) [{HAN}]{{1,2}}"

SYMBOL = f"[←-⇿①-⓿☀-➿⬀-⯿\U0001f000-\U0001faff\ufe0f\u20e3]|[{HAN}] ?(?:…|[.][.])"
"""Pictures, ticks, arrows, numbers in circles; and dots behind a Chinese name for what was left out."""

IN_CHARACTERS = (
    f"^[{HAN}]{{6}}$|[妻父母]$|^(?:{_ROLES}|{_RELATIVES})|代|{_BETWEEN}"
    f"|(?:{_RELATIVES}|[之的][子女妻夫父母弟兄姐妹孙侄]|{_OFFICES}|{_STATES}|{_ROLES})$"
)
"""Occurs in whatever of NOBODY and JOINED is Chinese characters only. No classes of family names: an expression is compiled
for every statement, and those took much of a small delivery's time."""
