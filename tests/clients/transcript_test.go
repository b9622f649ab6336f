package clients

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// exchange is what a person types and what the terminal shows then.
type exchange struct {
	// typed lines, with their prompts: "$ psql …" is a command of the shell,
	// "s3db=# …" and "s3db-# …" are lines that psql reads.
	typed  []string
	answer []string
}

var (
	prompt      = regexp.MustCompile(`^\w+=# `)
	morePrompt  = regexp.MustCompile(`^\w+[-('"$]# `)
	shellPrompt = "$ "
)

func (x *exchange) shell() bool { return strings.HasPrefix(x.typed[0], shellPrompt) }

// command is what the person typed, without prompts.
func (x *exchange) command() string {
	var lines []string
	for _, l := range x.typed {
		l = strings.TrimPrefix(l, shellPrompt)
		l = prompt.ReplaceAllString(l, "")
		lines = append(lines, morePrompt.ReplaceAllString(l, ""))
	}
	return strings.Join(lines, "\n")
}

// parseTranscript reads the exchanges of a text.
func parseTranscript(text string) []*exchange {
	var out []*exchange
	for _, line := range strings.Split(text, "\n") {
		switch {
		case prompt.MatchString(line) || strings.HasPrefix(line, shellPrompt):
			out = append(out, &exchange{typed: []string{line}})
		case len(out) == 0:
		case morePrompt.MatchString(line) && len(out[len(out)-1].answer) == 0:
			x := out[len(out)-1]
			x.typed = append(x.typed, line)
		default:
			x := out[len(out)-1]
			x.answer = append(x.answer, line)
		}
	}
	for _, x := range out {
		x.answer = trimEmpty(x.answer)
	}
	return out
}

// trimEmpty drops the empty lines at the end: a transcript may space as it
// likes.
func trimEmpty(lines []string) []string {
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

func writeTranscript(xs []*exchange) string {
	var b strings.Builder
	for i, x := range xs {
		if i > 0 && len(xs[i-1].answer) > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.Join(append(append([]string{}, x.typed...), x.answer...), "\n") + "\n")
	}
	return b.String()
}

// terminal runs exchanges with psql against one server.
type terminal struct {
	addr, database string
}

func (m terminal) environment() []string {
	host, port, _ := strings.Cut(m.addr, ":")
	return append(os.Environ(), "PGHOST="+host, "PGPORT="+port, "PGUSER=postgres", "PGDATABASE="+m.database,
		"PSQLRC=/dev/null", "PSQL_HISTORY=/dev/null", "PGAPPNAME=psql", "LC_ALL=C.UTF-8", "PGTZ=UTC", "PAGER=cat")
}

// run returns the answer to each exchange. Those of psql's prompts between two
// commands of the shell are one session; a command of the shell before a prompt
// only shows how the session began.
func (m terminal) run(t *testing.T, xs []*exchange) [][]string {
	answers := make([][]string, len(xs))
	for i := 0; i < len(xs); {
		if !xs[i].shell() {
			n := i
			for n < len(xs) && !xs[n].shell() {
				n++
			}
			copy(answers[i:], m.session(t, xs[i:n]))
			i = n
			continue
		}
		if i+1 == len(xs) || xs[i+1].shell() {
			answers[i] = m.shell(t, xs[i].command())
		}
		i++
	}
	return answers
}

// marker parts the answers of a session.
const marker = "=== next ==="

func (m terminal) session(t *testing.T, xs []*exchange) [][]string {
	var in strings.Builder
	for _, x := range xs {
		in.WriteString(x.command() + "\n\\echo '" + marker + "'\n")
	}
	cmd := exec.Command("stdbuf", "-o0", "psql", "-X", "--no-password") // both streams in the order that they were written
	cmd.Env, cmd.Stdin = m.environment(), strings.NewReader(in.String())
	text, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", text)
	parts := strings.Split(string(text), marker+"\n")
	require.Len(t, parts, len(xs)+1, "psql ended early:\n%s", text)
	var out [][]string
	for _, p := range parts[:len(xs)] {
		out = append(out, trimEmpty(strings.Split(p, "\n")))
	}
	return out
}

func (m terminal) shell(t *testing.T, command string) []string {
	cmd := exec.Command("sh", "-c", command)
	cmd.Env = m.environment()
	text, err := cmd.CombinedOutput()
	out := trimEmpty(strings.Split(string(text), "\n"))
	if _, ok := err.(*exec.ExitError); ok {
		return append(out, fmt.Sprintf("(exit status %d)", cmd.ProcessState.ExitCode()))
	}
	require.NoError(t, err)
	return out
}

// changing is what differs from run to run: times, ports and sizes of plans.
var changing = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`time=\d+\.\d+\.\.\d+\.\d+`), "time=0.000..0.000"},
	{regexp.MustCompile(`(Planning|Execution) Time: \d+\.\d+ ms`), "$1 Time: 0.000 ms"},
	{regexp.MustCompile(`port "\d+"`), `port "5432"`},
	{regexp.MustCompile(`port \d+ failed`), `port 5432 failed`},
	{regexp.MustCompile(`process with PID \d+`), `process with PID 1`},
	{regexp.MustCompile(`^lo_(import|unlink) \d+$`), `lo_$1 1`},
	{regexp.MustCompile(`^\w{3} \w{3} +\d+ [\d:]{8} \d{4} \(every`), `now (every`},
	{regexp.MustCompile(`(QUERY PLAN) *$`), "$1"},
	{regexp.MustCompile(`^ +(QUERY PLAN)$`), "$1"},
	{regexp.MustCompile(`^-{20,}$`), "--------------------"},
	{regexp.MustCompile(` +$`), ""},
}

// steady is lines without what changes, and without places in PostgreSQL's source.
func steady(lines []string) []string {
	out := make([]string, 0, len(lines))
	for _, l := range lines {
		for _, c := range changing {
			l = c.pattern.ReplaceAllString(l, c.instead)
		}
		if !strings.HasPrefix(l, "LOCATION: ") {
			out = append(out, l)
		}
	}
	return out
}

// hold compares a transcript with what a server answers. With update it returns
// the transcript with these answers.
func (m terminal) hold(t *testing.T, xs []*exchange, update bool) []*exchange {
	answers := m.run(t, xs)
	for i, x := range xs {
		if same := assert.ObjectsAreEqual(steady(x.answer), steady(answers[i])); same || answers[i] == nil {
			continue
		}
		if update {
			x.answer = answers[i]
			continue
		}
		t.Errorf("%s\nexpected:\n%s\ngot:\n%s", strings.Join(x.typed, "\n"), strings.Join(x.answer, "\n"), strings.Join(answers[i], "\n"))
	}
	return xs
}

func TestParseTranscript(t *testing.T) {
	const text = "$ psql\ns3db=# SELECT 1\ns3db-# + 1;\n ?column? \n----------\n        2\n(1 row)\n\ns3db=# \\q\n"
	xs := parseTranscript(text)
	require.Len(t, xs, 3)
	assert.Equal(t, "psql", xs[0].command())
	assert.Equal(t, "SELECT 1\n+ 1;", xs[1].command())
	assert.Equal(t, []string{" ?column? ", "----------", "        2", "(1 row)"}, xs[1].answer)
	assert.Equal(t, text, writeTranscript(xs))
}

func TestSteady(t *testing.T) {
	assert.Equal(t, []string{" (actual time=0.000..0.000 rows=1)"}, steady([]string{" (actual time=0.137..12.137 rows=1)  "}))
	assert.NotEqual(t, steady([]string{"requests=1"}), steady([]string{"requests=2"}))
}
