/* Pipeline mode: the scenarios of libpq's own test program (libpq_pipeline.c). */
#include "tap.h"

static void next(PGconn *c, ExecStatusType status) { PQclear(want(c, PQgetResult(c), status)); }

static void send(PGconn *c, const char *sql, const char *arg) {
	const char *values[] = {arg};
	if (!PQsendQueryParams(c, sql, arg ? 1 : 0, NULL, values, NULL, NULL, 0))
		fail(__FILE__, __LINE__, sql, PQerrorMessage(c));
}

static void sync(PGconn *c) { CHECK(PQpipelineSync(c) == 1); }

static void synced(PGconn *c) { next(c, PGRES_PIPELINE_SYNC); }

static void rules(void) {
	begin("pipeline: what is not allowed");
	PGconn *c = connect_to("");
	CHECK(PQenterPipelineMode(c) == 1 && PQpipelineStatus(c) == PQ_PIPELINE_ON);
	PQclear(want(c, PQexec(c, "SELECT 1"), PGRES_FATAL_ERROR));
	CHECK(PQsetSingleRowMode(c) == 0);
	send(c, "SELECT 1", NULL);
	sync(c);
	CHECK(PQexitPipelineMode(c) == 0);
	next(c, PGRES_TUPLES_OK);
	drained(c);
	synced(c);
	drained(c);
	CHECK(PQexitPipelineMode(c) == 1 && PQpipelineStatus(c) == PQ_PIPELINE_OFF);
	PQclear(want(c, PQexec(c, "SELECT 1"), PGRES_TUPLES_OK));
	PQfinish(c);
	finish();
}

static void simple(void) {
	begin("pipeline: several queries, several pipelines");
	PGconn *c = connect_to("");
	CHECK(PQenterPipelineMode(c));
	for (int i = 0; i < 3; i++) {
		send(c, "SELECT $1::int", "1");
		send(c, "SELECT $1::int + 1", "1");
		sync(c);
	}
	for (int i = 0; i < 3; i++) {
		for (int k = 1; k <= 2; k++) {
			PGresult *r = want(c, PQgetResult(c), PGRES_TUPLES_OK);
			CHECK(atoi(PQgetvalue(r, 0, 0)) == k);
			PQclear(r);
			drained(c);
		}
		synced(c);
	}
	drained(c);
	CHECK(PQexitPipelineMode(c));
	PQfinish(c);
	finish();
}

