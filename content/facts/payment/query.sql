-- A period is a whole quarter, half-year or year of the calendar, in whichever of its months a payment is booked.
WITH counted AS (
  SELECT p.person, p.name, p.item, p.benefit_month, p.pay_date, p.amount, p.nature, p.bank_account, p.payee_name, p.payee_agrees,
    p.village, p.agency, p._delivery, p._row, i.period_months AS months, (month(p.benefit_month) - 1) // i.period_months * i.period_months AS months_before
  FROM subsidy_payment AS p
  LEFT JOIN item AS i ON p.item = i.item
)
SELECT person, name, item, benefit_month,
  CASE WHEN months > 1 AND benefit_month IS NOT NULL
    THEN CAST(CONCAT(CAST(year(benefit_month) AS VARCHAR), '-', LPAD(CAST(months_before + 1 AS VARCHAR), 2, '0'), '-01') AS DATE)
    ELSE benefit_month END AS period,
  CASE WHEN months > 1 AND benefit_month IS NOT NULL
    THEN CAST(CONCAT(CAST(year(benefit_month) AS VARCHAR), '-', LPAD(CAST(months_before + months AS VARCHAR), 2, '0'), '-01') AS DATE)
    ELSE benefit_month END AS period_end,
  pay_date, CASE WHEN nature IN ('冲销', '退回') THEN -ABS(amount) ELSE amount END AS amount, nature,
  bank_account AS account, payee_name AS payee, payee_agrees, village, village // 1000 * 1000 AS town, agency, _delivery, _row
FROM counted
