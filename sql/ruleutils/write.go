package ruleutils

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// getWriteDef is get_insert_query_def, get_update_query_def and get_delete_query_def.
func (d *deparser) getWriteDef(q *plan.QueryTree, namesVisible bool) {
	d.withClause(q)
	if d.Indent {
		d.indentLevel += prettyIndentStd
		d.put(" ")
	}
	switch w := q.Write; w.Kind {
	case plan.InsertQuery:
		d.insert(w)
	case plan.UpdateQuery:
		d.put("UPDATE ")
		d.writeTarget(w.Target, " ")
		d.put(" SET ")
		d.sets(w, w.Sets)
		d.fromList(" FROM ", q.From)
		d.where(q.Where)
	default:
		d.put("DELETE FROM ")
		d.writeTarget(w.Target, " ")
		d.fromList(" USING ", q.From)
		d.where(q.Where)
	}
	if r := q.Write.Returning; r != nil {
		d.clause(" RETURNING", 1)
		d.targetList(r, nil, namesVisible)
	}
}

// writeTarget is the relation that is written, and its alias behind as.
func (d *deparser) writeTarget(e *plan.TreeEntry, as string) {
	d.putIf(e.Only, "ONLY ")
	d.put(d.relationName(d.today(e.Rel)))
	if e.Alias != "" {
		d.put(as + quoteIdent(e.Alias))
	}
}

func (d *deparser) where(e plan.Expr) {
	if e != nil {
		d.clause(" WHERE ", 1)
		d.getRuleExpr(e, false)
	}
}

func (d *deparser) insert(w *plan.TreeWrite) {
	d.put("INSERT INTO ")
	only := *w.Target
	only.Only = false
	d.writeTarget(&only, " AS ")
	d.put(" ")
	if len(w.Columns) > 0 {
		d.put("(")
		d.list(len(w.Columns), func(i int) {
			d.put(quoteIdent(d.targetColumn(w, w.Columns[i])))
			if w.Source == nil {
				d.indirection(w.Rows[0][i])
			}
		})
		d.put(") ")
	}
	d.putIf(w.Overriding != "", w.Overriding+" ")
	switch {
	case w.Source != nil:
		d.getQueryDef(w.Source, nil, false)
	case len(w.Rows) > 1:
		d.values(assignedRows(w.Rows))
	case len(w.Columns) > 0:
		d.keyword("VALUES (", -prettyIndentStd, prettyIndentStd, 2)
		row := assignedRows(w.Rows)[0]
		d.list(len(row), func(i int) { d.toplevel(row[i], false) })
		d.put(")")
	default:
		d.put("DEFAULT VALUES")
	}
	if w.Conflict != nil {
		d.onConflict(w, w.Conflict)
	}
}

// targetColumn is today's name of a column of the target.
func (d *deparser) targetColumn(w *plan.TreeWrite, num int16) string {
	if c := d.today(w.Target.Rel).Column(num); c != nil {
		return c.Name
	}
	return "?column?"
}

func (d *deparser) onConflict(w *plan.TreeWrite, c *plan.TreeConflict) {
	d.put(" ON CONFLICT")
	switch {
	case len(c.Elems) > 0:
		saved := d.prefix
		d.prefix = false // all is of the target
		d.put("(")
		d.list(len(c.Elems), func(i int) { d.inferred(c.Elems[i]) })
		d.put(")")
		d.where(c.Where)
		d.prefix = saved
	case c.Constraint != 0:
		for _, k := range d.today(w.Target.Rel).DeclaredConstraints() {
			if k.OID == c.Constraint {
				d.put(" ON CONSTRAINT " + quoteIdent(k.Name))
			}
		}
	}
	if c.Sets == nil {
		d.put(" DO NOTHING")
		return
	}
	d.put(" DO UPDATE SET ")
	d.sets(w, c.Sets)
	d.where(c.SetWhere)
}

// inferred is an InferenceElem: an expression that is no column and no call has
// parentheses.
func (d *deparser) inferred(e plan.TreeInferred) {
	tag := d.tagOf(e.Expr)
	paren := tag != tagWord && tag != tagCall
	d.putIf(paren, "(")
	d.getRuleExpr(e.Expr, false)
	d.putIf(paren, ")")
	d.putIf(e.Collation != 0, " COLLATE "+d.collationName(e.Collation))
}

