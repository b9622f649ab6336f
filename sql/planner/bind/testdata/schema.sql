CREATE TABLE users (id text PRIMARY KEY, name text NOT NULL, email varchar(100) UNIQUE, age int CHECK (age > 0), score numeric(10,2) DEFAULT 0, active boolean DEFAULT true, tags text[], profile jsonb, created timestamptz, born date);
CREATE TABLE orders (id int8 PRIMARY KEY, user_id text, total numeric(12,2), qty int2, placed timestamp, note varchar(20), data json);
CREATE TABLE items (order_id int8, line int4, sku char(8), price float8, amount float4, PRIMARY KEY (order_id, line), UNIQUE (sku, line));
CREATE TABLE t (a int4, b text, c float8, d date);
CREATE TABLE u (a int8, b varchar, e boolean, f int4[]);
CREATE TABLE kinds (i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric, tx text, vc varchar(5), ch char(3), nm name, by bytea, dt date, tm time, ts timestamp, tz timestamptz, iv interval, uu uuid, js json, jb jsonb, bo boolean, o oid, ia int4[], ta text[]);
CREATE VIEW adults AS SELECT id, name, age FROM users WHERE age >= 18;
