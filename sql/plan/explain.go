package plan

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Report is the answer of EXPLAIN: a plan with its estimates and, after
// ANALYZE, what it did.
type Report struct {
	Explain *Explain
	Root    Node
	// Actual tells what a node did; nil without ANALYZE.
	Actual func(n Node) *Actual
	// Planning and Execution are the footer's times, Usage the statement's
	// requests.
	Planning, Execution time.Duration
	Usage               objstore.Usage
}

// explained is a node as every format shows it.
type explained struct {
	title string // the text format's head, without costs
	kind  string // "Node Type"
	// relation is how the node stands to its parent: Outer, Inner, Member,
	// SubPlan, InitPlan; label names a subplan or CTE.
	relation string
	label    string
	est      *Estimate
	actual   *Actual
	props    []property
	children []*explained
}

// property is one line of a node, or one key of an object. Values are string,
// []string, int64, float64 (with its number of decimals) or bool.
type property struct {
	key   string
	value any
	// only restricts it to the text ('t') or the structured ('s') formats.
	only byte
}

type decimal struct {
	value  float64
	digits int
}

// String renders the report in its format.
func (r *Report) String() string {
	x := &explainer{report: r, names: newNames(r.Root), env: types.DefaultEnv()}
	tree := x.node(r.Root, "")
	switch r.Explain.Format {
	case ExplainJSON:
		return renderJSON(x.document(tree))
	case ExplainYAML:
		return renderYAML(x.document(tree))
	case ExplainXML:
		return renderXML(x.document(tree))
	}
	return x.text(tree)
}

// explainer makes explained nodes.
type explainer struct {
	*names
	report *Report
	env    *types.Env
	// ctes are WITH queries to be shown below the next node.
	ctes []*CTE
}

func (x *explainer) analyzed() bool { return x.report.Actual != nil }

// node explains n. A With is not a node of its own: its queries stand below the
// body's top node. Nor is a Project, unless VERBOSE asks or it runs subqueries.
func (x *explainer) node(n Node, relation string) *explained {
	switch t := n.(type) {
	case *With:
		x.ctes = append(x.ctes, t.CTEs...)
		return x.node(t.Body, relation)
	case *Project:
		if !x.report.Explain.Verbose && !hasSubquery(t) {
			return x.node(t.Input, relation)
		}
	}
	e := &explained{relation: relation, est: n.Est()}
	if x.analyzed() {
		if e.actual = x.report.Actual(n); e.actual == nil {
			e.actual = &Actual{}
		}
	}
	ctes := x.ctes
	x.ctes = nil
	e.title, e.kind = x.title(n)
	e.props = append(x.details(n), x.measures(e)...)
	for _, c := range ctes {
		sub := x.node(c.Plan, "InitPlan")
		sub.label = "CTE " + types.QuoteIdent(c.Name)
		e.children = append(e.children, sub)
	}
	x.subqueries(n, e, "InitPlan")
	in := n.Inputs()
	for i, c := range in {
		e.children = append(e.children, x.node(c, relationOf(n, i)))
	}
	if l, ok := n.(*LookupJoin); ok {
		e.children = append(e.children, x.node(l.Right, "Inner"))
	}
	x.subqueries(n, e, "SubPlan")
	return e
}

func hasSubquery(n Node) bool {
	found := false
	for _, e := range n.Exprs() {
		Walk(e, func(e Expr) bool {
			_, is := e.(*Subquery)
			found = found || is
			return !found
		})
	}
	return found
}

func relationOf(n Node, i int) string {
	switch n.(type) {
	case *Append:
		return "Member"
	}
	if i == 0 {
		return "Outer"
	}
	return "Inner"
}

// subqueries shows the plans in the node's own expressions: those that run once
// are InitPlans, the others SubPlans.
func (x *explainer) subqueries(n Node, e *explained, kind string) {
	for _, ex := range n.Exprs() {
		Walk(ex, func(ex Expr) bool {
			if s, ok := ex.(*Subquery); ok && subqueryKind(s) == kind {
				sub := x.node(s.Plan, kind)
				sub.label = fmt.Sprintf("%s %d", kind, x.number(s))
				e.children = append(e.children, sub)
			}
			return true
		})
	}
}

