package parser

// alterPlan is what an action of ALTER RESOURCE says beyond its tree.
type alterPlan struct {
	path   []string // of the column named, nil without
	column int      // offset under which rules and nested lists are kept, -1 without

	addPartition  *PartitionClause
	dropPartition *DropPartition
}

// partitionPlaceholder stands for an action on partitions, which no ALTER TABLE
// has; the tree's action is dropped again.
const partitionPlaceholder = "DROP t"

func (r *rewriter) alterResource() error {
	if r.word(1) != "resource" {
		return nil
	}
	if r.rotates() {
		return r.rotateSecret()
	}
	p := r.begin(AlterResource)
	r.resourceAt(1, "TABLE")
	r.acceptWords("if", "exists")
	r.acceptWords("only")
	if _, err := r.path(); err != nil {
		return err
	}
	for {
		a, err := r.alterAction()
		if err != nil {
			return err
		}
		p.actions = append(p.actions, a)
		r.skipElement()
		if !r.accept(',') {
			return nil
		}
	}
}

// rotates tells ALTER RESOURCE r ROTATE SECRET, which stands alone.
func (r *rewriter) rotates() bool {
	n := 3
	for r.peek(n).Kind == '.' {
		n += 2
	}
	return r.word(n) == "rotate" && r.word(n+1) == "secret"
}

// rotateSecret borrows the tree of VACUUM.
func (r *rewriter) rotateSecret() error {
	r.begin(RotateSecret)
	start := r.offset()
	r.blank(0, start, r.peek(1).End)
	copy(r.levels[0][start:], "VACUUM")
	r.i += 2
	if _, err := r.path(); err != nil {
		return err
	}
	r.blank(0, r.offset(), r.peek(1).End)
	r.i += 2
	if r.atEnd() || r.is(';') {
		return nil
	}
	return r.unexpected()
}

func (r *rewriter) alterAction() (alterPlan, error) {
	read := alterActions[r.word(0)]
	if read == nil {
		return alterPlan{column: -1}, nil
	}
	return read(r)
}

var alterActions = map[string]func(*rewriter) (alterPlan, error){
	"add":    (*rewriter).addAction,
	"drop":   (*rewriter).dropAction,
	"alter":  (*rewriter).alterColumnAction,
	"rename": (*rewriter).renameAction,
}

func (r *rewriter) addAction() (alterPlan, error) {
	start := r.offset()
	r.advance()
	if r.addsPartition() {
		return r.addPartition(start)
	}
	if !r.acceptWords("column") && !r.startsColumn() {
		return alterPlan{column: -1}, nil // a table constraint
	}
	r.acceptWords("if", "not", "exists")
	column := r.offset()
	path, err := r.columnPath()
	if err == nil {
		err = r.columnType(0, column)
	}
	return alterPlan{path: path, column: column}, err
}

// addsPartition tells ADD PARTITION p BY ( … ) from a new column called
// partition.
func (r *rewriter) addsPartition() bool {
	if r.word(0) != "partition" {
		return false
	}
	if r.word(1) == "if" && r.word(2) == "not" {
		return true
	}
	return isName(r.peek(1)) && (r.word(2) == "by" || r.peek(2).Kind == '(')
}

func (r *rewriter) addPartition(start int) (alterPlan, error) {
	r.advance()
	ifNotExists := r.acceptWords("if", "not", "exists")
	clause, err := r.partitionClause()
	if err != nil {
		return alterPlan{}, r.cut(0, start, err)
	}
	clause.IfNotExists = ifNotExists
	return alterPlan{column: -1, addPartition: &clause}, r.replaceAction(start)
}

// replaceAction puts the placeholder over the action read since start. Nothing
// may follow it: the grammar takes more after DROP.
func (r *rewriter) replaceAction(start int) error {
	r.blank(0, start, r.behind())
	copy(r.levels[0][start:], partitionPlaceholder)
	if r.atEnd() || r.is(',') || r.is(';') {
		return nil
	}
	return r.unexpected()
}

func (r *rewriter) dropAction() (alterPlan, error) {
	start := r.offset()
	r.advance()
	if r.word(0) == "constraint" {
		return alterPlan{column: -1}, nil
	}
	if r.dropsPartition() {
		return r.dropPartition(start)
	}
	r.acceptWords("column")
	r.acceptWords("if", "exists")
	path, err := r.columnPath()
	return alterPlan{path: path, column: -1}, err
}

// dropsPartition tells DROP PARTITION p from DROP of a column called partition.
func (r *rewriter) dropsPartition() bool {
	if r.word(0) != "partition" {
		return false
	}
	next := r.word(1)
	return isName(r.peek(1)) && next != "cascade" && next != "restrict"
}

func (r *rewriter) dropPartition(start int) (alterPlan, error) {
	r.advance()
	d := &DropPartition{IfExists: r.acceptWords("if", "exists")}
	d.Location = r.offset()
	var err error
	if d.Name, err = r.name(); err != nil {
		return alterPlan{}, r.cut(0, start, err)
	}
	return alterPlan{column: -1, dropPartition: d}, r.replaceAction(start)
}

// alterColumnAction reads ALTER [COLUMN] path, and the rule or nested list
// behind TYPE.
func (r *rewriter) alterColumnAction() (alterPlan, error) {
	r.advance()
	if r.word(0) == "constraint" {
		return alterPlan{column: -1}, nil
	}
	r.acceptWords("column")
	column := r.offset()
	path, err := r.columnPath()
	if err == nil && (r.acceptWords("type") || r.acceptWords("set", "data", "type")) {
		err = r.columnType(0, column)
	}
	return alterPlan{path: path, column: column}, err
}

func (r *rewriter) renameAction() (alterPlan, error) {
	r.advance()
	if w := r.word(0); w == "to" || w == "constraint" {
		return alterPlan{column: -1}, nil
	}
	r.acceptWords("column")
	path, err := r.columnPath()
	return alterPlan{path: path, column: -1}, err
}

// columnPath reads a column's path and leaves its first name for the grammar.
func (r *rewriter) columnPath() ([]string, error) {
	first := r.peek(0)
	path, err := r.path()
	if err != nil && r.offset() > first.Start {
		return nil, r.cut(0, first.End, err)
	}
	if len(path) > 1 {
		r.blank(0, first.End, r.behind())
	}
	return path, err
}
