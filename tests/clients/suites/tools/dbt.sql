dbt over psycopg2: the statements of run, test, seed, snapshot and docs generate for one project.

== schemas
SELECT DISTINCT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\_temp%' AND nspname NOT LIKE 'pg\_toast%' AND nspname <> 's3db' ORDER BY 1

== a schema is made
create schema if not exists "analytics"

== it exists
select count(*) from pg_namespace where nspname = 'analytics'

== seed: its table
create table "analytics"."countries" ("code" text, "name" text, "people" integer, "since" date)

== seed: its rows
insert into "analytics"."countries" ("code", "name", "people", "since") values ('BR','Brazil','203',null),('UK',null,'67','1707-05-01')

== relations of a schema
select 'db' as database, tablename as name, schemaname as schema, 'table' as type from pg_tables where schemaname ilike 'analytics' union all select 'db', viewname, schemaname, 'view' from pg_views where schemaname ilike 'analytics' union all select 'db', matviewname, schemaname, 'materialized_view' from pg_matviews where schemaname ilike 'analytics'

== run: a view
create view "analytics"."stg_orders__dbt_tmp" as ( with source as ( select * from "shop"."orders" ) select id as order_id, customer_id, placed, note from source )

== run: the view takes its name
alter table "analytics"."stg_orders__dbt_tmp" rename to "stg_orders"

== run: a table
create table "analytics"."customers__dbt_tmp" as ( with orders as ( select customer_id, count(*) as number_of_orders, min(placed) as first_order from "analytics"."stg_orders" group by 1 ) select c.id as customer_id, c.name, coalesce(o.number_of_orders, 0) as number_of_orders, o.first_order from "shop"."customers" c left join orders o on o.customer_id = c.id )

== run: the table takes its name
alter table "analytics"."customers__dbt_tmp" rename to "customers"

== run: an index
create index if not exists "0a1b2c3d4e5f" on "analytics"."customers" using btree (number_of_orders, name)

== run: the same table again
create table "analytics"."customers__dbt_tmp" as ( select customer_id, name, number_of_orders + 0 as number_of_orders, first_order from "analytics"."customers" )

== run: the former table is put aside
alter table "analytics"."customers" rename to "customers__dbt_backup"

== run: the new one takes its place
alter table "analytics"."customers__dbt_tmp" rename to "customers"

== run: the former is dropped
drop table if exists "analytics"."customers__dbt_backup" cascade

== run: its rows
select customer_id, name, number_of_orders, first_order from "analytics"."customers" order by 1

== run: a model with a contract
create table "analytics"."typed" ( id integer not null primary key, title text not null, constraint priced check (id > 0) )

== run: its columns are those of the query
select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale from information_schema.columns where table_name = 'typed' and table_schema = 'analytics' order by ordinal_position

== run: its rows are put in
insert into "analytics"."typed" ( id, title ) ( select id, title from ( select 1 as id, 'one'::text as title union all select 2, 'two' ) as model_subq )

== run: an unlogged table
create unlogged table "analytics"."fast" as ( select 1 as one )

== run: a materialized view
create materialized view if not exists "analytics"."totals" as select number_of_orders, count(*) as n from "analytics"."customers" group by 1

== run: its indexes
select i.relname as name, m.amname as method, ix.indisunique as "unique", array_to_string(array_agg(a.attname), ',') as column_names from pg_index ix join pg_class i on i.oid = ix.indexrelid join pg_am m on m.oid = i.relam join pg_class t on t.oid = ix.indrelid join pg_namespace n on n.oid = t.relnamespace join pg_attribute a on a.attrelid = t.oid and a.attnum = any (ix.indkey) where t.relname = 'order_lines' and n.nspname = 'shop' and t.relkind in ('r', 'm') group by 1, 2, 3 order by 1, 2, 3

== run: it is refreshed
refresh materialized view "analytics"."totals"