// sets is get_update_query_targetlist_def.
func (d *deparser) sets(w *plan.TreeWrite, sets []plan.TreeSet) {
	d.list(len(sets), func(i int) {
		s := sets[i]
		paren := len(s.Nums) > 1
		d.putIf(paren, "(")
		d.list(len(s.Nums), func(i int) { d.put(quoteIdent(d.targetColumn(w, s.Nums[i]))) })
		d.putIf(paren, ")")
		value := d.indirection(s.Value)
		d.put(" = ")
		d.getRuleExpr(value, false)
	})
}

// stored is the store that an assignment to a part of a column begins with, and what it
// stores; nil where the value is the whole column's.
func stored(e plan.Expr) (store, value plan.Expr) {
	if c, ok := e.(*plan.Convert); ok && c.Kind == plan.ConvertDomain {
		if store, value = stored(c.Arg); store != nil {
			return store, value
		}
	}
	switch x := e.(type) {
	case *plan.FieldStore:
		return x, x.Value
	case *plan.SubscriptStore:
		return x, x.Value
	}
	return nil, e
}

// indirection is processIndirection: the place below a column, and the value for it.
func (d *deparser) indirection(e plan.Expr) plan.Expr {
	store, value := stored(e)
	switch x := store.(type) {
	case nil:
		return e
	case *plan.FieldStore:
		name := x.Name
		if cols := d.typeToday(x.Typ).Columns; x.Index < len(cols) {
			name = cols[x.Index].Name
		}
		d.put("." + quoteIdent(name))
	case *plan.SubscriptStore:
		d.indexes(x.Indexes, x.Slice)
	}
	return d.indirection(value)
}

// assignedRows are the values of rows without the stores around them.
func assignedRows(rows [][]plan.Expr) [][]plan.Expr {
	out := make([][]plan.Expr, len(rows))
	for i, row := range rows {
		for _, e := range row {
			store, value := stored(e)
			for store != nil {
				store, value = stored(value)
			}
			out[i] = append(out[i], value)
		}
	}
	return out
}

// Rule is what follows the event in CREATE RULE (make_ruledef).
func (c *Context) Rule(r *plan.TreeRule, instead bool, o Options) string {
	out := ""
	if r.Where != nil {
		if o.Indent {
			out = "\n  "
		}
		out += " WHERE " + c.RuleWhere(r, o)
	}
	out += " DO "
	if instead {
		out += "INSTEAD "
	}
	switch len(r.Actions) {
	case 0:
		return out + "NOTHING;"
	case 1:
		return out + c.Statement(r.Actions[0], o, true) + ";"
	}
	out += "("
	for _, a := range r.Actions {
		out += c.Statement(a, o, true)
		if o.Indent {
			out += ";\n"
		} else {
			out += "; "
		}
	}
	return out + ");"
}

// RuleWhere is the condition of a rule.
func (c *Context) RuleWhere(r *plan.TreeRule, o Options) string {
	d := c.deparser(r.Vars, o)
	d.prefix = true
	for _, e := range r.Around {
		d.nameColumns(e)
	}
	d.levels = []map[string]bool{{"old": true, "new": true}}
	d.getRuleExpr(r.Where, false)
	return string(d.buf)
}

// Statement is a statement of a rule or body. namesVisible writes the names of what it
// returns where they are ?column?.
func (c *Context) Statement(q *plan.QueryTree, o Options, namesVisible bool) string {
	d := c.deparser(q.Vars, o)
	d.getQueryDef(q, nil, namesVisible)
	return string(d.buf)
}

// SQLBody is print_function_sqlbody: the body of c.Body, whose statements these are.
func (c *Context) SQLBody(stmts []*plan.QueryTree) string {
	if c.Body.Return {
		d := c.bodyDeparser(stmts[0], Options{})
		d.isReturn = true
		d.getQueryDef(stmts[0], nil, false)
		return string(d.buf)
	}
	out := "BEGIN ATOMIC\n"
	for _, q := range stmts {
		d := c.bodyDeparser(q, Options{Indent: true})
		d.indentLevel = 1
		d.getQueryDef(q, nil, false)
		out += string(d.buf) + ";\n"
	}
	return out + "END"
}

// BodyStatement is one statement of c.Body in one line.
func (c *Context) BodyStatement(q *plan.QueryTree) string {
	d := c.bodyDeparser(q, Options{})
	d.getQueryDef(q, nil, false)
	return string(d.buf)
}

// bodyDeparser begins a text that has the function's parameters around it.
func (c *Context) bodyDeparser(q *plan.QueryTree, o Options) *deparser {
	d := c.deparser(q.Vars, o)
	d.levels = []map[string]bool{{}}
	return d
}
