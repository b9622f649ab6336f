package plan

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// scanTitles name the access paths.
var scanTitles = map[storage.PathKind]string{
	storage.FullScan: "Full Scan", storage.KeyOnly: "Key-Only Scan", storage.PointGet: "Point Get",
	storage.Partition: "Partition Scan", storage.Covering: "Covering Partition Scan",
	storage.TrustedPartition: "Reference-Only Partition Scan", storage.UniqueGet: "Unique Get",
	storage.Intersection: "Partition Intersection", storage.Union: "Partition Union",
}

var joinNames = map[JoinKind]string{
	LeftJoin: " Left", RightJoin: " Right", FullJoin: " Full", SemiJoin: " Semi", AntiJoin: " Anti",
	RightSemiJoin: " Right Semi", RightAntiJoin: " Right Anti",
}

// joinTitle is "Hash Left Join", and "Hash Join" for an inner one; the nested
// loop has no "Join" then.
func joinTitle(method string, k JoinKind) string {
	if method == "Nested Loop" && k == InnerJoin {
		return method
	}
	return method + joinNames[k] + " Join"
}

const catalogScan = "Catalog Scan"

// title is a node's head in the text format and its "Node Type".
func (x *explainer) title(n Node) (title, kind string) {
	switch t := n.(type) {
	case *TableScan:
		return x.scanTitle(t), "Table Scan"
	case *VirtualScan:
		return catalogScan + " on " + x.relation(t.Rel, t.Alias), catalogScan
	case *CTEScan:
		return "CTE Scan on " + named(t.CTE.Name, t.Name), "CTE Scan"
	case *FuncScan:
		return "Function Scan on " + x.functionName(t), "Function Scan"
	case *Insert:
		return "Insert on " + x.relation(t.Rel, ""), "ModifyTable"
	case *Update:
		return "Update on " + x.relation(t.Rel, ""), "ModifyTable"
	case *Delete:
		return "Delete on " + x.relation(t.Rel, ""), "ModifyTable"
	case *Merge:
		return "Merge on " + x.relation(t.Rel, ""), "ModifyTable"
	case *HashJoin:
		return joinTitle("Hash", t.Kind), "Hash Join"
	case *MergeJoin:
		return joinTitle("Merge", t.Kind), "Merge Join"
	case *NestLoop:
		return joinTitle("Nested Loop", t.Kind), "Nested Loop"
	case *LookupJoin:
		return joinTitle("Lookup", t.Kind), "Lookup Join"
	}
	kind = otherTitle(n)
	return kind, kind
}

func otherTitle(n Node) string {
	switch t := n.(type) {
	case *Values:
		if len(t.Rows) == 1 {
			return "Result"
		}
		return "Values Scan"
	case *HashAggregate:
		if len(t.Aggregate.GroupBy) == 0 && t.Aggregate.Sets == nil {
			return "Aggregate"
		}
		return "HashAggregate"
	case *HashSetOp:
		return "HashSetOp" + map[SetOpKind]string{Union: " Union", Intersect: " Intersect", Except: " Except"}[t.Kind] + word(t.All, " All")
	case *DistinctRows:
		return "Unique"
	case *RecursiveUnion:
		return "Recursive Union"
	case *NamedTuplestoreScan:
		return "Named Tuplestore Scan"
	case *WorkTable:
		return "WorkTable Scan"
	case *CopyScan:
		return "Copy Scan"
	case *MergeRows:
		return "Merge Rows"
	case *TopN:
		return "Top-N Sort"
	}
	return simpleTitles(n)
}

func simpleTitles(n Node) string {
	switch n.(type) {
	case *Filter:
		return "Filter"
	case *Project:
		return "Project"
	case *ProjectSet:
		return "ProjectSet"
	case *Sort:
		return "Sort"
	case *Limit:
		return "Limit"
	case *LockRows:
		return "LockRows"
	case *Sample:
		return "Sample"
	case *Window:
		return "WindowAgg"
	case *GroupAggregate:
		return "GroupAggregate"
	case *Append:
		return "Append"
	}
	return "Logical"
}

func (x *explainer) relation(rel *catalog.Relation, alias string) string {
	name := types.QuoteIdent(rel.Name)
	if x.report.Explain.Verbose {
		name = types.QuoteIdent(rel.Schema) + "." + name
	}
	if alias == "" || alias == rel.Name {
		return name
	}
	return name + " " + types.QuoteIdent(alias)
}

func named(name, alias string) string {
	if alias == "" || alias == name {
		return types.QuoteIdent(name)
	}
	return types.QuoteIdent(name) + " " + types.QuoteIdent(alias)
}

