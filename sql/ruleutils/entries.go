package ruleutils

import (
	"slices"
	"strconv"

	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// entriesOf lists the range table of a query in PostgreSQL's order: a join behind its
// sides.
func entriesOf(q *plan.QueryTree) []*plan.TreeEntry {
	var out []*plan.TreeEntry
	var walk func(f plan.TreeFrom)
	walk = func(f plan.TreeFrom) {
		switch f := f.(type) {
		case *plan.TreeEntry:
			out = append(out, f)
		case *plan.TreeJoin:
			walk(f.Left)
			walk(f.Right)
			join := f.Names
			if join == nil {
				join = &plan.TreeEntry{}
			}
			out = append(out, join)
		}
	}
	if w := q.Write; w != nil {
		out = append(append(out, w.Around...), w.Target)
		if w.Conflict != nil && w.Conflict.Excluded != nil {
			out = append(out, w.Conflict.Excluded)
		}
	}
	for _, f := range q.From {
		walk(f)
	}
	return out
}

// nameEntries is set_rtable_names and set_relation_column_names: a name that this query
// or one around it has already gets a number.
func (d *deparser) nameEntries(q *plan.QueryTree, entries []*plan.TreeEntry) {
	used := map[string]bool{}
	for _, e := range entries {
		name := d.ownName(e)
		if name == "" {
			continue
		}
		given := name
		for i := 1; used[given] || d.inUse(given); i++ {
			given = name + "_" + strconv.Itoa(i)
		}
		used[given] = true
		d.names[e] = given
		d.nameColumns(e)
	}
	d.levels = append(d.levels, used)
	for _, f := range q.From {
		d.nameUsing(f, nil)
		d.nameJoins(f)
	}
}

func (d *deparser) inUse(name string) bool {
	return slices.ContainsFunc(d.levels, func(l map[string]bool) bool { return l[name] })
}

// nameColumns makes the names of an entry's columns: of a table those of today, where
// no alias gives others, and those that it has got since.
func (d *deparser) nameColumns(e *plan.TreeEntry) {
	names := slices.Clone(e.Columns)
	if e.Rel != nil {
		rel := d.today(e.Rel)
		for i := e.AliasColumns; i < len(names); i++ {
			if c := rel.Column(e.Nums[i]); c != nil {
				names[i] = c.Name
			}
		}
		for _, c := range rel.VisibleColumns() {
			if !slices.Contains(e.Nums, c.Num) {
				names = append(names, c.Name)
			}
		}
	}
	uniquify(names)
	d.columns[e] = names
}

// uniquify is make_colname_unique.
func uniquify(names []string) {
	for i, name := range names {
		for n := 1; slices.Contains(names[:i], names[i]); n++ {
			names[i] = name + "_" + strconv.Itoa(n)
		}
	}
}

// nameUsing gives the columns that USING merges one name on both sides, and other columns
// below it other names, so that the merged name is found but once (set_using_names).
func (d *deparser) nameUsing(f plan.TreeFrom, above []string) {
	switch f := f.(type) {
	case *plan.TreeEntry:
		d.avoid(f, above)
	case *plan.TreeJoin:
		for i, name := range d.usingNames(f) {
			for _, side := range f.UsingColumns[i] {
				d.rename(side, name)
			}
			above = append(slices.Clip(above), name)
		}
		d.nameUsing(f.Left, above)
		d.nameUsing(f.Right, above)
	}
}

// avoid gives columns that are not merged other names than those of USING above.
func (d *deparser) avoid(e *plan.TreeEntry, names []string) {
	cols := d.columns[e]
	for i, name := range cols {
		if d.merged[columnPlace{e, i}] {
			continue
		}
		for n := 1; slices.Contains(names, cols[i]) || slices.Index(cols, cols[i]) != i; n++ {
			cols[i] = name + "_" + strconv.Itoa(n)
		}
	}
}

// columnPlace is a column of an entry.
type columnPlace struct {
	entry *plan.TreeEntry
	place int
}

// usingNames are the names of the merged columns: those that the join's alias gives.
func (d *deparser) usingNames(j *plan.TreeJoin) []string {
	if j.Names != nil {
		return j.Names.Columns[:len(j.Using)]
	}
	return j.Using
}

func (d *deparser) rename(e plan.Expr, name string) {
	c, ok := e.(*plan.Column)
	if !ok {
		return
	}
	v := d.vars.Columns[c.ID]
	if v.Entry == nil {
		return
	}
	if v.Place >= 0 && d.columns[v.Entry] != nil {
		d.columns[v.Entry][v.Place] = name
		d.merged[columnPlace{v.Entry, v.Place}] = true
	}
}

// aliases says whether an entry's text has an alias and a list of column names behind it
// (get_rte_alias, get_column_alias_list).
func (d *deparser) aliases(e *plan.TreeEntry) (alias string, columns []string) {
	name := d.entryName(e)
	switch {
	case e.Alias != "", e.Calls != nil, e.Query != nil, e.Values != nil:
		alias = name
	case e.Rel != nil && name != d.today(e.Rel).Name, e.CTE != "" && name != e.CTE:
		alias = name
	}
	if d.printsColumns(e) {
		alias, columns = name, d.columns[e]
	}
	return alias, columns
}

func (d *deparser) printsColumns(e *plan.TreeEntry) bool {
	names := d.columns[e]
	switch {
	case e.Calls != nil:
		return true
	case e.Rel != nil:
		rel := d.today(e.Rel)
		for i, num := range e.Nums {
			if c := rel.Column(num); c != nil && c.Name != names[i] {
				return true
			}
		}
		for _, name := range names[len(e.Nums):] {
			if rel.ColumnByName(name) == nil {
				return true
			}
		}
		return false
	case e.AliasColumns > 0:
		return true
	}
	return !slices.Equal(names, e.Columns)
}

// nameJoins is set_join_column_names: columns that a join's alias does not name are called
// as in the sides.
func (d *deparser) nameJoins(f plan.TreeFrom) {
	j, ok := f.(*plan.TreeJoin)
	if !ok {
		return
	}
	d.nameJoins(j.Left)
	d.nameJoins(j.Right)
	if j.Names == nil {
		return
	}
	names := d.columns[j.Names]
	for i := j.Names.AliasColumns; i < len(names); i++ {
		names[i] = d.nameBelow(j, i)
	}
	uniquify(names)
}

// nameBelow is what a column of a join is called in the sides.
func (d *deparser) nameBelow(j *plan.TreeJoin, i int) string {
	if i < len(j.Using) {
		return d.usingNames(j)[i]
	}
	if c, ok := j.Columns[i].(*plan.Column); ok {
		return d.columnName(d.vars.Columns[c.ID])
	}
	return j.Names.Columns[i]
}

// joinColumns is the list of column names behind a join's alias, nil where they are those
// of its sides.
func (d *deparser) joinColumns(j *plan.TreeJoin) []string {
	var out, below []string
	for _, o := range d.outputs(j) {
		name := o.name
		for i := range j.Columns {
			if i < len(j.Using) && o.merged == i || i >= len(j.Using) && d.stands(j.Columns[i], o) {
				name = d.columns[j.Names][i]
			}
		}
		out, below = append(out, name), append(below, o.name)
	}
	uniquify(out)
	if slices.Equal(out, below) {
		return nil
	}
	return out
}

// output is a column of an item of FROM: one that USING merges by its place there, -1 for
// any other.
type output struct {
	columnPlace
	name   string
	merged int
}

func (d *deparser) stands(e plan.Expr, o output) bool {
	c, ok := e.(*plan.Column)
	if !ok || o.merged >= 0 {
		return false
	}
	v := d.vars.Columns[c.ID]
	return v.Entry == o.entry && v.Place == o.place
}

// outputs are the columns that * is of an item, joins' aliases aside.
func (d *deparser) outputs(f plan.TreeFrom) []output {
	var out []output
	switch f := f.(type) {
	case *plan.TreeEntry:
		for i, name := range d.columns[f] {
			out = append(out, output{columnPlace{f, i}, name, -1})
		}
	case *plan.TreeJoin:
		for i, name := range d.usingNames(f) {
			out = append(out, output{name: name, merged: i})
		}
		for _, side := range []plan.TreeFrom{f.Left, f.Right} {
			for _, o := range d.sideOutputs(side) {
				if !slices.Contains(d.usingNames(f), o.name) {
					out = append(out, o)
				}
			}
		}
	}
	return out
}

// sideOutputs are the outputs of a join's side, which its alias hides.
func (d *deparser) sideOutputs(f plan.TreeFrom) []output {
	j, ok := f.(*plan.TreeJoin)
	if !ok || j.Names == nil {
		out := d.outputs(f)
		for i := range out {
			out[i].merged = -1
		}
		return out
	}
	var out []output
	for i, name := range d.columns[j.Names] {
		out = append(out, output{columnPlace{j.Names, i}, name, -1})
	}
	return out
}
