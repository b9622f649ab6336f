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
		name := ownName(e)
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
		d.nameUsing(f)
	}
}

func (d *deparser) inUse(name string) bool {
	return slices.ContainsFunc(d.levels, func(l map[string]bool) bool { return l[name] })
}

// nameColumns makes the names of an entry's columns: of a table those of today, where
// no alias gives others.
func (d *deparser) nameColumns(e *plan.TreeEntry) {
	names := slices.Clone(e.Columns)
	for i := e.AliasColumns; e.Rel != nil && i < len(names); i++ {
		if c := e.Rel.Column(e.Nums[i]); c != nil {
			names[i] = c.Name
		}
	}
	for i, name := range names {
		for n := 1; slices.Contains(names[:i], names[i]); n++ { // make_colname_unique
			names[i] = name + "_" + strconv.Itoa(n)
		}
	}
	d.columns[e] = names
}

// nameUsing gives the columns that USING merges one name on both sides (set_using_names).
func (d *deparser) nameUsing(f plan.TreeFrom) {
	j, ok := f.(*plan.TreeJoin)
	if !ok {
		return
	}
	for i, name := range d.usingNames(j) {
		for _, side := range j.UsingColumns[i] {
			d.rename(side, name)
		}
	}
	d.nameUsing(j.Left)
	d.nameUsing(j.Right)
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
	}
}

// aliases says whether an entry's text has an alias and a list of column names behind it
// (get_rte_alias, get_column_alias_list).
func (d *deparser) aliases(e *plan.TreeEntry) (alias string, columns []string) {
	name := d.entryName(e)
	switch {
	case e.Alias != "", e.Calls != nil, e.Query != nil, e.Values != nil:
		alias = name
	case e.Rel != nil && name != e.Rel.Name, e.CTE != "" && name != e.CTE:
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
		for i, num := range e.Nums {
			if c := e.Rel.Column(num); c != nil && c.Name != names[i] {
				return true
			}
		}
		return false
	case e.AliasColumns > 0:
		return true
	}
	return !slices.Equal(names, e.Columns)
}

// joinColumns is the list of column names behind a join's alias, nil where they are those
// of its sides.
func (d *deparser) joinColumns(j *plan.TreeJoin) []string {
	names := d.columns[j.Names]
	for i, e := range j.Columns {
		below := ""
		if i < len(j.Using) {
			below = d.usingNames(j)[i]
		} else if c, ok := e.(*plan.Column); ok {
			below = d.columnName(d.vars.Columns[c.ID])
		}
		if below != names[i] {
			return names
		}
	}
	return nil
}
