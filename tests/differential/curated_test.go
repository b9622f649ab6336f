package differential

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/tests/differential/gen"
)

// TestCurated runs testdata/*.sql on both servers.
func TestCurated(t *testing.T) {
	files, err := filepath.Glob("testdata/*.sql")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	known := readAccepted(t, false)
	p := newPair(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".sql"), func(t *testing.T) { p.curated(t, file, known) })
	}
	for where := range known {
		t.Errorf("accepted.tsv: %s is no difference", where)
	}
}

func (p *pair) curated(t *testing.T, file string, known map[string]bool) {
	schema := "curated_" + strings.TrimSuffix(filepath.Base(file), ".sql")
	require.NoError(t, p.same([]string{"CREATE SCHEMA " + schema, "SET search_path = " + schema}))
	for _, s := range readStatements(t, file) {
		o, err := p.ask(gen.Statement{SQL: s.sql, Ordered: s.ordered()})
		require.NoError(t, err)
		where := fmt.Sprintf("%s:%d", filepath.Base(file), s.line)
		switch {
		case o.difference == "":
		case known[where]:
			delete(known, where)
		default:
			t.Errorf("%s: %s", where, o)
		}
	}
	// A statement may have left a block open, or settings changed.
	for _, sql := range []string{"ROLLBACK", "RESET ALL"} {
		_, err := p.ask(gen.Statement{SQL: sql})
		require.NoError(t, err)
	}
}

// refusal begins the lines of accepted.tsv that TestRandom knows: the SQLSTATE with
// which the server refuses a statement, and the message follows.
var refusal = regexp.MustCompile(`^[0-9A-Z]{5} `)

// readAccepted returns the lines of accepted.tsv (file:line, tab, reason), those of
// TestCurated's places or those of what TestRandom may see refused.
func readAccepted(t *testing.T, random bool) map[string]bool {
	data, err := os.ReadFile("accepted.tsv")
	require.NoError(t, err)
	out := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		where, reason, ok := strings.Cut(strings.TrimSpace(line), "\t")
		require.True(t, ok && reason != "", "accepted.tsv: %q has no reason", line)
		if refusal.MatchString(where) == random {
			out[where] = true
		}
	}
	return out
}

// statement is one of a file, with the line it begins at.
type statement struct {
	sql  string
	line int
}

// ordered: a comment behind the statement's beginning says that its rows come in a
// certain order.
func (s statement) ordered() bool { return strings.HasPrefix(s.sql, "/* ordered */") }

// readStatements splits a file at the semicolons that end a line.
func readStatements(t *testing.T, file string) []statement {
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	var out []statement
	var cur strings.Builder
	first, number := 0, 0
	for in := bufio.NewScanner(f); in.Scan(); {
		number++
		line := in.Text()
		if cur.Len() == 0 && (strings.TrimSpace(line) == "" || strings.HasPrefix(line, "--")) {
			continue
		}
		if cur.Len() == 0 {
			first = number
		}
		cur.WriteString(line + "\n")
		if strings.HasSuffix(line, ";") {
			out = append(out, statement{strings.TrimSuffix(strings.TrimSpace(cur.String()), ";"), first})
			cur.Reset()
		}
	}
	require.Zero(t, cur.Len(), "%s: the last statement has no end", file)
	return out
}
