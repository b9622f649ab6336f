package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// tableSample is transformRangeTableSample. Each row is an object, and a page
// of its own: SYSTEM and BERNOULLI are the same.
func (s *scope) tableSample(ts *parser.RangeTableSample) fromResult {
	f := s.fromItem(ts.Relation)
	pos := s.b.at(ts.Location)
	scan, shown := sampledScan(f.node)
	if scan == nil || scan.Rel.Virtual {
		failAt(s.b.at(nodeLocation(ts.Relation)), pgerr.FeatureNotSupported, "TABLESAMPLE clause can only be applied to tables and materialized views")
	}
	parts := nameParts(ts.Method)
	method := parts[len(parts)-1]
	if method != "bernoulli" && method != "system" {
		failAt(pos, pgerr.UndefinedObject, "tablesample method %s does not exist", method)
	}
	if len(ts.Args) != 1 {
		failAt(pos, pgerr.InvalidTablesampleArgument, "tablesample method %s requires 1 argument, not %d", method, len(ts.Args))
	}
	id := s.b.outputCol("", s.b.typ(types.TextOID), -1)
	id.Relation, id.Num = scan.Rel.OID, catalog.ColRowID
	scan.Cols, scan.Nums = append(scan.Cols, id), append(scan.Nums, catalog.ColRowID)
	n := &plan.Sample{Input: scan, Method: method, ID: colExpr(id, -1), Explicit: ts.Repeatable != nil}
	n.Percent = s.sampleArg(ts.Args[0], types.Float4OID, "TABLESAMPLE")
	if n.Seed = s.b.mustCall("random", nil, -1); n.Explicit {
		n.Seed = s.sampleArg(ts.Repeatable, types.Float8OID, "REPEATABLE")
	}
	if f.lateral = true; shown == nil {
		f.node = n
	} else {
		shown.Input = n
	}
	if e := f.main.entry; e != nil {
		e.Sample = &plan.TreeSample{Method: method, Arg: n.Percent}
		if n.Explicit {
			e.Sample.Repeatable = n.Seed
		}
	}
	return f
}

func (s *scope) sampleArg(n *parser.Node, oid types.OID, construct string) plan.Expr {
	savedKind, savedLateral := s.kind, s.lateral
	s.kind, s.lateral = kindFromFunction, true
	defer func() { s.kind, s.lateral = savedKind, savedLateral }()
	return s.b.specificType(s.expr(n), oid, construct)
}

// sampledScan is the scan of a table, and the filter by which policies show its rows.
func sampledScan(n plan.Node) (*plan.Scan, *plan.Filter) {
	if barrier, ok := n.(*plan.SecurityBarrier); ok {
		if f, ok := barrier.Input.(*plan.Filter); ok {
			scan, _ := f.Input.(*plan.Scan)
			return scan, f
		}
	}
	scan, _ := n.(*plan.Scan)
	return scan, nil
}
