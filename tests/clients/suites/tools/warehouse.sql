dbt, Airbyte, Tableau, Looker Studio, Superset, Hasura, PostGraphile: how they list what there is.

== dbt: relations of a schema
select current_database() = 'x' as database, tablename as name, schemaname as schema, 'table' as type from pg_tables where schemaname ilike 'shop'
union all select current_database() = 'x', viewname, schemaname, 'view' from pg_views where schemaname ilike 'shop'
union all select current_database() = 'x', matviewname, schemaname, 'materialized_view' from pg_matviews where schemaname ilike 'shop' order by 2

== dbt: columns
select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale from "information_schema"."columns" where table_name = 'products' and table_schema = 'shop' order by ordinal_position

== dbt: catalog
select sch.nspname as table_schema, case tbl.relpersistence when 't' then 'LOCAL TEMPORARY' else case tbl.relkind when 'm' then 'MATERIALIZED VIEW' when 'v' then 'VIEW' else 'BASE TABLE' end end as table_type, tbl.relname as table_name, tbl_desc.description as table_comment, col.attname as column_name, col.attnum as column_index, pg_catalog.format_type(col.atttypid, col.atttypmod) as column_type, col_desc.description as column_comment, pg_get_userbyid(tbl.relowner) = current_user as mine
from pg_catalog.pg_namespace sch join pg_catalog.pg_class tbl on tbl.relnamespace = sch.oid join pg_catalog.pg_attribute col on col.attrelid = tbl.oid
left outer join pg_catalog.pg_description tbl_desc on (tbl_desc.objoid = tbl.oid and tbl_desc.objsubid = 0) left outer join pg_catalog.pg_description col_desc on (col_desc.objoid = tbl.oid and col_desc.objsubid = col.attnum)
where upper(sch.nspname) = upper('shop') and not pg_is_other_temp_schema(sch.oid) and tbl.relpersistence in ('p', 'u', 't') and tbl.relkind in ('r', 'v', 'f', 'p', 'm') and col.attnum > 0 and not col.attisdropped
order by sch.nspname, tbl.relname, col.attnum

== dbt: what depends on what
select distinct dependent_namespace.nspname as dependent_schema, dependent_class.relname as dependent_name from pg_class dependent_class join pg_namespace dependent_namespace on dependent_namespace.oid = dependent_class.relnamespace where dependent_namespace.nspname = 'shop' and dependent_class.relkind in ('v', 'm') order by 2

== Airbyte: privileges
SELECT DISTINCT table_catalog = current_database() AS here, table_schema, table_name, privilege_type FROM information_schema.table_privileges WHERE grantee = current_user AND privilege_type = 'SELECT' AND table_schema = 'shop'
UNION ALL SELECT r.rolname = 'x', n.nspname, c.relname, 'SELECT' FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_roles r ON r.oid = relowner WHERE r.rolname = current_user AND n.nspname = 'shop' AND c.relkind IN ('m') ORDER BY 3

== Airbyte: pages by ctid and cursor
SELECT max("created_at") AS max_cursor, count(*) FROM "shop"."customers" WHERE "created_at" > '2025-02-01'

== Airbyte: estimates
SELECT c.oid = 'shop.customers'::regclass AS same FROM pg_class c WHERE c.oid = '"shop"."customers"'::regclass

== Tableau: a temporary table, and what it asks of one
SELECT 1 AS "Number of Records", SUM(CAST(1 AS BIGINT)) AS "sum", DATE_TRUNC('MONTH', CAST("o"."placed" AS TIMESTAMP)) AS "tmn:placed:ok" FROM "shop"."orders" "o" GROUP BY 3 HAVING (COUNT(1) > 0) ORDER BY 3

== Tableau: strings and parts of dates
SELECT CAST(TRUNC(EXTRACT(QUARTER FROM "placed")) AS INTEGER) AS q, (CAST(EXTRACT(DOW FROM "placed") AS INTEGER) + 1) AS wd, POSITION('i' IN "note") AS p, ((DATE '2025-12-31' - CAST("placed" AS DATE))) AS d, (CASE WHEN ("note" IS NULL) THEN 'Null' ELSE LEFT("note", 2) END) AS l FROM "shop"."orders" ORDER BY "id"

== Looker Studio: the fields of a query
SELECT * FROM (SELECT id, name, active FROM shop.customers) AS t0 LIMIT 0