func (x *explainer) scanTitle(t *TableScan) string {
	if t.Path.Kept != nil {
		return "Kept Index Scan on " + x.relation(t.Rel, t.Alias)
	}
	s := scanTitles[t.Path.Kind] + " on " + types.QuoteIdent(t.Rel.Name)
	if x.report.Explain.Verbose {
		s = scanTitles[t.Path.Kind] + " on " + types.QuoteIdent(t.Rel.Schema) + "." + types.QuoteIdent(t.Rel.Name)
	}
	if usesIndex(t.Path.Kind) && t.Path.Index != nil {
		return scanTitles[t.Path.Kind] + " using " + types.QuoteIdent(t.Path.Index.Name) + " on " + x.relation(t.Rel, t.Alias)
	}
	if t.Alias != "" && t.Alias != t.Rel.Name {
		s += " " + types.QuoteIdent(t.Alias)
	}
	return s
}

// usesIndex says that a path's title names its index.
func usesIndex(k storage.PathKind) bool {
	return k == storage.Partition || k == storage.Covering || k == storage.TrustedPartition || k == storage.UniqueGet
}

func (x *explainer) functionName(t *FuncScan) string {
	name := "functions"
	if len(t.Calls) == 1 {
		e := t.Calls[0]
		if s, ok := e.(*SetReturning); ok {
			e = s.Call
		}
		if c, ok := e.(*Call); ok {
			name = c.Func.Name
		}
	}
	return named(name, t.Alias)
}

// scanPrinter prints a scan's own columns without prefix.
func (x *explainer) scanPrinter(n Node) *printer {
	p := &printer{names: x.names, env: x.env, prefix: x.report.Explain.Verbose}
	if !p.prefix {
		p.local = ColumnSet{}
		for _, c := range n.Columns() {
			p.local[c.ID] = true
		}
	}
	return p
}

// printer prints columns with their table where the plan has several.
func (x *explainer) printer() *printer {
	return &printer{names: x.names, env: x.env, prefix: x.relations > 1 || x.report.Explain.Verbose}
}

// props collects properties.
type props []property

func (ps *props) add(key string, value any) { *ps = append(*ps, property{key: key, value: value}) }

func (ps *props) cond(key string, p *printer, e Expr) {
	if e != nil {
		ps.add(key, p.String(e))
	}
}

func (ps *props) list(key string, items []string) {
	if len(items) > 0 {
		ps.add(key, items)
	}
}

// details are a node's own lines.
func (x *explainer) details(n Node) []property {
	var ps props
	if x.report.Explain.Verbose {
		ps.list("Output", x.outputs(n))
	}
	switch t := n.(type) {
	case *TableScan:
		x.scanDetails(&ps, t)
	case *VirtualScan:
		x.virtualDetails(&ps, t)
	case *Filter:
		ps.cond("Filter", x.printer(), t.Cond)
	case *HashJoin:
		ps.add("Hash Cond", x.pairs(t.LeftKeys, t.RightKeys, t.Eq))
		ps.cond("Join Filter", x.printer(), t.Residual)
	case *MergeJoin:
		ps.cond("Join Filter", x.printer(), t.Residual)
	case *NestLoop:
		ps.cond("Join Filter", x.printer(), t.On)
	case *LookupJoin:
		ps.list("Lookup Key", x.printer().strings(t.Keys))
		ps.cond("Join Filter", x.printer(), t.Residual)
	case *HashAggregate:
		x.aggregateDetails(&ps, t.Aggregate)
	case *GroupAggregate:
		x.aggregateDetails(&ps, t.Aggregate)
	case *Sort:
		ps.list("Sort Key", x.printer().keyList(t.Keys))
	case *TopN:
		ps.list("Sort Key", x.printer().keyList(t.Keys))
		if t.Presorted {
			ps.list("Presorted Key", x.printer().keyList(t.Keys[:1]))
		}
		x.limits(&ps, t.Count, t.Offset)
	case *Limit:
		x.limits(&ps, t.Count, t.Offset)
	case *Sample:
		ps.list("Sampling", []string{x.sampling(t)})
	case *DistinctRows:
		ps.list("Distinct Key", x.printer().strings(t.On))
	case *Insert:
		x.conflictDetails(&ps, t.OnConflict)
	case *FuncScan:
		if x.report.Explain.Verbose {
			ps.list("Function Call", x.scanPrinter(t).strings(t.Calls))
		}
	}
	return ps
}

// sampling is show_tablesample.
func (x *explainer) sampling(s *Sample) string {
	es := x.printer().strings([]Expr{s.Percent, s.Seed})
	if !s.Explicit {
		return s.Method + " (" + es[0] + ")"
	}
	return s.Method + " (" + es[0] + ") REPEATABLE (" + es[1] + ")"
}

func (p *printer) strings(es []Expr) []string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = p.String(e)
	}
	return out
}

func (x *explainer) outputs(n Node) []string {
	p := x.printer()
	p.prefix = true
	var out []string
	for _, c := range n.Columns() {
		if c.Type != RowImageType {
			out = append(out, p.String(&Column{Meta: M(c.Type, -1), ID: c.ID, Name: c.Name}))
		}
	}
	return out
}

