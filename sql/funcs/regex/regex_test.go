package regex

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite testdata from the PostgreSQL at 127.0.0.1:5999")

// generate makes an expression from pieces that make preferences, captures and
// back references meet.
func generate(r *rand.Rand, depth int) string {
	if depth == 0 {
		return []string{"a", "b", "c", ".", "[ab]", "[^a]", `\w`}[r.IntN(7)]
	}
	sub := func() string { return generate(r, depth-1) }
	switch r.IntN(9) {
	case 0:
		return sub() + sub()
	case 1:
		return sub() + "|" + sub()
	case 2, 3:
		return "(" + sub() + ")" + quantifiers[r.IntN(len(quantifiers))]
	case 4:
		return "(?:" + sub() + ")" + quantifiers[r.IntN(len(quantifiers))]
	case 5:
		return []string{"a", "b", "c", "."}[r.IntN(4)] + quantifiers[r.IntN(len(quantifiers))] + sub()
	case 6:
		return sub() + []string{"$", `\M`, `\y`, "(?=b)", "(?!c)", "(?<=a)", "(?<!b)"}[r.IntN(7)]
	case 7:
		return []string{"^", `\m`, ""}[r.IntN(3)] + sub()
	}
	return "(" + sub() + ")" + sub() + `\1`
}

var quantifiers = []string{"", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{1,2}?", "{2}?", "{1,1}?", "{1,1}"}

func generateText(r *rand.Rand) string {
	b := make([]byte, r.IntN(9))
	for i := range b {
		b[i] = "aaabbc "[r.IntN(7)]
	}
	return string(b)
}

// TestAgainstPostgreSQL compares matches and captures with those that
// PostgreSQL found: testdata/cases.txt holds pattern, text and the result.
func TestAgainstPostgreSQL(t *testing.T) {
	if *update {
		record(t)
	}
	f, err := os.Open("testdata/cases.txt")
	require.NoError(t, err)
	defer f.Close()
	sc := bufio.NewScanner(f)
	n := 0
	for sc.Scan() {
		c := strings.Split(sc.Text(), "\t")
		assert.Equal(t, c[2], ours(c[0], c[1]), "pattern %s on %q", c[0], c[1])
		n++
	}
	require.NoError(t, sc.Err())
	require.Greater(t, n, 3000)
}

func ours(pattern, text string) string {
	re, err := Compile(pattern, 0)
	if err != nil {
		return "ERROR invalid regular expression: " + err.Error()
	}
	s := NewText(text)
	loc := re.Find(s, 0)
	if (loc != nil) != re.Match(text) {
		return "Find and Match disagree"
	}
	if loc == nil {
		return "none"
	}
	return render(loc[0], loc[1], re.NumCaptures(), func(i int) (string, bool) {
		if loc[2*i] < 0 {
			return "", false
		}
		return s.Slice(loc[2*i], loc[2*i+1]), true
	})
}

func render(from, to, captures int, capture func(i int) (string, bool)) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d-%d", from, to)
	for i := 1; i <= captures; i++ {
		if s, ok := capture(i); ok {
			fmt.Fprintf(&b, " %q", s)
		} else {
			b.WriteString(" NULL")
		}
	}
	return b.String()
}

func record(t *testing.T) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, "postgres://postgres@127.0.0.1:5999/postgres")
	require.NoError(t, err)
	defer conn.Close(ctx)
	fixed, err := os.ReadFile("testdata/fixed.txt")
	require.NoError(t, err)
	var out strings.Builder
	write := func(pattern, text string) {
		fmt.Fprintf(&out, "%s\t%s\t%s\n", pattern, text, oracle(conn, pattern, text))
	}
	for _, line := range strings.Split(strings.TrimSpace(string(fixed)), "\n") {
		pattern, text, _ := strings.Cut(line, "\t")
		write(pattern, text)
	}
	r := rand.New(rand.NewPCG(7, 99))
	for range 2500 {
		p := generate(r, 1+r.IntN(3))
		write(p, generateText(r))
		write(p, generateText(r))
	}
	require.NoError(t, os.WriteFile("testdata/cases.txt", []byte(out.String()), 0o644))
}

func oracle(conn *pgx.Conn, pattern, text string) string {
	ctx := context.Background()
	var from, to int
	var groups []*string
	err := conn.QueryRow(ctx, `select regexp_instr($1, $2) - 1, regexp_instr($1, $2, 1, 1, 1) - 1, regexp_match($1, $2)`,
		text, pattern).Scan(&from, &to, &groups)
	if err != nil {
		return "ERROR " + strings.TrimPrefix(strings.SplitN(err.Error(), " (SQLSTATE", 2)[0], "ERROR: ")
	}
	if groups == nil {
		return "none"
	}
	re, _ := Compile(pattern, 0)
	if re != nil && re.NumCaptures() == 0 {
		groups = nil
	}
	return render(from, to, len(groups), func(i int) (string, bool) {
		if groups[i-1] == nil {
			return "", false
		}
		return *groups[i-1], true
	})
}
