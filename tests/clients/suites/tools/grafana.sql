Grafana's PostgreSQL data source: its query builder and its macros.

== version
SELECT current_setting('server_version_num')::int/100 as version

== tables
select quote_ident(table_name) as "table" from information_schema.tables where quote_ident(table_schema) not in ('information_schema', 'pg_catalog', '_timescaledb_cache', '_timescaledb_catalog', '_timescaledb_internal', '_timescaledb_config', 'timescaledb_information', 'timescaledb_experimental', 's3db') and table_type in ('BASE TABLE', 'VIEW') and quote_ident(table_schema) = 'shop' order by 1

== columns
select quote_ident(column_name) as "column", data_type as "type" from information_schema.columns where quote_ident(table_name) = 'orders' and quote_ident(table_schema) = 'shop'

== is there TimescaleDB
SELECT 1 FROM pg_extension WHERE extname = 'timescaledb'

== a time series with a macro for groups
SELECT floor(extract(epoch from created_at)/3600)*3600 AS "time", count(*) AS "value", mood::text AS "metric" FROM shop.customers WHERE created_at BETWEEN '2025-01-01T00:00:00Z' AND '2025-12-31T00:00:00Z' GROUP BY 1, 3 ORDER BY 1, 3

== a time series of instants
SELECT placed AS "time", customer_id FROM shop.orders WHERE placed >= to_timestamp(1735689600) AND placed <= to_timestamp(1767225600) ORDER BY 1

== values of a variable
SELECT DISTINCT name AS __text, id AS __value FROM shop.customers ORDER BY 1

== schemas
SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name NOT IN ('information_schema', 'pg_catalog', 'pg_toast', 's3db', '_timescaledb_catalog') AND schema_name !~ '^pg_(toast_)?temp_' ORDER BY 1

== the search path
SET search_path = "$user", shop

== tables, those of the search path bare and first
WITH path AS (
  SELECT CASE WHEN btrim(s) = '"$user"' THEN current_user ELSE btrim(s) END AS name FROM unnest(string_to_array(current_setting('search_path'), ',')) s)
SELECT CASE WHEN quote_ident(table_schema) IN (SELECT name FROM path) THEN quote_ident(table_name) ELSE quote_ident(table_schema) || '.' || quote_ident(table_name) END AS "table"
FROM information_schema.tables WHERE quote_ident(table_schema) NOT IN ('information_schema', 'pg_catalog', 's3db')
ORDER BY CASE WHEN quote_ident(table_schema) IN (SELECT CASE WHEN trim(s[i]) = '"$user"' THEN user ELSE trim(s[i]) END
  FROM generate_series(array_lower(string_to_array(current_setting('search_path'), ','), 1), array_upper(string_to_array(current_setting('search_path'), ','), 1)) AS i, string_to_array(current_setting('search_path'), ',') s) THEN 0 ELSE 1 END, 1

== columns of a table of one name or two
SELECT quote_ident(column_name) AS "column", data_type AS type FROM information_schema.columns
WHERE CASE WHEN array_length(parse_ident('shop.products'), 1) = 2 THEN quote_ident(table_schema) = (parse_ident('shop.products'))[1] AND quote_ident(table_name) = (parse_ident('shop.products'))[2] ELSE quote_ident(table_name) = 'shop.products' END
ORDER BY ordinal_position
