"""Whose an account is, by the name on it."""

from __future__ import annotations

import pytest

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.grading import holder_sql

NAMES = {
    "某县中小企业融资担保有限公司": "担保",
    "电子保函服务中心": "担保",
    "某某财产保险股份有限公司": "保险",
    "保险担保有限公司": "担保",
    "某某农村商业银行股份有限公司": "银行",
    "甲县农村信用社": "银行",
    "某市公共资源交易中心": "交易平台",
    "甲县财政局": "交易平台",
    "华盛建设有限公司": "单位",
    "鼎盛投资部": "单位",
    "老王工程队": "单位",
    "甲县第一中学校": "单位",
    "王伟": "个人",
    "欧阳修远": "个人",
    "阿依古丽·买买提": "个人",
    "ABC LTD": "不明",
    "王": "不明",
    "某某某某某某": "不明",
}


@pytest.mark.parametrize(("name", "holder"), NAMES.items())
def test_a_name_says_whose_the_account_is(name: str, holder: str) -> None:
    with DuckDB(memory="200MB", threads=1) as engine:
        assert engine.value(f"SELECT {holder_sql('n')} FROM (SELECT '{name}' AS n)") == holder


def test_no_name_says_nothing() -> None:
    with DuckDB(memory="200MB", threads=1) as engine:
        assert engine.value(f"SELECT {holder_sql('n')} FROM (SELECT CAST(NULL AS VARCHAR) AS n)") is None
