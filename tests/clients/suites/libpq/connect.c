/* Connecting: parameters, several hosts, services, states, cancel, notices. */
#include "tap.h"
#include <sys/select.h>

static void parameters(void) {
	begin("parameters that the server reports");
	PGconn *c = connect_to("application_name=suite");
	CHECK(PQserverVersion(c) >= 150000 && PQserverVersion(c) < 160000);
	CHECK(PQprotocolVersion(c) == 3);
	CHECK(PQbackendPID(c) > 0);
	SAME(PQparameterStatus(c, "application_name"), "suite");
	SAME(PQparameterStatus(c, "server_encoding"), "UTF8");
	SAME(PQparameterStatus(c, "client_encoding"), "UTF8");
	SAME(PQparameterStatus(c, "integer_datetimes"), "on");
	SAME(PQparameterStatus(c, "standard_conforming_strings"), "on");
	SAME(PQparameterStatus(c, "is_superuser"), "on");
	SAME(PQparameterStatus(c, "session_authorization"), PQuser(c));
	SAME(PQparameterStatus(c, "DateStyle"), "ISO, MDY");
	SAME(PQparameterStatus(c, "IntervalStyle"), "postgres");
	SAME(PQparameterStatus(c, "default_transaction_read_only"), "off");
	SAME(PQparameterStatus(c, "in_hot_standby"), "off");
	CHECK(PQparameterStatus(c, "TimeZone") != NULL);
	run(c, "SET application_name = 'other'");
	SAME(PQparameterStatus(c, "application_name"), "other");
	run(c, "BEGIN; SET LOCAL TimeZone = 'Europe/Berlin'");
	SAME(PQparameterStatus(c, "TimeZone"), "Europe/Berlin");
	run(c, "ROLLBACK");
	SAME(PQparameterStatus(c, "TimeZone"), value(c, "SHOW TimeZone"));
	CHECK(PQclientEncoding(c) == pg_char_to_encoding("UTF8"));
	CHECK(PQsetClientEncoding(c, "UTF8") == 0);
	CHECK(PQsetClientEncoding(c, "nope") == -1);
	PQfinish(c);
	finish();
}

static void asynchronous(void) {
	begin("an asynchronous connection, and reset");
	PGconn *c = PQconnectStart("");
	PostgresPollingStatusType p = PGRES_POLLING_WRITING;
	while (p != PGRES_POLLING_OK && p != PGRES_POLLING_FAILED) {
		fd_set set;
		FD_ZERO(&set);
		FD_SET(PQsocket(c), &set);
		struct timeval limit = {5, 0};
		CHECK(select(PQsocket(c) + 1, p == PGRES_POLLING_READING ? &set : NULL, p == PGRES_POLLING_WRITING ? &set : NULL, NULL, &limit) > 0);
		p = PQconnectPoll(c);
	}
	CHECK(p == PGRES_POLLING_OK);
	int pid = PQbackendPID(c);
	run(c, "SET application_name = 'x'");
	PQreset(c);
	CHECK(PQstatus(c) == CONNECTION_OK && PQbackendPID(c) != pid);
	PQfinish(c);
	finish();
}

