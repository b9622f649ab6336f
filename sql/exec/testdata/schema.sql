CREATE TABLE t (id int PRIMARY KEY, a int, b text, c float8, d bool, e numeric, g int8);
CREATE TABLE u (id int PRIMARY KEY, a int8, name text);
CREATE TABLE empty (id int PRIMARY KEY, a int);
CREATE TABLE w (id text PRIMARY KEY, n int NOT NULL, email text UNIQUE, v int DEFAULT 7, CONSTRAINT v_positive CHECK (v > 0));
CREATE TABLE pk2 (x int, y text, z int, PRIMARY KEY (x, y));
CREATE TABLE arr (id int PRIMARY KEY, xs int[], j jsonb);
CREATE INDEX t_b ON t (b);
CREATE INDEX u_a ON u (a);