func subqueryKind(s *Subquery) string {
	if len(s.Outer) == 0 {
		return "InitPlan"
	}
	return "SubPlan"
}

// measures are the requests and the memory of a node.
func (x *explainer) measures(e *explained) []property {
	var ps []property
	own := x.ownRequests(e)
	if own != "" && x.report.Explain.Costs {
		ps = append(ps, property{key: "Estimated Requests", value: own})
	}
	a := e.actual
	if a == nil || a.Loops == 0 {
		return ps
	}
	if a.Usage.Total() > 0 {
		ps = append(ps, property{key: "S3 Requests", value: FormatUsage(a.Usage)})
		ps = append(ps, property{key: "Bytes Read", value: a.Usage.BytesIn})
		if a.Usage.BytesOut > 0 {
			ps = append(ps, property{key: "Bytes Written", value: a.Usage.BytesOut})
		}
	}
	if a.Listed > 0 || a.Fetched > 0 && e.kind != catalogScan {
		ps = append(ps, property{key: "Keys Listed", value: a.Listed})
	}
	if a.Listed > 0 || a.Fetched > 0 {
		ps = append(ps, property{key: "Rows Fetched", value: a.Fetched})
	}
	if a.Memory > 0 {
		ps = append(ps, property{key: "Memory", value: kilobytes(a.Memory), only: 't'},
			property{key: "Peak Memory Usage", value: (a.Memory + 1023) / 1024, only: 's'})
	}
	if a.Spilled > 0 {
		ps = append(ps, property{key: "Disk", value: kilobytes(a.Spilled), only: 't'},
			property{key: "Disk Usage", value: (a.Spilled + 1023) / 1024, only: 's'})
	}
	return ps
}

// ownRequests is the estimate of a node without inputs: those above only add
// up.
func (x *explainer) ownRequests(e *explained) string {
	if e.kind != "Table Scan" {
		return ""
	}
	return FormatUsage(estimatedUsage(e.est.Cost))
}

func kilobytes(n int64) string { return fmt.Sprintf("%dkB", (n+1023)/1024) }

// estimatedUsage rounds an estimate to whole requests.
func estimatedUsage(c Cost) objstore.Usage {
	var u objstore.Usage
	for r, n := range map[objstore.Request]float64{
		objstore.ReqHead: c.Head, objstore.ReqGet: c.Get, objstore.ReqList: c.List,
		objstore.ReqPut: c.Put, objstore.ReqDelete: c.Delete,
	} {
		u.Requests[r] = int64(math.Ceil(n))
	}
	return u
}

// FormatUsage is "LIST 1, GET 3 ($0.0000062)".
func FormatUsage(u objstore.Usage) string {
	s := requestCounts(u)
	if s == "" {
		s = "none"
	}
	return s + " (" + FormatDollars(u.Dollars()) + ")"
}

// requestOrder is the order in which kinds of request are shown.
var requestOrder = []objstore.Request{
	objstore.ReqList, objstore.ReqHead, objstore.ReqGet, objstore.ReqPut, objstore.ReqDelete, objstore.ReqDeleteBatch,
}

func requestCounts(u objstore.Usage) string {
	var parts []string
	for _, r := range requestOrder {
		if n := u.Requests[r]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", r, n))
		}
	}
	return strings.Join(parts, ", ")
}

// FormatDollars shows every digit that a price per request can have, and at
// least cents: "$0.0000062", "$1.25".
func FormatDollars(d float64) string {
	s := strings.TrimRight(fmt.Sprintf("%.7f", d), "0")
	if dot := strings.IndexByte(s, '.'); len(s)-dot < 3 {
		s += "00"[:3-(len(s)-dot)]
	}
	return "$" + s
}
