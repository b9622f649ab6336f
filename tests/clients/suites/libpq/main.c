/* libpq in C: what its own documentation and test programs do with it. */
#include "tap.h"

static int count, failed, bad;
static const char *current;

void begin(const char *name) { current = name; bad = 0; }

void finish(void) {
	count++;
	failed += bad;
	printf("%s %d - %s\n", bad ? "not ok" : "ok", count, current);
	fflush(stdout);
}

void fail(const char *file, int line, const char *what, const char *detail) {
	printf("# %s:%d: %s: %s\n", file, line, what, detail);
	bad = 1;
}

int done(void) {
	printf("1..%d\n", count);
	return failed > 0;
}

PGconn *connect_to(const char *conninfo) {
	PGconn *c = PQconnectdb(conninfo);
	if (PQstatus(c) != CONNECTION_OK)
		fail(__FILE__, __LINE__, conninfo, PQerrorMessage(c));
	return c;
}

PGresult *want(PGconn *c, PGresult *r, ExecStatusType status) {
	if (PQresultStatus(r) != status) {
		fail(__FILE__, __LINE__, PQresStatus(status), PQresStatus(PQresultStatus(r)));
		fail(__FILE__, __LINE__, "error", PQerrorMessage(c));
	}
	return r;
}

void run(PGconn *c, const char *sql) {
	PGresult *r = PQexec(c, sql);
	if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
		fail(__FILE__, __LINE__, sql, PQerrorMessage(c));
	PQclear(r);
}

const char *value(PGconn *c, const char *sql) {
	static char text[4096];
	PGresult *r = PQexec(c, sql);
	snprintf(text, sizeof text, "%s", PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1 ? PQgetvalue(r, 0, 0) : PQerrorMessage(c));
	PQclear(r);
	return text;
}

const char *state(PGresult *r) {
	const char *s = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	return s ? s : "";
}

void drained(PGconn *c) {
	PGresult *r = PQgetResult(c);
	if (r)
		fail(__FILE__, __LINE__, "no more results", PQresStatus(PQresultStatus(r)));
	PQclear(r);
}

int main(void) {
	test_connect();
	test_results();
	test_pipeline();
	test_copy();
	test_large();
	return done();
}