func (x *explainer) limits(ps *props, count, offset Expr) {
	if !x.report.Explain.Verbose {
		return
	}
	ps.cond("Count", x.printer(), count)
	ps.cond("Offset", x.printer(), offset)
}

// pairs is "((a.x = b.y) AND …)".
func (x *explainer) pairs(left, right []Expr, eq []*Call) string {
	p := x.printer()
	conds := make([]Expr, len(left))
	for i := range left {
		c := *eq[i]
		c.Args, c.Display = []Expr{left[i], right[i]}, DisplayOperator
		conds[i] = &c
	}
	return p.String(Conjunction(conds))
}

func (x *explainer) aggregateDetails(ps *props, a *Aggregate) {
	p := x.printer()
	if a.Sets == nil {
		ps.list("Group Key", p.strings(a.GroupBy))
		return
	}
	for _, set := range a.Sets {
		keys := make([]string, len(set))
		for i, k := range set {
			keys[i] = p.String(a.GroupBy[k])
		}
		if len(keys) == 0 {
			keys = []string{"()"}
		}
		ps.add("Group Key", keys)
	}
}

func (x *explainer) conflictDetails(ps *props, c *OnConflict) {
	if c == nil {
		return
	}
	resolution := "UPDATE"
	if c.DoNothing {
		resolution = "NOTHING"
	}
	ps.add("Conflict Resolution", resolution)
	if len(c.Arbiters) > 0 {
		names := make([]string, len(c.Arbiters))
		for i, ix := range c.Arbiters {
			names[i] = ix.Name
		}
		ps.add("Conflict Arbiter Indexes", names)
	}
	ps.cond("Conflict Filter", x.printer(), c.Where)
}

func (x *explainer) virtualDetails(ps *props, t *VirtualScan) {
	p := x.scanPrinter(t)
	var keys []string
	for _, c := range t.Rel.Columns {
		if e, ok := t.Keys[c.Num]; ok {
			keys = append(keys, c.Name+" = "+p.String(e))
		}
	}
	ps.list("Lookup Key", keys)
	ps.cond("Filter", p, t.Filter)
}

// scanDetails tell how a table is reached: the prefix, the conditions that
// became the path, those that are left, and why other partitions are not used.
func (x *explainer) scanDetails(ps *props, t *TableScan) {
	p := x.scanPrinter(t)
	if prefix := x.prefix(t, &t.Path, p); len(prefix) > 0 {
		ps.add("Partition Prefix", strings.Join(prefix, "/"))
	}
	for i := range t.Path.Arms {
		x.arm(ps, t, &t.Path.Arms[i], p)
	}
	ps.cond("Index Cond", p, Conjunction(t.Path.Used))
	ps.cond("Filter", p, Conjunction(x.residual(t, p)))
	if t.Limit >= 0 {
		ps.add("Scan Limit", t.Limit)
	}
	for _, why := range t.Rejected {
		ps.add("Not used", why)
	}
}

// arm is one of the paths of an intersection or a union.
func (x *explainer) arm(ps *props, t *TableScan, path *AccessPath, p *printer) {
	what := scanTitles[path.Kind]
	if usesIndex(path.Kind) && path.Index != nil {
		what += " using " + types.QuoteIdent(path.Index.Name)
	}
	if prefix := x.prefix(t, path, p); len(prefix) > 0 {
		what += " (" + strings.Join(prefix, "/") + ")"
	}
	ps.add("Arm", what)
}

// prefix is "field=value" for each field of the leading run.
func (x *explainer) prefix(t *TableScan, path *AccessPath, p *printer) []string {
	var out []string
	for i, term := range path.Prefix {
		if path.Index == nil || i >= len(path.Index.Columns) {
			break
		}
		field := path.Index.Columns[i]
		col := t.Rel.Column(field.Num)
		var alternatives []string
		for _, e := range term.Values {
			alternatives = append(alternatives, x.prefixValue(e, p, col))
		}
		for _, e := range term.Arrays {
			alternatives = append(alternatives, "ANY "+x.prefixValue(e, p, col))
		}
		out = append(out, field.Name+"="+strings.Join(alternatives, "|"))
	}
	return out
}

// prefixValue shows a constant as it stands in the key's text.
func (x *explainer) prefixValue(e Expr, p *printer, col *catalog.Column) string {
	k, ok := e.(*Const)
	switch {
	case col != nil && (col.Secret || col.HoldsSecret):
		return masked
	case ok && k.Value != nil:
		return string(k.Typ.Out(x.env, nil, k.Value))
	}
	return p.String(e)
}

// residual are the conjuncts of the filter that the path has not used: used
// ones are evaluated again too, but tell nothing new.
func (x *explainer) residual(t *TableScan, p *printer) []Expr {
	used := map[string]bool{}
	for _, e := range t.Path.Used {
		for _, c := range Conjuncts(e) {
			used[p.String(c)] = true
		}
	}
	var out []Expr
	for _, c := range Conjuncts(t.Filter) {
		if !used[p.String(c)] {
			out = append(out, c)
		}
	}
	return out
}