static void aborted(void) {
	begin("pipeline: an error aborts until the sync, and rolls back");
	PGconn *c = connect_to("");
	run(c, "CREATE TABLE pipe (id serial PRIMARY KEY, n int)");
	CHECK(PQenterPipelineMode(c));
	send(c, "INSERT INTO pipe (n) VALUES ($1)", "1");
	send(c, "SELECT no_such_function($1)", "1");
	send(c, "INSERT INTO pipe (n) VALUES ($1)", "2");
	sync(c);
	send(c, "INSERT INTO pipe (n) VALUES ($1)", "3");
	sync(c);
	next(c, PGRES_COMMAND_OK);
	drained(c);
	PGresult *r = want(c, PQgetResult(c), PGRES_FATAL_ERROR);
	SAME(state(r), "42883");
	PQclear(r);
	drained(c);
	CHECK(PQpipelineStatus(c) == PQ_PIPELINE_ABORTED);
	next(c, PGRES_PIPELINE_ABORTED);
	drained(c);
	synced(c);
	CHECK(PQpipelineStatus(c) == PQ_PIPELINE_ON);
	next(c, PGRES_COMMAND_OK);
	drained(c);
	synced(c);
	CHECK(PQexitPipelineMode(c));
	SAME(value(c, "SELECT string_agg(n::text, ',') FROM pipe"), "3");
	finish();

	begin("pipeline: rows come before the error that ends it");
	CHECK(PQenterPipelineMode(c));
	CHECK(PQsendQueryParams(c, "SELECT 1.0 / g FROM generate_series(3, -1, -1) g", 0, NULL, NULL, NULL, NULL, 0));
	CHECK(PQsetSingleRowMode(c));
	sync(c);
	int rows = 0;
	while ((r = PQgetResult(c)) && PQresultStatus(r) == PGRES_SINGLE_TUPLE) {
		rows++;
		PQclear(r);
	}
	SAME(state(r), "22012");
	CHECK(rows <= 3); /* as many as the server had sent by then */
	PQclear(r);
	drained(c);
	synced(c);
	CHECK(PQexitPipelineMode(c));
	finish();

	begin("pipeline: a block within, and one over a failed one");
	CHECK(PQenterPipelineMode(c));
	send(c, "BEGIN", NULL);
	send(c, "INSERT INTO pipe (n) VALUES ($1)", "10");
	send(c, "COMMIT", NULL);
	send(c, "BEGIN", NULL);
	send(c, "SELECT 0/0", NULL);
	send(c, "ROLLBACK", NULL);
	sync(c);
	send(c, "ROLLBACK", NULL);
	send(c, "INSERT INTO pipe (n) VALUES ($1)", "11");
	sync(c);
	for (int i = 0; i < 4; i++) {
		next(c, PGRES_COMMAND_OK);
		drained(c);
	}
	next(c, PGRES_FATAL_ERROR);
	drained(c);
	next(c, PGRES_PIPELINE_ABORTED);
	drained(c);
	synced(c);
	for (int i = 0; i < 2; i++) {
		next(c, PGRES_COMMAND_OK);
		drained(c);
	}
	synced(c);
	CHECK(PQexitPipelineMode(c) && PQtransactionStatus(c) == PQTRANS_IDLE);
	SAME(value(c, "SELECT string_agg(n::text, ',' ORDER BY n) FROM pipe"), "3,10,11");
	PQfinish(c);
	finish();
}

static void prepared(void) {
	begin("pipeline: prepare, describe and execute");
	PGconn *c = connect_to("");
	CHECK(PQenterPipelineMode(c));
	Oid types[] = {23};
	CHECK(PQsendPrepare(c, "p", "SELECT $1, '42', $1::numeric, interval '1 sec'", 1, types));
	CHECK(PQsendDescribePrepared(c, "p"));
	sync(c);
	next(c, PGRES_COMMAND_OK);
	drained(c);
	PGresult *r = want(c, PQgetResult(c), PGRES_COMMAND_OK);
	Oid expected[] = {23, 25, 1700, 1186};
	CHECK(PQnfields(r) == 4 && PQnparams(r) == 1);
	for (int i = 0; i < PQnfields(r); i++)
		CHECK(PQftype(r, i) == expected[i]);
	PQclear(r);
	drained(c);
	synced(c);
	CHECK(PQsendQueryParams(c, "BEGIN", 0, NULL, NULL, NULL, NULL, 0));
	CHECK(PQsendQueryParams(c, "DECLARE cur CURSOR FOR SELECT 1", 0, NULL, NULL, NULL, NULL, 0));
	CHECK(PQsendDescribePortal(c, "cur"));
	sync(c);
	next(c, PGRES_COMMAND_OK);
	drained(c);
	next(c, PGRES_COMMAND_OK);
	drained(c);
	r = want(c, PQgetResult(c), PGRES_COMMAND_OK);
	CHECK(PQnfields(r) == 1 && PQftype(r, 0) == 23);
	PQclear(r);
	drained(c);
	synced(c);
	CHECK(PQexitPipelineMode(c));
	PQfinish(c);
	finish();
}

static void without_sync(void) {
	begin("pipeline: results come on a flush, without a sync");
	PGconn *c = connect_to("");
	CHECK(PQenterPipelineMode(c));
	for (int i = 0; i < 10; i++) {
		send(c, "SELECT repeat('xyzxz', 12)", NULL);
		CHECK(PQsendFlushRequest(c) == 1);
		PQflush(c);
		PGresult *r = want(c, PQgetResult(c), PGRES_TUPLES_OK);
		CHECK(PQgetlength(r, 0, 0) == 60);
		PQclear(r);
		drained(c);
	}
	sync(c);
	synced(c);
	CHECK(PQexitPipelineMode(c));
	PQfinish(c);
	finish();
}

