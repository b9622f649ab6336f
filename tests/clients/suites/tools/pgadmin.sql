pgAdmin 4: the connection, the browser tree, the dashboard.

== connection
SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN 'yes' ELSE 'no' END AS recovery, (SELECT count(*) FROM pg_catalog.pg_stat_gssapi WHERE encrypted) AS encrypted

== database
SELECT db.datallowconn, pg_catalog.pg_encoding_to_char(db.encoding) AS serverencoding, has_database_privilege(db.oid, 'CREATE') as cancreate, datistemplate FROM pg_catalog.pg_database db WHERE db.datname = current_database()

== role
SELECT roles.rolsuper as is_superuser, CASE WHEN roles.rolsuper THEN true ELSE roles.rolcreaterole END as can_create_role, CASE WHEN roles.rolsuper THEN true ELSE roles.rolcreatedb END as can_create_db, CASE WHEN 'pg_signal_backend'=ANY(ARRAY(WITH RECURSIVE cte AS (SELECT pg_roles.oid,pg_roles.rolname FROM pg_roles WHERE pg_roles.oid = roles.oid UNION ALL SELECT m.roleid,pgr.rolname FROM cte cte_1 JOIN pg_auth_members m ON m.member = cte_1.oid JOIN pg_roles pgr ON pgr.oid = m.roleid) SELECT rolname FROM cte)) THEN True ELSE False END as can_signal_backend FROM pg_catalog.pg_roles as roles WHERE rolname = current_user

== schemas
SELECT nsp.nspname as name, pg_catalog.has_schema_privilege(nsp.oid, 'CREATE') as can_create, pg_catalog.has_schema_privilege(nsp.oid, 'USAGE') as has_usage, des.description FROM pg_catalog.pg_namespace nsp LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid=nsp.oid AND des.classoid='pg_namespace'::regclass) WHERE nspname NOT LIKE 'pg!_%' escape '!' AND nspname <> 's3db' AND NOT ((nsp.nspname = 'pg_catalog' AND EXISTS (SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'pg_class' AND relnamespace = nsp.oid LIMIT 1))) ORDER BY nspname

== tables of a schema
SELECT rel.relname AS name, (SELECT count(*) FROM pg_catalog.pg_trigger WHERE tgrelid=rel.oid AND tgisinternal = FALSE) AS triggercount, (SELECT count(*) FROM pg_catalog.pg_trigger WHERE tgrelid=rel.oid AND tgisinternal = FALSE AND tgenabled = 'O') AS has_enable_triggers, (CASE WHEN rel.relkind = 'p' THEN true ELSE false END) AS is_partitioned, (SELECT count(1) FROM pg_catalog.pg_inherits WHERE inhrelid=rel.oid LIMIT 1) as is_inherits, (SELECT count(1) FROM pg_catalog.pg_inherits WHERE inhparent=rel.oid LIMIT 1) as is_inherited, des.description
FROM pg_catalog.pg_class rel LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid=rel.oid AND des.objsubid=0 AND des.classoid='pg_class'::regclass)
WHERE rel.relkind IN ('r','s','t','p') AND rel.relnamespace = 'shop'::regnamespace AND NOT rel.relispartition ORDER BY rel.relname

== columns with their types
SELECT DISTINCT ON (att.attnum) att.attname as name, att.attnum, format_type(ty.oid,NULL) AS typname, format_type(ty.oid,att.atttypmod) AS displaytypname, att.attnotnull as not_null, CASE WHEN att.atthasdef OR att.attidentity != '' OR ty.typdefault IS NOT NULL THEN True ELSE False END as has_default_val, des.description, seq.seqincrement
FROM pg_catalog.pg_attribute att JOIN pg_catalog.pg_type ty ON ty.oid=atttypid JOIN pg_catalog.pg_class cl ON cl.oid=att.attrelid
LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid=att.attrelid AND des.objsubid=att.attnum AND des.classoid='pg_class'::regclass)
LEFT OUTER JOIN (pg_catalog.pg_depend JOIN pg_catalog.pg_class cs ON classid='pg_class'::regclass AND objid=cs.oid AND cs.relkind='S') ON refobjid=att.attrelid AND refobjsubid=att.attnum
LEFT OUTER JOIN pg_catalog.pg_sequence seq ON cs.oid=seq.seqrelid
WHERE att.attrelid = 'shop.orders'::regclass AND att.attnum > 0 AND att.attisdropped IS FALSE ORDER BY att.attnum

== dashboard: sessions
-- without pid, client_addr
SELECT pid, datname = current_database() AS here, usename = current_user AS me, application_name, client_addr, state, wait_event_type IS NULL AS waits, backend_type FROM pg_catalog.pg_stat_activity WHERE pid = pg_backend_pid()

