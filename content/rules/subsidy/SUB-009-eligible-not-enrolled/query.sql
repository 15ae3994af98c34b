-- One row per older person: how long entitled, and how long not paid. A higher tier of the allowance counts as paid.
WITH allowance AS (
  SELECT item, title, min_age, monthly_standard
  FROM item
  WHERE item = $item
),
tiers AS (
  SELECT t.item
  FROM item AS t
  JOIN allowance AS a ON t.min_age >= a.min_age
),
paid AS (
  SELECT p.person, MAX(p.benefit_month) AS last_month
  FROM payment AS p
  JOIN tiers AS t ON p.item = t.item
  WHERE p.amount > 0 AND p.person IS NOT NULL
  GROUP BY p.person
),
entitled AS (
  SELECT e.person, e.village, e.birth_date, e.status, e.reference_month, a.title AS item_title, a.monthly_standard,
    year(e.reference_month) * 12 + month(e.reference_month) AS reference_number,
    (year(e.birth_date) + a.min_age) * 12 + month(e.birth_date) AS entitled_number
  FROM elder AS e
  CROSS JOIN allowance AS a
  WHERE e.person IS NOT NULL
)
SELECT e.person, e.village, e.item_title, e.birth_date, e.reference_month, p.last_month, e.status, e.monthly_standard,
  d.person IS NOT NULL AS dead,
  e.reference_number - e.entitled_number AS months_entitled,
  CASE WHEN p.last_month IS NULL THEN e.reference_number - e.entitled_number
    ELSE e.reference_number - year(p.last_month) * 12 - month(p.last_month) END AS months_unpaid
FROM entitled AS e
LEFT JOIN paid AS p ON e.person = p.person
LEFT JOIN death AS d ON e.person = d.person
