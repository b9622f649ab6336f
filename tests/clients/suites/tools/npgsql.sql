Npgsql (Power BI, .NET): the types that it loads at connect, GetSchema.

== types of a database
-- without oid, typreceive, elemtypoid
-- sorted
SELECT ns.nspname, t.oid, t.typname, t.typtype, t.typnotnull, t.elemtypoid
FROM (
    SELECT typ.oid, typ.typnamespace, typ.typname, typ.typtype, typ.typrelid, typ.typnotnull, typ.relkind, elemtyp.oid AS elemtypoid, elemtyp.typname AS elemtypname, elemcls.relkind AS elemrelkind,
        CASE WHEN elemproc.proname='array_recv' THEN 'a' ELSE elemtyp.typtype END AS elemtyptype
    FROM (
        SELECT typ.oid, typnamespace, typname, typrelid, typnotnull, relkind, typelem AS elemoid,
            CASE WHEN proc.proname='array_recv' THEN 'a' ELSE typ.typtype END AS typtype,
            CASE WHEN proc.proname='array_recv' THEN typ.typelem WHEN typ.typtype='r' THEN rngsubtype WHEN typ.typtype='m' THEN (SELECT rngtypid FROM pg_range WHERE rngmultitypid = typ.oid) WHEN typ.typtype='d' THEN typ.typbasetype END AS elemtypoid
        FROM pg_type AS typ
        LEFT JOIN pg_class AS cls ON (cls.oid = typ.typrelid)
        LEFT JOIN pg_proc AS proc ON proc.oid = typ.typreceive
        LEFT JOIN pg_range ON (pg_range.rngtypid = typ.oid)
    ) AS typ
    LEFT JOIN pg_type AS elemtyp ON elemtyp.oid = elemtypoid
    LEFT JOIN pg_class AS elemcls ON (elemcls.oid = elemtyp.typrelid)
    LEFT JOIN pg_proc AS elemproc ON elemproc.oid = elemtyp.typreceive
) AS t
JOIN pg_namespace AS ns ON (ns.oid = typnamespace)
WHERE (typtype IN ('b', 'r', 'm', 'e', 'd') OR (typtype = 'c' AND relkind='c') OR (typtype = 'p' AND typname IN ('record', 'void')) OR (typtype = 'a' AND (elemtyptype IN ('b', 'r', 'm', 'e', 'd') OR (elemtyptype = 'p' AND elemtypname IN ('record', 'void')) OR (elemtyptype = 'c' AND elemrelkind='c'))))
    AND (ns.nspname = 'shop' OR typname IN ('int4', '_int4', 'text', '_text', 'int4range', '_int4range', 'int4multirange', 'jsonb', 'uuid', 'void', 'record'))
ORDER BY CASE WHEN typtype IN ('b', 'e', 'p') THEN 0 WHEN typtype = 'r' THEN 1 WHEN typtype = 'm' THEN 2 WHEN typtype = 'c' THEN 3 WHEN typtype = 'd' AND elemtyptype <> 'a' THEN 4 WHEN typtype = 'a' THEN 5 WHEN typtype = 'd' AND elemtyptype = 'a' THEN 6 END

== attributes of composite types
-- without oid, atttypid
SELECT typ.oid, att.attname, att.atttypid
FROM pg_type AS typ
JOIN pg_namespace AS ns ON (ns.oid = typ.typnamespace)
JOIN pg_class AS cls ON (cls.oid = typ.typrelid)
JOIN pg_attribute AS att ON (att.attrelid = typ.typrelid)
WHERE (typ.typtype = 'c' AND cls.relkind='c') AND attnum > 0 AND NOT attisdropped AND ns.nspname = 'shop'
ORDER BY typ.oid, att.attnum

== labels of enums
SELECT typname, enumlabel FROM pg_enum JOIN pg_type ON pg_type.oid=enumtypid ORDER BY enumtypid, enumsortorder

== tables of GetSchema
SELECT table_catalog = current_database() AS here, table_schema, table_name, table_type FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema', 's3db') ORDER BY 2, 3

== columns of a result, by key info
SELECT cls.relname, attname, attnum, attidentity != '' AS isidentity, typ.typname, atttypmod, CASE WHEN attnotnull THEN false ELSE true END AS nullable, pg_get_expr(def.adbin, def.adrelid) AS "default",
  CASE WHEN EXISTS (SELECT * FROM pg_index WHERE pg_index.indrelid = cls.oid AND pg_index.indisprimary AND attnum = ANY (indkey)) THEN true ELSE false END AS isprimarykey,
  CASE WHEN EXISTS (SELECT * FROM pg_index WHERE pg_index.indrelid = cls.oid AND pg_index.indisunique AND pg_index.indnkeyatts = 1 AND attnum = pg_index.indkey[0]) THEN true ELSE false END AS isunique
