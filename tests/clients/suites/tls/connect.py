#!/usr/bin/python3
"""connect.py 2|3 CONNINFO: connects and says what the server knows of TLS, and what a large result is."""
import importlib
import sys

psycopg = importlib.import_module({"2": "psycopg2", "3": "psycopg"}[sys.argv[1]])
c = psycopg.connect(sys.argv[2])
cur = c.cursor()
cur.execute("SELECT ssl, version, current_user, coalesce(client_dn, '') FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
print(*cur.fetchone())
cur.execute("SELECT sum(length(repeat('x', 1000))) FROM generate_series(1, 1000)")
assert cur.fetchone()[0] == 1_000_000
cur.execute("SELECT repeat('x', 1000) FROM generate_series(1, 3000)")
assert len(cur.fetchall()) == 3000
c.close()
