DBeaver: what it reads of a connection, a schema, a table.

== session
SELECT current_schema(), session_user = current_user AS same

== databases
-- without oid, datdba, datfrozenxid, datminmxid, dattablespace, datacl, datname, description, datcollate, datctype, datcollversion, encoding
SELECT db.* FROM pg_catalog.pg_database db WHERE datallowconn AND NOT datistemplate AND db.datname=current_database()

== schemas
-- without oid, nspowner, nspacl
SELECT n.oid, n.*, d.description FROM pg_catalog.pg_namespace n LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=n.oid AND d.objsubid=0 AND d.classoid='pg_namespace'::regclass WHERE n.nspname IN ('shop', 'public') ORDER BY nspname

== tables of a schema
SELECT c.relname, c.relkind, c.relhasindex, c.relpersistence, c.relispartition, c.relrowsecurity, c.relreplident, d.description, pg_catalog.pg_get_expr(c.relpartbound, c.oid) as partition_expr, pg_catalog.pg_get_partkeydef(c.oid) as partition_key
FROM pg_catalog.pg_class c
LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=c.oid AND d.objsubid=0 AND d.classoid='pg_class'::regclass
WHERE c.relnamespace='shop'::regnamespace AND c.relkind not in ('i','I','c') ORDER BY 1

== columns of a table
SELECT c.relname, a.attname, a.attnum, a.attlen, a.atttypmod, a.attnotnull, a.atthasdef, a.attidentity, a.attgenerated, a.attislocal, a.attinhcount, pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) as def_value, dsc.description
FROM pg_catalog.pg_attribute a
INNER JOIN pg_catalog.pg_class c ON (a.attrelid=c.oid)
LEFT OUTER JOIN pg_catalog.pg_attrdef ad ON (a.attrelid=ad.adrelid AND a.attnum = ad.adnum)
LEFT OUTER JOIN pg_catalog.pg_description dsc ON (c.oid=dsc.objoid AND a.attnum = dsc.objsubid)
WHERE NOT a.attisdropped AND a.attnum > 0 AND c.oid IN ('shop.customers'::regclass, 'shop.orders'::regclass, 'shop.birds'::regclass) ORDER BY c.relname, a.attnum

== constraints
SELECT t.relname, c.conname, c.contype, c.condeferrable, c.condeferred, c.convalidated, c.confupdtype, c.confdeltype, c.confmatchtype, c.conislocal, c.coninhcount, c.connoinherit, c.conkey, c.confkey, d.description, pg_catalog.pg_get_constraintdef(c.oid) as definition
FROM pg_catalog.pg_constraint c
INNER JOIN pg_catalog.pg_class t ON t.oid=c.conrelid
LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=c.oid AND d.objsubid=0 AND d.classoid='pg_constraint'::regclass
WHERE t.relnamespace='shop'::regnamespace ORDER BY 1, 2

== indexes
SELECT tabc.relname, c.relname, i.indisunique, i.indisprimary, i.indisclustered, i.indisvalid, i.indnatts, i.indnkeyatts, i.indkey, i.indoption, a.amname, pg_catalog.pg_get_expr(i.indpred, i.indrelid, true) as pred_expr, pg_catalog.pg_get_expr(i.indexprs, i.indrelid, true) as expr, dsc.description
FROM pg_catalog.pg_index i
INNER JOIN pg_catalog.pg_class c ON c.oid=i.indexrelid
INNER JOIN pg_catalog.pg_class tabc ON tabc.oid=i.indrelid
INNER JOIN pg_catalog.pg_am a ON a.oid=c.relam
LEFT OUTER JOIN pg_catalog.pg_description dsc ON i.indexrelid=dsc.objoid
WHERE tabc.relnamespace='shop'::regnamespace ORDER BY 1, 2

== views
SELECT c.relname, pg_catalog.pg_get_viewdef(c.oid, true) as definition FROM pg_catalog.pg_class c WHERE c.relnamespace='shop'::regnamespace AND c.relkind IN ('v', 'm') ORDER BY 1

== procedures
SELECT p.proname, p.prokind, p.proretset, p.provolatile, p.proisstrict, p.prosecdef, p.pronargs, p.pronargdefaults, p.proargnames, p.proargmodes, l.lanname, d.description, pg_catalog.pg_get_function_identity_arguments(p.oid) AS arguments, pg_catalog.pg_get_function_result(p.oid) AS result, p.prosrc
FROM pg_catalog.pg_proc p
INNER JOIN pg_catalog.pg_language l ON l.oid=p.prolang
LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=p.oid AND d.objsubid = 0
WHERE p.pronamespace='shop'::regnamespace ORDER BY p.proname

== sequences
SELECT sequencename, start_value, min_value, max_value, increment_by, cycle, cache_size, data_type FROM pg_catalog.pg_sequences WHERE schemaname='shop' ORDER BY 1