FROM pg_attribute AS attr
JOIN pg_type AS typ ON attr.atttypid = typ.oid
JOIN pg_class AS cls ON cls.oid = attr.attrelid
JOIN pg_namespace AS ns ON ns.oid = cls.relnamespace
LEFT OUTER JOIN pg_attrdef AS def ON def.adrelid = cls.oid AND def.adnum = attr.attnum
WHERE atttypid <> 0 AND relkind IN ('r', 'v', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema') AND attnum > 0 AND nspname = 'shop' AND relname IN ('customers', 'order_lines', 'actives')
ORDER BY relname, attnum

== Power BI's navigator
select TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE from INFORMATION_SCHEMA.tables where TABLE_SCHEMA not in ('information_schema', 'pg_catalog', 's3db') order by TABLE_SCHEMA, TABLE_NAME

== Power BI's foreign keys
select pkcol.COLUMN_NAME as PK_COLUMN_NAME, fkcol.TABLE_SCHEMA AS FK_TABLE_SCHEMA, fkcol.TABLE_NAME AS FK_TABLE_NAME, fkcol.COLUMN_NAME as FK_COLUMN_NAME, fkcol.ORDINAL_POSITION as ORDINAL, fkcon.CONSTRAINT_SCHEMA || '_' || fkcol.TABLE_NAME || '_' || 'shop' || '_' || fkcon.CONSTRAINT_NAME as FK_NAME
from (select distinct constraint_catalog, constraint_schema, unique_constraint_schema, constraint_name, unique_constraint_name from INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS) fkcon
    inner join INFORMATION_SCHEMA.KEY_COLUMN_USAGE fkcol on fkcon.CONSTRAINT_SCHEMA = fkcol.CONSTRAINT_SCHEMA and fkcon.CONSTRAINT_NAME = fkcol.CONSTRAINT_NAME
    inner join INFORMATION_SCHEMA.KEY_COLUMN_USAGE pkcol on fkcon.UNIQUE_CONSTRAINT_SCHEMA = pkcol.CONSTRAINT_SCHEMA and fkcon.UNIQUE_CONSTRAINT_NAME = pkcol.CONSTRAINT_NAME
where pkcol.TABLE_SCHEMA = 'shop' and fkcol.ORDINAL_POSITION = pkcol.ORDINAL_POSITION
order by FK_NAME, fkcol.ORDINAL_POSITION

== databases of GetSchema
SELECT d.datname = current_database() AS here, u.usename IS NOT NULL AS owned, pg_encoding_to_char(d.encoding) AS encoding FROM pg_database d LEFT JOIN pg_user u ON u.usesysid = d.datdba WHERE d.datname = current_database()

== columns of GetSchema
-- without udt_name
SELECT table_name, column_name, ordinal_position, column_default, is_nullable, udt_name, character_maximum_length, character_octet_length, numeric_precision, numeric_precision_radix, numeric_scale, datetime_precision, character_set_catalog, character_set_schema, character_set_name, collation_catalog
FROM information_schema.columns WHERE table_schema = 'shop' ORDER BY 1, 3

== views of GetSchema
SELECT table_name, check_option, is_updatable FROM information_schema.views WHERE table_schema = 'shop' ORDER BY 1

== where names are found
SET search_path = shop

== columns of indexes of GetSchema
SELECT n.nspname, t.relname, i.relname AS index_name, a.attname
FROM pg_class t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_attribute a ON a.attrelid = t.oid LEFT JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE i.relkind = 'i' AND n.nspname NOT IN ('pg_catalog', 'pg_toast') AND pg_table_is_visible(i.oid) AND a.attnum = ANY (x.indkey) AND t.relkind = 'r' ORDER BY 2, 3, 4

== constraints of GetSchema
SELECT s.nspname AS "CONSTRAINT_SCHEMA", k.conname AS "CONSTRAINT_NAME", r.relname AS "TABLE_NAME", CASE k.contype WHEN 'f' THEN 'FOREIGN KEY' WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE KEY' END AS "CONSTRAINT_TYPE", k.condeferrable, k.condeferred
FROM pg_constraint k JOIN pg_namespace s ON s.oid = k.connamespace JOIN pg_class r ON r.oid = k.conrelid WHERE k.contype IN ('f', 'p', 'u') AND s.nspname = 'shop' ORDER BY 2