static void strings(void) {
	begin("connection strings: options, service, several hosts, sslmode");
	PGconn *c = connect_to("options='-c search_path=pg_catalog -c statement_timeout=5s --work_mem=8MB'");
	SAME(value(c, "SHOW search_path"), "pg_catalog");
	SAME(value(c, "SHOW statement_timeout"), "5s");
	SAME(value(c, "SHOW work_mem"), "8MB");
	PQfinish(c);
	c = connect_to("service=suite");
	SAME(value(c, "SHOW application_name"), "from service");
	PQfinish(c);
	char text[512];
	snprintf(text, sizeof text, "host=127.0.0.1,%s port=1,%s target_session_attrs=read-write", getenv("PGHOST"), getenv("PGPORT"));
	c = connect_to(text);
	SAME(PQport(c), getenv("PGPORT"));
	PQfinish(c);
	const char *fit[] = {"any", "read-write", "primary", "prefer-standby"}, *unfit[] = {"read-only", "standby"};
	const char *why[] = {"session is not read-only", "server is not in hot standby mode"};
	for (int i = 0; i < 4; i++) {
		snprintf(text, sizeof text, "target_session_attrs=%s", fit[i]);
		PQfinish(connect_to(text));
	}
	for (int i = 0; i < 2; i++) {
		snprintf(text, sizeof text, "target_session_attrs=%s", unfit[i]);
		c = PQconnectdb(text);
		CHECK(PQstatus(c) == CONNECTION_BAD && strstr(PQerrorMessage(c), why[i]));
		PQfinish(c);
	}
	const char *modes[] = {"disable", "allow", "prefer"};
	for (int i = 0; i < 3; i++) {
		snprintf(text, sizeof text, "sslmode=%s gssencmode=%s", modes[i], i ? "prefer" : "disable");
		PQfinish(connect_to(text));
	}
	c = PQconnectdb("sslmode=require");
	CHECK(PQsslInUse(c) || strstr(PQerrorMessage(c), "server does not support SSL"));
	PQfinish(c);
	snprintf(text, sizeof text, "postgresql://%s@%s:%s/%s?application_name=uri&connect_timeout=5&keepalives_idle=10", getenv("PGUSER"), getenv("PGHOST"), getenv("PGPORT"), getenv("PGDATABASE"));
	c = connect_to(text);
	SAME(value(c, "SHOW application_name"), "uri");
	PQfinish(c);
	CHECK(PQping("") == PQPING_OK);
	CHECK(PQping("port=1") == PQPING_NO_RESPONSE);
	finish();

	begin("a connection that is refused says why");
	c = PQconnectdb("dbname=there_is_none");
	CHECK(PQstatus(c) == CONNECTION_BAD && strstr(PQerrorMessage(c), "FATAL:  database \"there_is_none\" does not exist"));
	PQfinish(c);
	c = PQconnectdb("options='-c nope=1'");
	CHECK(PQstatus(c) == CONNECTION_BAD && strstr(PQerrorMessage(c), "unrecognized configuration parameter \"nope\""));
	PQfinish(c);
	finish();
}

static void states(void) {
	begin("the state of a transaction");
	PGconn *c = connect_to("");
	CHECK(PQtransactionStatus(c) == PQTRANS_IDLE);
	CHECK(PQsendQuery(c, "SELECT 1"));
	CHECK(PQtransactionStatus(c) == PQTRANS_ACTIVE);
	PQclear(want(c, PQgetResult(c), PGRES_TUPLES_OK));
	drained(c);
	run(c, "BEGIN");
	CHECK(PQtransactionStatus(c) == PQTRANS_INTRANS);
	PGresult *r = want(c, PQexec(c, "SELECT 1/0"), PGRES_FATAL_ERROR);
	SAME(state(r), "22012");
	PQclear(r);
	CHECK(PQtransactionStatus(c) == PQTRANS_INERROR);
	r = want(c, PQexec(c, "SELECT 1"), PGRES_FATAL_ERROR);
	SAME(state(r), "25P02");
	PQclear(r);
	r = want(c, PQexec(c, "COMMIT"), PGRES_COMMAND_OK);
	SAME(PQcmdStatus(r), "ROLLBACK");
	PQclear(r);
	CHECK(PQtransactionStatus(c) == PQTRANS_IDLE);
	PQfinish(c);
	finish();
}

static int notices;
static char noticed[256];

