package parser

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

var (
	rewriteErrors = flag.Bool("rewrite", false, "write testdata/errors.txt anew from a real PostgreSQL")
	oracle        = flag.String("oracle", "postgres://postgres@127.0.0.1:5999/postgres", "the PostgreSQL that -rewrite asks")
)

const errorsFile = "testdata/errors.txt"

// TestErrorsLikePostgreSQL compares SQLSTATE, position, message, detail and hint
// with what PostgreSQL answered.
func TestErrorsLikePostgreSQL(t *testing.T) {
	cases := readCases(t)
	if *rewriteErrors {
		writeCases(t, cases)
	}
	for _, c := range cases {
		_, err := Parse(c.sql)
		assert.Equal(t, c.answer, describe(pgerr.As(err)), c.sql)
	}
}

type errorCase struct{ sql, answer string }

// readCases reads the file: text, a line of four dashes, answer, empty line.
func readCases(t testing.TB) (cases []errorCase) {
	data, err := os.ReadFile(errorsFile)
	require.NoError(t, err)
	rest := string(data)
	for rest != "" {
		var c errorCase
		var ok bool
		c.sql, rest, ok = strings.Cut(rest, "\n----\n")
		require.True(t, ok, "no answer after %q", c.sql)
		c.answer, rest, ok = strings.Cut(rest, "\n\n")
		require.True(t, ok, "no empty line after %q", c.answer)
		cases = append(cases, c)
	}
	require.Greater(t, len(cases), 200)
	return cases
}

func describe(e *pgerr.Error) string {
	if e == nil {
		return "ok"
	}
	return answer(string(e.Code), e.Position, e.Message, e.Detail, e.Hint)
}

func answer(code string, position int, message, detail, hint string) string {
	s := fmt.Sprintf("%s %d %s", code, position, message)
	if detail != "" {
		s += "\nDETAIL " + detail
	}
	if hint != "" {
		s += "\nHINT " + hint
	}
	return s
}

// writeCases asks the server within a failed transaction: it parses the text
// first, and answers 25P02 if that succeeds.
func writeCases(t *testing.T, cases []errorCase) {
	ctx := context.Background()
	conn, err := pgconn.Connect(ctx, *oracle)
	require.NoError(t, err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "BEGIN; SELECT 1/0").ReadAll()
	require.Error(t, err)
	var out strings.Builder
	for i := range cases {
		c := &cases[i]
		c.answer = askServer(t, conn, c.sql)
		fmt.Fprintf(&out, "%s\n----\n%s\n\n", c.sql, c.answer)
	}
	require.NoError(t, os.WriteFile(errorsFile, []byte(out.String()), 0o644))
}

func askServer(t *testing.T, conn *pgconn.PgConn, sql string) string {
	_, err := conn.Exec(context.Background(), sql).ReadAll()
	var e *pgconn.PgError
	if err == nil {
		return "ok"
	}
	require.ErrorAs(t, err, &e)
	if e.Code == string(pgerr.InFailedSqlTransaction) {
		return "ok"
	}
	return answer(e.Code, int(e.Position), e.Message, e.Detail, e.Hint)
}
