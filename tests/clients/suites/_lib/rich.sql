-- A schema of everything that people make: for clients that describe, dump and restore.
CREATE SCHEMA shop;
COMMENT ON SCHEMA shop IS 'all that is sold';
SET search_path = shop, public;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
COMMENT ON TYPE mood IS 'how one feels';
CREATE DOMAIN email AS text NOT NULL CHECK (VALUE LIKE '%@%');
CREATE DOMAIN small AS int DEFAULT 1 CONSTRAINT small_range CHECK (VALUE BETWEEN 0 AND 9);
CREATE TYPE address AS (street text, zip varchar(10), pos point);
CREATE TYPE textspan AS RANGE (SUBTYPE = text);
CREATE SEQUENCE ticket AS int START 100 INCREMENT 5 MINVALUE 10 MAXVALUE 100000 CACHE 3 CYCLE;
COMMENT ON SEQUENCE ticket IS 'numbers of tickets';
CREATE TABLE customer (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  mail email,
  feels mood DEFAULT 'ok',
  home address,
  tags text[] DEFAULT '{}',
  born date,
  made timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT customer_mail UNIQUE (mail)
);
COMMENT ON TABLE customer IS 'who buys';
COMMENT ON COLUMN customer.name IS 'as on the letter';
COMMENT ON CONSTRAINT customer_mail ON customer IS 'one account each';
CREATE TABLE product (
  sku char(8) PRIMARY KEY,
  title varchar(80) NOT NULL COLLATE "C",
  price numeric(10,2) NOT NULL DEFAULT 0 CHECK (price >= 0),
  gross numeric GENERATED ALWAYS AS (price * 1.19) STORED,
  level small,
  info jsonb,
  picture bytea,
  weight float8,
  sold boolean DEFAULT false
);
CREATE INDEX product_title ON product (lower(title), price DESC NULLS LAST);
CREATE INDEX product_info ON product USING gin (info);
CREATE UNIQUE INDEX product_sold ON product (title) INCLUDE (price) WHERE sold;
COMMENT ON INDEX product_sold IS 'no title twice';
CREATE TABLE orders (
  id bigserial PRIMARY KEY,
  customer_id int NOT NULL REFERENCES customer ON DELETE CASCADE,
  day date NOT NULL DEFAULT CURRENT_DATE,
  note text,
  CONSTRAINT orders_day CHECK (day > '2000-01-01') 
);
CREATE TABLE item (
  order_id bigint REFERENCES orders (id) ON UPDATE CASCADE ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED,
  n smallint,
  sku char(8) CONSTRAINT item_product REFERENCES product MATCH FULL,
  amount int NOT NULL DEFAULT 1 CONSTRAINT item_amount CHECK (amount > 0),
  span int4range,
  PRIMARY KEY (order_id, n)
);
CREATE TABLE measure (day date NOT NULL, place text, value float4) PARTITION BY RANGE (day);
CREATE TABLE measure_2024 PARTITION OF measure FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE measure_2025 PARTITION OF measure FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (place);
CREATE TABLE measure_2025_b PARTITION OF measure_2025 FOR VALUES IN ('Berlin', 'Bonn');
CREATE TABLE measure_rest PARTITION OF measure DEFAULT;
CREATE INDEX measure_place ON measure (place);
CREATE TABLE animal (name text, legs int DEFAULT 4);
CREATE TABLE bird (wings int CHECK (wings = 2)) INHERITS (animal);
CREATE VIEW cheap AS SELECT sku, title, price FROM product WHERE price < 10 WITH CASCADED CHECK OPTION;
COMMENT ON VIEW cheap IS 'below ten';
CREATE VIEW turnover AS
  SELECT c.name, count(DISTINCT o.id) AS orders, sum(i.amount * p.price) AS total
  FROM customer c LEFT JOIN orders o ON o.customer_id = c.id LEFT JOIN item i ON i.order_id = o.id LEFT JOIN product p USING (sku)
  GROUP BY c.name HAVING count(*) > 0 ORDER BY 3 DESC NULLS LAST;
CREATE MATERIALIZED VIEW per_day AS SELECT day, count(*) AS n FROM orders GROUP BY day;
CREATE INDEX per_day_day ON per_day (day);
CREATE FUNCTION total(o bigint, factor numeric DEFAULT 1.0) RETURNS numeric LANGUAGE sql STABLE STRICT AS $$
  SELECT sum(i.amount * p.price) * factor FROM shop.item i JOIN shop.product p USING (sku) WHERE i.order_id = o
$$;
COMMENT ON FUNCTION total IS 'what an order costs';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.note := coalesce(NEW.note, 'none');
  RETURN NEW;
END
$$;
CREATE FUNCTION split(t text, OUT a text, OUT b text) RETURNS record LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (split_part(t, '-', 1), split_part(t, '-', 2));
CREATE PROCEDURE clear_orders(before date) LANGUAGE sql BEGIN ATOMIC
  DELETE FROM orders WHERE day < before;
END;
CREATE TRIGGER orders_touch BEFORE INSERT OR UPDATE OF note ON orders FOR EACH ROW WHEN (NEW.day IS NOT NULL) EXECUTE FUNCTION touch();
COMMENT ON TRIGGER orders_touch ON orders IS 'no empty notes';
CREATE RULE no_birds AS ON DELETE TO bird DO INSTEAD NOTHING;
CREATE AGGREGATE product_of(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1');
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq, COMMUTATOR = ===);
CREATE FUNCTION mood_rank(mood) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT array_position(enum_range(NULL::shop.mood), $1) $$;
CREATE CAST (mood AS int) WITH FUNCTION mood_rank(mood) AS ASSIGNMENT;
