"""What somebody who may write content could try: read files and settings, reach the net and other databases, leave marks.

`{file}` is a file that holds a secret, `{folder}` its folder, `{new}` a file that is not there.
"""

from __future__ import annotations

SOURCES = """\
read_csv('{file}')
read_csv_auto('{file}')
read_text('{file}')
read_blob('{file}')
read_json('{file}')
read_json_auto('{file}')
read_json_objects('{file}')
read_ndjson('{file}')
read_ndjson_objects('{file}')
read_parquet('{file}')
parquet_scan('{file}')
parquet_metadata('{file}')
parquet_schema('{file}')
parquet_file_metadata('{file}')
parquet_kv_metadata('{file}')
parquet_bloom_probe('{file}', 'a', 1)
sniff_csv('{file}')
glob('{folder}/*')
read_duckdb('{file}')
'{file}'
"{file}"
read_csv(['{file}'])
read_text('{folder}/*')
read_text(getenv('XIEZHI_CANARY'))
query('SELECT * FROM read_text(''{file}'')')
query_table('{file}')
query_table(['closure'])
(FROM read_text('{file}'))
(SELECT content FROM read_text('{file}'))
duckdb_settings()
duckdb_secrets()
duckdb_databases()
duckdb_tables()
duckdb_columns()
duckdb_views()
duckdb_functions()
duckdb_extensions()
duckdb_logs()
duckdb_temporary_files()
duckdb_memory()
duckdb_variables()
duckdb_prepared_statements()
duckdb_log_contexts()
duckdb_external_file_cache()
pragma_database_size()
pragma_table_info('visit')
pragma_storage_info('visit')
pragma_user_agent()
pragma_version()
pragma_platform()
pragma_show('visit')
which_secret('s3://a', 's3')
information_schema.tables
information_schema.schemata
pg_catalog.pg_tables
main.visit
lake.visits
memory.main.visit
temp.visit
system.information_schema.tables
sqlite_master
duckdb_tables
duckdb_columns
pragma_database_list
payroll
lake.payroll
closures
visits
sqlite_scan('{file}', 't')
postgres_scan('host=127.0.0.1', 'public', 't')
postgres_query('db', 'SELECT 1')
mysql_query('db', 'SELECT 1')
iceberg_scan('{folder}')
delta_scan('{folder}')
read_csv('http://127.0.0.1:9/x.csv')
read_parquet('s3://bucket/x.parquet')
'http://127.0.0.1:9/x.parquet'
read_text('https://127.0.0.1:9/')
st_read('{file}')
read_xlsx('{file}')
json_execute_serialized_sql('{{}}')
from_substrait('x')
repeat_row(1, num_rows = 10)
range(100000000)
generate_series(1, 100000000)
test_all_types()
summary((SELECT 1))
checkpoint()
force_checkpoint()
seq_scan('visit')
(DESCRIBE visit)
(SHOW TABLES)
(SUMMARIZE visit)
(PIVOT visit ON place USING count(*))
""".splitlines()
"""In the place of a table."""

