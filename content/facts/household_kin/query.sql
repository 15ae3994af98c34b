-- H head, S spouse, C child, P parent, L child's spouse, G grandchild, B sibling: each as seen from the head of the household.
WITH cadres AS (
  SELECT DISTINCT person FROM village_cadre
),

homes AS (
  SELECT DISTINCT p.household, COALESCE(p.village, 0) AS village
  FROM person_population AS p
  JOIN cadres AS c ON p.person = c.person
  WHERE p.household IS NOT NULL
),

members AS (
  SELECT p.person, p.relation, p.household, h.village, p._delivery, p._row
  FROM person_population AS p
  JOIN homes AS h ON p.household = h.household AND COALESCE(p.village, 0) = h.village
  WHERE p.status = '正常'
),

seen AS (
  SELECT person, household, village, _delivery, _row,
    CASE WHEN regexp_matches(relation, '^(户主|本人)$') THEN 'H'
      WHEN regexp_matches(relation, '^(配偶|妻|夫|妻子|丈夫|爱人)$') THEN 'S'
      WHEN regexp_matches(relation, '^([长次二三四五六小养继]?[子女]|儿子|女儿|子女|独生子女?|独生女|[养继]子女)$') THEN 'C'
      WHEN regexp_matches(relation, '^([养继]?[父母]|父亲|母亲|父母)$') THEN 'P'
      WHEN regexp_matches(relation, '^(儿媳|儿媳妇|女婿)$') THEN 'L'
      WHEN regexp_matches(relation, '^(外?孙子?|外?孙女|外?孙子女)$') THEN 'G'
      WHEN regexp_matches(relation, '^(兄|弟|姐|妹|哥哥|弟弟|姐姐|妹妹|兄弟|姐妹|兄弟姐妹)$') THEN 'B' END AS place
  FROM members
),

pairs AS (
  SELECT c.person, o.person AS kin, concat(c.place, o.place) AS places, o._delivery, o._row
  FROM seen AS c
  JOIN cadres AS v ON c.person = v.person
  JOIN seen AS o ON c.household = o.household AND c.village = o.village
  WHERE c.person <> o.person
),

worded AS (
  SELECT person, kin, _delivery, _row,
    CASE WHEN places IN ('HS', 'SH', 'PP') THEN '配偶'
      WHEN places IN ('HC', 'SC', 'PH', 'PB') THEN '子女'
      WHEN places IN ('CH', 'CS', 'HP', 'BP') THEN '父母'
      WHEN places IN ('HL', 'SL', 'PS') THEN '子女的配偶'
      WHEN places IN ('LH', 'LS', 'SP') THEN '配偶的父母'
      WHEN places IN ('HG', 'SG', 'PC') THEN '孙子女'
      WHEN places IN ('GH', 'GS', 'CP') THEN '祖父母'
      WHEN places IN ('HB', 'BH', 'CC', 'BB') THEN '兄弟姐妹'
      WHEN places = 'SB' THEN '配偶的兄弟姐妹'
      WHEN places = 'BS' THEN '兄弟姐妹的配偶' END AS tie
  FROM pairs
)

SELECT person, kin, concat(tie, '（户籍同户）') AS relation,
  CASE WHEN tie IN ('配偶', '子女', '父母', '子女的配偶', '配偶的父母') THEN 1 ELSE 2 END AS degree, _delivery, _row
FROM worded
WHERE tie IS NOT NULL
