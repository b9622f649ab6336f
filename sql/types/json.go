package types

import (
	"bytes"
	"slices"
	"strings"
)

// JSON is a jsonb value. Values are not changed once made.
type JSON struct {
	Kind JSONKind
	Str  string       // JSONString
	Num  Numeric      // JSONNumber
	Arr  []*JSON      // JSONArray
	Obj  []JSONMember // JSONObject: no duplicate keys, in jsonb's order (shorter keys first, then bytes)
}

// JSONMember is one key of an object.
type JSONMember struct {
	Key   string
	Value *JSON
}

// JSONKind is the kind of a JSON value.
type JSONKind uint8

// The kinds, in the order in which jsonb sorts them.
const (
	JSONNull JSONKind = iota
	JSONString
	JSONNumber
	JSONFalse
	JSONTrue
	JSONArray
	JSONObject
)

var jsonKindNames = [...]string{
	JSONNull: "null", JSONString: "string", JSONNumber: "number",
	JSONFalse: "boolean", JSONTrue: "boolean", JSONArray: "array", JSONObject: "object",
}

// TypeName is jsonb_typeof's answer.
func (k JSONKind) TypeName() string { return jsonKindNames[k] }

var (
	jsonNull  = &JSON{Kind: JSONNull}
	jsonFalse = &JSON{Kind: JSONFalse}
	jsonTrue  = &JSON{Kind: JSONTrue}
)

// JSONNullValue is JSON's null, which is not SQL's.
func JSONNullValue() *JSON { return jsonNull }

// JSONFromBool returns true or false.
func JSONFromBool(b bool) *JSON {
	if b {
		return jsonTrue
	}
	return jsonFalse
}

// JSONFromString returns a string.
func JSONFromString(s string) *JSON { return &JSON{Kind: JSONString, Str: s} }

// JSONFromNumeric returns a number. n must be finite: JSON has no others.
func JSONFromNumeric(n Numeric) *JSON { return &JSON{Kind: JSONNumber, Num: n} }

// JSONFromInt64 returns a number.
func JSONFromInt64(i int64) *JSON { return JSONFromNumeric(NumericFromInt64(i)) }

// JSONFromArray returns an array; it keeps elems.
func JSONFromArray(elems []*JSON) *JSON { return &JSON{Kind: JSONArray, Arr: elems} }

// JSONFromMembers returns an object of members in any order; of equal keys the
// last wins. It keeps and reorders members.
func JSONFromMembers(members []JSONMember) *JSON {
	slices.SortStableFunc(members, func(a, b JSONMember) int { return compareKeys(a.Key, b.Key) })
	out := members[:0]
	for i, m := range members {
		if i+1 < len(members) && members[i+1].Key == m.Key {
			continue
		}
		out = append(out, m)
	}
	return &JSON{Kind: JSONObject, Obj: out}
}

// compareKeys is the order in which jsonb stores an object's keys.
func compareKeys(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// IsScalar says that j is neither an array nor an object.
func (j *JSON) IsScalar() bool { return j.Kind < JSONArray }

// Get returns the value of an object's key, or nil if j is no object or has no
// such key.
func (j *JSON) Get(key string) *JSON {
	if j == nil || j.Kind != JSONObject {
		return nil
	}
	i, found := slices.BinarySearchFunc(j.Obj, key, func(m JSONMember, k string) int { return compareKeys(m.Key, k) })
	if !found {
		return nil
	}
	return j.Obj[i].Value
}

// Index returns element i of an array, counted from 0, or from the end if i is
// negative; nil if j is no array or there is no such element.
func (j *JSON) Index(i int) *JSON {
	if j == nil || j.Kind != JSONArray {
		return nil
	}
	if i < 0 {
		i += len(j.Arr)
	}
	if i < 0 || i >= len(j.Arr) {
		return nil
	}
	return j.Arr[i]
}

// Path follows keys and array subscripts as the operator #> does; nil where the
// path leads nowhere.
func (j *JSON) Path(path []string) *JSON {
	for _, step := range path {
		if j == nil {
			return nil
		}
		if j.Kind == JSONArray {
			i, err := ParseInt(step, 32, "integer")
			if err != nil {
				return nil
			}
			j = j.Index(int(i))
			continue
		}
		j = j.Get(step)
	}
	return j
}

// String is jsonb's text form.
func (j *JSON) String() string { return string(j.AppendText(nil)) }

// AppendText appends jsonb's text form: a blank after each colon and comma.
func (j *JSON) AppendText(dst []byte) []byte {
	switch j.Kind {
	case JSONNull:
		return append(dst, "null"...)
	case JSONFalse:
		return append(dst, "false"...)
	case JSONTrue:
		return append(dst, "true"...)
	case JSONString:
		return AppendJSONString(dst, j.Str)
	case JSONNumber:
		return j.Num.AppendText(dst)
	case JSONArray:
		return j.appendArray(dst)
	}
	return j.appendObject(dst)
}

func (j *JSON) appendArray(dst []byte) []byte {
	dst = append(dst, '[')
	for i, e := range j.Arr {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = e.AppendText(dst)
	}
	return append(dst, ']')
}

func (j *JSON) appendObject(dst []byte) []byte {
	dst = append(dst, '{')
	for i, m := range j.Obj {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = AppendJSONString(dst, m.Key)
		dst = append(dst, ": "...)
		dst = m.Value.AppendText(dst)
	}
	return append(dst, '}')
}

// AppendJSONString appends s as a JSON string, escaped as PostgreSQL's
// escape_json does.
func AppendJSONString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	plain := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[plain:i]...)
		plain = i + 1
		if e := jsonEscapes[c]; e != 0 {
			dst = append(dst, '\\', e)
		} else {
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	dst = append(dst, s[plain:]...)
	return append(dst, '"')
}