static void single_rows(void) {
	begin("pipeline: rows one by one, in some of its queries");
	PGconn *c = connect_to("");
	CHECK(PQenterPipelineMode(c));
	for (int i = 0; i < 3; i++)
		send(c, "SELECT generate_series(42, $1::int)", i == 0 ? "44" : i == 1 ? "45" : "46");
	sync(c);
	for (int i = 0; i < 3; i++) {
		if (i < 2)
			CHECK(PQsetSingleRowMode(c) == 1);
		int rows = 0;
		PGresult *r;
		while ((r = PQgetResult(c))) {
			CHECK(PQresultStatus(r) == (i < 2 && PQntuples(r) == 1 ? PGRES_SINGLE_TUPLE : PGRES_TUPLES_OK));
			rows += PQntuples(r);
			PQclear(r);
		}
		CHECK(rows == 3 + i);
	}
	synced(c);
	CHECK(PQexitPipelineMode(c));
	PQfinish(c);
	finish();
}

static void many(void) {
	begin("pipeline: 2000 inserts that do not block, in one transaction");
	PGconn *c = connect_to("");
	run(c, "CREATE TABLE pipe_many (id serial, n int, big int8)");
	CHECK(PQsetnonblocking(c, 1) == 0 && PQenterPipelineMode(c));
	send(c, "BEGIN", NULL);
	CHECK(PQsendPrepare(c, "i", "INSERT INTO pipe_many (n, big) VALUES ($1, $2)", 0, NULL));
	const int rows = 2000;
	int sent = 0, got = 0;
	while (got < rows + 4) {
		for (int k = 0; sent < rows && k < 50; k++, sent++) {
			char n[16];
			snprintf(n, sizeof n, "%d", sent);
			const char *values[] = {n, "1099511627776"};
			CHECK(PQsendQueryPrepared(c, "i", 2, values, NULL, NULL, 0));
		}
		if (sent == rows) {
			send(c, "COMMIT", NULL);
			sync(c);
			sent++;
		}
		PQflush(c);
		PQconsumeInput(c);
		while (!PQisBusy(c) && got < rows + 4) {
			PGresult *r = PQgetResult(c);
			if (!r) {
				if (PQisBusy(c))
					break;
				if (!(r = PQgetResult(c)))
					break;
			}
			ExecStatusType s = PQresultStatus(r);
			CHECK(s == (got == rows + 3 ? PGRES_PIPELINE_SYNC : PGRES_COMMAND_OK));
			PQclear(r);
			got++;
		}
	}
	CHECK(PQexitPipelineMode(c));
	CHECK(PQsetnonblocking(c, 0) == 0);
	SAME(value(c, "SELECT count(*) || ' ' || sum(n) FROM pipe_many"), "2000 1999000");
	PQfinish(c);
	finish();
}

static void unique(void) {
	begin("pipeline: a unique violation in one pipeline leaves the others");
	PGconn *c = connect_to("");
	run(c, "CREATE TABLE pipe_unique (id int PRIMARY KEY)");
	CHECK(PQenterPipelineMode(c));
	const char *ids[] = {"1", "2", "1", "3"};
	for (int i = 0; i < 4; i++) {
		send(c, "INSERT INTO pipe_unique VALUES ($1) RETURNING id", ids[i]);
		sync(c);
	}
	for (int i = 0; i < 4; i++) {
		next(c, i == 2 ? PGRES_FATAL_ERROR : PGRES_TUPLES_OK);
		drained(c);
		synced(c);
	}
	CHECK(PQexitPipelineMode(c));
	SAME(value(c, "SELECT count(*) FROM pipe_unique"), "3");
	PQfinish(c);
	finish();
}

void test_pipeline(void) {
	rules();
	simple();
	aborted();
	prepared();
	without_sync();
	single_rows();
	many();
	unique();
}
