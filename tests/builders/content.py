"""A small content folder with one sound rule, one fact and one norm, and a way to plant a mistake in it."""

from __future__ import annotations

from pathlib import Path

RULE = """\
id: 7a1c1c58-3d0b-4f0e-9a53-7b1f6f1f0a99
code: VIS-001
version: 1
title: {zh: 频繁就诊, en: Frequent visits}
summary:
  zh: 同一人在同一地点多次就诊,合计费用较高。
  en: One person visited one place many times at a high cost.
why_suspicious:
  zh: 短时间内反复到同一地点就诊并不常见。
  en: So many visits to one place are unusual.
verify: {zh: [调取病历], en: [Take the records]}
false_positives: {zh: [慢性病], en: [A chronic illness]}
exclusions: [X1]
domain: medical
status: live
level: orange
owner: {zh: 监督室, en: The office}
basis: [visit-law-1]
reads:
  visit: [person, place, day, hours, cost]
  closure: [person, closed]
parameters:
  min_visits: {type: integer, default: 2, min: 1, max: 10, zh: 最少次数, en: Least visits, basis: INF}
  places: {type: texts, default: [甲, 乙], zh: 地点, en: Places, basis: L9}
  min_cost: {type: money, norm_value: {norm: visit-law-1, name: limit}, zh: 最低费用, en: Least cost, basis: REC}
population:
  fact: visit
  unit: place
  month: day
  where: "cost > 0"
  norms: {min_cost: day}
  candidate: {person: person, place: place}
  needs: {person: id_unsound}
  horizon: {closure: closed}
hit:
  subject: {kind: person, column: person}
  key: [person, place]
  unit: place
  period: [first_day, last_day]
  amount: cost
  shows: [visits, cost]
  sentence:
    zh: "在{place}就诊{visits}次,共{cost:money},自{first_day:month}起。"
    en: "{visits} visits to {place}, {cost:money}, from {first_day:month}."
conditions:
  - {name: visits, value: visits, op: ">=", bound: "$min_visits", zh: 次数, en: Number of visits}
  - {name: cost, value: cost, op: ">=", bound: min_cost, zh: 费用(分), en: Cost (fen)}
variants:
  - {code: A, level: orange, when: "visits >= 3", title: {zh: 很多次, en: Very many}}
  - {code: B, level: yellow, when: "true", title: {zh: 多次, en: Many}}
evidence:
  - {fact: visit, by: {person: person, place: place}, where: "f.day >= h.first_day"}
narrow:
  visit: {repeats: [person, place]}
quiet_when:
  - {zh: 没有费用的不报, en: Visits without cost are not reported}
scope: person
"""

QUERY = """\
-- One row per person and place.
SELECT v.person, v.place, COUNT(*) AS visits,
  CAST(SUM(v.cost) AS BIGINT) AS cost,
  MIN(v.day) AS first_day, MAX(v.day) AS last_day, MAX(n.value) AS min_cost, SUM(v.hours) AS hours
FROM visit AS v
INNER JOIN min_cost_versions AS n ON v.day >= n.valid_from AND v.day < n.valid_to
LEFT JOIN closure AS c ON v.person = c.person AND c.closed < v.day
WHERE v.person IS NOT NULL AND c.person IS NULL AND v.place IN ($places)
GROUP BY v.person, v.place
"""

FACT = """\
name: visit
title: {zh: 就诊, en: Visit}
summary: {zh: 每次就诊一行, en: One row per visit}
tables: [visits]
principal: visits
subject: person
columns:
  person: {type: INTEGER, zh: 人员, en: Person, identity: citizen_id}
  place: {type: VARCHAR, zh: 地点, en: Place}
  day: {type: DATE, zh: 日期, en: Day}
  hours: {type: DOUBLE, zh: 时长, en: Hours}
  cost: {type: BIGINT, zh: 费用, en: Cost, unit: fen}
"""
FACT_SQL = "SELECT person, place, day, hours, cost, _delivery, _row\nFROM visits\n"

