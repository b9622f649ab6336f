/* The Test Anything Protocol, and short forms of what every check needs. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void begin(const char *name);         /* a check begins */
void finish(void);                    /* and ends */
int done(void);                       /* the plan, and the exit status */
void fail(const char *file, int line, const char *what, const char *detail);

#define CHECK(cond) do { if (!(cond)) fail(__FILE__, __LINE__, #cond, ""); } while (0)
#define SAME(got, want) do { const char *g_ = (got); if (!g_ || strcmp(g_, want) != 0) fail(__FILE__, __LINE__, #got, g_ ? g_ : "(null)"); } while (0)

PGconn *connect_to(const char *conninfo);              /* fails the check where it can't */
PGresult *want(PGconn *c, PGresult *r, ExecStatusType status); /* r, which has to have this status */
void run(PGconn *c, const char *sql);                  /* a command or query that has to succeed */
const char *value(PGconn *c, const char *sql);         /* the one value of a query */
const char *state(PGresult *r);                        /* its SQLSTATE */
void drained(PGconn *c);                               /* there is no result any more */

void test_connect(void);
void test_results(void);
void test_pipeline(void);
void test_copy(void);
void test_large(void);
