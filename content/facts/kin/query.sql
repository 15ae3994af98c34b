-- A tie is one for both: what the wife declared counts for the husband. The word is turned round where it can be, and said to
-- be the other side's where it cannot. A tie that either side says has ended has ended.
WITH declared AS (
  SELECT person, kin, relation, degree, COALESCE(valid_from, DATE '1900-01-01') AS valid_from,
    COALESCE(valid_to, DATE '9999-12-31') AS valid_to, _delivery, _row
  FROM kinship
),

ties AS (
  SELECT person, kin, relation, degree, valid_from, valid_to, _delivery, _row
  FROM declared
  UNION ALL
  SELECT kin AS person, person AS kin,
    CASE WHEN relation IN ('配偶', '爱人') THEN '配偶'
      WHEN relation IN ('丈夫', '夫') THEN '妻子'
      WHEN relation IN ('妻子', '妻') THEN '丈夫'
      WHEN regexp_matches(relation, '^(父|母|父亲|母亲|父母|养父|养母|继父|继母)$') THEN '子女'
      WHEN regexp_matches(relation, '^([长次二三四五小养继]?[子女]|儿子|女儿|子女|独生子女?|独生女|[养继]子女)$') THEN '父母'
      WHEN regexp_matches(relation, '^(兄|弟|姐|妹|哥哥|弟弟|姐姐|妹妹|兄弟|姐妹|兄弟姐妹)$') THEN '兄弟姐妹'
      WHEN regexp_matches(relation, '^(外?祖父母?|外?祖母|爷爷|奶奶|外公|外婆)$') THEN '孙子女'
      WHEN regexp_matches(relation, '^(外?孙子?|外?孙女|外?孙子女)$') THEN '祖父母'
      WHEN regexp_matches(relation, '^(岳父母?|岳母|公公|婆婆|公婆|配偶的?父母)$') THEN '子女的配偶'
      WHEN regexp_matches(relation, '^(女婿|儿媳|儿媳妇|子女的?配偶)$') THEN '配偶的父母'
      WHEN regexp_matches(relation, '^(堂|表)') THEN '堂表兄弟姐妹'
      ELSE concat('亲属，对方申报为', relation) END AS relation,
    degree, valid_from, valid_to, _delivery, _row
  FROM declared
)

SELECT person, kin, relation, degree, valid_from, MIN(valid_to) OVER (PARTITION BY person, kin, degree) AS valid_to, _delivery, _row
FROM ties
WHERE person <> kin