== Superset: time grains
SELECT DATE_TRUNC('week', placed) AS w, DATE_TRUNC('day', placed) + INTERVAL '1 hour' AS h, EXTRACT(epoch FROM placed) AS e, COUNT(*) AS "COUNT(*)" FROM shop.orders WHERE placed >= TO_TIMESTAMP('2025-01-01 00:00:00.000000', 'YYYY-MM-DD HH24:MI:SS.US') GROUP BY 1, 2, 3 ORDER BY 1, 2

== Superset: a cost
SELECT pg_get_viewdef('shop.actives'::regclass) LIKE '%SELECT%' AS view, has_table_privilege('shop.customers', 'select') AS may

== Hasura: tables with their columns as JSON
SELECT "table".relname AS table_name, coalesce(columns.info, '[]') AS columns, coalesce(primary_key.info, 'null') AS primary_key, description.description
FROM pg_catalog.pg_class "table"
JOIN pg_catalog.pg_namespace schema ON schema.oid = "table".relnamespace
LEFT JOIN pg_catalog.pg_description description ON description.classoid = 'pg_catalog.pg_class'::regclass AND description.objoid = "table".oid AND description.objsubid = 0
LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('name', "column".attname, 'position', "column".attnum, 'type', coalesce(base_type.typname, "type".typname), 'is_nullable', NOT "column".attnotnull, 'is_identity', "column".attidentity = 'a', 'is_generated', "column".attgenerated = 's', 'description', pg_catalog.col_description("table".oid, "column".attnum)) ORDER BY "column".attnum) AS info
  FROM pg_catalog.pg_attribute "column" LEFT JOIN pg_catalog.pg_type "type" ON "type".oid = "column".atttypid LEFT JOIN pg_catalog.pg_type base_type ON "type".typtype = 'd' AND base_type.oid = "type".typbasetype
  WHERE "column".attrelid = "table".oid AND "column".attnum > 0 AND NOT "column".attisdropped) columns ON true
LEFT JOIN LATERAL (SELECT jsonb_build_object('name', class.relname, 'columns', coalesce(pk_columns.info, '[]')) AS info
  FROM pg_catalog.pg_index index JOIN pg_catalog.pg_class class ON class.oid = index.indexrelid
  LEFT JOIN LATERAL (SELECT jsonb_agg("column".attname ORDER BY "column".attnum) AS info FROM pg_catalog.pg_attribute "column" WHERE "column".attrelid = "table".oid AND "column".attnum = ANY (index.indkey)) AS pk_columns ON true
  WHERE index.indrelid = "table".oid AND index.indisprimary) primary_key ON true
WHERE "table".relkind IN ('r', 't', 'v', 'm', 'f', 'p') AND schema.nspname = 'shop' ORDER BY 1

== Hasura: foreign keys
SELECT q.table_name, q.constraint_name, min(q.ref_table) AS ref_table, json_object_agg(ac.attname, afc.attname ORDER BY ac.attname) AS column_mapping, min(q.confupdtype::text) AS on_update, min(q.confdeltype::text) AS on_delete
FROM (SELECT ctn.nspname AS table_schema, ct.relname AS table_name, r.conrelid AS table_id, r.conname AS constraint_name, cft.relname AS ref_table, r.confrelid AS ref_table_id, r.confupdtype, r.confdeltype, unnest(r.conkey) AS column_id, unnest(r.confkey) AS ref_column_id
  FROM pg_constraint r JOIN pg_class ct ON r.conrelid = ct.oid JOIN pg_namespace ctn ON ct.relnamespace = ctn.oid JOIN pg_class cft ON r.confrelid = cft.oid WHERE r.contype = 'f' AND ctn.nspname = 'shop') q
JOIN pg_attribute ac ON q.column_id = ac.attnum AND q.table_id = ac.attrelid JOIN pg_attribute afc ON q.ref_column_id = afc.attnum AND q.ref_table_id = afc.attrelid
GROUP BY q.table_schema, q.table_name, q.constraint_name ORDER BY 1, 2

