Hasura: a source is added and its tables tracked, events fetched, GraphQL asked and answered as JSON.

== version
SELECT current_setting('server_version_num')::integer / 10000 AS major

== metadata of tracked tables
-- ? text [{"schema": "shop", "name": "customers"}, {"schema": "shop", "name": "order_lines"}, {"schema": "shop", "name": "actives"}]
SELECT t.nspname, t.relname, jsonb_build_object('columns', coalesce(cols.info, '[]'), 'primary_key', pk.info, 'unique_constraints', coalesce(uniq.info, '[]'), 'foreign_keys', coalesce(fks.info, '[]'),
  'view_info', CASE WHEN t.relkind IN ('v', 'm') THEN jsonb_build_object('is_updatable', (pg_relation_is_updatable(t.oid, true) & 4) = 4, 'is_insertable', (pg_relation_is_updatable(t.oid, true) & 8) = 8, 'is_deletable', (pg_relation_is_updatable(t.oid, true) & 16) = 16) END,
  'description', d.description, 'extra', '[]'::json)::json AS info
FROM (SELECT x.name, x.schema FROM jsonb_to_recordset(?::jsonb) AS x (schema text, name text)) tracked
LEFT JOIN (SELECT c.oid, c.relkind, c.relname, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace) t ON t.relname = tracked.name AND t.nspname = tracked.schema
LEFT JOIN pg_description d ON d.classoid = 'pg_catalog.pg_class'::regclass AND d.objoid = t.oid AND d.objsubid = 0
LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'position', a.attnum, 'type', json_build_object('name', coalesce(b.typname, y.typname), 'type', y.typtype), 'is_nullable', NOT a.attnotnull, 'description', col_description(t.oid, a.attnum), 'is_insertable', NOT (idn.kind = 'a' OR a.attgenerated = 's')) ORDER BY a.attnum) AS info
  FROM pg_attribute a
  JOIN (SELECT attrelid, attnum, attname, CASE WHEN recent THEN attidentity::text ELSE ''::text END AS kind FROM pg_attribute CROSS JOIN (SELECT current_setting('server_version_num')::int >= 100000) AS v (recent)) idn ON idn.attrelid = a.attrelid AND idn.attnum = a.attnum AND idn.attname = a.attname
  LEFT JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_type b ON y.typtype = 'd' AND b.oid = y.typbasetype WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped) cols ON true
LEFT JOIN LATERAL (SELECT jsonb_build_object('name', c.relname, 'columns', coalesce(k.info, '[]')) AS info FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  LEFT JOIN LATERAL (SELECT jsonb_agg(a.attname ORDER BY a.attnum) AS info FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (i.indkey)) k ON true WHERE i.indrelid = t.oid AND i.indisprimary) pk ON true
LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('name', c.relname)) AS info FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = t.oid AND i.indisunique AND NOT i.indisprimary) uniq ON true
LEFT JOIN (SELECT q.conrelid, jsonb_agg(jsonb_build_object('name', q.conname, 'table', q.target, 'columns', q.mine, 'foreign_columns', q.theirs) ORDER BY q.conname) AS info
  FROM (SELECT u.conrelid, u.conname, min(u.target) AS target, json_agg(a.attname ORDER BY a.attname) AS mine, json_agg(f.attname ORDER BY f.attname) AS theirs
    FROM (SELECT r.conrelid, r.confrelid, r.conname, c.relname::text AS target, unnest(r.conkey) AS col, unnest(r.confkey) AS fcol FROM pg_constraint r JOIN pg_class c ON c.oid = r.confrelid WHERE r.contype = 'f') u
    JOIN pg_attribute a ON a.attnum = u.col AND a.attrelid = u.conrelid JOIN pg_attribute f ON f.attnum = u.fcol AND f.attrelid = u.confrelid GROUP BY u.conrelid, u.conname) q GROUP BY q.conrelid) fks ON fks.conrelid = t.oid