static void receive(void *arg, const PGresult *r) {
	notices++;
	snprintf(noticed, sizeof noticed, "%s %s %s", PQresultErrorField(r, PG_DIAG_SEVERITY), PQresultErrorField(r, PG_DIAG_SQLSTATE), PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
}

static void asides(void) {
	begin("notices reach the receiver, as client_min_messages lets them");
	PGconn *c = connect_to("");
	PQsetNoticeReceiver(c, receive, NULL);
	run(c, "DO $$ BEGIN RAISE WARNING 'careful: %', 1 USING ERRCODE = '01004'; END $$");
	SAME(noticed, "WARNING 01004 careful: 1");
	run(c, "DROP TABLE IF EXISTS there_is_none");
	SAME(noticed, "NOTICE 00000 table \"there_is_none\" does not exist, skipping");
	run(c, "SET client_min_messages = warning");
	run(c, "DROP TABLE IF EXISTS there_is_none");
	CHECK(notices == 2);
	PQfinish(c);
	finish();

	begin("LISTEN and NOTIFY between two connections");
	PGconn *a = connect_to(""), *b = connect_to("");
	run(a, "LISTEN news");
	run(b, "BEGIN; NOTIFY news, 'one'; NOTIFY news, 'one'; SELECT pg_notify('news', 'two')");
	run(a, "SELECT 1");
	CHECK(PQnotifies(a) == NULL);
	run(b, "COMMIT");
	char got[64] = "";
	for (int i = 0; i < 50 && strlen(got) < 6; i++) {
		fd_set set;
		FD_ZERO(&set);
		FD_SET(PQsocket(a), &set);
		struct timeval limit = {1, 0};
		select(PQsocket(a) + 1, &set, NULL, NULL, &limit);
		PQconsumeInput(a);
		for (PGnotify *n; (n = PQnotifies(a)); PQfreemem(n)) {
			CHECK(n->be_pid == PQbackendPID(b));
			SAME(n->relname, "news");
			strcat(got, n->extra);
		}
	}
	SAME(got, "onetwo");
	PQfinish(a);
	PQfinish(b);
	finish();

	begin("a statement is cancelled, and the connection goes on");
	c = connect_to("");
	PGcancel *k = PQgetCancel(c);
	char error[256];
	CHECK(PQsendQuery(c, "SELECT pg_sleep(30)"));
	PQflush(c);
	fd_set none;
	FD_ZERO(&none);
	struct timeval pause = {0, 200000};
	select(0, &none, NULL, NULL, &pause);
	CHECK(PQcancel(k, error, sizeof error));
	PQfreeCancel(k);
	PGresult *r = want(c, PQgetResult(c), PGRES_FATAL_ERROR);
	SAME(state(r), "57014");
	PQclear(r);
	drained(c);
	SAME(value(c, "SELECT 7"), "7");
	PQfinish(c);
	finish();
}

static void quoting(void) {
	begin("quoting, and a password's verifier");
	PGconn *c = connect_to("");
	char *literal = PQescapeLiteral(c, "O'Ne\\il", 7), *name = PQescapeIdentifier(c, "a\"b", 3);
	SAME(literal, " E'O''Ne\\\\il'");
	SAME(name, "\"a\"\"b\"");
	char sql[256];
	snprintf(sql, sizeof sql, "SELECT %s AS %s", literal, name);
	PGresult *r = want(c, PQexec(c, sql), PGRES_TUPLES_OK);
	SAME(PQfname(r, 0), "a\"b");
	SAME(PQgetvalue(r, 0, 0), "O'Ne\\il");
	PQclear(r);
	PQfreemem(literal);
	PQfreemem(name);
	size_t n;
	unsigned char *bytes = PQescapeByteaConn(c, (const unsigned char *)"\0\xff'", 3, &n);
	SAME((char *)bytes, "\\x00ff27");
	PQfreemem(bytes);
	char *verifier = PQencryptPasswordConn(c, "secret", PQuser(c), NULL);
	CHECK(verifier && strncmp(verifier, "SCRAM-SHA-256$4096:", 19) == 0);
	PQfreemem(verifier);
	PQfinish(c);
	finish();
}

void test_connect(void) {
	parameters();
	asynchronous();
	strings();
	states();
	asides();
	quoting();
}
