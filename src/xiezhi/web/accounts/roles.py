"""Who may do what, whole: read these two screens and you know the distribution of power.

A role is a kind of post. It says what its holder may do (permissions) and from where their view of the city is measured
(reach); the post itself adds the unit, the business lines, the cadre-management authority and a period. Offices and bodies
are those of a city commission; the three administrators keep the system and see none of its business.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xiezhi.kernel.words import Words
from xiezhi.web.accounts.permissions import Permission as P


class Reach(StrEnum):
    """Which units a post sees."""

    NOTHING = "nothing"
    OWN = "own"
    """The unit of the post and what is below it."""
    OVERSEEN = "overseen"
    """The units the post's office is charged with overseeing (联系单位), and what is below them."""
    REGION = "region"
    """The region the post's unit belongs to, and what is below it."""


class Duty(StrEnum):
    """Which account a role may be given to. One account has one duty: the three administrators exclude each other and all else."""

    BUSINESS = "business"
    DEPARTMENT = "department"
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"
    MACHINE = "machine"


ADMINISTRATORS = frozenset({Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT})


class RoleCode(StrEnum):
    CITY_LEADER = "city_leader"
    COUNTY_LEADER = "county_leader"
    SUPERVISING_OFFICER = "supervising_officer"
    SUPERVISING_HEAD = "supervising_head"
    INVESTIGATOR = "investigator"
    CASE_SUPERVISOR = "case_supervisor"
    TRIAL_REVIEWER = "trial_reviewer"
    PETITION_CLERK = "petition_clerk"
    CONDUCT_OFFICER = "conduct_officer"
    CADRE_SUPERVISOR = "cadre_supervisor"
    INSPECTION_OFFICER = "inspection_officer"
    DATA_ANALYST = "data_analyst"
    STATIONED_OFFICER = "stationed_officer"
    COUNTY_OFFICER = "county_officer"
    TOWN_OFFICER = "town_officer"
    VILLAGE_LIAISON = "village_liaison"
    DEPARTMENT_CONTACT = "department_contact"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDITOR = "auditor"
    MACHINE = "machine"


@dataclass(frozen=True)
class Role:
    """`clearance`: the highest data label its holder may see unless the account is set lower (0 ordinary … 3 confidential)."""

    code: RoleCode
    zh: str
    en: str
    does_zh: str
    does_en: str
    reach: Reach
    permissions: frozenset[P]
    duty: Duty = Duty.BUSINESS
    clearance: int = 2

    @property
    def title(self) -> Words:
        return Words(zh=self.zh, en=self.en)

    @property
    def does(self) -> Words:
        return Words(zh=self.does_zh, en=self.does_en)


LOOK = frozenset({P.WORKBENCH_OPEN, P.ALERT_READ, P.EVIDENCE_READ})
HANDLE = LOOK | {P.ALERT_DISMISS, P.ALERT_SNOOZE, P.ALERT_MERGE, P.ALERT_VERIFY, P.REVEAL_REQUEST}
DISPATCH = frozenset({P.ALERT_DISPATCH, P.ALERT_REVIEW})
KNOW = frozenset({P.CATALOGUE_READ, P.RULE_READ, P.RUN_READ, P.DELIVERY_READ})
LEAD = LOOK | KNOW | {P.ALERT_EXPORT, P.ALERT_APPROVE, P.ALERT_APPROVE_RED, P.REVEAL_APPROVE, P.RULE_APPROVE}

