What pgjdbc 42.5 asks for the metadata of one table. {oid} is its oid.

== 1: pg_namespace
SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM, c.relname AS TABLE_NAME,
 CASE n.nspname ~ '^pg_' OR n.nspname = 'information_schema'
 WHEN true THEN CASE
 WHEN n.nspname = 'pg_catalog' OR n.nspname = 'information_schema' THEN CASE c.relkind
 WHEN 'r' THEN 'SYSTEM TABLE'
 WHEN 'v' THEN 'SYSTEM VIEW'
 WHEN 'i' THEN 'SYSTEM INDEX'
 ELSE NULL
 END
 WHEN n.nspname = 'pg_toast' THEN CASE c.relkind
 WHEN 'r' THEN 'SYSTEM TOAST TABLE'
 WHEN 'i' THEN 'SYSTEM TOAST INDEX'
 ELSE NULL
 END
 ELSE CASE c.relkind
 WHEN 'r' THEN 'TEMPORARY TABLE'
 WHEN 'p' THEN 'TEMPORARY TABLE'
 WHEN 'i' THEN 'TEMPORARY INDEX'
 WHEN 'S' THEN 'TEMPORARY SEQUENCE'
 WHEN 'v' THEN 'TEMPORARY VIEW'
 ELSE NULL
 END
 END
 WHEN false THEN CASE c.relkind
 WHEN 'r' THEN 'TABLE'
 WHEN 'p' THEN 'PARTITIONED TABLE'
 WHEN 'i' THEN 'INDEX'
 WHEN 'P' then 'PARTITIONED INDEX'
 WHEN 'S' THEN 'SEQUENCE'
 WHEN 'v' THEN 'VIEW'
 WHEN 'c' THEN 'TYPE'
 WHEN 'f' THEN 'FOREIGN TABLE'
 WHEN 'm' THEN 'MATERIALIZED VIEW'
 ELSE NULL
 END
 ELSE NULL
 END
 AS TABLE_TYPE, d.description AS REMARKS,
 '' as TYPE_CAT, '' as TYPE_SCHEM, '' as TYPE_NAME, '' AS SELF_REFERENCING_COL_NAME, '' AS REF_GENERATION
 FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c
 LEFT JOIN pg_catalog.pg_description d ON (c.oid = d.objoid AND d.objsubid = 0
 and d.classoid = 'pg_class'::regclass)
 WHERE c.relnamespace = n.oid
 AND n.nspname LIKE 'public' AND c.relname LIKE 'one' AND (false
 OR ( c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' )
 OR ( c.relkind = 'v' AND n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema' ) )
 ORDER BY TABLE_TYPE,TABLE_SCHEM,TABLE_NAME

== 2: pg_namespace
SELECT * FROM (SELECT n.nspname,c.relname,a.attname,a.atttypid,a.attnotnull OR (t.typtype = 'd' AND t.typnotnull) AS attnotnull,a.atttypmod,a.attlen,t.typtypmod,row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS attnum, nullif(a.attidentity, '') as attidentity,nullif(a.attgenerated, '') as attgenerated,pg_catalog.pg_get_expr(def.adbin, def.adrelid) AS adsrc,dsc.description,t.typbasetype,t.typtype
 FROM pg_catalog.pg_namespace n
 JOIN pg_catalog.pg_class c ON (c.relnamespace = n.oid)
 JOIN pg_catalog.pg_attribute a ON (a.attrelid=c.oid)
 JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid)
 LEFT JOIN pg_catalog.pg_attrdef def ON (a.attrelid=def.adrelid AND a.attnum = def.adnum)
 LEFT JOIN pg_catalog.pg_description dsc ON (c.oid=dsc.objoid AND a.attnum = dsc.objsubid)
 LEFT JOIN pg_catalog.pg_class dc ON (dc.oid=dsc.classoid AND dc.relname='pg_class')
 LEFT JOIN pg_catalog.pg_namespace dn ON (dc.relnamespace=dn.oid AND dn.nspname='pg_catalog')
 WHERE c.relkind in ('r','p','v','f','m') and a.attnum > 0 AND NOT a.attisdropped
 AND n.nspname LIKE 'public' AND c.relname LIKE 'one') c WHERE true
 AND attname LIKE '%' ORDER BY nspname,c.relname,attnum

== 3: pg_type
SELECT typinput='pg_catalog.array_in'::regproc as is_array, typtype, typname, pg_type.oid
 FROM pg_catalog.pg_type
 LEFT JOIN (select ns.oid as nspoid, ns.nspname, r.r
 from pg_namespace as ns
 join ( select s.r, (current_schemas(false))[s.r] as nspname
 from generate_series(1, array_upper(current_schemas(false), 1)) as s(r) ) as r
 using ( nspname )
 ) as sp
 ON sp.nspoid = typnamespace
 WHERE pg_type.oid = 23
 ORDER BY sp.r, pg_type.oid DESC

== 4: pg_type
SELECT n.nspname = ANY(current_schemas(true)), n.nspname, t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid WHERE t.oid = 23

== 5: pg_class
SELECT
 result.TABLE_CAT,
 result.TABLE_SCHEM,
 result.TABLE_NAME,
 result.COLUMN_NAME,
 result.KEY_SEQ,
 result.PK_NAME FROM
 (SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM,
 ct.relname AS TABLE_NAME, a.attname AS COLUMN_NAME,
 (information_schema._pg_expandarray(i.indkey)).n AS KEY_SEQ, ci.relname AS PK_NAME,
 information_schema._pg_expandarray(i.indkey) AS KEYS, a.attnum AS A_ATTNUM FROM pg_catalog.pg_class ct
 JOIN pg_catalog.pg_attribute a ON (ct.oid = a.attrelid)
 JOIN pg_catalog.pg_namespace n ON (ct.relnamespace = n.oid)
 JOIN pg_catalog.pg_index i ON ( a.attrelid = i.indrelid)
 JOIN pg_catalog.pg_class ci ON (ci.oid = i.indexrelid) WHERE true
 AND n.nspname = 'public' AND ct.relname = 'one' AND i.indisprimary
 ) result where
 result.A_ATTNUM = (result.KEYS).x
 ORDER BY result.table_name, result.pk_name, result.key_seq

== 6: pg_get_indexdef
SELECT
 tmp.TABLE_CAT,
 tmp.TABLE_SCHEM,
 tmp.TABLE_NAME,
 tmp.NON_UNIQUE,
 tmp.INDEX_QUALIFIER,
 tmp.INDEX_NAME,
 tmp.TYPE,
 tmp.ORDINAL_POSITION,
 trim(both '"' from pg_catalog.pg_get_indexdef(tmp.CI_OID, tmp.ORDINAL_POSITION, false)) AS COLUMN_NAME,
 CASE tmp.AM_NAME
 WHEN 'btree' THEN CASE tmp.I_INDOPTION[tmp.ORDINAL_POSITION - 1] & 1::smallint
 WHEN 1 THEN 'D'
 ELSE 'A'
 END
 ELSE NULL
 END AS ASC_OR_DESC,
 tmp.CARDINALITY,
 tmp.PAGES,
 tmp.FILTER_CONDITION FROM (SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM,
 ct.relname AS TABLE_NAME, NOT i.indisunique AS NON_UNIQUE,
 NULL AS INDEX_QUALIFIER, ci.relname AS INDEX_NAME,
 CASE i.indisclustered
 WHEN true THEN 1
 ELSE CASE am.amname
 WHEN 'hash' THEN 2
 ELSE 3
 END
 END AS TYPE,
 (information_schema._pg_expandarray(i.indkey)).n AS ORDINAL_POSITION,
 ci.reltuples AS CARDINALITY,
 ci.relpages AS PAGES,
 pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS FILTER_CONDITION,
 ci.oid AS CI_OID,
 i.indoption AS I_INDOPTION,
 am.amname AS AM_NAME FROM pg_catalog.pg_class ct
 JOIN pg_catalog.pg_namespace n ON (ct.relnamespace = n.oid)
 JOIN pg_catalog.pg_index i ON (ct.oid = i.indrelid)
 JOIN pg_catalog.pg_class ci ON (ci.oid = i.indexrelid)
 JOIN pg_catalog.pg_am am ON (ci.relam = am.oid) WHERE true
 AND n.nspname = 'public' AND ct.relname = 'one') AS tmp ORDER BY NON_UNIQUE, TYPE, INDEX_NAME, ORDINAL_POSITION

== 7: pg_namespace
SELECT NULL::text AS PKTABLE_CAT, pkn.nspname AS PKTABLE_SCHEM, pkc.relname AS PKTABLE_NAME, pka.attname AS PKCOLUMN_NAME, NULL::text AS FKTABLE_CAT, fkn.nspname AS FKTABLE_SCHEM, fkc.relname AS FKTABLE_NAME, fka.attname AS FKCOLUMN_NAME, pos.n AS KEY_SEQ, CASE con.confupdtype
 WHEN 'c' THEN 0 WHEN 'n' THEN 2 WHEN 'd' THEN 4 WHEN 'r' THEN 1 WHEN 'p' THEN 1 WHEN 'a' THEN 3 ELSE NULL END AS UPDATE_RULE, CASE con.confdeltype
 WHEN 'c' THEN 0 WHEN 'n' THEN 2 WHEN 'd' THEN 4 WHEN 'r' THEN 1 WHEN 'p' THEN 1 WHEN 'a' THEN 3 ELSE NULL END AS DELETE_RULE, con.conname AS FK_NAME, pkic.relname AS PK_NAME, CASE
 WHEN con.condeferrable AND con.condeferred THEN 5 WHEN con.condeferrable THEN 6 ELSE 7 END AS DEFERRABILITY
 FROM
 pg_catalog.pg_namespace pkn, pg_catalog.pg_class pkc, pg_catalog.pg_attribute pka,
 pg_catalog.pg_namespace fkn, pg_catalog.pg_class fkc, pg_catalog.pg_attribute fka,
 pg_catalog.pg_constraint con,
 pg_catalog.generate_series(1, 32) pos(n),
 pg_catalog.pg_class pkic WHERE pkn.oid = pkc.relnamespace AND pkc.oid = pka.attrelid AND pka.attnum = con.confkey[pos.n] AND con.confrelid = pkc.oid
 AND fkn.oid = fkc.relnamespace AND fkc.oid = fka.attrelid AND fka.attnum = con.conkey[pos.n] AND con.conrelid = fkc.oid
 AND con.contype = 'f' AND (pkic.relkind = 'i' OR pkic.relkind = 'I') AND pkic.oid = con.conindid
 AND fkn.nspname = 'public' AND fkc.relname = 'one' ORDER BY pkn.nspname,pkc.relname, con.conname,pos.n

== 8: pg_namespace
SELECT NULL::text AS PKTABLE_CAT, pkn.nspname AS PKTABLE_SCHEM, pkc.relname AS PKTABLE_NAME, pka.attname AS PKCOLUMN_NAME, NULL::text AS FKTABLE_CAT, fkn.nspname AS FKTABLE_SCHEM, fkc.relname AS FKTABLE_NAME, fka.attname AS FKCOLUMN_NAME, pos.n AS KEY_SEQ, CASE con.confupdtype
 WHEN 'c' THEN 0 WHEN 'n' THEN 2 WHEN 'd' THEN 4 WHEN 'r' THEN 1 WHEN 'p' THEN 1 WHEN 'a' THEN 3 ELSE NULL END AS UPDATE_RULE, CASE con.confdeltype
 WHEN 'c' THEN 0 WHEN 'n' THEN 2 WHEN 'd' THEN 4 WHEN 'r' THEN 1 WHEN 'p' THEN 1 WHEN 'a' THEN 3 ELSE NULL END AS DELETE_RULE, con.conname AS FK_NAME, pkic.relname AS PK_NAME, CASE
 WHEN con.condeferrable AND con.condeferred THEN 5 WHEN con.condeferrable THEN 6 ELSE 7 END AS DEFERRABILITY
 FROM
 pg_catalog.pg_namespace pkn, pg_catalog.pg_class pkc, pg_catalog.pg_attribute pka,
 pg_catalog.pg_namespace fkn, pg_catalog.pg_class fkc, pg_catalog.pg_attribute fka,
 pg_catalog.pg_constraint con,
 pg_catalog.generate_series(1, 32) pos(n),
 pg_catalog.pg_class pkic WHERE pkn.oid = pkc.relnamespace AND pkc.oid = pka.attrelid AND pka.attnum = con.confkey[pos.n] AND con.confrelid = pkc.oid
 AND fkn.oid = fkc.relnamespace AND fkc.oid = fka.attrelid AND fka.attnum = con.conkey[pos.n] AND con.conrelid = fkc.oid
 AND con.contype = 'f' AND (pkic.relkind = 'i' OR pkic.relkind = 'I') AND pkic.oid = con.conindid
 AND pkn.nspname = 'public' AND pkc.relname = 'one' ORDER BY fkn.nspname,fkc.relname,con.conname,pos.n

== 9: pg_class
SELECT a.attname, a.atttypid, atttypmod FROM pg_catalog.pg_class ct
 JOIN pg_catalog.pg_attribute a ON (ct.oid = a.attrelid)
 JOIN pg_catalog.pg_namespace n ON (ct.relnamespace = n.oid)
 JOIN (SELECT i.indexrelid, i.indrelid, i.indisprimary,
 information_schema._pg_expandarray(i.indkey) AS keys
 FROM pg_catalog.pg_index i) i
 ON (a.attnum = (i.keys).x AND a.attrelid = i.indrelid) WHERE true
 AND n.nspname = 'public' AND ct.relname = 'one' AND i.indisprimary
 ORDER BY a.attnum

== 10: pg_namespace
SELECT n.nspname,c.relname,r.rolname,c.relacl
 FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c, pg_catalog.pg_roles r
 WHERE c.relnamespace = n.oid
 AND c.relowner = r.oid
 AND c.relkind IN ('r','p','v','m','f')
 AND n.nspname LIKE 'public' AND c.relname LIKE 'one' ORDER BY nspname, relname

== 11: pg_namespace
SELECT n.nspname,c.relname,r.rolname,c.relacl, a.attacl,
 a.attname
 FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c,
 pg_catalog.pg_roles r, pg_catalog.pg_attribute a
 WHERE c.relnamespace = n.oid
 AND c.relowner = r.oid
 AND c.oid = a.attrelid
 AND c.relkind = 'r'
 AND a.attnum > 0 AND NOT a.attisdropped
 AND n.nspname = 'public' AND c.relname = 'one' AND a.attname LIKE '%' ORDER BY attname

== 12: pg_class
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT {oid} AS oid , 1 AS attnum UNION ALL SELECT {oid}, 2 UNION ALL SELECT {oid}, 3 UNION ALL SELECT {oid}, 4 UNION ALL SELECT {oid}, 5 UNION ALL SELECT {oid}, 6 UNION ALL SELECT {oid}, 7 UNION ALL SELECT {oid}, 8 UNION ALL SELECT {oid}, 9 UNION ALL SELECT {oid}, 10) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum)
