package s3db

import (
	"math"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// arrayCodec picks the form of an array (section 6): texts and numbers are
// joined with |, everything else is JSON text.
func arrayCodec(k *coder) codec {
	switch k.t.OID {
	case types.TextArrayOID:
		return codec{k.decodeTexts, k.encodeTexts}
	case types.Float8ArrayOID, types.Int8ArrayOID:
		if k.seed {
			return codec{k.decodeArrayJSON, k.encodeArrayJSON}
		}
		if k.a.Fixed && !k.a.Integer {
			return codec{k.decodeNumbers, k.encodeFixedArray}
		}
		return codec{k.decodeNumbers, k.encodeNumbers}
	case types.JSONBOID:
		return codec{decodeList, k.encodeList}
	}
	return codec{k.decodeArrayJSON, k.encodeArrayJSON}
}

// splitList takes a joined array apart; \ escapes the character after it.
func splitList(s string) []string {
	if s == "" {
		return nil
	}
	var out []string
	var cur []byte
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			cur = append(cur, s[i])
		case s[i] == '|':
			out, cur = append(out, string(cur)), nil
		default:
			cur = append(cur, s[i])
		}
	}
	return append(out, string(cur))
}

var listEscaper = strings.NewReplacer(`\`, `\\`, `|`, `\|`)

func (k *coder) elemType() *types.Type { return k.o.typeOf(k.o.typeOf(k.t.OID).Elem) }

// flat are the elements of a one-dimensional array without NULLs: all that a
// joined list can hold.
func (k *coder) flat(v any) ([]any, error) {
	a := v.(*types.Array)
	if len(a.Dims) > 1 || len(a.Dims) == 1 && a.Dims[0].Lower != 1 {
		return nil, cantHold(k.a, "s3db.js arrays have one dimension that begins at 1.")
	}
	for _, e := range a.Elems {
		if e == nil {
			return nil, cantHold(k.a, "s3db.js arrays of this type have no NULL elements.")
		}
	}
	return a.Elems, nil
}

func (k *coder) decodeTexts(s string) (any, error) {
	parts := splitList(s)
	elems := make([]any, len(parts))
	for i, p := range parts {
		elems[i] = p
	}
	return types.NewArray(k.elemType(), elems), nil
}

func (k *coder) encodeTexts(v any) (string, error) {
	elems, err := k.flat(v)
	if err != nil {
		return "", err
	}
	if len(elems) == 1 && elems[0] == "" {
		return "", cantHold(k.a, "s3db.js can't tell an array of one empty text from an empty array.")
	}
	parts := make([]string, len(elems))
	for i, e := range elems {
		parts[i] = listEscaper.Replace(e.(string))
	}
	return strings.Join(parts, "|"), nil
}

func (k *coder) decodeNumbers(s string) (any, error) {
	if strings.HasPrefix(s, "^[") {
		return k.decodeFixedArray(s)
	}
	var elems []any
	for _, p := range splitList(s) {
		v, err := k.number(p)
		if err != nil {
			return nil, err
		}
		elems = append(elems, v)
	}
	return types.NewArray(k.elemType(), elems), nil
}

// number reads one element; the library stores what is no number as nothing
// and reads it back as NaN.
func (k *coder) number(s string) (any, error) {
	elem := coder{a: k.a, t: SQLType{k.elemType().OID, -1}, o: k.o}
	if elem.t.OID == types.Int8OID {
		return elem.decodeInt(s)
	}
	if s == "" {
		return math.NaN(), nil
	}
	return elem.decodeFloat(s)
}

func (k *coder) encodeNumbers(v any) (string, error) {
	elems, err := k.flat(v)
	if err != nil {
		return "", err
	}
	elem := coder{a: k.a, t: SQLType{k.elemType().OID, -1}, o: k.o}
	enc := elem.encodeFloat
	if elem.t.OID == types.Int8OID {
		enc = elem.encodeInt
	}
	parts := make([]string, len(elems))
	for i, e := range elems {
		if parts[i], err = enc(e); err != nil {
			return "", err
		}
	}
	return strings.Join(parts, "|"), nil
}

// fixedScale is the fixed point of embeddings: six digits.
const fixedScale = 1e6

// decodeFixedArray reads ^[a,b,…].
func (k *coder) decodeFixedArray(s string) (any, error) {
	if !strings.HasPrefix(s, "^[") || !strings.HasSuffix(s, "]") {
		return nil, errForm
	}
	var elems []any
	for _, p := range splitComma(s[2 : len(s)-1]) {
		f, ok := parse62Int(p)
		if p == "" {
			f, ok = math.NaN(), true
		}
		if !ok {
			return nil, errForm
		}
		elems = append(elems, k.floatElem(f/fixedScale))
	}
	return types.NewArray(k.elemType(), elems), nil
}

func splitComma(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func (k *coder) floatElem(f float64) any {
	if k.elemType().OID == types.Float4OID {
		return float32(f)
	}
	return f
}

func (k *coder) encodeFixedArray(v any) (string, error) {
	elems, err := k.flat(v)
	if err != nil {
		return "", err
	}
	parts := make([]string, len(elems))
	for i, e := range elems {
		f, ok := e.(float64)
		if !ok {
			f = float64(e.(float32))
		}
		if math.IsNaN(f) || math.Abs(f)*fixedScale > maxSafe {
			return "", cantHold(k.a, "Element %s does not fit six digits of fixed point.", jsNumber(f))
		}
		parts[i] = base62Int(int64(jsRound(f * fixedScale)))
	}
	return "^[" + strings.Join(parts, ",") + "]", nil
}

// jsRound is Math.round: halves go up.
func jsRound(f float64) float64 { return math.Floor(f + 0.5) }

// decodeList reads an array of anything: JSON text, or texts joined with |.
func decodeList(s string) (any, error) {
	if looksJSON(s) && isJSON(s) {
		return decodeJSON(s)
	}
	var out []*types.JSON
	for _, p := range splitList(s) {
		out = append(out, types.JSONFromString(p))
	}
	return types.JSONFromArray(out), nil
}

func (k *coder) encodeList(v any) (string, error) {
	j := v.(*types.JSON)
	if j.Kind != types.JSONArray {
		return "", cantHold(k.a, "It is not a JSON array.")
	}
	return compactJSON(j), nil
}

// decodeArrayJSON reads an SQL array from JSON text; arrays of 6.2 that were
// null, and texts joined with |, are read too.
func (k *coder) decodeArrayJSON(s string) (any, error) {
	j, err := types.ParseJSONB(s)
	if err != nil && isJSON(s) {
		return nil, err
	}
	if err != nil {
		list, _ := decodeList(s)
		j = list.(*types.JSON)
	}
	if j.Kind == types.JSONNull {
		return nil, nil
	}
	if text := j.Get(lowerKey); text != nil && text.Kind == types.JSONString {
		return k.o.in(k.t, text.Str)
	}
	return k.o.fromJSON(k.t, j)
}

func (k *coder) encodeArrayJSON(v any) (string, error) {
	a := v.(*types.Array)
	for _, d := range a.Dims {
		if d.Lower != 1 {
			return "", cantHold(k.a, "JSON arrays begin at 1.")
		}
	}
	return compactJSON(k.o.arrayJSON(a)), nil
}
