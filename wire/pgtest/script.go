package pgtest

import (
	"fmt"
	"os"
	"strings"
)

// directive is one line of a script, and for until the lines that belong to it.
type directive struct {
	line     int
	verb     string
	args     string
	expected []string
	// source is the line as written, with the comments and empty lines before.
	source string
}

// parse splits a script. Text after the last directive is kept as one without a
// verb, so that a rewrite loses nothing.
func parse(text string) ([]directive, error) {
	var ds []directive
	var before strings.Builder
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		before.WriteString(lines[i] + "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		verb, args, _ := strings.Cut(line, " ")
		d := directive{line: i + 1, verb: verb, args: strings.TrimSpace(args), source: before.String()}
		before.Reset()
		if verbs[verb] == nil {
			return nil, fmt.Errorf("line %d: unknown directive %q", i+1, verb)
		}
		for verb == "until" && i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" {
			i++
			d.expected = append(d.expected, strings.TrimSpace(lines[i]))
		}
		ds = append(ds, d)
	}
	return append(ds, directive{source: before.String()}), nil
}

// rewrite writes the script with other expectations.
func rewriteFile(path string, ds []directive) error {
	var b strings.Builder
	for _, d := range ds {
		b.WriteString(d.source)
		for _, e := range d.expected {
			b.WriteString(e + "\n")
		}
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}
