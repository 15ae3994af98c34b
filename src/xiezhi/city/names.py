"""What people, firms and places of the city are called. Common characters, a few rare ones, some two-part names."""

from __future__ import annotations

SURNAMES = (
    *"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾萧田董袁潘蒋蔡余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范石廖贾韦",
    *("欧阳", "上官", "诸葛", "司徒"),
)

GIVEN = tuple(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰凤春梅海燕建国志文斌宇浩然欣怡梓涵雨轩佳琪思彤子墨若曦安康福贵永庆祥瑞德厚学礼"
)

RARE = ("堃", "喆", "犇", "淼", "翀", "䶮", "垚", "彧", "㛃", "𬱖", "赟", "旻")
"""Characters that older systems cannot show; the last but two lie outside the first 20,902, one outside the first plane."""

_TWO_PART_FIRST = (
    "阿依古丽",
    "古丽娜尔",
    "迪丽努尔",
    "艾力江",
    "玉素甫江",
    "阿迪力",
    "扎西",
    "卓玛措",
    "吉克",
    "阿木",
    "木呷",
    "巴特尔",
)
_TWO_PART_LAST = ("买买提", "阿不都拉", "吐尔逊", "艾合买提", "依明", "次仁", "平措", "尔古", "伍呷", "苏和")

TWO_PART = tuple(f"{first}·{last}" for first in _TWO_PART_FIRST for last in _TWO_PART_LAST)

TRADITIONAL = dict(
    zip(
        "张刘陈杨黄赵吴孙马郑谢许韩邓冯萧叶苏吕任卢钟谭陆贾韦",
        "張劉陳楊黃趙吳孫馬鄭謝許韓鄧馮蕭葉蘇呂任盧鍾譚陸賈韋",
        strict=True,
    )
)
TRADITIONAL |= dict(zip("静丽军艳杰涛凤华兰国庆贵", "靜麗軍艷傑濤鳳華蘭國慶貴", strict=True))
"""Simplified to traditional, for the characters used here that differ."""
TRADITIONAL = {simple: full for simple, full in TRADITIONAL.items() if simple != full}

CITY = "霁川市"
COUNTIES = ("岚溯县", "檀汐县", "麓澜区")
TOWNS = (
    "栖萤镇",
    "缃荻镇",
    "霜筠镇",
    "澹葭乡",
    "璇渚镇",
    "翎溯乡",
    "蘅汀镇",
    "昙屿镇",
    "聆霰乡",
    "湉岫镇",
    "绛蘼镇",
    "皎潆乡",
    "瑀荇镇",
    "霏岑镇",
    "琤漪乡",
    "芷峤镇",
    "曦菡镇",
    "漪岚乡",
    "筱泠镇",
    "珩湄镇",
    "茗渌乡",
    "苓浔镇",
    "霖菀镇",
    "玥洳乡",
    "泠荞镇",
    "晗沅镇",
    "菡峪乡",
    "舲蓠镇",
    "瀛荃镇",
    "柘潋乡",
    "荻崤镇",
    "璟滢镇",
    "澈菘乡",
    "桢泖镇",
    "鹇溆镇",
    "椋渟乡",
)
VILLAGE_FIRST = tuple("霁岚檀漱翎蘅澹皎璇湉绛缃筠聆昙萤荻霰汐麓砚笙菡漪芷琤霏瑀珩茗苓霖玥泠晗舲")
VILLAGE_SECOND = tuple("溯汀渚屿岫葭峤岑浔渌湄洳沅蓠潋崤滢菘泖溆渟荃峪荞潆蘼荇菀岬埠")

AGENCIES = ("惠民资金发放中心", "农业农村服务站", "民政服务站", "社会事务办公室")
COMPANY_FIRST = VILLAGE_FIRST
COMPANY_SECOND = tuple("恒诚泰鼎瑞祥隆昌盛宏远达信捷嘉丰裕腾锐晟")
COMPANY_KIND = (
    "建筑工程",
    "商贸",
    "农业科技",
    "餐饮管理",
    "食品配送",
    "信息技术",
    "环境工程",
    "物业服务",
    "园林绿化",
    "市政工程",
)


def company_name(number: int) -> str:
    """A name no other number has, up to ten million."""
    first = COMPANY_FIRST[number % len(COMPANY_FIRST)]
    rest, number = divmod(number // len(COMPANY_FIRST), len(COMPANY_SECOND))
    third, kind = divmod(rest, len(COMPANY_KIND))
    tail = VILLAGE_SECOND[third % len(VILLAGE_SECOND)] if third < len(VILLAGE_SECOND) else f"第{third}"
    return f"霁川{first}{COMPANY_SECOND[number]}{tail}{COMPANY_KIND[kind]}有限公司"
