SELECT policy_no, person, village, agent, sign_date, premium, _delivery, _row
FROM house_insurance
