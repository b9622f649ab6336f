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
