package pgtrgm

import (
	_ "embed"
	"fmt"
	"strconv"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/ext"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

//go:embed pg_trgm.sql
var script string

func init() {
	symbols := map[string]funcs.Kernel{
		"set_limit":              funcs.Lift1(setLimit),
		"show_limit":             funcs.Lift0(func(c *funcs.Call) (float32, error) { return float32(plain.threshold(c)), nil }),
		"show_trgm":              funcs.Strict(show),
		"similarity_dist":        distance(plain, false),
		"gin_extract_value_trgm": forIndexes, "gin_extract_query_trgm": forIndexes, "gin_trgm_consistent": forIndexes, "gin_trgm_triconsistent": forIndexes,
	}
	for _, m := range []measure{plain, word, strictWord} {
		symbols[m.name] = funcs.Lift2(func(c *funcs.Call, a, b string) (float32, error) { return m.of(lettersOf(c), a, b), nil })
		symbols[m.name+"_op"] = reaches(m, false)
		symbols[m.name+"_commutator_op"] = reaches(m, true)
		symbols[m.name+"_dist_op"] = distance(m, false)
		symbols[m.name+"_dist_commutator_op"] = distance(m, true)
	}
	ext.Register(&ext.Extension{Name: "pg_trgm", Version: "1.6", Trusted: true, Script: script, Symbols: symbols,
		Comment: "text similarity measurement and index searching based on trigrams"})
}

// forIndexes is called by nobody: it takes what only an index gives.
var forIndexes = funcs.Strict(func(c *funcs.Call, _ []any) (any, error) {
	return nil, pgerr.Unsupported("function %s() of pg_trgm", c.Func.Name)
})

// measure is one of the three, with the parameter that says how alike is alike.
type measure struct {
	name, parameter string
	limit           float64
	of              func(l letters, a, b string) float32
}

var (
	plain      = measure{"similarity", "pg_trgm.similarity_threshold", 0.3, similarity}
	word       = measure{"word_similarity", "pg_trgm.word_similarity_threshold", 0.6, func(l letters, a, b string) float32 { return wordSimilarity(l, a, b, false) }}
	strictWord = measure{"strict_word_similarity", "pg_trgm.strict_word_similarity_threshold", 0.5, func(l letters, a, b string) float32 { return wordSimilarity(l, a, b, true) }}
)

// threshold is the parameter's value, or its default.
func (m measure) threshold(c *funcs.Call) float64 {
	if text, ok := c.Session.Setting(m.parameter); ok {
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			return v
		}
	}
	return m.limit
}

func setLimit(c *funcs.Call, limit float32) (float32, error) {
	if limit < 0 || limit > 1 || limit != limit {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "%g is outside the valid range for parameter \"%s\" (0 .. 1)", limit, plain.parameter)
	}
	text := strconv.FormatFloat(float64(limit), 'g', -1, 32)
	return limit, c.Session.SetSetting(plain.parameter, text, false)
}

func reaches(m measure, swapped bool) funcs.Kernel {
	return funcs.Lift2(func(c *funcs.Call, a, b string) (bool, error) {
		if swapped {
			a, b = b, a
		}
		return float64(m.of(lettersOf(c), a, b)) >= m.threshold(c), nil
	})
}

func distance(m measure, swapped bool) funcs.Kernel {
	return funcs.Lift2(func(c *funcs.Call, a, b string) (float32, error) {
		if swapped {
			a, b = b, a
		}
		return float32(1 - float64(m.of(lettersOf(c), a, b))), nil
	})
}

// show is show_trgm: trigrams beyond ASCII are numbers.
func show(c *funcs.Call, args []any) (any, error) {
	set := unique(trigramsOf(lettersOf(c), args[0].(string), nil))
	out := &types.Array{Elem: types.ByOID(types.TextOID)}
	for _, t := range set {
		text := string(t[:])
		if !t.printable() {
			text = fmt.Sprintf("0x%06x", int(t[0])<<16|int(t[1])<<8|int(t[2]))
		}
		out.Elems = append(out.Elems, text)
	}
	if len(set) > 0 {
		out.Dims = []types.Dim{{Len: int32(len(set)), Lower: 1}}
	}
	return out, nil
}