== triggers
SELECT x.tgname, p.proname, x.tgtype, x.tgenabled, x.tgisinternal, d.description, pg_catalog.pg_get_triggerdef(x.oid) AS def FROM pg_catalog.pg_trigger x INNER JOIN pg_catalog.pg_proc p ON p.oid=x.tgfoid LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=x.oid WHERE x.tgrelid='shop.orders'::regclass AND NOT x.tgisinternal

== data types
SELECT t.typname, t.typtype, t.typcategory, t.typlen, t.typnotnull, t.typdefault, c.relkind, pg_catalog.format_type(nullif(t.typbasetype, 0), t.typtypmod) as base_type_name, d.description
FROM pg_catalog.pg_type t LEFT OUTER JOIN pg_catalog.pg_class c ON c.oid=t.typrelid LEFT OUTER JOIN pg_catalog.pg_description d ON t.oid=d.objoid
WHERE t.typname IS NOT NULL AND t.typnamespace='shop'::regnamespace AND (c.relkind IS NULL OR c.relkind = 'c') ORDER BY 1

== settings
SELECT name, vartype, context FROM pg_catalog.pg_settings WHERE name IN ('search_path', 'statement_timeout', 'TimeZone', 'work_mem', 'server_version') ORDER BY 1

== inheritance
SELECT i.inhparent::regclass::text AS parent, i.inhrelid::regclass::text AS child, i.inhseqno FROM pg_catalog.pg_inherits i ORDER BY 1, 2

== parts of indexes
SELECT c.relname, n, pg_catalog.pg_get_indexdef(c.oid, n, true) AS def, i.indkey[n - 1] AS key, i.indoption[n - 1] AS option
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid, generate_series(1, i.indnatts) n WHERE c.relnamespace = 'shop'::regnamespace ORDER BY 1, 2

== uses of indexes
SELECT c.relname, coalesce(pg_catalog.pg_stat_get_numscans(i.indexrelid), 0) >= 0 AS scans, pg_catalog.pg_stat_get_numscans(i.indrelid) >= 0 AS of_table FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'shop'::regnamespace ORDER BY 1

== encodings
SELECT contoencoding, pg_catalog.pg_encoding_to_char(contoencoding) AS name FROM pg_catalog.pg_conversion GROUP BY 1 ORDER BY 2

== operator classes and access methods
SELECT am.amname, am.amhandler::text, am.amtype, count(oc.oid) AS classes FROM pg_catalog.pg_am am LEFT JOIN pg_catalog.pg_opclass oc ON oc.opcmethod = am.oid GROUP BY 1, 2, 3 ORDER BY 1

== labels of an enum
SELECT e.enumlabel FROM pg_catalog.pg_enum e WHERE e.enumtypid = 'shop.mood'::regtype ORDER BY e.enumsortorder

== who may
SELECT grantee, privilege_type, is_grantable FROM information_schema.table_privileges WHERE table_schema = 'shop' AND table_name = 'customers' AND grantee = 'PUBLIC' ORDER BY 1, 2

== rules
SELECT c.relname, r.rulename, pg_get_ruledef(r.oid, true) AS definition FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE c.relnamespace = 'shop'::regnamespace ORDER BY 1, 2

== dependents of a table
SELECT DISTINCT d.deptype, d.classid::regclass::text AS class, coalesce(c.relname, k.conname, t.tgname, y.typname, w.relname) AS name, d.refobjsubid, own.relname AS of
FROM pg_depend d LEFT JOIN pg_class c ON c.oid = d.objid LEFT JOIN pg_constraint k ON k.oid = d.objid LEFT JOIN pg_class own ON own.oid = k.conrelid LEFT JOIN pg_trigger t ON t.oid = d.objid AND NOT t.tgisinternal
  LEFT JOIN pg_type y ON y.oid = d.objid LEFT JOIN pg_rewrite r ON r.oid = d.objid LEFT JOIN pg_class w ON w.oid = r.ev_class
WHERE d.refobjid = 'shop.customers'::regclass AND c.relkind IS DISTINCT FROM 't' ORDER BY 2, 3, 4, 1

== who waits for whom
WITH held AS (SELECT pid, locktype, mode, granted, transactionid AS tid, relation FROM pg_locks), clash AS (SELECT * FROM (VALUES ('AccessShareLock', 'AccessExclusiveLock', 1), ('ExclusiveLock', 'RowShareLock', 2)) AS v (one, other, n))
SELECT count(*) FROM held a, held b, clash c WHERE (a.tid = b.tid OR a.relation = b.relation) AND NOT a.granted AND b.granted AND a.mode = c.one AND b.mode = c.other

== the data of a table
SELECT x.* FROM shop.orders x ORDER BY x.id LIMIT 200

== a cell is edited
UPDATE shop.orders SET note = 'edited' WHERE id = 1
