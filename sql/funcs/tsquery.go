package funcs

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types/textsearch"
)

func joinQueries(op textsearch.Op) func(a, b tsQuery) tsQuery {
	return func(a, b tsQuery) tsQuery { return textsearch.Join(op, a, b, 1) }
}

func init() {
	bindSix(underNames, "tsquery", by(textsearch.CompareQueries))
	contains := tsQuery.Contains
	kernels{
		"tsquery_cmp":    F2(threeWay(textsearch.CompareQueries)),
		"tsquery_and":    F2(joinQueries(textsearch.And)),
		"tsquery_or":     F2(joinQueries(textsearch.Or)),
		"tsquery_phrase": F2(joinQueries(textsearch.Phrase)),
		"tsquery_phrase_distance": E3(func(a, b tsQuery, distance int32) (tsQuery, error) {
			return textsearch.PhraseAt(a, b, int(distance))
		}),
		"tsquery_not":     F1(textsearch.Negate),
		"tsquery_numnode": F1(func(q tsQuery) int32 { return int32(q.NumNodes()) }),
		"tsquerytree":     F1(tsQuery.WithoutNots),
		"tsq_mcontains":   F2(contains),
		"tsq_mcontained":  F2(swapArgs(contains)),
		"tsquery_rewrite": F3(textsearch.Rewrite),
		"tsquery_rewrite_query": Lift2(func(*Call, tsQuery, string) (tsQuery, error) {
			return nil, pgerr.Unsupported("ts_rewrite() with a query")
		}),
		"ts_match_vq": F2(textsearch.Match),
		"ts_match_qv": F2(func(q tsQuery, v tsVector) bool { return textsearch.Match(v, q) }),
	}.bind()
	noStat := func(*Call, []any) (RowIter, error) { return nil, pgerr.Unsupported("ts_stat()") }
	rowsFuncs{"ts_stat1": noStat, "ts_stat2": noStat}.bind()
}
