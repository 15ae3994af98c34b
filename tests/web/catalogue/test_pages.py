"""The catalogue as people open it: through the site, with the shipped content."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.people import Commission
from xiezhi.web.accounts.roles import RoleCode

Browser = Callable[[RoleCode], Client]
PAGES = ("", "fields/", "codelists/", "codelists/department/", "purposes/", "subsidy_payment/", "ocds_release/")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_page_opens_in_both_languages_within_its_budget(
    client_as: Browser, commission: Commission, page: str, language: str
) -> None:
    client = client_as(RoleCode.DATA_ANALYST)
    client.get("/catalogue/")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.get(f"/catalogue/{page}", headers={"accept-language": language})
    assert answer.status_code == 200
    assert len(seen) <= 15, [one["sql"][:90] for one in seen]


def test_list_narrows_by_department_cadence_and_words(client_as: Browser) -> None:
    client = client_as(RoleCode.DATA_ANALYST)
    page = client.get("/catalogue/?department=finance&cadence=monthly&q=补贴").content.decode()
    assert "/catalogue/subsidy_payment/" in page
    assert "/catalogue/subsidy_item/" not in page, "it is quarterly"
    assert "/catalogue/fiscal_payroll/" not in page, "it says nothing of subsidies"
    assert "/catalogue/dibao_member/" not in page, "it is another department's"


def test_a_filter_that_is_not_offered_filters_nothing(client_as: Browser) -> None:
    answer = client_as(RoleCode.DATA_ANALYST).get("/catalogue/?department=%27%3B--&cadence=never")
    assert answer.status_code == 200
    assert "/catalogue/dibao_member/" in answer.content.decode()


def test_a_column_is_found_by_what_a_department_calls_it(client_as: Browser) -> None:
    page = client_as(RoleCode.DATA_ANALYST).get("/catalogue/fields/?q=低保编号").content.decode()
    assert "/catalogue/dibao_member/#field-case_no" in page
    assert "/catalogue/subsidy_payment/" not in page


def test_dataset_says_which_models_go_dark_and_what_else_they_need(client_as: Browser) -> None:
    page = client_as(RoleCode.DATA_ANALYST).get("/catalogue/dibao_member/").content.decode()
    assert "SOC-013" in page
    assert "/catalogue/fiscal_payroll/" in page, "SOC-013 needs the payroll too"
    assert "SUB-001" not in page
    assert '"id": "d:dibao_member"' in page, "the picture has the dataset"
    assert '"id": "r:SOC-013"' in page


def test_identity_columns_say_that_only_a_number_is_kept(client_as: Browser) -> None:
    page = client_as(RoleCode.DEPARTMENT_CONTACT).get("/catalogue/dibao_member/").content.decode()
    assert "入湖只存编号" in page


def test_unknown_dataset_and_codelist_are_not_found(client_as: Browser) -> None:
    client = client_as(RoleCode.DATA_ANALYST)
    assert client.get("/catalogue/no_such/").status_code == 404
    assert client.get("/catalogue/codelists/no_such/").status_code == 404


def test_the_village_liaison_may_not_open_it(client_as: Browser) -> None:
    assert client_as(RoleCode.VILLAGE_LIAISON).get("/catalogue/").status_code == 403


def test_templates_are_offered_for_tables_and_come_as_files(client_as: Browser) -> None:
    client = client_as(RoleCode.DEPARTMENT_CONTACT)
    page = client.get("/catalogue/dibao_member/").content.decode()
    for kind, begins in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        address = f"/catalogue/dibao_member/template/{kind}/"
        assert address in page
        answer = client.get(address)
        assert answer.content.startswith(begins)
        assert f".{kind}" in answer["Content-Disposition"]
        assert answer["Content-Disposition"].startswith("attachment")
    assert "/template/" not in client.get("/catalogue/ocds_release/").content.decode()
    for address in ("ocds_release/template/xlsx/", "dibao_member/template/exe/", "nothing/template/csv/"):
        assert client.get(f"/catalogue/{address}").status_code == 404, address


def test_the_upload_page_offers_the_templates_of_ones_own_department(client_as: Browser) -> None:
    page = client_as(RoleCode.DEPARTMENT_CONTACT).get("/deliveries/upload/").content.decode()
    assert "/catalogue/dibao_member/template/xlsx/" in page
    assert "/catalogue/fiscal_payroll/template/" not in page, "it is another department's"
    analyst = client_as(RoleCode.DATA_ANALYST).get("/deliveries/upload/").content.decode()
    assert "/catalogue/fiscal_payroll/template/csv/" in analyst
