/* Large objects: libpq's functions over fast-path calls, as testlo.c and testlo64.c use them. */
#include "tap.h"
#include <libpq/libpq-fs.h>
#include <unistd.h>

#define BIG 2500000

static char *pattern(size_t n) {
	char *b = malloc(n);
	for (size_t i = 0; i < n; i++)
		b[i] = (char)(i * 7 + i / 253);
	return b;
}

static void pieces(PGconn *c) {
	char text[64];
	begin("large objects: made, written, read, sought, told, truncated");
	run(c, "BEGIN");
	Oid oid = lo_creat(c, INV_READ | INV_WRITE);
	CHECK(oid != InvalidOid);
	int fd = lo_open(c, oid, INV_READ | INV_WRITE);
	CHECK(fd >= 0);
	CHECK(lo_write(c, fd, "hello, large world", 18) == 18);
	CHECK(lo_tell(c, fd) == 18);
	CHECK(lo_lseek(c, fd, 7, SEEK_SET) == 7);
	CHECK(lo_read(c, fd, text, 5) == 5 && memcmp(text, "large", 5) == 0);
	CHECK(lo_lseek(c, fd, -5, SEEK_END) == 13);
	CHECK(lo_read(c, fd, text, sizeof text) == 5 && memcmp(text, "world", 5) == 0);
	CHECK(lo_read(c, fd, text, sizeof text) == 0);
	CHECK(lo_lseek(c, fd, -11, SEEK_CUR) == 7);
	CHECK(lo_write(c, fd, "SMALL", 5) == 5);
	CHECK(lo_truncate(c, fd, 12) == 0);
	CHECK(lo_lseek(c, fd, 0, SEEK_END) == 12);
	CHECK(lo_close(c, fd) == 0);
	run(c, "COMMIT");
	snprintf(text, sizeof text, "SELECT convert_from(lo_get(%u), 'UTF8')", oid);
	SAME(value(c, text), "hello, SMALL");
	CHECK(lo_unlink(c, oid) == 1);
	finish();
}

static void far(PGconn *c) {
	char text[8];
	begin("large objects: 64 bits");
	run(c, "BEGIN");
	Oid oid = lo_create(c, 0);
	int fd = lo_open(c, oid, INV_READ | INV_WRITE);
	pg_int64 at = (pg_int64)5 << 30;
	CHECK(lo_lseek64(c, fd, at, SEEK_SET) == at);
	CHECK(lo_write(c, fd, "far", 3) == 3);
	CHECK(lo_tell64(c, fd) == at + 3);
	CHECK(lo_tell(c, fd) == -1); /* does not fit */
	run(c, "ROLLBACK");
	run(c, "BEGIN");
	oid = lo_create(c, 0);
	fd = lo_open(c, oid, INV_READ | INV_WRITE);
	CHECK(lo_truncate64(c, fd, at) == 0);
	CHECK(lo_lseek64(c, fd, -2, SEEK_END) == at - 2);
	CHECK(lo_read(c, fd, text, sizeof text) == 2 && text[0] == 0 && text[1] == 0);
	run(c, "ROLLBACK");
	finish();
}

static void files(PGconn *c) {
	char in[] = "/tmp/s3db-lo-XXXXXX", out[64], *data = pattern(BIG), *back = malloc(BIG + 1);
	begin("large objects: lo_import, lo_export");
	int file = mkstemp(in);
	CHECK(write(file, data, BIG) == BIG);
	close(file);
	snprintf(out, sizeof out, "%s.out", in);
	run(c, "BEGIN");
	CHECK(lo_import_with_oid(c, in, 910001) == 910001);
	Oid other = lo_import(c, in);
	CHECK(other != InvalidOid && other != 910001);
	CHECK(lo_export(c, other, out) == 1);
	run(c, "COMMIT");
	FILE *f = fopen(out, "rb");
	CHECK(f && fread(back, 1, BIG + 1, f) == BIG && memcmp(data, back, BIG) == 0);
	if (f)
		fclose(f);
	SAME(value(c, "SELECT sum(length(data)) FROM pg_largeobject WHERE loid = 910001"), "2500000");
	CHECK(lo_import(c, "/nowhere/at/all") == InvalidOid);
	CHECK(strstr(PQerrorMessage(c), "could not open file"));
	CHECK(lo_unlink(c, 910001) == 1 && lo_unlink(c, other) == 1);
	unlink(in);
	unlink(out);
	free(data);
	free(back);
	finish();
}

static void errors(PGconn *c) {
	char text[8];
	begin("large objects: errors");
	CHECK(lo_open(c, 4000000000u, INV_READ) == -1);
	CHECK(strstr(PQerrorMessage(c), "large object 4000000000 does not exist"));
	CHECK(lo_unlink(c, 4000000000u) == -1);
	run(c, "BEGIN");
	Oid oid = lo_create(c, 920001);
	CHECK(oid == 920001);
	int fd = lo_open(c, oid, INV_READ);
	CHECK(lo_write(c, fd, "x", 1) == -1);
	CHECK(strstr(PQerrorMessage(c), "was not opened for writing"));
	run(c, "ROLLBACK");
	CHECK(lo_read(c, fd, text, 1) == -1);
	CHECK(strstr(PQerrorMessage(c), "invalid large-object descriptor: 0"));
	CHECK(lo_open(c, oid, INV_READ) == -1); /* it was rolled back */
	finish();
}

static void savepoints(PGconn *c) {
	begin("large objects: savepoints undo, two sessions see what is committed");
	PGconn *other = connect_to("");
	run(c, "BEGIN");
	lo_create(c, 930001);
	int fd = lo_open(c, 930001, INV_WRITE);
	CHECK(lo_write(c, fd, "kept", 4) == 4);
	run(c, "SAVEPOINT s");
	CHECK(lo_write(c, fd, "lost", 4) == 4);
	SAME(value(c, "SELECT convert_from(lo_get(930001), 'UTF8')"), "keptlost");
	run(c, "ROLLBACK TO s");
	SAME(value(c, "SELECT convert_from(lo_get(930001), 'UTF8')"), "kept");
	SAME(value(other, "SELECT count(*) FROM pg_largeobject_metadata WHERE oid = 930001"), "0");
	run(c, "COMMIT");
	SAME(value(other, "SELECT convert_from(lo_get(930001), 'UTF8')"), "kept");
	CHECK(lo_unlink(other, 930001) == 1);
	SAME(value(c, "SELECT count(*) FROM pg_largeobject_metadata WHERE oid = 930001"), "0");
	PQfinish(other);
	finish();
}

void test_large(void) {
	PGconn *c = connect_to("");
	pieces(c);
	far(c);
	files(c);
	errors(c);
	savepoints(c);
	PQfinish(c);
}
