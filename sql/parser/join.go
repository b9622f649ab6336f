package parser

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v6"
)

// joiner puts what the rewriter took out of a text together with the trees of
// what it left. Its zero rewriter is one of a text without extensions.
type joiner struct {
	source string
	plans  map[int]*plan
	rules  map[int]rule
	nested map[int][]int
	defs   map[int]*ColumnDef // of nested columns, by offset of the name
}

func newJoiner(r *rewriter, trees []*pg_query.ParseResult) joiner {
	j := joiner{source: r.src, plans: r.plans, rules: r.rules, nested: r.nested, defs: make(map[int]*ColumnDef)}
	for _, tree := range trees[1:] {
		for _, elt := range tree.Stmts[0].GetStmt().GetCreateStmt().GetTableElts() {
			def := elt.GetColumnDef()
			j.defs[int(def.GetLocation())] = def
		}
	}
	return j
}

func (j joiner) statements(tree *pg_query.ParseResult) []Statement {
	stmts := make([]Statement, 0, len(tree.Stmts))
	for _, raw := range tree.Stmts {
		stmts = append(stmts, j.statement(raw))
	}
	return stmts
}

func (j joiner) statement(raw *pg_query.RawStmt) Statement {
	s := j.place(raw)
	p := j.plans[s.Start]
	if p == nil {
		p = &plan{}
	}
	s.Extension = p.ext
	switch n := s.Node.GetNode().(type) {
	case *Node_CreateStmt:
		s.Create = j.create(n.CreateStmt, p)
	case *Node_AlterTableStmt:
		s.Alter = j.alter(n.AlterTableStmt, p)
	case *Node_RenameStmt:
		s.Rename = rename(n.RenameStmt, p)
	}
	return s
}

// place trims the statement's range to the statement.
func (j joiner) place(raw *pg_query.RawStmt) Statement {
	start, end := int(raw.StmtLocation), len(j.source)
	if raw.StmtLen > 0 {
		end = start + int(raw.StmtLen)
	}
	start = skipBlank(j.source, start)
	for end > start && isSpace(j.source[end-1]) {
		end--
	}
	return Statement{Node: raw.Stmt, Source: j.source, Start: start, End: end}
}

// Part makes a statement of a tree that stands in another one, as the elements of CREATE
// SCHEMA do.
func Part(of Statement, node *Node) Statement {
	s := Statement{Node: node, Source: of.Source, Start: of.Start, End: of.End}
	if c := node.GetCreateStmt(); c != nil {
		s.Create = joiner{source: of.Source}.create(c, &plan{})
	}
	return s
}

func (j joiner) create(stmt *CreateStmt, p *plan) *CreateSpec {
	spec := &CreateSpec{Partitions: p.partitions}
	for _, elt := range stmt.TableElts {
		switch n := elt.GetNode().(type) {
		case *Node_ColumnDef:
			spec.Columns = append(spec.Columns, j.column(n.ColumnDef))
		case *Node_Constraint:
			spec.Constraints = append(spec.Constraints, n.Constraint)
		case *Node_TableLikeClause:
			spec.Likes = append(spec.Likes, LikeClause{TableLikeClause: n.TableLikeClause, Before: len(spec.Columns)})
		}
	}
	return spec
}

func (j joiner) column(def *ColumnDef) ColumnSpec {
	c := ColumnSpec{Name: def.Colname, Location: int(def.Location), Def: def}
	j.setType(&c, c.Location)
	return c
}

// setType gives a column the rule and children kept under an offset.
func (j joiner) setType(c *ColumnSpec, offset int) {
	if r, ok := j.rules[offset]; ok {
		c.Rule, c.RuleLocation = &r.text, r.offset
		c.Def.TypeName = nil
	}
	if names, ok := j.nested[offset]; ok {
		c.Def.TypeName = nil
		for _, n := range names {
			c.Children = append(c.Children, j.column(j.defs[n]))
		}
	}
}

// alter joins actions and plans one to one, and takes the placeholders of
// partition actions out of the tree.
func (j joiner) alter(stmt *AlterTableStmt, p *plan) *AlterSpec {
	spec := &AlterSpec{}
	kept := stmt.Cmds[:0]
	for i, node := range stmt.Cmds {
		a := alterPlan{column: -1}
		if i < len(p.actions) {
			a = p.actions[i]
		}
		action := j.action(node.GetAlterTableCmd(), a)
		if action.Cmd != nil {
			kept = append(kept, node)
		}
		spec.Actions = append(spec.Actions, action)
	}
	stmt.Cmds = kept
	return spec
}

func (j joiner) action(cmd *AlterTableCmd, p alterPlan) AlterAction {
	if p.addPartition != nil || p.dropPartition != nil {
		return AlterAction{AddPartition: p.addPartition, DropPartition: p.dropPartition}
	}
	a := AlterAction{Cmd: cmd, Path: p.path}
	if a.Path == nil {
		a.Path = columnOf(cmd)
	}
	if len(a.Path) > 1 {
		setColumn(cmd, strings.Join(a.Path, "."))
	}
	if def := cmd.GetDef().GetColumnDef(); def != nil && columnTypeCmds[cmd.Subtype] {
		c := ColumnSpec{Name: def.Colname, Location: int(def.Location), Def: def}
		j.setType(&c, p.column)
		a.Column = &c
	}
	return a
}

var columnTypeCmds = map[AlterTableType]bool{
	AlterTableType_AT_AddColumn:       true,
	AlterTableType_AT_AlterColumnType: true,
}

// columnCmds are the actions whose Name is a column's.
var columnCmds = map[AlterTableType]bool{
	AlterTableType_AT_ColumnDefault: true, AlterTableType_AT_DropNotNull: true, AlterTableType_AT_SetNotNull: true,
	AlterTableType_AT_SetExpression: true, AlterTableType_AT_DropExpression: true, AlterTableType_AT_SetStatistics: true,
	AlterTableType_AT_SetOptions: true, AlterTableType_AT_ResetOptions: true, AlterTableType_AT_SetStorage: true,
	AlterTableType_AT_SetCompression: true, AlterTableType_AT_DropColumn: true, AlterTableType_AT_AlterColumnType: true,
	AlterTableType_AT_AlterColumnGenericOptions: true, AlterTableType_AT_AddIdentity: true,
	AlterTableType_AT_SetIdentity: true, AlterTableType_AT_DropIdentity: true,
}

func columnOf(cmd *AlterTableCmd) []string {
	switch {
	case cmd.Subtype == AlterTableType_AT_AddColumn:
		return []string{cmd.GetDef().GetColumnDef().GetColname()}
	case columnCmds[cmd.Subtype] && cmd.Name != "":
		return []string{cmd.Name}
	}
	return nil
}

func setColumn(cmd *AlterTableCmd, name string) {
	if cmd.Subtype == AlterTableType_AT_AddColumn {
		cmd.GetDef().GetColumnDef().Colname = name
		return
	}
	cmd.Name = name
}

// rename returns nil where something else than a column is renamed.
func rename(stmt *RenameStmt, p *plan) *RenameSpec {
	if stmt.RenameType != ObjectType_OBJECT_COLUMN && stmt.RenameType != ObjectType_OBJECT_ATTRIBUTE {
		return nil
	}
	path := []string{stmt.Subname}
	if len(p.actions) == 1 && p.actions[0].path != nil {
		path = p.actions[0].path
		stmt.Subname = strings.Join(path, ".")
	}
	return &RenameSpec{Path: path}
}
