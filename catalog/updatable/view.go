package updatable

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// View is a view that selects from one table, or from another such view.
type View struct {
	Rel *catalog.Relation
	// Query is its SELECT; trees are shared and not changed.
	Query *parser.SelectStmt
	// From is what it selects from: Inner if that is a view, Table at the bottom.
	From  *parser.RangeVar
	Inner *View
	Table *catalog.Relation
	// Columns are parallel to the view's visible ones.
	Columns []Column
}

// Column is a view's column.
type Column struct {
	// Column is the table's, with the view's name and the default that an INSERT
	// into the view uses. nil for a column that can't be written.
	*catalog.Column
	// ViewDefault says that its default is a view's, not the table's: it stands for a
	// number of an identity column too.
	ViewDefault bool
	// Refused says why it can't.
	Refused *Refusal
}

// Refusal is why a view, or a column, can't be written: PostgreSQL's detail, of
// the view that it concerns, which may be one below.
type Refusal struct {
	View   *catalog.Relation
	Column string
	Detail string
}

// Open reads a view's text. refused says why nothing can be written through it;
// errors are those of a text that can't be read any more.
func Open(cat catalog.Reader, rel *catalog.Relation) (v *View, refused *Refusal, err error) {
	return open(cat, rel, 0, nil)
}

// OpenTo is Open for a statement that an INSTEAD OF trigger for that event, on a
// view below, takes over: that view is the Table.
func OpenTo(cat catalog.Reader, rel *catalog.Relation, event catalog.TriggerType) (v *View, refused *Refusal, err error) {
	return open(cat, rel, event, nil)
}

func open(cat catalog.Reader, rel *catalog.Relation, event catalog.TriggerType, above []catalog.OID) (*View, *Refusal, error) {
	for _, oid := range above {
		if oid == rel.OID {
			return nil, nil, pgerr.New(pgerr.InvalidObjectDefinition, "infinite recursion detected in rules for relation \"%s\"", rel.Name)
		}
	}
	stmts, err := parser.Parse(rel.Definition)
	if err != nil {
		return nil, nil, err
	}
	v := &View{Rel: rel, Query: stmts[0].Node.GetSelectStmt()}
	if detail := v.refusedQuery(); detail != "" {
		return nil, &Refusal{View: rel, Detail: detail}, nil
	}
	v.From = v.Query.FromClause[0].GetRangeVar()
	from := cat.Relation(v.From.Schemaname, v.From.Relname)
	switch {
	case from != nil && from.IsTable():
		v.Table = from
	case from != nil && from.HasTrigger(catalog.TriggerInsteadOf|catalog.TriggerRow|event):
		v.Table = from
	case from != nil && from.Kind == catalog.View:
		inner, refused, err := open(cat, from, event, append(above, rel.OID))
		if inner == nil {
			return nil, refused, err
		}
		v.Inner, v.Table = inner, inner.Table
	default:
		return nil, &Refusal{View: rel, Detail: noSingleTable}, nil
	}
	v.columns()
	return v, nil, nil
}

// columns finds the table's column of each of the view's.
func (v *View) columns() {
	targets := v.Query.TargetList
	for i, c := range v.Rel.VisibleColumns() {
		col := Column{Refused: &Refusal{View: v.Rel, Column: c.Name, Detail: notAColumn}}
		if i < len(targets) {
			col = v.column(c, targets[i].GetResTarget().GetVal())
		}
		v.Columns = append(v.Columns, col)
	}
}

// column is view_col_is_auto_updatable.
func (v *View) column(c *catalog.Column, value *parser.Node) Column {
	refuse := func(detail string) Column {
		return Column{Refused: &Refusal{View: v.Rel, Column: c.Name, Detail: detail}}
	}
	name, ok := v.columnRef(value)
	if !ok {
		return refuse(notAColumn)
	}
	below := v.below(name)
	switch {
	case below.Refused != nil:
		return Column{Refused: below.Refused}
	case below.Column == nil && name == v.fromName():
		return refuse("View columns that return whole-row references are not updatable.")
	case below.Column == nil || below.Path != nil:
		return refuse(notAColumn)
	case below.Num < 0:
		return refuse("View columns that refer to system columns are not updatable.")
	}
	own := *below.Column
	own.Name = c.Name
	// A view that is yet to be made has no types.
	given := c.Default != "" || c.Type != nil && c.Type.HasDefault()
	if given {
		own.Default = c.Default
	}
	return Column{Column: &own, ViewDefault: given || below.ViewDefault}
}

// below is the column of that name of what the view selects from.
func (v *View) below(name string) Column {
	if v.Inner == nil {
		return Column{Column: v.Table.ColumnByName(name)}
	}
	for i, c := range v.Inner.Rel.VisibleColumns() {
		if c.Name == name {
			return v.Inner.Columns[i]
		}
	}
	return Column{}
}

// columnRef is the name of the column that an expression is, if it is one.
func (v *View) columnRef(value *parser.Node) (string, bool) {
	fields := value.GetColumnRef().GetFields()
	switch len(fields) {
	case 1:
		return fields[0].GetString_().GetSval(), fields[0].GetString_() != nil
	case 2:
		table := fields[0].GetString_().GetSval()
		return fields[1].GetString_().GetSval(), fields[1].GetString_() != nil && table == v.fromName()
	}
	return "", false
}

// fromName is the name under which the query knows what it selects from.
func (v *View) fromName() string {
	if a := v.From.Alias; a != nil {
		return a.Aliasname
	}
	return v.From.Relname
}

// HasColumns says whether some column can be written.
func (v *View) HasColumns() bool {
	for _, c := range v.Columns {
		if c.Column != nil {
			return true
		}
	}
	return false
}

// WithoutColumns is the refusal of INSERT and UPDATE where no column of the view,
// or of one below it, can be written; nil where some can.
func (v *View) WithoutColumns() *Refusal {
	for ; v != nil; v = v.Inner {
		if !v.HasColumns() {
			return &Refusal{View: v.Rel, Detail: "Views that have no updatable columns are not automatically updatable."}
		}
	}
	return nil
}
