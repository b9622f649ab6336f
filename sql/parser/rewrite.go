package parser

import "strings"

// rewriter overwrites what PostgreSQL's grammar does not know with what it
// does, byte for byte, so that every offset stays true. What it overwrote it
// keeps in plans, to be joined with the trees afterwards.
//
// Nested objects need a text each level deep: level 0 is the message with every
// nested list blanked, level n is one CREATE TABLE whose columns are the
// contents of all lists n deep, each at its own offset.
type rewriter struct {
	cursor
	closers []int32 // by index of (: index of its )
	levels  [][]byte
	ends    []int           // of each level: offset of the last list's )
	plans   map[int]*plan   // by offset of the statement's first token
	rules   map[int]rule    // by offset of the column's name
	nested  map[int][]int   // offset of the column's name → of the children's names
	moved   map[place]Token // placeholders → the token they stand for
}

// place is an offset in the text of a level.
type place struct{ level, offset int }

// rule is the text of a rule and where it stands.
type rule struct {
	text   string
	offset int
}

// plan is what an extension statement says beyond its tree.
type plan struct {
	ext        Extension
	partitions []PartitionClause
	actions    []alterPlan
}

// extensionVerbs are the statements that RESOURCE may follow, by first word.
var extensionVerbs = map[string]func(*rewriter) error{
	"create":  (*rewriter).createResource,
	"alter":   (*rewriter).alterResource,
	"drop":    (*rewriter).dropResource,
	"vacuum":  (*rewriter).vacuumResource,
	"verify":  (*rewriter).verifyResource,
	"comment": (*rewriter).commentOnResource,
}

// mentionsResource says cheaply whether text can hold an extension statement.
func mentionsResource(text string) bool {
	const word = "resource"
	for i := 0; i+len(word) <= len(text); i++ {
		j := strings.IndexAny(text[i:], "rR")
		if j < 0 || i+j+len(word) > len(text) {
			return false
		}
		if i += j; strings.EqualFold(text[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

func newRewriter(source string, toks []Token) *rewriter {
	return &rewriter{
		cursor:  cursor{src: source, toks: toks},
		closers: matchParens(toks),
		levels:  [][]byte{[]byte(source)},
		ends:    []int{0},
		plans:   make(map[int]*plan),
		rules:   make(map[int]rule),
		nested:  make(map[int][]int),
		moved:   make(map[place]Token),
	}
}

// rewrite goes through the statements of the message and stops at the first
// error in what only it understands.
func (r *rewriter) rewrite() error {
	for !r.atEnd() {
		if verb := extensionVerbs[r.word(0)]; verb != nil {
			if err := verb(r); err != nil {
				return err
			}
		}
		r.skipStatement()
		r.advance()
	}
	return nil
}

// begin records the extension statement that starts at the cursor.
func (r *rewriter) begin(ext Extension) *plan {
	p := &plan{ext: ext}
	r.plans[r.peek(0).Start] = p
	return p
}

// resourceAt rewrites the word RESOURCE n tokens ahead and moves behind it.
func (r *rewriter) resourceAt(n int, replacement string) {
	r.overwrite(0, r.peek(n), replacement)
	r.i += n + 1
}

func (r *rewriter) dropResource() error {
	if r.word(1) == "resource" {
		r.begin(DropResource)
		r.resourceAt(1, "TABLE")
	}
	return nil
}

func (r *rewriter) commentOnResource() error {
	if r.word(1) == "on" && r.word(2) == "resource" {
		r.begin(CommentOnResource)
		r.resourceAt(2, "TABLE")
	}
	return nil
}

// vacuumResource leaves VACUUM of a table called resource alone.
func (r *rewriter) vacuumResource() error {
	if r.word(1) == "resource" && isName(r.peek(2)) {
		r.begin(VacuumResource)
		r.resourceAt(1, "")
	}
	return nil
}

// verifyResource reads the whole statement: the VACUUM it borrows the tree of
// takes more than VERIFY does.
func (r *rewriter) verifyResource() error {
	if r.word(1) != "resource" {
		return nil
	}
	r.begin(VerifyResource)
	r.overwrite(0, r.peek(0), "VACUUM")
	r.resourceAt(1, "")
	for {
		if _, err := r.path(); err != nil {
			return err
		}
		if !r.accept(',') {
			break
		}
	}
	if r.atEnd() || r.is(';') {
		return nil
	}
	return r.unexpected()
}

func (r *rewriter) createResource() error {
	if r.word(1) != "resource" {
		return nil
	}
	p := r.begin(CreateResource)
	r.resourceAt(1, "TABLE")
	r.acceptWords("if", "not", "exists")
	if _, err := r.path(); err != nil {
		return err
	}
	if !r.is('(') {
		return nil // AS, OF: PostgreSQL's forms
	}
	r.advance()
	if _, err := r.columnList(0); err != nil {
		return err
	}
	return r.partitionClauses(p)
}

// partitionClauses reads PARTITION clauses, with or without commas between
// them, and blanks them. PARTITION BY, PostgreSQL's clause, is not one.
func (r *rewriter) partitionClauses(p *plan) error {
	for r.word(0) == "partition" && !(r.word(1) == "by" && r.word(2) != "by") {
		start := r.peek(0).Start
		r.advance()
		clause, err := r.partitionClause()
		if err != nil {
			return r.cut(0, start, err)
		}
		p.partitions = append(p.partitions, clause)
		if r.is(',') && r.wordAt(r.i+1) == "partition" {
			r.advance()
		}
		r.blank(0, start, r.behind())
	}
	return nil
}

// partitionClause reads name BY ( field ['rule'], … ).
func (r *rewriter) partitionClause() (c PartitionClause, err error) {
	c.Location = r.offset()
	if c.Name, err = r.name(); err != nil {
		return c, err
	}
	if !r.acceptWords("by") || !r.accept('(') {
		return c, r.unexpected()
	}
	for {
		f, err := r.partitionField()
		if err != nil {
			return c, err
		}
		c.Fields = append(c.Fields, f)
		if r.accept(')') {
			return c, nil
		}
		if !r.accept(',') {
			return c, r.unexpected()
		}
	}
}

func (r *rewriter) partitionField() (f PartitionField, err error) {
	f.Location = r.offset()
	if f.Path, err = r.path(); err != nil || !isString(r.peek(0)) {
		return f, err
	}
	text, err := r.stringValue()
	f.Rule, f.RuleLocation = &text.text, text.offset
	return f, err
}

// overwrite puts replacement, padded with spaces, in a token's place.
func (r *rewriter) overwrite(level int, t Token, replacement string) {
	r.blank(level, t.Start, t.End)
	copy(r.levels[level][t.Start:t.End], replacement)
}

func (r *rewriter) blank(level, start, end int) {
	for i := start; i < end; i++ {
		r.levels[level][i] = ' '
	}
}

// cut blanks a level from start, where begins what the error err is in: the
// grammar shall only be asked whether all before is right.
func (r *rewriter) cut(level, start int, err error) error {
	r.blank(level, start, len(r.src))
	return err
}
