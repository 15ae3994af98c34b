"""Every kind of screen, each as a role that sees it and with a telling object."""

from __future__ import annotations

from dataclasses import dataclass

RULE_TABS = ("words", "parameters", "cases", "coverage", "runs", "precision", "lineage", "sql", "changes")


@dataclass(frozen=True)
class Screen:
    """`path`, then the first link that matches `follow` (where given), then `plus` added; `click` opens what lies on the page."""

    name: str
    who: str
    path: str
    follow: str = ""
    plus: str = ""
    click: str = ""


SCREENS = (
    *(
        Screen(f"home-{who}", who, "/")
        for who in (
            *("leader", "head1", "officer1", "investigator", "cases", "petitions", "conduct", "cadres", "inspection", "analyst"),
            *("group1", "county1lead", "county1", "town1", "village1", "civil", "sysadmin", "secadmin", "auditor"),
        )
    ),
    Screen("alerts-list", "officer1", "/alerts/"),
    Screen("alerts-list-leader", "leader", "/alerts/"),
    Screen("alerts-list-picked", "officer1", "/alerts/", click="tbody [data-pick]"),
    Screen("alerts-list-empty", "officer1", "/alerts/?q=没有这样的人"),
    Screen("alerts-drawer", "leader", "/alerts/", click="tbody a[data-open]"),
    Screen("alerts-subjects", "leader", "/alerts/subjects/"),
    *(
        Screen(f"alerts-one-{word}", "leader", f"/alerts/?{query}", "tbody a[data-open]")
        for word, query in (
            ("gravest", ""),
            ("kin", "rule=VIL-110&level=orange"),
            ("money", "sort=-amount"),
            ("least", "sort=level_rank"),
        )
    ),
    *(
        Screen(f"alerts-opened-{word}", "leader", f"/alerts/?rule={rule}", "tbody a[data-open]", click="#evidence button")
        for word, rule in (("kin", "VIL-110&level=orange"), ("canteen", "CAN-073"), ("payment", "SUB-001"), ("bids", "R024"))
    ),
    Screen("alerts-why", "leader", "/alerts/", "tbody a[data-open]", "why/"),
    Screen("alerts-evidence", "leader", "/alerts/", "tbody a[data-open]", "evidence/"),
    Screen("alerts-print", "leader", "/alerts/", "tbody a[data-open]", "print/"),
    *(
        Screen(f"alerts-{move}", "officer1", "/alerts/", "tbody a[data-open]", f"{move}/")
        for move in ("dismiss", "snooze", "merge")
    ),
    Screen("alerts-export", "leader", "/alerts/export/"),
    Screen("deliveries-calendar", "analyst", "/deliveries/calendar/"),
    Screen("deliveries-calendar-contact", "civil", "/deliveries/calendar/"),
    Screen("deliveries-chase", "analyst", "/deliveries/calendar/", click="[hx-get*='/chase/']"),
    Screen("deliveries-list", "analyst", "/deliveries/"),
    Screen("deliveries-list-empty", "analyst", "/deliveries/?q=没有这样的数据"),
    Screen("deliveries-one", "analyst", "/deliveries/", "tbody a[data-open]"),
    Screen("deliveries-one-returned", "analyst", "/deliveries/?sort=-set_aside", "tbody a[data-open]"),
    Screen("deliveries-rows", "analyst", "/deliveries/?sort=-set_aside", "tbody a[data-open]", "rows/"),
    Screen("deliveries-receipt", "analyst", "/deliveries/?sort=-set_aside", "tbody a[data-open]", "receipt/"),
    Screen("deliveries-quality", "analyst", "/deliveries/quality/"),
    Screen("deliveries-quality-one", "analyst", "/deliveries/quality/", "tbody a"),
    Screen("deliveries-upload", "civil", "/deliveries/upload/"),
    Screen("deliveries-batch", "civil", "/deliveries/upload/", "a.name"),
    Screen("deliveries-batch-unsent", "civil", "/deliveries/upload/", "li:has(.state.warn) a.name"),
    Screen("catalogue-list", "analyst", "/catalogue/"),
    Screen("catalogue-dataset", "analyst", "/catalogue/", "tbody a"),
    Screen("catalogue-payments", "analyst", "/catalogue/subsidy_payment/"),
    Screen("catalogue-fields", "analyst", "/catalogue/fields/"),
    Screen("catalogue-purposes", "analyst", "/catalogue/purposes/"),
    Screen("catalogue-codelists", "analyst", "/catalogue/codelists/"),
    Screen("catalogue-codelist", "analyst", "/catalogue/codelists/", "tbody a"),
    Screen("reveals-mine", "officer1", "/reveals/"),
    Screen("reveals-one", "conduct", "/reveals/", "tbody a[data-open]"),
    Screen("reveals-ask", "officer1", "/alerts/", "tbody a[data-open]", click="[hx-get*='/reveals/ask']"),
    Screen("notices", "officer1", "/notices/"),
    Screen("notices-civil", "civil", "/notices/"),
    Screen("jobs-mine", "analyst", "/jobs/"),
    Screen("jobs-queue", "sysadmin", "/jobs/queue/"),
    Screen("jobs-one", "analyst", "/jobs/", "tbody a"),
    Screen("schedule", "sysadmin", "/schedule/"),
    Screen("trail-list", "auditor", "/trail/"),
    Screen("trail-event", "auditor", "/trail/", "tbody a"),
    Screen("trail-person", "auditor", "/trail/", "a[href*='/person/']"),
    Screen("trail-thing", "auditor", "/trail/", "a[href*='/thing/']"),
    Screen("trail-figures", "auditor", "/trail/figures/"),
    Screen("reveals-register", "auditor", "/reveals/register/"),
    Screen("trail-verification", "auditor", "/trail/verification/"),
    Screen("trail-checkpoint", "auditor", "/trail/checkpoint/"),
    Screen("accounts-list", "sysadmin", "/accounts/"),
    Screen("accounts-list-security", "secadmin", "/accounts/"),
    Screen("accounts-new", "sysadmin", "/accounts/new/"),
    Screen("accounts-one", "sysadmin", "/accounts/", "tbody a"),
    Screen("accounts-one-security", "secadmin", "/accounts/", "tbody a"),
    Screen("accounts-grant", "secadmin", "/accounts/", "tbody a", "posts/new/"),
    Screen("accounts-clearance", "secadmin", "/accounts/", "tbody a", "clearance/"),
    Screen("accounts-waiting", "secadmin", "/accounts/waiting/"),
    Screen("units", "sysadmin", "/units/"),
    Screen("units-new", "sysadmin", "/units/new/"),
    Screen("powers", "secadmin", "/powers/"),
    Screen("sight", "secadmin", "/accounts/sight/"),
    Screen("policy", "secadmin", "/policy/"),
    Screen("me", "officer1", "/me/"),
    Screen("me-sessions", "officer1", "/me/sessions/"),
    Screen("me-recusal", "officer1", "/me/recusals/new/"),
    Screen("me-factors", "officer1", "/account/factors/"),
    Screen("me-factor-app", "officer1", "/account/factors/app/"),
    Screen("me-password", "officer1", "/account/password/"),
    Screen("api-reference", "analyst", "/api/v1/"),
    Screen("api-tokens", "secadmin", "/api/tokens/"),
    Screen("api-issue", "secadmin", "/api/tokens/new/"),
    Screen("rules-list", "analyst", "/rules/"),
    Screen("rules-list-leader", "leader", "/rules/"),
    *(Screen(f"rules-one-{tab}", "analyst", f"/rules/SUB-002/?tab={tab}") for tab in RULE_TABS),
    Screen("rules-one-bids", "analyst", "/rules/R024/"),
    Screen("rules-try", "analyst", "/rules/SUB-002/try/"),
    Screen("rules-status", "analyst", "/rules/SUB-002/status/"),
    Screen("rules-coverage", "analyst", "/rules/coverage/"),
    Screen("runs-list", "analyst", "/rules/runs/"),
    Screen("runs-one", "analyst", "/rules/runs/", "tbody a"),
    Screen("runs-tried", "conduct", "/rules/SUB-003/try/", "a[href*='/tried/']"),
    Screen("changes-list", "analyst", "/rules/changes/"),
    Screen("changes-one", "analyst", "/rules/changes/", "tbody a"),
    Screen("help-guides", "officer1", "/help/"),
    Screen("help-guide", "officer1", "/help/guides/supervising/"),
    Screen("help-topic", "officer1", "/help/pages/alert/"),
    Screen("help-entry", "", "/help/entry/sign-in/"),
    Screen("error-404", "officer1", "/alerts/YJ-0000-0000/"),
    Screen("error-403", "village1", "/accounts/"),
    Screen("menu", "leader", "/", click=".open-side"),
    Screen("user-menu", "leader", "/", click=".user-menu > button, [data-bs-toggle='dropdown'] >> nth=-1"),
    Screen("login", "", "/account/login/"),
    Screen("login-lost", "", "/account/code/"),
)
