package funcs

import (
	"context"
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/types/textsearch"
)

func joinQueries(op textsearch.Op) func(a, b tsQuery) tsQuery {
	return func(a, b tsQuery) tsQuery { return textsearch.Join(op, a, b, 1) }
}

// Querier is what a Session implements to run the query that a function gets
// as text. The rows' values are boxed. Errors have no place: the client does
// not have the text.
type Querier interface {
	RunQuery(ctx context.Context, text string) (columns []*types.Type, rows [][]any, err error)
}

// runQuery runs a query that must have columns of one type.
func runQuery(c *Call, text string, t *types.Type, columns int, complaint string) ([][]any, error) {
	q, ok := c.Session.(Querier)
	if !ok {
		return nil, pgerr.Unsupported("%s() without a session", c.Func.Name)
	}
	got, rows, err := q.RunQuery(c.Ctx, text)
	if err != nil {
		return nil, err
	}
	if len(got) != columns || slices.ContainsFunc(got, func(g *types.Type) bool { return g.OID != t.OID }) {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "%s", complaint)
	}
	return rows, nil
}

// rewriteByQuery is ts_rewrite with a query for targets and substitutes.
func rewriteByQuery(c *Call, q tsQuery, text string) (tsQuery, error) {
	if q.Root == nil {
		return q, nil
	}
	rows, err := runQuery(c, text, types.TSQueryType, 2, "ts_rewrite query must return two tsquery columns")
	if err != nil {
		return nil, err
	}
	var pairs [][2]tsQuery
	for _, r := range rows {
		if r[0] != nil && r[1] != nil {
			pairs = append(pairs, [2]tsQuery{r[0].(tsQuery), r[1].(tsQuery)})
		}
	}
	return textsearch.RewriteAll(q, pairs), nil
}

// tsStat counts the words of a query's vectors: the vectors that have one, and
// its places, of the weights given as letters. The words come in descending
// order, as they do from PostgreSQL's tree.
func tsStat(c *Call, args []any) (RowIter, error) {
	rows, err := runQuery(c, args[0].(string), types.TSVectorType, 1, "ts_stat query must return one tsvector column")
	if err != nil {
		return nil, err
	}
	letters, _ := argOr(args, 1).(string)
	var weights uint8
	for i := range len(letters) {
		if w, ok := textsearch.WeightOf(letters[i]); ok {
			weights |= 1 << w
		}
	}
	counts := map[string][2]int32{} // documents and entries
	for _, r := range rows {
		if v, ok := r[0].(tsVector); ok {
			for word, n := range v.Entries(weights) {
				was := counts[word]
				counts[word] = [2]int32{was[0] + 1, was[1] + int32(n)}
			}
		}
	}
	out := make([][]any, 0, len(counts))
	for _, word := range slices.Backward(slices.Sorted(maps.Keys(counts))) {
		out = append(out, []any{word, counts[word][0], counts[word][1]})
	}
	return rowsOf(c, out), nil
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
		"tsquery_not":           F1(textsearch.Negate),
		"tsquery_numnode":       F1(func(q tsQuery) int32 { return int32(q.NumNodes()) }),
		"tsquerytree":           F1(tsQuery.WithoutNots),
		"tsq_mcontains":         F2(contains),
		"tsq_mcontained":        F2(swapArgs(contains)),
		"tsquery_rewrite":       F3(textsearch.Rewrite),
		"tsquery_rewrite_query": Lift2(rewriteByQuery),
		"ts_match_vq":           F2(textsearch.Match),
		"ts_match_qv":           F2(func(q tsQuery, v tsVector) bool { return textsearch.Match(v, q) }),
	}.bind()
	rowsFuncs{"ts_stat1": strictRowsFunc(tsStat), "ts_stat2": strictRowsFunc(tsStat)}.bind()
}
