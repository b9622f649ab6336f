/* Results: parameters and results in both formats, descriptions, errors, rows one
 * by one. */
#include "tap.h"
#include <arpa/inet.h>
#include <endian.h>
#include <stdint.h>

static void binary(void) {
	begin("parameters and results in binary");
	PGconn *c = connect_to("");
	uint32_t i4 = htonl(42);
	uint64_t i8 = htobe64(1LL << 40), f8bits;
	double f8 = 1.5;
	memcpy(&f8bits, &f8, 8);
	f8bits = htobe64(f8bits);
	const char *values[] = {(char *)&i4, (char *)&i8, (char *)&f8bits, "t\xc3\xa4xt", "\0\xff", "\1", NULL};
	int lengths[] = {4, 8, 8, 5, 2, 1, 0}, formats[] = {1, 1, 1, 0, 1, 1, 0};
	Oid types[] = {23, 20, 701, 25, 17, 16, 25};
	PGresult *r = want(c, PQexecParams(c, "SELECT $1, $2, $3, $4, $5, $6, $7", 7, types, values, lengths, formats, 1), PGRES_TUPLES_OK);
	for (int i = 0; i < 6; i++) {
		CHECK(PQftype(r, i) == types[i] && PQfformat(r, i) == 1 && PQgetlength(r, 0, i) == lengths[i]);
		CHECK(memcmp(PQgetvalue(r, 0, i), values[i], lengths[i]) == 0);
	}
	CHECK(PQgetisnull(r, 0, 6) && PQgetlength(r, 0, 6) == 0);
	PQclear(r);
	r = want(c, PQexecParams(c, "SELECT ARRAY[1, NULL]::int4[], '2000-01-02'::date, '2000-01-01 00:00:01+00'::timestamptz, 12345.678::numeric, '11111111-2222-3333-4444-555555555555'::uuid, '{\"a\":1}'::jsonb, '1 mon 2 days 00:00:03'::interval", 0, NULL, NULL, NULL, NULL, 1), PGRES_TUPLES_OK);
	CHECK(PQgetlength(r, 0, 0) == 32 && memcmp(PQgetvalue(r, 0, 0), "\0\0\0\1\0\0\0\1\0\0\0\27\0\0\0\2\0\0\0\1\0\0\0\4\0\0\0\1\377\377\377\377", 32) == 0);
	CHECK(PQgetlength(r, 0, 1) == 4 && memcmp(PQgetvalue(r, 0, 1), "\0\0\0\1", 4) == 0);
	CHECK(PQgetlength(r, 0, 2) == 8 && memcmp(PQgetvalue(r, 0, 2), "\0\0\0\0\0\x0f\x42\x40", 8) == 0);
	CHECK(PQgetlength(r, 0, 3) == 14 && memcmp(PQgetvalue(r, 0, 3), "\0\3\0\1\0\0\0\3\0\1\x09\x29\x1a\x7c", 14) == 0);
	CHECK(PQgetlength(r, 0, 4) == 16 && memcmp(PQgetvalue(r, 0, 4), "\x11\x11\x11\x11\"\"33DDUUUUUU", 16) == 0);
	CHECK(PQgetlength(r, 0, 5) == 9 && memcmp(PQgetvalue(r, 0, 5), "\1{\"a\": 1}", 9) == 0);
	CHECK(PQgetlength(r, 0, 6) == 16 && memcmp(PQgetvalue(r, 0, 6), "\0\0\0\0\0\x2d\xc6\xc0\0\0\0\2\0\0\0\1", 16) == 0);
	PQclear(r);
	PQfinish(c);
	finish();
}

