-- What suites/_lib/rich.sql does not have: rights, policies, keys between types, and
-- the rarer properties of everything.
CREATE SCHEMA attic;
SET search_path = attic, shop;
GRANT USAGE ON SCHEMA attic TO catalog_reader;
CREATE TABLE box (id bigint PRIMARY KEY, code varchar(10) UNIQUE, label text COLLATE "C", UNIQUE (id, label));
CREATE TABLE thing (
  id smallint PRIMARY KEY,
  box int REFERENCES box ON DELETE SET NULL ON UPDATE SET DEFAULT,
  code text REFERENCES box (code) MATCH FULL DEFERRABLE,
  label varchar(5) COLLATE "C",
  twice int GENERATED ALWAYS AS (box * 2) STORED,
  feel mood[] DEFAULT '{ok}',
  span int4range,
  CONSTRAINT thing_both FOREIGN KEY (box, label) REFERENCES box (id, label) NOT VALID,
  CONSTRAINT thing_box CHECK (box > 0) NO INHERIT,
  CONSTRAINT thing_code CHECK (code <> '') NOT VALID
);
ALTER TABLE thing ALTER COLUMN code SET STORAGE EXTERNAL, ALTER COLUMN box SET STATISTICS 500;
CREATE UNLOGGED TABLE scratch (a int, b text);
GRANT SELECT, INSERT (a) ON scratch TO catalog_reader WITH GRANT OPTION;
GRANT USAGE ON SEQUENCE shop.ticket TO PUBLIC;
REVOKE EXECUTE ON FUNCTION shop.touch FROM PUBLIC;
GRANT USAGE ON TYPE shop.mood TO catalog_reader;
ALTER TABLE thing ENABLE ROW LEVEL SECURITY;
CREATE POLICY readers ON thing FOR SELECT TO catalog_reader USING (box IS NOT NULL);
CREATE POLICY all_of_it ON thing AS RESTRICTIVE USING (id > 0) WITH CHECK (id < 100);
ALTER DEFAULT PRIVILEGES IN SCHEMA attic GRANT SELECT ON TABLES TO catalog_reader;
CREATE TABLE granted ();
CREATE INDEX thing_lower ON thing (lower(code) text_pattern_ops, abs(box) DESC) WHERE id > 5;
CREATE INDEX thing_label ON thing (label COLLATE "POSIX" NULLS FIRST);
CREATE TYPE pair AS (a int, b text);
CREATE TABLE pairs OF pair (PRIMARY KEY (a));
CREATE DOMAIN pair_list AS pair[];
CREATE VIEW guarded WITH (security_barrier) AS SELECT t.id, b.label FROM thing t JOIN box b ON t.box = b.id WHERE t.code = 'x';
CREATE VIEW nested AS SELECT g.id, (SELECT count(*) FROM shop.orders) AS orders FROM guarded g NATURAL JOIN thing;
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = attic AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER rows_after AFTER UPDATE OF box, label ON thing FOR EACH STATEMENT EXECUTE FUNCTION note_change('a', 'b');
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON thing DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.box > 1) EXECUTE FUNCTION note_change();
ALTER TABLE thing DISABLE TRIGGER rows_after;
CREATE RULE log_it AS ON INSERT TO scratch WHERE NEW.a > 3 DO ALSO DELETE FROM shop.animal WHERE name = NEW.b;
CREATE FUNCTION many(VARIADIC xs numeric[] DEFAULT '{1}', OUT low numeric, OUT high numeric) LANGUAGE sql COST 5 PARALLEL RESTRICTED LEAKPROOF AS 'SELECT min(x), max(x) FROM unnest(xs) x';
CREATE FUNCTION rows_of(n int) RETURNS TABLE (i int, t text) LANGUAGE sql ROWS 7 AS 'SELECT g, g::text FROM generate_series(1, n) g';
CREATE TABLE list (k text, v int) PARTITION BY HASH (k);
CREATE TABLE list_0 PARTITION OF list FOR VALUES WITH (MODULUS 2, REMAINDER 0);
ALTER TABLE list ADD UNIQUE (k);
CREATE TABLE heir (extra text) INHERITS (box, scratch);
COMMENT ON COLUMN thing.box IS 'where it is';
COMMENT ON POLICY readers ON thing IS 'who reads';
COMMENT ON FUNCTION many IS 'least and most';
COMMENT ON DOMAIN pair_list IS 'pairs';
CREATE MATERIALIZED VIEW cold AS SELECT id FROM box WITH NO DATA;
ALTER TABLE box CLUSTER ON box_pkey;
ALTER TABLE thing REPLICA IDENTITY FULL;
ALTER SEQUENCE shop.ticket OWNED BY NONE;
ALTER VIEW nested ALTER COLUMN orders SET DEFAULT 3;