// jsonEscapes maps characters to the letter of their short escape.
var jsonEscapes = [256]byte{'"': '"', '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't'}

// Compare is jsonb's btree order: Object > Array > Boolean > Number > String >
// Null; containers by size, then by content. As in PostgreSQL an empty array at
// the top level is below every scalar.
func (j *JSON) Compare(k *JSON) int {
	switch {
	case j.IsScalar() && k.Kind == JSONArray && len(k.Arr) == 0:
		return 1
	case k.IsScalar() && j.Kind == JSONArray && len(j.Arr) == 0:
		return -1
	}
	return j.compare(k)
}

func (j *JSON) compare(k *JSON) int {
	if j.Kind != k.Kind {
		return cmpInt64(int64(j.Kind), int64(k.Kind))
	}
	switch j.Kind {
	case JSONString:
		return strings.Compare(j.Str, k.Str)
	case JSONNumber:
		return j.Num.Cmp(k.Num)
	case JSONArray:
		return j.compareArray(k)
	case JSONObject:
		return j.compareObject(k)
	}
	return 0
}

func (j *JSON) compareArray(k *JSON) int {
	if c := cmpInt64(int64(len(j.Arr)), int64(len(k.Arr))); c != 0 {
		return c
	}
	for i, e := range j.Arr {
		if c := e.compare(k.Arr[i]); c != 0 {
			return c
		}
	}
	return 0
}

func (j *JSON) compareObject(k *JSON) int {
	if c := cmpInt64(int64(len(j.Obj)), int64(len(k.Obj))); c != 0 {
		return c
	}
	for i, m := range j.Obj {
		if c := strings.Compare(m.Key, k.Obj[i].Key); c != 0 {
			return c
		}
		if c := m.Value.compare(k.Obj[i].Value); c != 0 {
			return c
		}
	}
	return 0
}

// Equal says whether j and k are the same value.
func (j *JSON) Equal(k *JSON) bool { return j.compare(k) == 0 }

// Hash is equal for equal values.
func (j *JSON) Hash() uint64 {
	h := hashUint64(uint64(j.Kind))
	switch j.Kind {
	case JSONString:
		h = hashCombine(h, hashString(j.Str))
	case JSONNumber:
		h = hashCombine(h, j.Num.Hash())
	case JSONArray:
		for _, e := range j.Arr {
			h = hashCombine(h, e.Hash())
		}
	case JSONObject:
		for _, m := range j.Obj {
			h = hashCombine(hashCombine(h, hashString(m.Key)), m.Value.Hash())
		}
	}
	return h
}

// JSONBType is jsonb.
var JSONBType = Register(Def[*JSON]{
	Type: Type{OID: JSONBOID, Name: "jsonb", Array: JSONBArrayOID, Len: -1, Category: UserDefined,
		Doc: "Binary JSON"},
	Impl: Impl[*JSON]{
		In:   func(_ *Env, s string, _ int32) (*JSON, error) { return ParseJSONB(s) },
		Out:  func(_ *Env, dst []byte, v *JSON) []byte { return v.AppendText(dst) },
		Recv: func(env *Env, b []byte, _ int32) (*JSON, error) { return recvJSONB(env, b) },
		Send: func(env *Env, dst []byte, v *JSON) []byte {
			dst = append(dst, jsonbVersion)
			if env != nil && env.Client != nil {
				return env.Client.Append(dst, v.AppendText(nil))
			}
			return v.AppendText(dst)
		},
		Compare: (*JSON).Compare,
		Hash:    (*JSON).Hash,
	},
})

// JSONType is json: the text as written, checked.
var JSONType = Register(Def[string]{
	Type: Type{OID: JSONOID, Name: "json", Array: 199, Len: -1, Category: UserDefined,
		Doc: "JSON stored as text"},
	Impl: Impl[string]{
		In:  func(_ *Env, s string, _ int32) (string, error) { return s, ValidateJSON(s) },
		Out: func(_ *Env, dst []byte, v string) []byte { return append(dst, v...) },
		Recv: func(env *Env, b []byte, _ int32) (string, error) {
			s, err := recvText(env, b)
			if err != nil {
				return "", err
			}
			return s, ValidateJSON(s)
		},
		Send: sendText,
	},
})

// jsonbVersion is the first byte of jsonb's binary form.
const jsonbVersion = 1

func recvJSONB(env *Env, b []byte) (*JSON, error) {
	text, found := bytes.CutPrefix(b, []byte{jsonbVersion})
	if !found {
		return nil, badBinary("jsonb")
	}
	s, err := recvText(env, text)
	if err != nil {
		return nil, err
	}
	return ParseJSONB(s)
}
