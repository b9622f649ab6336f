package funcs

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/types/textsearch"
)

type (
	tsVector = *textsearch.Vector
	tsQuery  = *textsearch.Query
)

// weightLetter reads a "char" that names a weight.
func weightLetter(c string, format string, arg any) (textsearch.Weight, error) {
	w, ok := textsearch.WeightOf(byte(firstByteValue(c)))
	if !ok {
		return 0, pgerr.Internal(format, arg)
	}
	return w, nil
}

func setWeight(v tsVector, letter string) (tsVector, error) {
	w, err := weightLetter(letter, "unrecognized weight: %d", firstByteValue(letter))
	if err != nil {
		return nil, err
	}
	return v.SetWeight(w, func(string) bool { return true }), nil
}

func setWeightOf(v tsVector, letter string, lexemes *types.Array) (tsVector, error) {
	w, err := weightLetter(letter, "unrecognized weight: %s", letter)
	if err != nil {
		return nil, err
	}
	return v.SetWeight(w, func(word string) bool { return slices.Contains(lexemes.Elems, any(word)) }), nil
}

// deleteLexemes is ts_delete; NULLs match nothing.
func deleteLexemes(v tsVector, lexemes *types.Array) tsVector {
	var words []string
	for _, e := range lexemes.Elems {
		if s, ok := e.(string); ok {
			words = append(words, s)
		}
	}
	return v.Delete(words...)
}

func arrayToTSVector(a *types.Array) (tsVector, error) {
	words := make([]string, 0, len(a.Elems))
	for _, e := range a.Elems {
		s, ok := e.(string)
		switch {
		case !ok:
			return nil, pgerr.New(pgerr.NullValueNotAllowed, "lexeme array may not contain nulls")
		case s == "":
			return nil, pgerr.New(pgerr.ZeroLengthCharacterString, "lexeme array may not contain empty strings")
		}
		words = append(words, s)
	}
	return textsearch.FromWords(words), nil
}

func tsVectorToArray(v tsVector) *types.Array {
	words := make([]any, len(v.Lexemes))
	for i, l := range v.Lexemes {
		words[i] = l.Word
	}
	return types.NewArray(types.TextType, words)
}

func filterWeights(v tsVector, weights *types.Array) (tsVector, error) {
	var mask uint8
	for _, e := range weights.Elems {
		letter, ok := e.(string)
		if !ok {
			return nil, pgerr.New(pgerr.NullValueNotAllowed, "weight array may not contain nulls")
		}
		w, ok := textsearch.WeightOf(byte(firstByteValue(letter)))
		if !ok {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "unrecognized weight: \"%s\"", letter)
		}
		mask |= 1 << w
	}
	return v.Filter(mask), nil
}

// unnestTSVector gives lexeme, positions and weights.
func unnestTSVector(c *Call, args []any) (RowIter, error) {
	v, ok := args[0].(tsVector)
	if !ok {
		return rowsOf(c, nil), nil
	}
	rows := make([][]any, len(v.Lexemes))
	for i, l := range v.Lexemes {
		rows[i] = []any{l.Word, nil, nil}
		if len(l.Positions) == 0 {
			continue
		}
		places, weights := make([]any, len(l.Positions)), make([]any, len(l.Positions))
		for j, p := range l.Positions {
			places[j], weights[j] = int16(p.Place()), string(p.Weight().Letter())
		}
		rows[i][1] = types.NewArray(types.ByOID(types.Int2OID), places)
		rows[i][2] = types.NewArray(types.TextType, weights)
	}
	return rowsOf(c, rows), nil
}

// rankFunc is ts_rank or ts_rank_cd.
type rankFunc func(w *textsearch.RankWeights, v tsVector, q tsQuery, method int32) float32

// rankWeights reads the weights of D, C, B and A; a negative one is the default.
func rankWeights(a *types.Array) (*textsearch.RankWeights, error) {
	w := textsearch.DefaultRankWeights
	switch {
	case len(a.Dims) != 1:
		return nil, pgerr.New(pgerr.ArraySubscriptError, "array of weight must be one-dimensional")
	case len(a.Elems) < len(w):
		return nil, pgerr.New(pgerr.ArraySubscriptError, "array of weight is too short")
	case slices.Contains(a.Elems, nil):
		return nil, pgerr.New(pgerr.NullValueNotAllowed, "array of weight must not contain nulls")
	}
	for i := range w {
		if f := a.Elems[i].(float32); f >= 0 {
			w[i] = f
		}
		if w[i] > 1 {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "weight out of range")
		}
	}
	return &w, nil
}

// rankKernels are the four forms of a ranking function.
func rankKernels(prefix string, rank rankFunc) kernels {
	weighted := func(a *types.Array, v tsVector, q tsQuery, method int32) (float32, error) {
		w, err := rankWeights(a)
		if err != nil {
			return 0, err
		}
		return rank(w, v, q, method), nil
	}
	usual := &textsearch.DefaultRankWeights
	return kernels{
		prefix + "_tt":  F2(func(v tsVector, q tsQuery) float32 { return rank(usual, v, q, 0) }),
		prefix + "_ttf": F3(func(v tsVector, q tsQuery, m int32) float32 { return rank(usual, v, q, m) }),
		prefix + "_wtt": E3(func(a *types.Array, v tsVector, q tsQuery) (float32, error) { return weighted(a, v, q, 0) }),
		prefix + "_wttf": Lift4(func(_ *Call, a *types.Array, v tsVector, q tsQuery, m int32) (float32, error) {
			return weighted(a, v, q, m)
		}),
	}
}

func init() {
	bindSix(underNames, "tsvector", by(textsearch.Compare))
	rankKernels("ts_rank", textsearch.Rank).bind()
	rankKernels("ts_rankcd", textsearch.RankCD).bind()
	kernels{
		"tsvector_cmp":                 F2(threeWay(textsearch.Compare)),
		"tsvector_strip":               F1(tsVector.Strip),
		"tsvector_length":              F1(func(v tsVector) int32 { return int32(len(v.Lexemes)) }),
		"tsvector_setweight":           E2(setWeight),
		"tsvector_setweight_by_filter": E3(setWeightOf),
		"tsvector_concat":              E2(textsearch.Concat),
		"tsvector_delete_str":          F2(func(v tsVector, word string) tsVector { return v.Delete(word) }),
		"tsvector_delete_arr":          F2(deleteLexemes),
		"tsvector_filter":              E2(filterWeights),
		"tsvector_to_array":            F1(tsVectorToArray),
		"array_to_tsvector":            E1(arrayToTSVector),
	}.bind()
	rowsFuncs{"tsvector_unnest": unnestTSVector}.bind()
}