WHERE t.relkind IN ('r', 't', 'v', 'm', 'f', 'p') AND t.nspname NOT LIKE 'pg_%' ORDER BY 2

== metadata of tracked functions
-- ? text [{"schema": "shop", "name": "named"}, {"schema": "shop", "name": "add"}, {"schema": "shop", "name": "missing"}]
SELECT w.name, coalesce(i.info, '[]'::json) AS info FROM json_to_recordset(?::json) AS w (schema text, name text) LEFT JOIN (
  SELECT f.name, f.schema, json_agg(json_build_object('description', f.description, 'variadic', f.variadic, 'volatility', f.volatility, 'returns', f.returns, 'set', f.set, 'types', f.types, 'names', f.names, 'defaults', f.defaults, 'table', f.is_table)) AS info FROM (
    SELECT p.proname::text AS name, n.nspname::text AS schema, d.description, p.provariadic <> 0::oid AS variadic, CASE WHEN p.provolatile::text = 'i'::character(1)::text THEN 'IMMUTABLE'::text WHEN p.provolatile::text = 's'::character(1)::text THEN 'STABLE' ELSE 'VOLATILE' END AS volatility, pg_get_functiondef(p.oid) AS def, y.typname::text AS returns, p.proretset AS set,
      (SELECT coalesce(json_agg(json_build_object('schema', q.schema, 'name', q.name, 'type', q.type)), '[]') FROM (SELECT t.typname AS name, s.nspname AS schema, t.typtype AS type, o.ordinality FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY o (oid, ordinality) LEFT JOIN pg_type t ON t.oid = o.oid LEFT JOIN pg_namespace s ON s.oid = t.typnamespace ORDER BY o.ordinality) q) AS types,
      to_json(coalesce(p.proargnames, ARRAY[]::text[])) AS names, p.pronargdefaults AS defaults, EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = m.nspname::text AND table_name = y.typname::text) AS is_table
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_type y ON y.oid = p.prorettype JOIN pg_namespace m ON m.oid = y.typnamespace LEFT JOIN pg_description d ON d.objoid = p.oid
    WHERE n.nspname = 'shop' AND NOT EXISTS (SELECT 1 FROM pg_aggregate g WHERE g.aggfnoid::oid = p.oid)) f GROUP BY f.schema, f.name) i ON i.name = w.name AND i.schema = w.schema ORDER BY 1

== its schema
CREATE SCHEMA IF NOT EXISTS hdb_catalog

== its keys
CREATE OR REPLACE FUNCTION hdb_catalog.gen_key() RETURNS uuid AS 'select gen_random_uuid()' LANGUAGE SQL

== its version, one row at most
CREATE TABLE hdb_catalog.version (version text NOT NULL, upgraded_on timestamptz NOT NULL)

== the index that makes it so
CREATE UNIQUE INDEX one_version ON hdb_catalog.version ((version IS NOT NULL))

== its log of events
CREATE TABLE hdb_catalog.event_log (id text DEFAULT hdb_catalog.gen_key() PRIMARY KEY, trigger_name text NOT NULL, payload jsonb NOT NULL, delivered boolean NOT NULL DEFAULT false, error boolean NOT NULL DEFAULT false, tries integer NOT NULL DEFAULT 0, created_at timestamp DEFAULT now(), locked timestamptz, next_retry_at timestamp, archived boolean NOT NULL DEFAULT false)

== the index that finds them
CREATE INDEX event_log_fetch ON hdb_catalog.event_log (locked NULLS FIRST, next_retry_at NULLS FIRST, created_at) WHERE delivered = 'f' AND error = 'f' AND archived = 'f'

== what writes them
CREATE OR REPLACE FUNCTION hdb_catalog.log(trigger_name text, op text, row_data json) RETURNS text AS $$
DECLARE
  id text;
  payload json;
  session_variables json;
