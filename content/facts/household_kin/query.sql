-- H head, S spouse, C child, P parent, V spouse's parent, L child's spouse, G grandchild, A grandparent,
-- B sibling, W sibling's spouse: each as seen from the head of the household.
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

-- Words in use and those of GB/T 4761, and its codes of two digits; 之妻 is the head's.
bare AS (
  SELECT person, household, village, _delivery, _row, REPLACE(REPLACE(relation, ' ', ''), '　', '') AS word
  FROM members
),

plain AS (
  SELECT person, household, village, _delivery, _row,
    CASE WHEN starts_with(word, '户主之') THEN substr(word, 4) WHEN starts_with(word, '其他') THEN substr(word, 3)
      WHEN starts_with(word, '之') THEN substr(word, 2) ELSE word END AS relation
  FROM bare
),

seen AS (
  SELECT person, household, village, _delivery, _row,
    CASE WHEN regexp_matches(relation, '^(户主|本人|0[12])$') THEN 'H'
      WHEN regexp_matches(relation, '^(配偶|妻|夫|妻子|丈夫|爱人|老婆|1[0-2])$') THEN 'S'
      WHEN regexp_matches(relation, '^([长次二三四五六小养继]?[子女]|儿|儿子|女儿|子女|独生子女?|独生女|[养继]子女|养子或继子|继子或养子|养女或继女|继女或养女|2[0-79]|3[0-79])$') THEN 'C'
      WHEN regexp_matches(relation, '^([养继]?[父母]|父亲|母亲|父母|继父或养父|养父或继父|继母或养母|养母或继母|5[0-278])$') THEN 'P'
      WHEN regexp_matches(relation, '^(公公|婆婆|公婆|岳父|岳母|岳父母|配偶的?父母|5[3-6])$') THEN 'V'
      WHEN regexp_matches(relation, '^(儿媳|儿媳妇|女婿|([长次二三四五六小独生养继]*子|儿子?)之?妻|([长次二三四五六小独生养继]*女|女儿)之?夫|[23]8)$') THEN 'L'
      WHEN regexp_matches(relation, '^(外?孙子?|外?孙女|外?孙子女|孙子、孙女或外孙子、外孙女|4[0-49])$') THEN 'G'
      WHEN regexp_matches(relation, '^(外?祖父母?|外?祖母|祖父母或外祖父母|爷爷|奶奶|外公|外婆|6[0-4])$') THEN 'A'
      WHEN regexp_matches(relation, '^(兄|弟|姐|妹|哥哥|弟弟|姐姐|妹妹|兄弟|姐妹|兄弟姐妹|7[01357])$') THEN 'B'
      WHEN regexp_matches(relation, '^(嫂|嫂子|嫂嫂|弟媳|弟媳妇|姐夫|妹夫|7[2468])$') THEN 'W' END AS place
  FROM plain
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
    CASE WHEN places IN ('HS', 'SH', 'PP', 'VV') THEN '配偶'
      WHEN places IN ('HC', 'SC', 'PH', 'PB', 'VS') THEN '子女'
      WHEN places IN ('CH', 'CS', 'HP', 'BP', 'SV') THEN '父母'
      WHEN places IN ('HL', 'SL', 'PS', 'VH', 'PW') THEN '子女的配偶'
      WHEN places IN ('LH', 'LS', 'SP', 'HV', 'WP') THEN '配偶的父母'
      WHEN places IN ('HG', 'SG', 'PC', 'VC', 'AH', 'AB') THEN '孙子女'
      WHEN places IN ('GH', 'GS', 'CP', 'CV', 'HA', 'BA') THEN '祖父母'
      WHEN places IN ('HB', 'BH', 'CC', 'BB') THEN '兄弟姐妹'
      WHEN places IN ('SB', 'WH') THEN '配偶的兄弟姐妹'
      WHEN places IN ('BS', 'HW') THEN '兄弟姐妹的配偶' END AS tie
  FROM pairs
)

SELECT person, kin, concat(tie, '（户籍同户）') AS relation,
  CASE WHEN tie IN ('配偶', '子女', '父母', '子女的配偶', '配偶的父母') THEN 1 ELSE 2 END AS degree, _delivery, _row
FROM worded
WHERE tie IS NOT NULL
