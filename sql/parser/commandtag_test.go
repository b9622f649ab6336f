package parser_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/parser"
)

func TestCommandTag(t *testing.T) {
	for sql, want := range map[string]string{
		"COPY t FROM STDIN": "COPY",
		"LISTEN a":          "LISTEN",
		"CREATE FUNCTION f() RETURNS int RETURN 1":                "CREATE FUNCTION",
		"CREATE PROCEDURE f() LANGUAGE sql AS ''":                 "CREATE PROCEDURE",
		"DROP PROCEDURE f":                                        "DROP PROCEDURE",
		"CREATE TYPE t AS ENUM ('a')":                             "CREATE TYPE",
		"CREATE TYPE t AS (a int)":                                "CREATE TYPE",
		"CREATE TYPE t AS RANGE (subtype = int)":                  "CREATE TYPE",
		"CREATE AGGREGATE a (int) (sfunc = f)":                    "CREATE AGGREGATE",
		"CREATE TEXT SEARCH CONFIGURATION c (copy = d)":           "CREATE TEXT SEARCH CONFIGURATION",
		"CREATE SEQUENCE s":                                       "CREATE SEQUENCE",
		"ALTER SEQUENCE s RESTART":                                "ALTER SEQUENCE",
		"ALTER VIEW v RENAME COLUMN a TO b":                       "ALTER VIEW",
		"ALTER TABLE t RENAME CONSTRAINT a TO b":                  "ALTER TABLE",
		"CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f()": "CREATE TRIGGER",
		"REFRESH MATERIALIZED VIEW v":                             "REFRESH MATERIALIZED VIEW",
		"SELECT 1 INTO t":                                         "SELECT",
		"CREATE TABLE t AS SELECT 1":                              "CREATE TABLE AS",
		"GRANT SELECT ON t TO r":                                  "GRANT",
		"REVOKE a FROM b":                                         "REVOKE ROLE",
		"ANALYZE t":                                               "ANALYZE",
		"MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE":   "MERGE",
		"MOVE c":                             "MOVE",
		"CLOSE c":                            "CLOSE CURSOR",
		"DISCARD ALL":                        "DISCARD ALL",
		"ROLLBACK PREPARED 'x'":              "ROLLBACK PREPARED",
		"CREATE FOREIGN TABLE t () SERVER s": "CREATE FOREIGN TABLE",
		"DECLARE c CURSOR FOR SELECT 1":      "DECLARE CURSOR",
	} {
		t.Run(sql, func(t *testing.T) {
			list, err := parser.Parse(sql)
			require.NoError(t, err)
			require.Equal(t, want, parser.CommandTag(list[0].Node))
		})
	}
}