BEGIN
  id := gen_random_uuid();
  session_variables := current_setting('hasura.user', 't');
  payload := json_build_object('op', op, 'data', row_data, 'session_variables', session_variables);
  INSERT INTO hdb_catalog.event_log (id, trigger_name, payload) VALUES (id, trigger_name, payload);
  RETURN id;
END;
$$ LANGUAGE plpgsql

== when they are written
CREATE OR REPLACE FUNCTION hdb_catalog.notify() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND row_to_json(OLD)::jsonb = row_to_json(NEW)::jsonb THEN RETURN NULL; END IF;
  PERFORM hdb_catalog.log('orders', TG_OP, json_build_object('old', row_to_json(OLD), 'new', row_to_json(NEW)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql

== the trigger
CREATE TRIGGER notify_hasura AFTER UPDATE ON shop.orders FOR EACH ROW EXECUTE PROCEDURE hdb_catalog.notify()

== who asks
SET "hasura.user" = '{"x-hasura-role": "admin"}'

== a mutation
WITH changed AS (UPDATE shop.orders SET note = 'by hasura' WHERE id = 3 RETURNING *) SELECT json_build_object('affected_rows', (SELECT count(*) FROM changed), 'returning', (SELECT coalesce(json_agg(r), '[]') FROM (SELECT row_to_json((SELECT e FROM (SELECT c.id, c.note) AS e)) AS r FROM changed c) x)) AS answer

== events are fetched
UPDATE hdb_catalog.event_log SET locked = now() WHERE id IN (SELECT l.id FROM hdb_catalog.event_log l WHERE l.delivered = 'f' AND l.error = 'f' AND (l.locked IS NULL OR l.locked < now() - interval '30 minute') AND (l.next_retry_at IS NULL OR l.next_retry_at <= now()) AND l.archived = 'f' ORDER BY locked NULLS FIRST, next_retry_at NULLS FIRST, created_at LIMIT 100 FOR UPDATE SKIP LOCKED)
RETURNING trigger_name, payload #>> '{data,new,note}' AS note, payload -> 'session_variables' AS who, tries

== a query with an object relationship
SELECT coalesce(json_agg(root), '[]') AS root FROM (SELECT row_to_json((SELECT e FROM (SELECT base.id AS id, base.note AS note, customer.customer AS customer) AS e)) AS root
  FROM (SELECT * FROM shop.orders WHERE shop.orders.id > ('0')::bigint ORDER BY shop.orders.id LIMIT 10) AS base
  LEFT OUTER JOIN LATERAL (SELECT row_to_json((SELECT e FROM (SELECT c.name AS name, c.mood AS mood) AS e)) AS customer FROM (SELECT * FROM shop.customers WHERE base.customer_id = id LIMIT 1) AS c) AS customer ON ('true')) AS rows

== a query with an array relationship and an aggregate
SELECT coalesce(json_agg(root ORDER BY "pg.id" ASC NULLS LAST), '[]') AS root FROM (SELECT row_to_json((SELECT e FROM (SELECT base.name AS name, o.orders AS orders, a.agg AS orders_aggregate) AS e)) AS root, base.id AS "pg.id"
  FROM (SELECT * FROM shop.customers WHERE 'true') AS base
  LEFT OUTER JOIN LATERAL (SELECT coalesce(json_agg(r ORDER BY n ASC), '[]') AS orders FROM (SELECT row_to_json((SELECT e FROM (SELECT x.id AS id) AS e)) AS r, x.id AS n FROM (SELECT * FROM shop.orders WHERE base.id = customer_id) AS x) AS y) AS o ON ('true')
  LEFT OUTER JOIN LATERAL (SELECT json_build_object('aggregate', json_build_object('count', count(*), 'max', json_build_object('placed', max(z.placed)))) AS agg FROM (SELECT * FROM shop.orders WHERE base.id = customer_id) AS z) AS a ON ('true')) AS rows

== it goes
DROP TRIGGER notify_hasura ON shop.orders

== its schema goes
DROP SCHEMA hdb_catalog CASCADE