static void described(void) {
	begin("a prepared statement and a cursor are described");
	PGconn *c = connect_to("");
	run(c, "CREATE TABLE described (id int PRIMARY KEY, name varchar(20), price numeric(10,2))");
	PQclear(want(c, PQprepare(c, "p", "SELECT id, name, price, id + 1 FROM described WHERE id = $1 AND name = $2 AND price > $3", 0, NULL), PGRES_COMMAND_OK));
	PGresult *r = want(c, PQdescribePrepared(c, "p"), PGRES_COMMAND_OK);
	CHECK(PQnparams(r) == 3 && PQparamtype(r, 0) == 23 && PQparamtype(r, 1) == 25 && PQparamtype(r, 2) == 1700);
	CHECK(PQnfields(r) == 4 && PQftype(r, 1) == 1043 && PQfmod(r, 1) == 24 && PQfsize(r, 1) == -1 && PQfmod(r, 2) == ((10 << 16) | 2) + 4);
	CHECK(PQftable(r, 0) != 0 && PQftable(r, 0) == PQftable(r, 2) && PQftablecol(r, 2) == 3 && PQftable(r, 3) == 0 && PQfsize(r, 3) == 4);
	SAME(PQfname(r, 3), "?column?");
	CHECK(PQfnumber(r, "PRICE") == 2 && PQfnumber(r, "nope") == -1);
	PQclear(r);
	run(c, "INSERT INTO described VALUES (1, 'one', 9.5)");
	const char *args[] = {"1", "one", "1"};
	r = want(c, PQexecPrepared(c, "p", 3, args, NULL, NULL, 0), PGRES_TUPLES_OK);
	SAME(PQgetvalue(r, 0, 2), "9.50");
	PQclear(r);
	run(c, "BEGIN; DECLARE cur CURSOR FOR SELECT name FROM described");
	r = want(c, PQdescribePortal(c, "cur"), PGRES_COMMAND_OK);
	CHECK(PQnfields(r) == 1 && PQftype(r, 0) == 1043);
	PQclear(r);
	run(c, "COMMIT; ALTER TABLE described ALTER name TYPE text");
	r = want(c, PQexecPrepared(c, "p", 3, args, NULL, NULL, 0), PGRES_FATAL_ERROR);
	SAME(PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY), "cached plan must not change result type");
	PQclear(r);
	run(c, "DEALLOCATE p");
	r = want(c, PQdescribePrepared(c, "p"), PGRES_FATAL_ERROR);
	SAME(state(r), "26000");
	PQclear(r);
	PQclear(want(c, PQprepare(c, "q", "SELECT 1", 0, NULL), PGRES_COMMAND_OK));
	r = want(c, PQprepare(c, "q", "SELECT 1", 0, NULL), PGRES_FATAL_ERROR);
	SAME(state(r), "42P05");
	PQclear(r);
	r = want(c, PQdescribePortal(c, "nope"), PGRES_FATAL_ERROR);
	SAME(state(r), "34000");
	PQclear(r);
	r = want(c, PQexecPrepared(c, "q", 2, args, NULL, NULL, 0), PGRES_FATAL_ERROR);
	SAME(state(r), "08P01");
	PQclear(r);
	PQfinish(c);
	finish();
}

static void fields(void) {
	begin("an error has all its fields");
	PGconn *c = connect_to("");
	run(c, "CREATE TABLE faulty (id int PRIMARY KEY, n int NOT NULL CONSTRAINT small CHECK (n < 10))");
	run(c, "INSERT INTO faulty VALUES (1, 1)");
	PGresult *r = want(c, PQexec(c, "INSERT INTO faulty VALUES (1, 1)"), PGRES_FATAL_ERROR);
	SAME(state(r), "23505");
	SAME(PQresultErrorField(r, PG_DIAG_SEVERITY), "ERROR");
	SAME(PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED), "ERROR");
	SAME(PQresultErrorField(r, PG_DIAG_MESSAGE_DETAIL), "Key (id)=(1) already exists.");
	SAME(PQresultErrorField(r, PG_DIAG_SCHEMA_NAME), "public");
	SAME(PQresultErrorField(r, PG_DIAG_TABLE_NAME), "faulty");
	SAME(PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME), "faulty_pkey");
	PQclear(r);
	r = want(c, PQexec(c, "INSERT INTO faulty VALUES (2, NULL)"), PGRES_FATAL_ERROR);
	SAME(state(r), "23502");
	SAME(PQresultErrorField(r, PG_DIAG_COLUMN_NAME), "n");
	PQclear(r);
	r = want(c, PQexec(c, "INSERT INTO faulty VALUES (2, 11)"), PGRES_FATAL_ERROR);
	SAME(state(r), "23514");
	SAME(PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME), "small");
	PQclear(r);
	r = want(c, PQexec(c, "SELECT idd FROM faulty"), PGRES_FATAL_ERROR);
	SAME(state(r), "42703");
	SAME(PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION), "8");
	SAME(PQresultErrorField(r, PG_DIAG_MESSAGE_HINT), "Perhaps you meant to reference the column \"faulty.id\".");
	PQclear(r);
	r = want(c, PQexec(c, "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'UX001', DETAIL = 'd', HINT = 'h', TABLE = 't', COLUMN = 'c', DATATYPE = 'y'; END $$"), PGRES_FATAL_ERROR);
	SAME(state(r), "UX001");
	SAME(PQresultErrorField(r, PG_DIAG_DATATYPE_NAME), "y");
	SAME(PQresultErrorField(r, PG_DIAG_CONTEXT), "PL/pgSQL function inline_code_block line 1 at RAISE");
	char *verbose = PQresultVerboseErrorMessage(r, PQERRORS_SQLSTATE, PQSHOW_CONTEXT_ALWAYS);
	SAME(verbose, "ERROR:  UX001\n");
	PQfreemem(verbose);
	PQclear(r);
	PQfinish(c);
	finish();
}

