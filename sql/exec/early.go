package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// earlyScan is a scan of a table that its own statement writes: the statement sees
// the rows as they were at its start, so they are read before the first write, and
// what of the scan depends on other rows is applied when it runs.
type earlyScan struct {
	rows    *cteRows
	cols    []plan.Col
	varying plan.Expr
}

// readEarly prepares the scans of those tables that f leads to.
func (b *builder) readEarly(tables map[types.OID]bool, walk func(f func(plan.Node) bool)) ([]*cteRows, error) {
	var scans []*plan.TableScan
	walk(func(n plan.Node) bool {
		if s, ok := n.(*plan.TableScan); ok && tables[s.Rel.OID] && b.early[s] == nil {
			scans = append(scans, s)
		}
		return true
	})
	var out []*cteRows
	for _, s := range scans {
		e, err := b.earlyScanOf(s)
		if err != nil {
			return nil, err
		}
		b.early[s] = e
		out = append(out, e.rows)
	}
	return out, nil
}

func (b *builder) earlyScanOf(s *plan.TableScan) (*earlyScan, error) {
	whole := *s
	for _, e := range (&plan.TableScan{Rel: s.Rel, Path: s.Path}).Exprs() {
		if dependent(e, nil) {
			whole.Path = plan.AccessPath{Kind: storage.FullScan}
		}
	}
	var fixed, varying []plan.Expr
	for _, c := range plan.Conjuncts(s.Filter) {
		if dependent(c, s.Cols) {
			varying = append(varying, c)
		} else {
			fixed = append(fixed, c)
		}
	}
	whole.Filter = plan.Conjunction(fixed)
	if len(varying) > 0 {
		whole.Limit = -1
	}
	op, err := b.tableScan(&whole)
	rows := &cteRows{op: op, acct: b.account(s), cols: s.Cols}
	return &earlyScan{rows: rows, cols: s.Cols, varying: plan.Conjunction(varying)}, err
}

// dependent says whether e can't be evaluated over cols alone.
func dependent(e plan.Expr, cols []plan.Col) bool {
	if plan.IsVolatile(e) {
		return true
	}
	own := plan.ColumnIDs(cols)
	for id := range plan.ColumnsOf(e) {
		if !own[id] {
			return true
		}
	}
	return false
}

// scanEarly reads what was read before the first write.
func (b *builder) scanEarly(e *earlyScan) (Operator, error) {
	p, err := b.compiler(e.cols).Predicate(e.varying)
	return &filter{&cteScan{cte: e.rows}, p, b.prefix(e.varying)}, err
}

// modifying is INSERT, UPDATE or DELETE with the scans to be read before it, for
// the subqueries of its RETURNING and ON CONFLICT.
type modifying struct {
	affecting
	early []*cteRows
}

// Open implements Operator.
func (m *modifying) Open(ctx context.Context) error {
	if err := m.reset(); err != nil {
		return err
	}
	for _, r := range m.early {
		if err := r.finish(ctx); err != nil {
			return err
		}
	}
	return m.affecting.Open(ctx)
}

// Close implements Operator.
func (m *modifying) Close() error {
	err := m.affecting.Close()
	if rerr := m.reset(); err == nil {
		err = rerr
	}
	return err
}

func (m *modifying) reset() error {
	var first error
	for _, r := range m.early {
		if err := r.reset(); first == nil {
			first = err
		}
	}
	return first
}

// subqueries walks the plans of the subqueries of expressions.
func subqueries(es []plan.Expr) func(f func(plan.Node) bool) {
	return func(f func(plan.Node) bool) {
		for _, e := range es {
			plan.Walk(e, func(e plan.Expr) bool {
				if s, ok := e.(*plan.Subquery); ok {
					plan.WalkNodes(s.Plan, f)
				}
				return true
			})
		}
	}
}