ROLES: dict[RoleCode, Role] = {
    role.code: role
    for role in (
        Role(RoleCode.CITY_LEADER, "市纪委监委领导", "City leader", "看全市、审批", "Sees the city, approves",
             Reach.REGION, LEAD, clearance=3),
        Role(RoleCode.COUNTY_LEADER, "县区纪委监委领导", "County leader", "看本县区、审批", "Sees the county, approves",
             Reach.REGION, LEAD - {P.RULE_APPROVE}),
        Role(RoleCode.SUPERVISING_HEAD, "监督检查室主任", "Head of a supervising office", "审批本室事项", "Approves the office's matters",
             Reach.OVERSEEN, HANDLE | DISPATCH | KNOW | {P.ALERT_EXPORT, P.ALERT_APPROVE, P.REVEAL_APPROVE, P.RULE_PROPOSE,
                                                         P.REPLAY_CHECK}),
        Role(RoleCode.SUPERVISING_OFFICER, "监督检查室干部", "Supervising officer", "联系单位的日常监督、处置预警",
             "Oversees linked units, handles their alerts", Reach.OVERSEEN, HANDLE | DISPATCH | KNOW | {P.ALERT_EXPORT}),
        Role(RoleCode.INVESTIGATOR, "审查调查室干部", "Investigator", "看模型，不看业务数据", "Reads the models, sees no data",
             Reach.NOTHING, frozenset({P.WORKBENCH_OPEN, P.RULE_READ})),
        Role(RoleCode.CASE_SUPERVISOR, "案件监督管理室干部", "Case supervisor", "线索集中管理、查询审批、全程监督",
             "Centralises clues, approves queries, watches every step", Reach.REGION,
             LOOK - {P.EVIDENCE_READ} | DISPATCH | KNOW | {P.REVEAL_APPROVE, P.REVEAL_REGISTER, P.ALERT_EXPORT}),
        Role(RoleCode.TRIAL_REVIEWER, "案件审理室干部", "Trial reviewer", "看模型，不看业务数据", "Reads the models, sees no data",
             Reach.NOTHING, frozenset({P.WORKBENCH_OPEN, P.RULE_READ})),
        Role(RoleCode.PETITION_CLERK, "信访室干部", "Petition clerk", "看模型，不看业务数据", "Reads the models, sees no data",
             Reach.NOTHING, frozenset({P.WORKBENCH_OPEN, P.RULE_READ})),
        Role(RoleCode.CONDUCT_OFFICER, "党风政风监督室干部", "Conduct officer", "四风与民生领域模型的归口管理",
             "Owns the models on conduct and livelihood", Reach.REGION, HANDLE | DISPATCH | KNOW | {P.RULE_PROPOSE, P.ALERT_EXPORT, P.REPLAY_CHECK}),
        Role(RoleCode.CADRE_SUPERVISOR, "纪检监察干部监督室干部", "Discipline-cadre supervisor", "监督自己人、查询审计",
             "Supervises the commission's own staff, audits queries", Reach.NOTHING,
             frozenset({P.WORKBENCH_OPEN, P.RULE_READ, P.REVEAL_REGISTER})),
        Role(RoleCode.INSPECTION_OFFICER, "巡察办干部", "Inspection officer", "巡察问题与反馈预警", "Inspection findings and their alerts",
             Reach.OVERSEEN, LOOK | KNOW),
        Role(RoleCode.DATA_ANALYST, "技术保障室数据分析员", "Data analyst", "数据、模型、运行与参数", "Data, models, runs and parameters",
             Reach.REGION, LOOK | KNOW | {P.DELIVERY_UPLOAD, P.DELIVERY_CHASE, P.RULE_PROPOSE, P.RULE_APPROVE, P.RUN_START,
                                          P.ALERT_MERGE, P.REPLAY_CHECK}),
        Role(RoleCode.STATIONED_OFFICER, "派驻纪检监察组干部", "Officer of a stationed group", "核实驻在部门的预警",
             "Verifies the alerts of the departments it is stationed in", Reach.OVERSEEN, HANDLE | KNOW),
        Role(RoleCode.COUNTY_OFFICER, "县区纪委监委干部", "County officer", "核实本县区的预警", "Verifies the county's alerts",
             Reach.REGION, HANDLE | DISPATCH | KNOW | {P.ALERT_EXPORT}),
        Role(RoleCode.TOWN_OFFICER, "乡镇纪委干部", "Town officer", "核实本乡镇和村的预警", "Verifies the town's and its villages' alerts",
             Reach.REGION, LOOK | {P.RULE_READ, P.ALERT_SNOOZE, P.ALERT_VERIFY, P.REVEAL_REQUEST}, clearance=1),
        Role(RoleCode.VILLAGE_LIAISON, "村级监察联络员", "Village liaison", "本村的日常监督", "Daily eyes of the village",
             Reach.REGION, frozenset({P.WORKBENCH_OPEN, P.ALERT_READ}), clearance=1),
        Role(RoleCode.DEPARTMENT_CONTACT, "部门数据联络员", "Department contact", "报送数据、看退回原因", "Delivers data, sees what came back and why",
             Reach.OWN, frozenset({P.WORKBENCH_OPEN, P.DELIVERY_READ, P.DELIVERY_UPLOAD, P.CATALOGUE_READ}), Duty.DEPARTMENT, 0),
        Role(RoleCode.SYSTEM_ADMINISTRATOR, "系统管理员", "System administrator", "运行维护、账号增停、备份", "Runs the system, adds and disables accounts",
             Reach.NOTHING, frozenset({P.WORKBENCH_OPEN, P.ACCOUNT_READ, P.ACCOUNT_CREATE, P.ACCOUNT_DISABLE, P.UNIT_MANAGE,
                                       P.SYSTEM_RUN, P.CALENDAR_MANAGE}), Duty.SYSTEM, 0),
        Role(RoleCode.SECURITY_ADMINISTRATOR, "安全保密管理员", "Security administrator", "授权、收权、策略", "Grants and takes rights, sets policies",
             Reach.NOTHING, frozenset({P.WORKBENCH_OPEN, P.ACCOUNT_READ, P.ACCOUNT_DISABLE, P.POST_GRANT, P.SIGHT_REVIEW, P.POLICY_SET,
                                       P.MACHINE_MANAGE}), Duty.SECURITY, 0),
        Role(RoleCode.AUDITOR, "安全审计员", "Auditor", "审计所有人，包括另两员", "Audits everyone, the other two included",
             Reach.NOTHING, frozenset({P.WORKBENCH_OPEN, P.ACCOUNT_READ, P.SIGHT_REVIEW, P.TRAIL_READ, P.TRAIL_EXPORT,
                                       P.REVEAL_REGISTER, P.REPLAY_CHECK}),
             Duty.AUDIT, 0),
        Role(RoleCode.MACHINE, "机器账号", "Machine account", "推送交付、拉取预警", "Pushes deliveries, pulls alerts",
             Reach.OWN, frozenset({P.DELIVERY_READ, P.DELIVERY_UPLOAD, P.CATALOGUE_READ, P.ALERT_READ}), Duty.MACHINE, 1),
    )
}  # fmt: skip
