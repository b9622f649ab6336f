package plan

import (
	"fmt"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Dump writes a plan, logical or physical, as an indented tree: node, its
// expressions, and for scans the columns that are read. It is for golden files;
// people read EXPLAIN.
func Dump(root Node) string {
	d := &dumper{p: &printer{names: newNames(root), env: types.DefaultEnv(), prefix: true}}
	d.node(root, 0)
	return d.b.String()
}

type dumper struct {
	p *printer
	b strings.Builder
}

func (d *dumper) node(n Node, depth int) {
	indent := strings.Repeat("  ", depth)
	fmt.Fprintf(&d.b, "%s%s", indent, dumpTitle(n))
	for _, e := range n.Exprs() {
		fmt.Fprintf(&d.b, " %s", d.p.String(e))
	}
	d.b.WriteByte('\n')
	if w, ok := n.(*With); ok {
		for _, c := range w.CTEs {
			fmt.Fprintf(&d.b, "%s  CTE %s\n", indent, c.Name)
			d.node(c.Plan, depth+2)
		}
	}
	for _, e := range n.Exprs() {
		Walk(e, func(e Expr) bool {
			if s, ok := e.(*Subquery); ok {
				fmt.Fprintf(&d.b, "%s  Subquery %d\n", indent, d.p.number(s))
				d.node(s.Plan, depth+2)
			}
			return true
		})
	}
	for _, in := range n.Inputs() {
		d.node(in, depth+1)
	}
}

var dumpJoins = map[JoinKind]string{
	InnerJoin: "Inner", LeftJoin: "Left", RightJoin: "Right", FullJoin: "Full", SemiJoin: "Semi", AntiJoin: "Anti",
	RightSemiJoin: "RightSemi", RightAntiJoin: "RightAnti",
}

func dumpTitle(n Node) string {
	title := strings.TrimPrefix(fmt.Sprintf("%T", n), "*plan.")
	switch t := n.(type) {
	case *Scan:
		title += " " + t.Rel.Name + dumpColumns(t.Cols)
		if t.Limit >= 0 {
			title += fmt.Sprintf(" limit %d", t.Limit)
		}
	case *Join:
		title += " " + dumpJoins[t.Kind]
		if t.NullAware {
			title += " null-aware"
		}
		if t.Lateral {
			title += " lateral"
		}
	case *CTEScan:
		title += " " + t.CTE.Name
	}
	return title
}

func dumpColumns(cols []Col) string {
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = c.Name
	}
	return " [" + strings.Join(names, " ") + "]"
}
