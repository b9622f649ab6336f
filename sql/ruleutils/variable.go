package ruleutils

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// computed is the call that a column stands for, nil for a column of FROM.
func (d *deparser) computed(c *plan.Column) plan.Expr { return d.vars.Computed[c.ID] }

func (d *deparser) isWindow(c *plan.Column) bool { return d.vars.Windows[c.ID].Win != nil }

func (d *deparser) isGrouping(c *plan.Column) bool { return d.vars.Groupings[c.ID] != nil }

// getVariable is get_variable; what it returns is the column's name, "" for a call.
func (d *deparser) getVariable(c *plan.Column) string {
	if e := d.computed(c); e != nil {
		d.getRuleExpr(e, true)
		return ""
	}
	if w, ok := d.vars.Windows[c.ID]; ok {
		d.getWindowFunc(w)
		return ""
	}
	if args, ok := d.vars.Groupings[c.ID]; ok {
		d.function("GROUPING", args)
		return ""
	}
	if c.ID == plan.ElemColumn { // CoerceToDomainValue
		d.put("VALUE")
		return ""
	}
	v, ok := d.vars.Columns[c.ID]
	if !ok {
		d.put(quoteIdent(c.Name))
		return c.Name
	}
	name := d.columnName(v)
	if table := d.entryName(v.Entry); d.prefix && table != "" {
		d.put(quoteIdent(table) + ".")
	}
	d.put(quoteIdent(name))
	return name
}

// columnName is what a column of FROM is called there: its name of today, if it is a
// table's, or that which an alias list gives it.
func (d *deparser) columnName(v plan.TreeVar) string {
	e := v.Entry
	if e == nil {
		return v.Name
	}
	if names := d.columns[e]; v.Place >= 0 && names != nil {
		return names[v.Place]
	}
	return v.Name
}

// entryName is the name of an entry of the range table in the text.
func (d *deparser) entryName(e *plan.TreeEntry) string {
	if e == nil {
		return ""
	}
	if name, ok := d.names[e]; ok {
		return name
	}
	return d.ownName(e)
}

// ownName is what an entry is called where no other has the name.
func (d *deparser) ownName(e *plan.TreeEntry) string {
	switch {
	case e.Alias != "":
		return e.Alias
	case e.Rel != nil:
		return d.today(e.Rel).Name
	}
	return e.Name
}