CLOSURE = """\
name: closure
title: {zh: 注销, en: Closure}
summary: {zh: 已注销的人员, en: People whose record is closed}
tables: [closures]
principal: closures
subject: person
columns:
  person: {type: INTEGER, zh: 人员, en: Person, identity: citizen_id}
  closed: {type: DATE, zh: 注销日期, en: Day closed}
"""
CLOSURE_SQL = "SELECT person, closed, _delivery, _row\nFROM closures\n"

NORM = """\
id: visit-law-1
title: {zh: 就诊规定, en: Rule on visits}
article: 第一条
authority: {zh: 局, en: Bureau}
tag: INF
versions:
  - from: 2020-01-01
    to: 2022-01-01
    text: {zh: 旧文, en: Old text}
    values: {limit: 500}
  - from: 2022-01-01
    text: {zh: 新文, en: New text}
    values: {limit: 1000}
"""

DOMAINS = """\
medical:
  title: {zh: 医保基金, en: Medical insurance fund}
  departments: [medical_insurance]
"""

EXCLUSIONS = (
    "X1:\n  cause: {zh: 号码错误, en: Wrong number}\n  handling: {zh: 只比对合格号码, en: Only sound numbers}\n  basis: INF\n"
)

MANY = """\
why: {zh: 三次就诊, en: Three visits}
given:
  visit:
    - {person: 1, place: 甲, day: 2024-01-05, cost: 500}
    - {person: 1, place: 甲, day: 2024-01-06, cost: 500}
    - {person: 1, place: 甲, day: 2024-02-07, cost: 500}
expect:
  - {person: 1, place: 甲, variant: A, level: orange, visits: 3, first_day: 2024-01-05}
"""
TWO = """\
why: {zh: 两次就诊, en: Two visits}
given:
  visit:
    - {person: 1, place: 甲, day: 2024-01, cost: 500}
    - {person: 1, place: 甲, day: 2024-02, cost: 500}
    - {person: 2, place: 甲, day: 2024-02, cost: 500}
expect:
  - {person: 1, variant: B}
"""
ONCE = """\
why: {zh: 只有一次, en: Only once}
given:
  visit:
    - {person: 1, place: 甲, day: 2024-01-05, cost: 5000}
expect: []
"""
CHEAP = ONCE.replace("cost: 5000}", "cost: 1}\n    - {person: 1, place: 甲, day: 2024-01-06, cost: 1}")
ELSEWHERE = MANY.replace("place: 甲", "place: 丙").partition("expect:")[0] + "expect: []\n"

FOLDER = "rules/medical/VIS-001-frequent-visits"
FILES = {
    f"{FOLDER}/rule.yaml": RULE,
    f"{FOLDER}/query.sql": QUERY,
    f"{FOLDER}/cases/fires_many.yaml": MANY,
    f"{FOLDER}/cases/fires_two.yaml": TWO,
    f"{FOLDER}/cases/near_once.yaml": ONCE,
    f"{FOLDER}/cases/near_cheap.yaml": CHEAP,
    f"{FOLDER}/cases/near_elsewhere.yaml": ELSEWHERE,
    "facts/visit/fact.yaml": FACT,
    "facts/visit/query.sql": FACT_SQL,
    "facts/closure/fact.yaml": CLOSURE,
    "facts/closure/query.sql": CLOSURE_SQL,
    "norms/visit-law-1.yaml": NORM,
    "exclusions.yaml": EXCLUSIONS,
    "domains.yaml": DOMAINS,
}


def write_content(root: Path) -> Path:
    """Write the small content folder; returns `root`."""
    for name, text in FILES.items():
        write(root, name, text)
    return root


def write(root: Path, name: str, text: str) -> Path:
    """Write one file of a content folder, `rule.yaml`, `query.sql` and `cases/…` being those of its rule."""
    path = full(root, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def plant(root: Path, name: str, old: str, new: str) -> None:
    """Replace `old`, which must be there, by `new` in one file."""
    path = full(root, name)
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is not in {name}"
    path.write_text(text.replace(old, new), "utf-8")


def full(root: Path, name: str) -> Path:
    return root / (f"{FOLDER}/{name}" if name.startswith(("rule.yaml", "query.sql", "cases/")) else name)