== PostGraphile: introspection in one statement
with namespace as (select nsp.oid as "id", nsp.nspname as "name", dsc.description as "description" from pg_catalog.pg_namespace as nsp left join pg_catalog.pg_description as dsc on dsc.objoid = nsp.oid and dsc.classoid = 'pg_catalog.pg_namespace'::regclass where nsp.nspname = any (array['shop'])),
class as (select rel.oid as "id", rel.relname as "name", rel.relkind as "classKind", rel.relnamespace as "namespaceId", rel.reltype <> 0 as "hasType", exists(select 1 from pg_catalog.pg_roles as accroles where accroles.rolname = current_user and (pg_has_role(accroles.oid, rel.relowner, 'USAGE') or has_table_privilege(accroles.oid, rel.oid, 'SELECT,INSERT,UPDATE,DELETE'))) as "aclSelectable", pg_catalog.pg_relation_is_updatable(rel.oid, true)::bit(8) & B'00010000' = B'00010000' as "isUpdatable" from pg_catalog.pg_class as rel where rel.relpersistence in ('p') and rel.relkind in ('r', 'v', 'm', 'c', 'f', 'p') and rel.relnamespace in (select "id" from namespace)),
attribute as (select att.attrelid as "classId", att.attnum as "num", att.attname as "name", nullif(att.atttypmod, -1) as "typeModifier", att.attnotnull as "isNotNull", att.atthasdef as "hasDefault", att.attidentity as "identity" from pg_catalog.pg_attribute as att where att.attrelid in (select "id" from class) and att.attnum > 0 and not att.attisdropped)
select row_to_json(x) as object from (select 'class' as kind, c."name", c."classKind", c."hasType", c."aclSelectable", c."isUpdatable", (select json_agg(row(a."num", a."name", a."isNotNull", a."hasDefault", a."identity") order by a."num") from attribute a where a."classId" = c."id") as attributes from class c order by c."name") as x

== Airbyte: is there a NULL in the cursor
SELECT EXISTS (SELECT FROM information_schema.columns WHERE table_schema = 'shop' AND table_name = 'orders' AND is_nullable = 'YES' AND column_name = 'note') AND EXISTS (SELECT FROM shop.orders WHERE note IS NULL LIMIT 1) AS has_null

== Airbyte: how much there is
SELECT (SELECT reltuples::int8 >= -1 FROM pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'shop' AND relname = 'orders') AS counted, pg_relation_size('"shop"."orders"') IS NULL OR pg_relation_size('"shop"."orders"') >= 0 AS sized

== Airbyte: a destination's table
CREATE TABLE IF NOT EXISTS public._airbyte_raw (_airbyte_ab_id varchar PRIMARY KEY, _airbyte_data jsonb, _airbyte_emitted_at timestamptz DEFAULT CURRENT_TIMESTAMP)

== Airbyte: its rows, unpacked
INSERT INTO public._airbyte_raw (_airbyte_ab_id, _airbyte_data) SELECT id::varchar, to_jsonb(c) FROM shop.customers c

== Airbyte: its rows, typed and one of each
WITH typed AS (SELECT CAST(_airbyte_data ->> 'id' AS bigint) AS id, jsonb_extract_path_text(_airbyte_data, 'name') AS name, _airbyte_data #> '{profile,address}' AS address, row_number() OVER (PARTITION BY _airbyte_data ->> 'id' ORDER BY _airbyte_emitted_at DESC NULLS LAST) AS n FROM public._airbyte_raw) SELECT id, name, address FROM typed WHERE n = 1 ORDER BY id

== Superset: databases
SELECT datname = current_database() AS here FROM pg_database WHERE datistemplate = false AND datname = current_database()

== Superset: a schema is chosen
SET search_path = "shop"

== Superset: its tables unqualified
SELECT (timestamp 'epoch' + o.customer_id * interval '1 second') AS t, TO_DATE('2025-01-02', 'YYYY-MM-DD') AS d FROM orders o WHERE o.placed >= TO_TIMESTAMP('2025-01-01 00:00:00.000000', 'YYYY-MM-DD HH24:MI:SS.US') ORDER BY o.id LIMIT 1001

== Superset: a query that runs no more is cancelled
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = '0'

== Superset: the latest partition, a virtual table, a filter
SELECT mood AS mood, sum(n) AS total FROM (SELECT mood, count(*) AS n FROM customers GROUP BY mood) AS virtual_table WHERE (mood IN ('ok', 'happy')) OR mood IS NULL GROUP BY mood ORDER BY total DESC, mood LIMIT 50000
