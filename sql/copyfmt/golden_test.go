package copyfmt

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// testdata/copy.txt holds what a real PostgreSQL 15 answered. With -update it is
// asked again (S3DB_SQL_ORACLE, or 127.0.0.1:5999) and the file rewritten.
var update = flag.Bool("update", false, "rewrite testdata from the oracle")

const casesFile = "testdata/copy.txt"

// A case is a line of fields between tabs: the columns, the options of COPY
// FROM, those of COPY TO, the data; then the answer: the data that came out, or
// an error. \t, \n, \r, \\ and \xHH stand for bytes.
type testCase struct{ columns, from, to, data, want string }

func readCases(t *testing.T) (lines []string, cases map[int]testCase) {
	text, err := os.ReadFile(casesFile)
	require.NoError(t, err)
	lines, cases = strings.Split(strings.TrimRight(string(text), "\n"), "\n"), map[int]testCase{}
	for i, line := range lines {
		if line == "" || line[0] == '#' {
			continue
		}
		f := append(strings.Split(line, "\t"), "", "", "")
		cases[i] = testCase{f[0], f[1], f[2], decode(t, f[3]), f[4]}
	}
	return lines, cases
}

func TestGolden(t *testing.T) {
	lines, cases := readCases(t)
	if *update {
		conn := oracle(t)
		for i, c := range cases {
			c.want = ask(t, conn, c)
			cases[i] = c
			lines[i] = strings.Join([]string{c.columns, c.from, c.to, encode(c.data), c.want}, "\t")
		}
		require.NoError(t, os.WriteFile(casesFile, []byte(strings.Join(lines, "\n")+"\n"), 0o644))
	}
	for i, c := range cases {
		for _, piece := range []int{1, 7, 1 << 20} {
			got := convert(t, c, piece)
			assert.Equal(t, c.want, got, "%s:%d (pieces of %d)", casesFile, i+1, piece)
		}
	}
}

func oracle(t *testing.T) *pgconn.PgConn {
	url := os.Getenv("S3DB_SQL_ORACLE")
	if url == "" {
		url = "postgres://postgres@127.0.0.1:5999/postgres"
	}
	conn, err := pgconn.Connect(context.Background(), url)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// ask copies the data into a table of PostgreSQL's and out again.
func ask(t *testing.T, conn *pgconn.PgConn, c testCase) string {
	ctx := context.Background()
	_, err := conn.Exec(ctx, "DROP TABLE IF EXISTS pg_temp.t; CREATE TEMP TABLE t ("+c.columns+")").ReadAll()
	require.NoError(t, err)
	if _, err := conn.CopyFrom(ctx, strings.NewReader(c.data), "COPY t FROM STDIN ("+withFormat(c.from)+")"); err != nil {
		return errorOf(err)
	}
	var out bytes.Buffer
	_, err = conn.CopyTo(ctx, &out, "COPY t TO STDOUT ("+withFormat(c.to)+")")
	if err != nil {
		return errorOf(err)
	}
	return encode(out.String())
}

func withFormat(options string) string {
	if strings.Contains(options, "format") {
		return options
	}
	return strings.TrimSuffix("format text, "+options, ", ")
}

func errorOf(err error) string {
	code, msg, hint, where := "", err.Error(), "", ""
	if e, ok := err.(*pgconn.PgError); ok {
		code, msg, hint, where = e.Code, e.Message, e.Hint, e.Where
	} else if e := pgerr.As(err); e != nil {
		code, msg, hint, where = string(e.Code), e.Message, e.Hint, e.Where
	}
	out := "!" + code + " " + msg
	if hint != "" {
		out += " | HINT: " + hint
	}
	if where != "" {
		out += " | CONTEXT: " + where
	}
	return encode(out)
}

// convert does with the data what ask has PostgreSQL do.
func convert(t *testing.T, c testCase, piece int) string {
	columns := parseColumns(t, c.columns)
	from, to := parseOptions(t, c.from, columns), parseOptions(t, c.to, columns)
	if err := from.Complete(true); err != nil {
		return errorOf(err)
	}
	data := []byte(c.data)
	r := NewReader(from, "t", columns, types.DefaultEnv(), func() ([]byte, error) {
		if len(data) == 0 {
			return nil, io.EOF
		}
		n := min(piece, len(data))
		next := append([]byte(nil), data[:n]...)
		data = data[n:]
		return next, nil
	})
	var out bytes.Buffer
	if err := transfer(r, to, columns, &out); err != nil {
		return errorOf(err)
	}
	return encode(out.String())
}

func transfer(r *Reader, to *Options, columns []Column, out io.Writer) error {
	if err := r.Begin(); err != nil {
		return err
	}
	var w *Writer
	for {
		b, err := r.Next()
		if err == nil && w == nil {
			if err = to.Complete(false); err == nil {
				w, err = NewWriter(to, columns, types.DefaultEnv(), out)
			}
			if err == nil && r.Pending() == nil {
				err = w.Begin()
			}
		}
		if err != nil {
			return err
		}
		if b == nil {
			return w.End()
		}
		b.Cols = b.Cols[:len(columns)]
		if err := w.Rows(b); err != nil {
			return err
		}
	}
}

func parseColumns(t *testing.T, list string) []Column {
	var out []Column
	for _, c := range strings.Split(list, ", ") {
		if c == "" {
			continue
		}
		name, typ, _ := strings.Cut(c, " ")
		found := types.Builtin().ByName("pg_catalog", strings.TrimSpace(typ))
		require.NotNil(t, found, typ)
		out = append(out, Column{Name: name, Type: found, Typmod: -1})
	}
	return out
}

// parseOptions reads options as COPY has them, for the tests: name value, ….
func parseOptions(t *testing.T, list string, columns []Column) *Options {
	o := &Options{}
	for _, part := range strings.Split(list, ", ") {
		name, value, _ := strings.Cut(part, " ")
		text := strings.Trim(strings.TrimPrefix(value, "E"), "'")
		if strings.HasPrefix(value, "E") {
			text = decode(t, text)
		}
		switch name {
		case "":
		case "format":
			o.Format = map[string]Format{"csv": CSV, "binary": Binary, "text": Text}[value]
		case "delimiter":
			o.Delimiter = &text
		case "null":
			o.Null = &text
		case "quote":
			o.Quote = &text
		case "escape":
			o.Escape = &text
		case "header":
			o.Header = map[string]Header{"": HeaderLine, "match": HeaderMatch}[value]
		default:
			force(t, o, columns, name, value)
		}
	}
	return o
}

func force(t *testing.T, o *Options, columns []Column, name, list string) {
	for i := range columns {
		if list != "*" && !strings.Contains(list, columns[i].Name) {
			continue
		}
		switch c := &columns[i]; name {
		case "force_quote":
			o.ForceQuote, c.ForceQuote = true, true
		case "force_not_null":
			o.ForceNotNull, c.ForceNotNull = true, true
		case "force_null":
			o.ForceNull, c.ForceNull = true, true
		default:
			require.Fail(t, "unknown option "+name)
		}
	}
}

func encode(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\\':
			b.WriteString(`\\`)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == '\r':
			b.WriteString(`\r`)
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func decode(t *testing.T, s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case 'x':
			var c byte
			_, err := fmt.Sscanf(s[i+1:i+3], "%02x", &c)
			require.NoError(t, err, s)
			b.WriteByte(c)
			i += 2
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
