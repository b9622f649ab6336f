package sqllogic

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// script is a file of paragraphs.
type script struct {
	path       string
	paragraphs []*paragraph
}

// paragraph is what stands between two empty lines: comments and conditions,
// then at most one record.
type paragraph struct {
	line   int      // of the record's first line
	before []string // comments and conditions as they stand
	conds  []cond
	record *record // nil if there are only comments
}

type cond struct {
	only bool
	name string
}

// holds says whether a paragraph's conditions let it run where labels hold.
func (p *paragraph) holds(labels map[string]bool) bool {
	for _, c := range p.conds {
		if c.only != labels[c.name] {
			return false
		}
	}
	return true
}

// verb is what a record asks for.
type verb string

const (
	statementOK    verb = "statement ok"
	statementCount verb = "statement count"
	statementError verb = "statement error"
	query          verb = "query"
	connection     verb = "connection"
	halt           verb = "halt"
)

var verbs = []verb{statementOK, statementCount, statementError, query, connection, halt}

// record is one statement with its expectation.
type record struct {
	verb verb
	// arg is N, SQLSTATE, TYPES or NAME.
	arg     string
	rowsort bool
	sql     string
	// result is what follows ----; nil if there is none.
	result []string
}

func readScript(path string) (*script, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s := &script{path: path}
	var block []string
	for i, line := range append(strings.Split(string(data), "\n"), "") {
		if line != "" {
			block = append(block, line)
			continue
		}
		if len(block) == 0 {
			continue
		}
		p, err := parseParagraph(block, i+1-len(block))
		if err != nil {
			return nil, fmt.Errorf("%s:%w", path, err)
		}
		s.paragraphs, block = append(s.paragraphs, p), nil
	}
	return s, nil
}

func parseParagraph(lines []string, first int) (*paragraph, error) {
	p := &paragraph{}
	for len(lines) > 0 && isPreamble(lines[0]) {
		if !strings.HasPrefix(lines[0], "#") {
			word, name, _ := strings.Cut(lines[0], " ")
			p.conds = append(p.conds, cond{word == "onlyif", name})
		}
		p.before, lines = append(p.before, lines[0]), lines[1:]
	}
	p.line = first + len(p.before)
	if len(lines) == 0 {
		return p, nil
	}
	r, err := parseHead(lines[0])
	if err != nil {
		return nil, fmt.Errorf("%d: %w", p.line, err)
	}
	p.record = r
	for i, line := range lines[1:] {
		if line == "----" {
			r.sql, r.result = strings.Join(lines[1:1+i], "\n"), append([]string{}, lines[2+i:]...)
			return p, nil
		}
	}
	r.sql = strings.Join(lines[1:], "\n")
	if r.verb == query {
		r.result = []string{}
	}
	return p, nil
}

func isPreamble(line string) bool {
	return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "onlyif ") || strings.HasPrefix(line, "skipif ")
}

func parseHead(line string) (*record, error) {
	for _, v := range verbs {
		rest, ok := strings.CutPrefix(line, string(v))
		if !ok || rest != "" && rest[0] != ' ' {
			continue
		}
		r := &record{verb: v}
		r.arg, r.rowsort = strings.CutSuffix(strings.TrimSpace(rest), "rowsort")
		r.arg = strings.TrimSpace(r.arg)
		return r, r.check()
	}
	return nil, fmt.Errorf("unknown record %q", line)
}

func (r *record) check() error {
	if r.verb == statementCount {
		if _, err := strconv.Atoi(r.arg); err != nil {
			return fmt.Errorf("statement count: %w", err)
		}
	}
	if r.verb == statementError && r.arg != "" && len(r.arg) != 5 {
		return fmt.Errorf("%q is no SQLSTATE", r.arg)
	}
	return nil
}

// write writes the script back.
func (s *script) write() error {
	var b strings.Builder
	for i, p := range s.paragraphs {
		if i > 0 {
			b.WriteByte('\n')
		}
		for _, line := range p.before {
			b.WriteString(line + "\n")
		}
		if p.record != nil {
			p.record.write(&b)
		}
	}
	return os.WriteFile(s.path, []byte(b.String()), 0o644)
}

func (r *record) write(b *strings.Builder) {
	b.WriteString(string(r.verb))
	if r.arg != "" {
		b.WriteString(" " + r.arg)
	}
	if r.rowsort {
		b.WriteString(" rowsort")
	}
	b.WriteByte('\n')
	if r.sql != "" {
		b.WriteString(r.sql + "\n")
	}
	if r.result == nil {
		return
	}
	b.WriteString("----\n")
	for _, line := range r.result {
		b.WriteString(line + "\n")
	}
}
