"""Datasets, codelists and lineage as told to people: against the shipped content itself."""

from __future__ import annotations

from xiezhi.operations.config import CoreConfig
from xiezhi.operations.datasets import describe_codelists, describe_datasets
from xiezhi.operations.lineage import read_lineage
from xiezhi.operations.rules import list_rules


def test_every_dataset_has_words_in_both_languages_and_a_department_with_a_name() -> None:
    told = describe_datasets(CoreConfig())
    assert "subsidy_payment" in told
    for one in told.values():
        assert one.title.zh
        assert one.title.en
        assert one.purpose.en
        assert one.basis
        assert one.department_title.en != one.department, one.name
        assert all(field.title.zh and field.title.en for field in one.fields)


def test_a_dataset_keeps_what_its_contract_says() -> None:
    payment = describe_datasets(CoreConfig())["subsidy_payment"]
    assert (payment.cadence, payment.grace_days, payment.period, payment.retention_months) == (
        "monthly",
        15,
        "benefit_month",
        120,
    )
    fields = {field.name: field for field in payment.fields}
    assert fields["person"].identity == "citizen_id"
    assert fields["person"].classification == "confidential"
    assert fields["amount"].unit == "元"


def test_codelists_know_who_uses_them() -> None:
    assert ("dibao_member", "case_kind") in describe_codelists(CoreConfig())["dibao_kind"].used_by


def test_lineage_reaches_through_facts_made_of_facts() -> None:
    lineage = read_lineage(CoreConfig())
    dark = {rule.code for rule in lineage.dark_without("dibao_member")}
    assert dark == {"SOC-013"}
    assert "fiscal_payroll" in lineage.rules["SOC-013"].datasets
    assert {fact.name for fact in lineage.facts_of("subsidy_payment")} >= {"payment"}


def test_every_rule_in_force_stands_on_some_dataset() -> None:
    lineage = read_lineage(CoreConfig())
    in_force = {rule.code for rule, _cases in list_rules(CoreConfig()) if rule.status in ("trial", "live")}
    assert set(lineage.rules) == in_force
    assert all(rule.datasets for rule in lineage.rules.values())
    assert all(fact in lineage.facts for rule in lineage.rules.values() for fact in rule.reads)
