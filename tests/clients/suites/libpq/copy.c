/* COPY in both directions and formats, and where it ends early. */
#include "tap.h"

static void texts(PGconn *c) {
	begin("COPY in and out as text");
	run(c, "CREATE TABLE copied (id int, name text)");
	PGresult *r = want(c, PQexec(c, "COPY copied FROM STDIN"), PGRES_COPY_IN);
	CHECK(PQnfields(r) == 2 && PQbinaryTuples(r) == 0 && PQfformat(r, 0) == 0);
	PQclear(r);
	const char *rows = "1\tone\n2\ttwo\\nlines\n3\t\\N\n";
	for (const char *p = rows; *p; p++)
		CHECK(PQputCopyData(c, p, 1) == 1); /* rows are cut anywhere */
	CHECK(PQputCopyEnd(c, NULL) == 1);
	r = want(c, PQgetResult(c), PGRES_COMMAND_OK);
	SAME(PQcmdStatus(r), "COPY 3");
	PQclear(r);
	drained(c);
	PQclear(want(c, PQexec(c, "COPY (SELECT * FROM copied ORDER BY id) TO STDOUT"), PGRES_COPY_OUT));
	char all[256] = "", *line;
	int n;
	while ((n = PQgetCopyData(c, &line, 0)) > 0) {
		strncat(all, line, n);
		PQfreemem(line);
	}
	CHECK(n == -1);
	SAME(all, rows);
	r = want(c, PQgetResult(c), PGRES_COMMAND_OK);
	SAME(PQcmdTuples(r), "3");
	PQclear(r);
	drained(c);
	finish();
}

static void binaries(PGconn *c) {
	begin("COPY in and out in binary");
	char data[1024], *row;
	int size = 0, n;
	PGresult *r = want(c, PQexec(c, "COPY copied TO STDOUT (FORMAT binary)"), PGRES_COPY_OUT);
	CHECK(PQbinaryTuples(r) == 1 && PQfformat(r, 1) == 1);
	PQclear(r);
	while ((n = PQgetCopyData(c, &row, 0)) > 0) {
		memcpy(data + size, row, n);
		size += n;
		PQfreemem(row);
	}
	PQclear(want(c, PQgetResult(c), PGRES_COMMAND_OK));
	drained(c);
	CHECK(memcmp(data, "PGCOPY\n\377\r\n\0", 11) == 0);
	run(c, "CREATE TABLE copied_binary (LIKE copied)");
	PQclear(want(c, PQexec(c, "COPY copied_binary FROM STDIN (FORMAT binary)"), PGRES_COPY_IN));
	CHECK(PQputCopyData(c, data, size) == 1 && PQputCopyEnd(c, NULL) == 1);
	PQclear(want(c, PQgetResult(c), PGRES_COMMAND_OK));
	drained(c);
	SAME(value(c, "SELECT count(*) FROM (SELECT * FROM copied EXCEPT SELECT * FROM copied_binary) d"), "0");
	finish();
}

static void ends(PGconn *c) {
	begin("COPY that ends early: by the client, by a bad row, by not being read");
	PQclear(want(c, PQexec(c, "COPY copied FROM STDIN"), PGRES_COPY_IN));
	CHECK(PQputCopyData(c, "9\tnine\n", 7) == 1 && PQputCopyEnd(c, "changed my mind") == 1);
	PGresult *r = want(c, PQgetResult(c), PGRES_FATAL_ERROR);
	SAME(state(r), "57014");
	SAME(PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY), "COPY from stdin failed: changed my mind");
	PQclear(r);
	drained(c);
	PQclear(want(c, PQexec(c, "COPY copied FROM STDIN"), PGRES_COPY_IN));
	CHECK(PQputCopyData(c, "8\teight\nx\ty\n", 12) == 1 && PQputCopyEnd(c, NULL) == 1);
	r = want(c, PQgetResult(c), PGRES_FATAL_ERROR);
	SAME(state(r), "22P02");
	SAME(PQresultErrorField(r, PG_DIAG_CONTEXT), "COPY copied, line 2, column id: \"x\"");
	PQclear(r);
	drained(c);
	SAME(value(c, "SELECT count(*) FROM copied"), "3");
	PQclear(want(c, PQexec(c, "COPY (SELECT i FROM generate_series(1, 1000) i) TO STDOUT"), PGRES_COPY_OUT));
	PQclear(want(c, PQexec(c, "SELECT 1"), PGRES_TUPLES_OK)); /* libpq reads the rest away */
	finish();
}

static void mixed(PGconn *c) {
	begin("COPY among other statements of one query");
	CHECK(PQsendQuery(c, "CREATE TABLE copied_mixed (i int); COPY copied_mixed FROM STDIN; SELECT count(*) FROM copied_mixed; COPY copied_mixed TO STDOUT"));
	PQclear(want(c, PQgetResult(c), PGRES_COMMAND_OK));
	PQclear(want(c, PQgetResult(c), PGRES_COPY_IN));
	CHECK(PQputCopyData(c, "1\n2\n", 4) == 1 && PQputCopyEnd(c, NULL) == 1);
	PQclear(want(c, PQgetResult(c), PGRES_COMMAND_OK));
	PGresult *r = want(c, PQgetResult(c), PGRES_TUPLES_OK);
	SAME(PQgetvalue(r, 0, 0), "2");
	PQclear(r);
	PQclear(want(c, PQgetResult(c), PGRES_COPY_OUT));
	char *line;
	int rows = 0;
	for (; PQgetCopyData(c, &line, 0) > 0; rows++)
		PQfreemem(line);
	CHECK(rows == 2);
	PQclear(want(c, PQgetResult(c), PGRES_COMMAND_OK));
	drained(c);
	finish();
}

void test_copy(void) {
	PGconn *c = connect_to("");
	texts(c);
	binaries(c);
	ends(c);
	mixed(c);
	PQfinish(c);
}