== dashboard: numbers
SELECT (SELECT count(*) > 0 FROM pg_catalog.pg_stat_activity) AS total, (SELECT count(*) FROM pg_catalog.pg_stat_database WHERE datname = current_database()) AS databases

== dashboard: locks
SELECT count(*) >= 0 AS ok FROM pg_catalog.pg_locks l LEFT OUTER JOIN pg_catalog.pg_database d ON (l.database = d.oid)

== properties of tables
SELECT r.relname, coalesce(s.spcname, (SELECT p.spcname FROM pg_database d JOIN pg_tablespace p ON p.oid = d.dattablespace WHERE d.datname = current_database())) AS space, r.relkind, r.relhassubclass, d.description, k.conname, k.conkey,
  EXISTS (SELECT 1 FROM pg_trigger JOIN pg_proc f ON f.oid = tgfoid AND f.proname = 'logtrigger' JOIN pg_proc g ON g.pronamespace = f.pronamespace AND g.proname = 'slonyversion' WHERE tgrelid = r.oid) AS replicated,
  (SELECT ARRAY(SELECT CASE WHEN nspname NOT LIKE 'pg\_%' THEN quote_ident(nspname) || '.' || quote_ident(c.relname) ELSE quote_ident(c.relname) END FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent JOIN pg_namespace n ON n.oid = c.relnamespace WHERE i.inhrelid = r.oid ORDER BY inhseqno)) AS inherits,
  substring(array_to_string(r.reloptions, ',') FROM 'fillfactor=([0-9]*)') AS fillfactor, (substring(array_to_string(r.reloptions, ',') FROM 'autovacuum_enabled=([a-z|0-9]*)'))::bool AS vacuumed, substring(array_to_string(toast.reloptions, ',') FROM 'autovacuum_vacuum_scale_factor=([0-9]*[.]?[0-9]*)') AS scale,
  r.reloftype, of.typname, r.relrowsecurity, r.relforcerowsecurity, (SELECT array_agg(provider || '=' || label) FROM pg_seclabels l WHERE l.objoid = r.oid AND l.objsubid = 0) AS labels, CASE WHEN r.relkind = 'p' THEN pg_get_partkeydef(r.oid) ELSE '' END AS scheme
FROM pg_class r LEFT JOIN pg_tablespace s ON s.oid = r.reltablespace LEFT JOIN pg_description d ON d.objoid = r.oid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass LEFT JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype = 'p' LEFT JOIN pg_class toast ON toast.oid = r.reltoastrelid LEFT JOIN pg_type of ON of.oid = r.reloftype
WHERE r.relkind IN ('r', 's', 't', 'p') AND r.relnamespace = 'shop'::regnamespace AND NOT r.relispartition ORDER BY 1

== privileges of a table
SELECT coalesce(who.rolname, 'PUBLIC') AS grantee, array_agg(CASE a.privilege_type WHEN 'SELECT' THEN 'r' WHEN 'UPDATE' THEN 'w' WHEN 'INSERT' THEN 'a' ELSE 'UNKNOWN' END) AS privileges, array_agg(a.is_grantable) AS grantable
FROM (SELECT (x).grantee, (x).grantor, (x).privilege_type, (x).is_grantable FROM (SELECT aclexplode(relacl) AS x FROM pg_class WHERE oid = 'shop.customers'::regclass) e ORDER BY 3) a LEFT JOIN pg_roles who ON who.oid = a.grantee
WHERE who.rolname IS NULL GROUP BY who.rolname, a.grantor

== statistics of tables
SELECT t.relname, t.n_tup_ins >= 0 AS ins, t.n_tup_upd >= 0 AS upd, t.n_dead_tup >= 0 AS dead, t.last_vacuum IS NULL AS unvacuumed, io.relid = t.relid AS io
FROM pg_stat_all_tables t JOIN pg_class c ON c.oid = t.relid AND c.relkind IN ('r', 's', 't', 'p') JOIN pg_statio_all_tables io USING (relid) WHERE t.schemaname = 'shop' ORDER BY 1