VALUES = """\
getenv('XIEZHI_CANARY')
"getenv"('XIEZHI_CANARY')
'XIEZHI_CANARY'.getenv()
system.main.getenv('XIEZHI_CANARY')
current_setting('secret_directory')
current_setting('home_directory')
current_setting('allowed_directories')
getvariable('x')
current_user
"current_user"
user
"Session_User"
"current_schema"
session_user
user()
lpad('x', 1500000000, 'y')
rpad('x', 100000 * 15000, 'y')
lpad('x', length('x'), 'y')
list_resize([1], 400000000)
list_transform([1], x -> x)
replace('x', 'x', repeat_me)
replace('x', 'x', 'xxxxxxxxxxxxxxxxxxxx')
replace(replace(replace('x', 'x', 'xxxxxxxxxx'), 'x', 'xxxxxxxxxx'), 'x', 'xxxxxxxxxx')
current_database()
current_schema()
current_schemas(true)
current_query()
current_catalog()
txid_current()
version()
nextval('seq')
currval('seq')
setseed(0.5)
pg_sleep(9)
sleep_ms(9000)
write_log('x')
pg_get_viewdef(1)
pg_table_is_visible(1)
has_table_privilege('visit', 'select')
in_search_path('main', 'main')
inet_client_addr()
parse_duckdb_log_message('FileSystem', 'x')
sql_auto_complete('x')
add_parquet_key('k', 'v')
json_serialize_sql('SELECT 1')
get_block_size('x')
error('secret')
hash('x')
md5('x')
stats(1)
nosuchfunction(1)
to_base(1, 2)
format('{{}}', 1)
printf('%s', 1)
formatReadableSize(1)
java_method('java.lang.System', 'getenv', 'PATH')
reflect('java.lang.System', 'getProperty', 'user.home')
try_reflect('java.lang.Runtime', 'exit')
input_file_name()
raise_error('secret')
assert_true(false)
read_text('{file}')
load_extension('httpfs')
aggregate_secret(1)
regexp_extract_all('a', 'a')
parse_path('{file}')
(SELECT content FROM read_text('{file}'))
(SELECT value FROM duckdb_settings() LIMIT 1)
EXISTS (SELECT 1 FROM glob('{folder}/*'))
1 IN (SELECT 1 FROM information_schema.tables)
CASE WHEN getenv('XIEZHI_CANARY') IS NULL THEN 1 ELSE 2 END
COALESCE(current_setting('threads'), '1')
TRY(getenv('XIEZHI_CANARY'))
length(getenv('XIEZHI_CANARY'))
list_transform([1], x -> getenv('XIEZHI_CANARY'))
[getenv('XIEZHI_CANARY')]
{{'a': getenv('XIEZHI_CANARY')}}
max(getenv('XIEZHI_CANARY')) OVER ()
memory.main.f(1)
COLUMNS('.*').getenv()
CAST(getenv('XIEZHI_CANARY') AS VARCHAR) || 'x'
query('SELECT 1')
""".splitlines()
"""In the place of a value. Some are harmless: what nobody has looked at cannot be called either."""

STATEMENTS = """\
ATTACH '{file}' AS other
ATTACH '{new}'
DETACH memory
USE memory
INSTALL httpfs
FORCE INSTALL httpfs
LOAD httpfs
LOAD '{file}'
SET memory_limit = '99GB'
SET GLOBAL threads = 64
RESET memory_limit
SET VARIABLE x = 1
PRAGMA database_list
PRAGMA enable_profiling
PRAGMA memory_limit = '99GB'
CALL pragma_version()
COPY (SELECT 1) TO '{new}'
COPY visit FROM '{file}'
COPY visit TO '{new}'
EXPORT DATABASE '{new}'
IMPORT DATABASE '{folder}'
CREATE TABLE t AS SELECT 1
CREATE VIEW v AS SELECT 1
CREATE MACRO m(a) AS a + 1
CREATE SECRET s (TYPE s3)
CREATE SCHEMA s
CREATE SEQUENCE q
CREATE TYPE e AS ENUM ('a')
DROP TABLE visit
DROP VIEW visit
ALTER TABLE visit ADD COLUMN x INTEGER
INSERT INTO visit SELECT 1
UPDATE visit SET cost = 0
DELETE FROM visit
TRUNCATE visit
MERGE INTO visit USING closure ON true WHEN MATCHED THEN DELETE
CHECKPOINT
VACUUM
ANALYZE
BEGIN
COMMIT
ROLLBACK
PREPARE p AS SELECT 1
EXECUTE p
DEALLOCATE p
EXPLAIN SELECT 1
EXPLAIN ANALYZE SELECT 1
DESCRIBE visit
SHOW TABLES
SUMMARIZE visit
PIVOT visit ON place USING count(*)
UNPIVOT visit ON place
COMMENT ON TABLE visit IS 'x'
SELECT 1; SELECT 2
SELECT 1 INTO t
WITH d AS (DELETE FROM visit RETURNING *) SELECT 1 FROM d
""".splitlines()
"""In the place of the whole SELECT."""
