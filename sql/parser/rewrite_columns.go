package parser

import (
	"bytes"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// maxNesting bounds the levels of nested objects (54000); each costs a parse.
const maxNesting = 32

// levelPrefix opens the text of a nested level. It is shorter than the least
// text that can stand before a nested list, CREATE RESOURCE a(b(.
const levelPrefix = "CREATE TABLE t("

// placeholder is the type name put where a rule or a nested list gives the type.
const placeholder = "t"

// matchParens returns for each token that opens a parenthesis the index of the
// one that closes it in the same statement; 0 where nothing does.
func matchParens(toks []Token) []int32 {
	closers := make([]int32, len(toks))
	var open []int
	for i, t := range toks {
		switch {
		case t.Kind == '(':
			open = append(open, i)
		case t.Kind == ')' && len(open) > 0:
			closers[open[len(open)-1]] = int32(i)
			open = open[:len(open)-1]
		case t.Kind == ';':
			open = open[:0]
		}
	}
	return closers
}

// columnList reads the elements of a list behind its opening parenthesis, and
// the closing one. It returns the offsets of the columns' names. Level 0 is
// PostgreSQL's list, of which only rules and nested lists are of interest; in
// deeper ones there are columns only.
func (r *rewriter) columnList(level int) (names []int, err error) {
	for {
		switch {
		case r.startsColumn():
			names = append(names, r.offset())
			r.advance()
			if err := r.columnType(level, names[len(names)-1]); err != nil {
				return nil, err
			}
		case level > 0:
			return nil, r.unexpected()
		}
		r.skipElement()
		if r.accept(')') {
			return names, nil
		}
		if !r.accept(',') {
			return nil, r.unexpected()
		}
	}
}

// startsColumn tells a column from a table constraint; those begin with a
// reserved word, or with EXCLUDE, which can be a column's name too.
func (r *rewriter) startsColumn() bool {
	if r.word(0) == "exclude" && (r.peek(1).Kind == '(' || r.word(1) == "using") {
		return false
	}
	return isName(r.peek(0))
}

// columnType reads what stands in the place of a type where that is a rule, a
// nested list or both, and puts a type name there. owner is the offset of the
// column's name.
func (r *rewriter) columnType(level, owner int) error {
	switch {
	case isString(r.peek(0)):
		return r.ruleType(level, owner)
	case r.is('('):
		return r.nestedList(level, owner, placeholder)
	case level > 0 && (r.is(',') || r.is(')')):
		return r.unexpected() // the grammar takes a list of mere names, for CREATE TABLE AS
	}
	return nil
}

func (r *rewriter) ruleType(level, owner int) error {
	t := r.peek(0)
	value, err := r.stringValue()
	if err != nil {
		return err
	}
	r.rules[owner] = value
	if err := r.replaceRule(level, t); err != nil {
		return err
	}
	if r.is('(') {
		return r.nestedList(level, owner, "")
	}
	return r.endOfType()
}

// replaceRule puts the placeholder in the place of a rule, where it touches no
// word; the only string too short for that is an empty one between two words.
func (r *rewriter) replaceRule(level int, t Token) error {
	at := t.Start
	if touches(r.src, t.Start-1) {
		at++
	}
	if at > t.Start && t.End-t.Start == 2 && t.End < len(r.src) && touches(r.src, t.End) {
		return syntaxError(r.src, t.Start, t.End)
	}
	r.blank(level, t.Start, t.End)
	r.stand(level, at, t, placeholder)
	return nil
}

// touches says whether a byte can be part of a word.
func touches(text string, i int) bool {
	return startsIdent(text[i]) || isDigit(text[i]) || text[i] == '$'
}

// stand puts a placeholder into a level and remembers what it stands for.
func (r *rewriter) stand(level, offset int, t Token, replacement string) {
	copy(r.levels[level][offset:], replacement)
	r.moved[place{level, offset}] = t
}

// endOfType refuses what the grammar would take for a part of the placeholder.
func (r *rewriter) endOfType() error {
	switch k := r.peek(0).Kind; {
	case k == '(' || k == '[' || k == '.' || k == '%', r.word(0) == "array":
		return r.unexpected()
	}
	return nil
}

// nestedList moves the list at the cursor to the next level, and leaves
// replacement in its place.
func (r *rewriter) nestedList(level, owner int, replacement string) error {
	if level+1 > maxNesting {
		return pgerr.New(pgerr.ProgramLimitExceeded, "objects are nested too deeply").
			WithDetail("The limit is %d levels.", maxNesting).AtByte(r.offset())
	}
	open, end := r.peek(0), len(r.src)
	if i := r.closers[r.i]; i > 0 {
		end = r.toks[i].Start
	}
	r.openLevel(level+1, open.End, end)
	r.advance()
	names, err := r.columnList(level + 1)
	if err != nil {
		return r.cut(level, open.Start, err)
	}
	r.nested[owner] = names
	r.blank(level, open.Start, end+1)
	r.stand(level, open.End, open, replacement) // not at open.Start: it may touch the name
	return r.endOfType()
}

// openLevel adds the list text between start and end to a level; its closing
// parenthesis becomes a comma before the next list, until finish.
func (r *rewriter) openLevel(level, start, end int) {
	if level == len(r.levels) {
		text := bytes.Repeat([]byte{' '}, len(r.src))
		copy(text, levelPrefix)
		r.levels = append(r.levels, text)
		r.ends = append(r.ends, 0)
	}
	if last := r.ends[level]; last > 0 {
		r.levels[level][last] = ','
	}
	copy(r.levels[level][start:end], r.src[start:end])
	r.ends[level] = end
}

// texts returns the text of each level, each a valid message if the columns are.
func (r *rewriter) texts() []string {
	texts := make([]string, len(r.levels))
	for level, text := range r.levels {
		if level > 0 {
			text = append(text[:min(r.ends[level], len(text))], ')')
		}
		texts[level] = string(text)
	}
	return texts
}