== dashboard: charts
SELECT 'sessions' AS chart, (row_to_json(t)::jsonb ->> 'Total')::int > 0 AS ok FROM (SELECT (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS "Total", (SELECT count(*) FROM pg_stat_activity WHERE state = 'idle') AS "Idle") t
UNION ALL SELECT 'transactions', (row_to_json(t)::jsonb ->> 'Transactions')::bigint >= 0 FROM (SELECT sum(xact_commit) + sum(xact_rollback) AS "Transactions" FROM pg_stat_database WHERE datname = current_database()) t
UNION ALL SELECT 'tuples', (row_to_json(t)::jsonb ->> 'Inserts')::bigint >= 0 FROM (SELECT sum(tup_inserted) AS "Inserts" FROM pg_stat_database WHERE datname = current_database()) t

== dashboard: activity
SELECT datname = current_database() AS here, to_char(backend_start, 'TZ') AS zone, state, wait_event_type || ': ' || wait_event AS event, pg_blocking_pids(pid) AS blocking, backend_type FROM pg_stat_activity WHERE pid = pg_backend_pid()

== dashboard: prepared transactions
SELECT gid, database, owner, transaction, prepared FROM pg_prepared_xacts ORDER BY 1, 2

== server: sessions and replicas
SELECT usename = current_user AS me, CASE WHEN client_hostname <> '' THEN client_hostname || ':' || client_port WHEN client_addr IS NOT NULL THEN client_addr::text WHEN client_port = -1 THEN 'local pipe' ELSE 'localhost:' || client_port END AS client, wait_event_type
FROM pg_stat_activity a WHERE (SELECT r.rolsuper OR r.oid = a.usesysid FROM pg_roles r WHERE r.rolname = current_user) AND pid = pg_backend_pid()
UNION SELECT usename = current_user, state || ' (priority: ' || sync_priority::text || ') (' || sent_lsn || ' sent, ' || replay_lsn || ' applied)', NULL FROM pg_stat_replication r

== database: properties
SELECT s.spcname, d.datallowconn, pg_encoding_to_char(d.encoding) AS encoding, d.datconnlimit, d.datcollate, d.datctype, d.daticulocale, d.datlocprovider, d.datistemplate, h.description, current_setting('default_tablespace') AS space,
  (SELECT array_to_string(ARRAY(SELECT array_to_string(defaclacl::text[], ', ') FROM pg_default_acl WHERE defaclobjtype = 'r' AND defaclnamespace = 0), ', ')) AS acl, (SELECT array_agg(provider || '=' || label) FROM pg_shseclabel l WHERE l.objoid = d.oid) AS labels
FROM pg_database d LEFT JOIN pg_tablespace s ON s.oid = d.dattablespace LEFT JOIN pg_shdescription h ON h.objoid = d.oid AND h.classoid = 'pg_database'::regclass WHERE d.datname = current_database()

== types
SELECT t.typname, t.typcategory, format_type(t.oid, NULL) AS alias, e.typname AS element, d.description, t.typacl FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem LEFT JOIN pg_class c ON c.oid = t.typrelid AND c.relkind <> 'c' LEFT JOIN pg_description d ON d.objoid = t.oid AND d.classoid = 'pg_type'::regclass
WHERE t.typtype <> 'd' AND t.typname NOT LIKE E'\\_%' AND t.typnamespace = 'shop'::regnamespace AND c.oid IS NULL ORDER BY 1

== domains
SELECT t.typname, n.nspname, format_type(b.oid, t.typtypmod) AS base, t.typnotnull, t.typdefault, c.collname, (SELECT array_agg(pg_get_constraintdef(oid) ORDER BY 1) FROM pg_constraint WHERE contypid = t.oid) AS checks
FROM pg_type t JOIN pg_type b ON b.oid = t.typbasetype JOIN pg_namespace n ON n.oid = b.typnamespace LEFT JOIN pg_collation c ON c.oid = t.typcollation WHERE t.typtype = 'd' AND t.typnamespace = 'shop'::regnamespace ORDER BY 1

== functions
SELECT p.proname || '(' || coalesce(pg_get_function_identity_arguments(p.oid), '') || ')' AS signature, pg_get_functiondef(p.oid) AS def, p.procost, p.prorows, p.proparallel, p.proconfig, pg_get_function_sqlbody(p.oid) AS body, pg_get_expr(p.proargdefaults, 'pg_class'::regclass) AS defaults, l.lanname, y.typname
FROM pg_proc p JOIN pg_type y ON y.oid = p.prorettype JOIN pg_language l ON l.oid = p.prolang WHERE p.prokind IN ('f', 'w', 'p') AND p.pronamespace = 'shop'::regnamespace ORDER BY p.proname

== sequences
SELECT c.relname, o.relname AS owner, a.attname, d.deptype, q.seqincrement, q.seqcycle FROM pg_class c JOIN pg_sequence q ON q.seqrelid = c.oid LEFT JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') LEFT JOIN pg_class o ON o.oid = d.refobjid LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE c.relkind = 'S' AND c.relnamespace = 'shop'::regnamespace ORDER BY 1

== a sequence
SELECT s.last_value, q.seqmin, q.seqmax, q.seqcache, q.seqcycle, q.seqincrement, s.is_called FROM pg_sequence q, shop.tickets s WHERE q.seqrelid = 'shop.tickets'::regclass

== columns of indexes
SELECT c.relname, a.attnum, CASE WHEN NOT o.opcdefault THEN o.opcname END AS opclass, pg_get_indexdef(i.indexrelid, a.attnum, true) AS def, CASE WHEN i.indoption[a.attnum - 1] & 1 = 1 THEN 'DESC' ELSE 'ASC' END AS sorted, CASE WHEN i.indoption[a.attnum - 1] & 2 = 2 THEN 'NULLS FIRST' ELSE 'NULLS LAST' END AS nulls,
  op.oprname, CASE WHEN length(n.nspname::text) > 0 THEN concat(quote_ident(n.nspname), '.', quote_ident(co.collname)) ELSE '' END AS collation, i.indnullsnotdistinct
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_attribute a ON a.attrelid = i.indexrelid LEFT JOIN pg_opclass o ON o.oid = i.indclass[a.attnum - 1] LEFT JOIN pg_constraint x ON x.conindid = i.indexrelid AND x.contype = 'x' LEFT JOIN pg_operator op ON op.oid = x.conexclop[a.attnum] LEFT JOIN pg_collation co ON co.oid = a.attcollation LEFT JOIN pg_namespace n ON n.oid = co.collnamespace
WHERE c.relnamespace = 'shop'::regnamespace ORDER BY 1, 2

== foreign keys
SELECT k.conname, t.relname, r.relname AS referenced, condeferrable, condeferred, confupdtype, confdeltype, confmatchtype = 'f' AS full, conkey, confkey, convalidated, conislocal, pg_get_constraintdef(k.oid, true) AS def
FROM pg_constraint k JOIN pg_class t ON t.oid = conrelid JOIN pg_class r ON r.oid = confrelid WHERE k.contype = 'f' AND t.relnamespace = 'shop'::regnamespace ORDER BY 1

== dependents of a table
SELECT DISTINCT d.deptype, CASE WHEN c.relkind = 'r' THEN c.relkind::text || coalesce(d.objsubid::text, '') WHEN c.relkind IS NOT NULL THEN c.relkind::text WHEN tg.oid IS NOT NULL THEN 'Tr' WHEN y.oid IS NOT NULL THEN CASE WHEN y.typtype = 'd' THEN 'd' ELSE 'Ty' END WHEN f.oid IS NOT NULL THEN 'Pf' WHEN w.oid IS NOT NULL THEN 'Rl' WHEN k.oid IS NOT NULL THEN CASE WHEN k.contypid > 0 THEN 'Cd' ELSE 'C' || contype::text END WHEN ad.oid IS NOT NULL THEN 'A' WHEN pol.oid IS NOT NULL THEN 'Rs' ELSE '' END AS kind,
  coalesce(c.relname, k.conname, f.proname, tg.tgname, y.typname, l.lanname, w.rulename, srv.srvname, fdw.fdwname, ev.evtname, co.collname, tc.cfgname, td.dictname, tp.prsname, tt.tmplname, ex.extname, pol.polname) AS name, pg_get_expr(ad.adbin, ad.adrelid) AS expr
FROM pg_depend d LEFT JOIN pg_class c ON c.oid = d.objid LEFT JOIN pg_proc f ON f.oid = d.objid LEFT JOIN pg_trigger tg ON tg.oid = d.objid LEFT JOIN pg_type y ON y.oid = d.objid LEFT JOIN pg_constraint k ON k.oid = d.objid LEFT JOIN pg_rewrite w ON w.oid = d.objid LEFT JOIN pg_language l ON l.oid = d.objid LEFT JOIN pg_attrdef ad ON ad.oid = d.objid
  LEFT JOIN pg_foreign_server srv ON srv.oid = d.objid LEFT JOIN pg_foreign_data_wrapper fdw ON fdw.oid = d.objid LEFT JOIN pg_event_trigger ev ON ev.oid = d.objid LEFT JOIN pg_collation co ON co.oid = d.objid LEFT JOIN pg_ts_config tc ON tc.oid = d.objid LEFT JOIN pg_ts_dict td ON td.oid = d.objid LEFT JOIN pg_ts_parser tp ON tp.oid = d.objid LEFT JOIN pg_ts_template tt ON tt.oid = d.objid LEFT JOIN pg_extension ex ON ex.oid = d.objid LEFT JOIN pg_policy pol ON pol.oid = d.objid
WHERE d.refobjid = 'shop.order_lines'::regclass AND NOT coalesce(tg.tgisinternal, false) AND d.classid IN (SELECT oid FROM pg_class WHERE relname IN ('pg_class', 'pg_constraint', 'pg_language', 'pg_proc', 'pg_rewrite', 'pg_namespace', 'pg_trigger', 'pg_type', 'pg_attrdef', 'pg_policy')) ORDER BY 2, 3, 1

== extensions
SELECT v.name, v.version, v.installed, v.superuser, v.trusted, v.relocatable, v.schema, v.requires, v.comment FROM pg_available_extension_versions v WHERE v.name = 'plpgsql'
