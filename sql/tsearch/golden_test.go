package tsearch

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types/textsearch"
)

// The files of testdata hold questions and what PostgreSQL answered, a tab
// between them and texts as Go writes strings. -update asks again: the server
// at S3DB_SQL_ORACLE, in the C locale.
var update = flag.Bool("update", false, "rewrite the answers in testdata from the PostgreSQL at S3DB_SQL_ORACLE")

// golden checks each line: query gives the oracle's answer, as one text, to the
// question's fields, answer ours.
func golden(t *testing.T, path, query string, answer func(question []string) string) {
	lines := readLines(t, path)
	if *update {
		conn, err := pgx.Connect(context.Background(), os.Getenv("S3DB_SQL_ORACLE"))
		require.NoError(t, err)
		defer conn.Close(context.Background())
		for i, l := range lines {
			var args []any
			for _, f := range l.question {
				args = append(args, f)
			}
			require.NoError(t, conn.QueryRow(context.Background(), query, args...).Scan(&lines[i].answer))
		}
		writeLines(t, path, lines)
	}
	for _, l := range lines {
		require.Equal(t, l.answer, answer(l.question), "%q", l.question)
	}
}

type line struct {
	question []string
	answer   string
}

func readLines(t *testing.T, path string) []line {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	var lines []line
	for sc := bufio.NewScanner(f); sc.Scan(); {
		q, a, _ := strings.Cut(sc.Text(), "\t=>\t")
		l := line{answer: a}
		for _, field := range strings.Split(q, "\t") {
			s, err := strconv.Unquote(field)
			require.NoError(t, err, field)
			l.question = append(l.question, s)
		}
		lines = append(lines, l)
	}
	return lines
}

func writeLines(t *testing.T, path string, lines []line) {
	var b strings.Builder
	for _, l := range lines {
		var q []string
		for _, f := range l.question {
			q = append(q, strconv.Quote(f))
		}
		fmt.Fprintf(&b, "%s\t=>\t%s\n", strings.Join(q, "\t"), l.answer)
	}
	require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o644))
}

// TestParser compares the tokens of texts made of everything the parser knows.
func TestParser(t *testing.T) {
	query := `SELECT coalesce(string_agg(tokid || ':' || encode(convert_to(token, 'utf8'), 'hex'), ' ' ORDER BY n), '')
		FROM (SELECT row_number() OVER () AS n, tokid, token FROM ts_parse('default', $1)) t`
	golden(t, "testdata/parser.txt", query, func(q []string) string {
		var got []string
		p := NewParser(q[0])
		for tok, ok := p.Next(); ok; tok, ok = p.Next() {
			got = append(got, fmt.Sprintf("%d:%x", tok.Type, tok.Text))
		}
		return strings.Join(got, " ")
	})
}

// TestStemmers compares words of every language, stop words among them.
func TestStemmers(t *testing.T) {
	golden(t, "testdata/stemmers.txt", `SELECT array_to_string(ts_lexize($1::text::regdictionary, $2), ',')`, func(q []string) string {
		lexeme, _ := dictionaryNamed(q[0]).Lexize(q[1])
		return lexeme
	})
}

// TestHeadlines compares headlines of parts of a text; a question is options,
// query and text.
func TestHeadlines(t *testing.T) {
	query := `SELECT ts_headline('english', $3::text, to_tsquery('english', $2), $1::text)`
	golden(t, "testdata/headlines.txt", query, func(q []string) string {
		english, noNotice := NamedConfig("english"), func(*pgerr.Error) {}
		tsq, err := english.Query(q[1], textsearch.SyntaxTSQuery, textsearch.Phrase, noNotice)
		require.NoError(t, err)
		h, err := english.Headline(q[2], tsq, q[0], noNotice)
		require.NoError(t, err)
		return h
	})
}
