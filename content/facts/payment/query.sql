SELECT person, name, item, benefit_month, pay_date, amount, bank_account AS account, payee_name AS payee, payee_agrees,
  village, village // 1000 * 1000 AS town, agency, _delivery, _row
FROM subsidy_payment