== incremental: the table
create table "analytics"."events" as ( select id, note, placed from "shop"."orders" where id < 3 )

== incremental: what is new
create temporary table "events__dbt_tmp120000000000" as ( select id, coalesce(note, 'none') as note, placed from "shop"."orders" where id > 1 )

== incremental: its columns
select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale from information_schema.columns where table_name = 'events__dbt_tmp120000000000' order by ordinal_position

== incremental: a column is added
alter table "analytics"."events" add column extra character varying(256)

== incremental: delete
delete from "analytics"."events" where ( id ) in ( select ( id ) from "events__dbt_tmp120000000000" )

== incremental: delete by several keys
delete from "analytics"."events" using "events__dbt_tmp120000000000" where ( "events__dbt_tmp120000000000".id = "analytics"."events".id and "events__dbt_tmp120000000000".placed = "analytics"."events".placed )

== incremental: insert
insert into "analytics"."events" ("id", "note", "placed") ( select "id", "note", "placed" from "events__dbt_tmp120000000000" )

== incremental: merge
merge into "analytics"."events" as DBT_INTERNAL_DEST using "events__dbt_tmp120000000000" as DBT_INTERNAL_SOURCE on (DBT_INTERNAL_SOURCE.id = DBT_INTERNAL_DEST.id) when matched then update set "note" = DBT_INTERNAL_SOURCE.note || '!' when not matched then insert ("id", "note") values ("id", "note")

== incremental: the rows
select id, note, placed, extra from "analytics"."events" order by 1

== snapshot: the table
create table "analytics"."snap" as ( select *, md5(coalesce(cast(id as varchar ), '') || '|' || coalesce(cast(placed as varchar ), '')) as dbt_scd_id, placed as dbt_updated_at, placed as dbt_valid_from, coalesce(nullif(placed, placed), null) as dbt_valid_to from ( select id, note, placed from "shop"."orders" ) sbq )

== snapshot: something changes
update "shop"."orders" set note = 'later', placed = placed + interval '1 day' where id = 2

== snapshot: what changed
create temporary table "snap__dbt_tmp" as (
  with snapshot_query as ( select id, note, placed from "shop"."orders" ), snapshotted_data as ( select *, id as dbt_unique_key from "analytics"."snap" where dbt_valid_to is null ),
  insertions_source_data as ( select *, id as dbt_unique_key, placed as dbt_updated_at, placed as dbt_valid_from, nullif(placed, placed) as dbt_valid_to, md5(coalesce(cast(id as varchar ), '') || '|' || coalesce(cast(placed as varchar ), '')) as dbt_scd_id from snapshot_query ),
  updates_source_data as ( select *, id as dbt_unique_key, placed as dbt_updated_at, placed as dbt_valid_from, placed as dbt_valid_to from snapshot_query ),
  insertions as ( select 'insert' as dbt_change_type, source_data.* from insertions_source_data as source_data left outer join snapshotted_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key where snapshotted_data.dbt_unique_key is null or ( snapshotted_data.dbt_unique_key is not null and snapshotted_data.dbt_valid_from < source_data.placed ) ),
  updates as ( select 'update' as dbt_change_type, source_data.*, snapshotted_data.dbt_scd_id from updates_source_data as source_data join snapshotted_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key where snapshotted_data.dbt_valid_from < source_data.placed )
  select * from insertions union all select * from updates )

== snapshot: what was valid ends
update "analytics"."snap" set dbt_valid_to = DBT_INTERNAL_SOURCE.dbt_valid_to from "snap__dbt_tmp" as DBT_INTERNAL_SOURCE where DBT_INTERNAL_SOURCE.dbt_scd_id::text = "analytics"."snap".dbt_scd_id::text and DBT_INTERNAL_SOURCE.dbt_change_type::text in ('update'::text, 'delete'::text) and "analytics"."snap".dbt_valid_to is null

