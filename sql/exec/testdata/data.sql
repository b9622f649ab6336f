INSERT INTO t VALUES
 (1, 10, 'x', 1.5, true, 1.10, 100),
 (2, 20, 'y', -2.5, false, 2.20, 200),
 (3, NULL, 'x', NULL, NULL, NULL, NULL),
 (4, 10, NULL, 0, true, 1.1, 400),
 (5, 30, 'z', 'NaN', false, -5, 500),
 (6, 20, 'y', 3, NULL, 2.2, 600),
 (7, NULL, 'q', 4, true, 100, 700),
 (8, 40, 'x', '-Infinity', true, 0, 800);
INSERT INTO u VALUES (1, 10, 'ten'), (2, 20, 'twenty'), (3, 20, 'twenty again'), (4, NULL, 'null'), (5, 50, 'fifty'), (6, 40, NULL);
INSERT INTO w VALUES ('a', 1, 'a@x', 1), ('b', 2, 'b@x', 2), ('c', 3, NULL, 3);
INSERT INTO pk2 VALUES (1, 'a', 10), (1, 'b', 20), (2, 'a', 30);
INSERT INTO arr VALUES (1, '{1,2,3}', '{"a": 1, "b": [10, 20]}'), (2, '{}', '[]'), (3, NULL, NULL), (4, '{NULL,5}', '"s"');
