package clients

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/pgserver"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// completion is what Tab makes of a line.
type completion struct {
	typed      string
	candidates []string // shown, if there are several
	line       string   // as it stands then
}

const (
	completionFile  = "testdata/completion.txt"
	completedPrefix = "=> "
	// ready is psql's prompt, which comes when the terminal is readline's.
	ready = "postgres=# "
)

// parseCompletions reads a file: a line as typed, its candidates, indented, and the line that
// Tab leaves, after "=> ".
func parseCompletions(text string) []completion {
	var out []completion
	for _, l := range strings.Split(text, "\n") {
		last := len(out) - 1
		switch line, ended := strings.CutPrefix(l, completedPrefix); {
		case ended:
			out[last].line = strings.TrimSuffix(line, "|")
		case strings.HasPrefix(l, "    "):
			out[last].candidates = append(out[last].candidates, l[4:])
		case strings.TrimSpace(l) != "":
			out = append(out, completion{typed: strings.TrimSuffix(l, "|")})
		}
	}
	return out
}

// writeCompletions is the file's text; a bar shows where a line ends.
func writeCompletions(cs []completion) string {
	var b strings.Builder
	for _, c := range cs {
		b.WriteString(c.typed + "|\n")
		for _, s := range c.candidates {
			b.WriteString("    " + s + "\n")
		}
		b.WriteString(completedPrefix + c.line + "|\n\n")
	}
	return b.String()
}

// TestCompletion holds what psql's Tab answers on our server against a real PostgreSQL's
// answers.
func TestCompletion(t *testing.T) {
	complete(t, terminal{testserver.Start(t, testserver.Options{}).Addr, "postgres"}, false)
}

// TestCompletionPostgres holds the file against a real PostgreSQL, and writes it with -update.
func TestCompletionPostgres(t *testing.T) {
	complete(t, terminal{pgserver.Start(t).Addr, "postgres"}, *update)
}

func complete(t *testing.T, m terminal, update bool) {
	needPsql(t)
	text, err := os.ReadFile(completionFile)
	require.NoError(t, err)
	m.shell(t, "psql -Xq -f testdata/completion.sql")
	p := m.psqlAt(t, "-At")
	p.until(t, ready)
	p.keys(t, "PREPARE plan AS SELECT 1;\n")
	p.until(t, "PREPARE\n"+ready)
	cs := parseCompletions(string(text))
	for i, want := range cs {
		got := p.complete(t, want.typed)
		if update {
			cs[i] = got
			continue
		}
		assert.Equal(t, writeCompletions([]completion{want}), writeCompletions([]completion{got}))
	}
	if update {
		require.NoError(t, os.WriteFile(completionFile, []byte(writeCompletions(cs)), 0o644))
	}
}

// complete types a line, Tab, and then makes the line a string constant, which psql shows as
// it stands.
func (p *pty) complete(t *testing.T, typed string) completion {
	const home, end, mark = "\x01", "\x05", "$tab$"
	p.keys(t, typed+"\t"+home+"SELECT "+mark+end+mark+";\n")
	out := completion{typed: typed}
	for _, l := range strings.Split(p.until(t, mark+";\n"), "\n")[1:] {
		if strings.HasPrefix(l, ready) {
			break
		}
		if !oursAlone(l) {
			out.candidates = append(out.candidates, l)
		}
	}
	out.line = p.until(t, "\n"+ready)
	return out
}

// oursAlone says whether a candidate is one that no PostgreSQL has: our schema, its settings,
// and the languages beside PL/pgSQL.
func oursAlone(candidate string) bool {
	return candidate == "s3db" || strings.HasPrefix(candidate, "s3db.") || candidate == "javascript" || candidate == "plv8"
}