static void several(void) {
	begin("several statements in one query, and none");
	PGconn *c = connect_to("");
	CHECK(PQsendQuery(c, "SELECT 1; CREATE TABLE several (i int); INSERT INTO several VALUES (1), (2); SELECT 1/0; SELECT 3"));
	PQclear(want(c, PQgetResult(c), PGRES_TUPLES_OK));
	PGresult *r = want(c, PQgetResult(c), PGRES_COMMAND_OK);
	SAME(PQcmdStatus(r), "CREATE TABLE");
	PQclear(r);
	r = want(c, PQgetResult(c), PGRES_COMMAND_OK);
	SAME(PQcmdTuples(r), "2");
	PQclear(r);
	PQclear(want(c, PQgetResult(c), PGRES_FATAL_ERROR));
	drained(c);
	SAME(value(c, "SELECT to_regclass('several') IS NULL"), "t");
	PQclear(want(c, PQexec(c, ""), PGRES_EMPTY_QUERY));
	PQclear(want(c, PQexec(c, "-- nothing"), PGRES_EMPTY_QUERY));
	PQfinish(c);
	finish();
}

static void row_by_row(void) {
	begin("rows one by one, and an error at their end");
	PGconn *c = connect_to("");
	CHECK(PQsendQuery(c, "SELECT i FROM generate_series(1, 3000) i") && PQsetSingleRowMode(c));
	PGresult *r;
	int n = 0;
	while ((r = PQgetResult(c)) && PQresultStatus(r) == PGRES_SINGLE_TUPLE) {
		CHECK(PQntuples(r) == 1 && atoi(PQgetvalue(r, 0, 0)) == ++n);
		PQclear(r);
	}
	CHECK(n == 3000 && PQntuples(want(c, r, PGRES_TUPLES_OK)) == 0);
	PQclear(r);
	drained(c);
	CHECK(PQsendQuery(c, "SELECT 10 / (3 - i) FROM generate_series(1, 5) i") && PQsetSingleRowMode(c));
	for (n = 0; (r = PQgetResult(c)) && PQresultStatus(r) == PGRES_SINGLE_TUPLE; n++)
		PQclear(r);
	SAME(state(r), "22012");
	CHECK(n <= 2); /* as many as the server had sent by then */
	PQclear(r);
	drained(c);
	PQfinish(c);
	finish();

	begin("a value of five megabytes there and back, without blocking");
	c = connect_to("");
	CHECK(PQsetnonblocking(c, 1) == 0);
	const int size = 5 << 20;
	char *big = malloc(size + 1);
	memset(big, 'x', size);
	big[size] = 0;
	const char *values[] = {big};
	CHECK(PQsendQueryParams(c, "SELECT $1::text", 1, NULL, values, NULL, NULL, 0));
	while (PQflush(c) == 1)
		PQconsumeInput(c);
	while (PQisBusy(c))
		PQconsumeInput(c);
	r = want(c, PQgetResult(c), PGRES_TUPLES_OK);
	CHECK(PQgetlength(r, 0, 0) == size && memcmp(PQgetvalue(r, 0, 0), big, size) == 0);
	PQclear(r);
	free(big);
	PQfinish(c);
	finish();
}

void test_results(void) {
	binary();
	described();
	fields();
	several();
	row_by_row();
}