== snapshot: what is valid begins
insert into "analytics"."snap" ("id", "note", "placed", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_scd_id") select DBT_INTERNAL_SOURCE."id", DBT_INTERNAL_SOURCE."note", DBT_INTERNAL_SOURCE."placed", DBT_INTERNAL_SOURCE."dbt_updated_at", DBT_INTERNAL_SOURCE."dbt_valid_from", DBT_INTERNAL_SOURCE."dbt_valid_to", DBT_INTERNAL_SOURCE."dbt_scd_id" from "snap__dbt_tmp" as DBT_INTERNAL_SOURCE where DBT_INTERNAL_SOURCE.dbt_change_type::text = 'insert'::text

== snapshot: the rows
select id, note, placed, dbt_valid_from, dbt_valid_to, dbt_scd_id from "analytics"."snap" order by 1, dbt_valid_from

== test: not null
select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error from ( select name from "analytics"."countries" where name is null ) dbt_internal_test

== test: unique
select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error from ( select code as unique_field, count(*) as n_records from "analytics"."countries" where code is not null group by code having count(*) > 1 ) dbt_internal_test

== test: accepted values
select count(*) as failures from ( with all_values as ( select code as value_field, count(*) as n_records from "analytics"."countries" group by code ) select * from all_values where value_field not in ( 'BR','US' ) ) dbt_internal_test

== test: relationships
select count(*) as failures from ( with child as ( select customer_id as from_field from "analytics"."stg_orders" where customer_id is not null ), parent as ( select id as to_field from "shop"."customers" ) select from_field from child left join parent on child.from_field = parent.to_field where parent.to_field is null ) dbt_internal_test

== docs: comments
comment on table "analytics"."customers" is $dbt_comment_literal_block$One row per "customer", with $$ and 'quotes'$dbt_comment_literal_block$

== docs: comments on columns
comment on column "analytics"."customers".customer_id is $dbt_comment_literal_block$The key$dbt_comment_literal_block$

== docs: the catalog
-- without column_index
select s.nspname as table_schema, t.relname as table_name, case when t.relpersistence = 't' then 'LOCAL TEMPORARY' when t.relkind = 'm' then 'MATERIALIZED VIEW' when t.relkind = 'v' then 'VIEW' else 'BASE TABLE' end as table_type, td.description as table_comment, c.attname as column_name, c.attnum as column_index, format_type(c.atttypid, c.atttypmod) as column_type, cd.description as column_comment
from pg_namespace s join pg_class t on t.relnamespace = s.oid join pg_attribute c on c.attrelid = t.oid left join pg_description td on td.objoid = t.oid and td.objsubid = 0 left join pg_description cd on cd.objoid = t.oid and cd.objsubid = c.attnum
where upper(s.nspname) = upper('analytics') and not pg_is_other_temp_schema(s.oid) and t.relpersistence in ('p', 'u') and t.relkind in ('r', 'v', 'f', 'p') and c.attnum > 0 and not c.attisdropped order by 2, 6

== cache: what views read
with rule as ( select ev_class as class, oid as id from pg_rewrite ), uses as ( select distinct objid as id, refobjid as ref from pg_depend )
select v.relname as referenced, d.relname as dependent from rule join pg_class v on v.oid = rule.class and v.relkind in ('r', 'v', 'm') join uses on uses.id = rule.id join pg_class d on d.oid = uses.ref join pg_namespace n on n.oid = v.relnamespace join pg_namespace m on m.oid = d.relnamespace where v.oid <> d.oid and n.nspname in ('analytics', 'shop') group by 1, 2 order by 1, 2

== grants
grant select on table "analytics"."customers" to public

== grants: what there is
select grantee, privilege_type from information_schema.role_table_grants where grantor = current_role and grantee != current_role and table_schema = 'analytics' and table_name = 'customers'

== grants: taken back
revoke select on "analytics"."customers" from public

== clean
drop schema if exists "analytics" cascade
