-- Rows for rich.sql, with all that is hard to carry.
SET search_path = shop, public;
INSERT INTO customer (name, mail, feels, home, tags, born, made) VALUES
 ('Ada', 'ada@x.org', 'happy', ROW('Main St 1', '12345', '(1,2)'), '{a,"b c",NULL}', '1815-12-10', '2024-01-02 03:04:05.678+00'),
 (E'Tab\there', 'tab@x.org', NULL, NULL, NULL, NULL, '2024-06-01 00:00+02'),
 (E'New\nline \\ back', 'nl@x.org', 'sad', NULL, '{}', 'infinity', '2024-06-01 00:00+02');
INSERT INTO product VALUES ('A0000001', 'Apple', 1.5, DEFAULT, 3, '{"color": "red", "n": [1, 2.50]}', '\x00ff10', 0.1, true),
 ('B0000002', 'Bread; "good"', 12.25, DEFAULT, DEFAULT, NULL, NULL, 'NaN', false), ('C', '', 0, DEFAULT, NULL, '"x"', '', '-Infinity', NULL);
INSERT INTO orders (customer_id, day, note) VALUES (1, '2024-05-01', 'first'), (1, '2024-05-02', NULL), (3, '2024-05-02', '');
INSERT INTO item VALUES (1, 1, 'A0000001', 3, '[1,5)'), (1, 2, 'B0000002', 1, 'empty'), (2, 1, 'A0000001', 10, NULL);
INSERT INTO measure VALUES ('2024-02-03', 'Rome', 1.5), ('2025-02-03', 'Bonn', 2.25), ('2030-01-01', NULL, 'Infinity');
INSERT INTO animal VALUES ('dog', DEFAULT), ('snake', 0);
INSERT INTO bird VALUES ('owl', 2, 2);
REFRESH MATERIALIZED VIEW per_day;
SELECT nextval('ticket');
