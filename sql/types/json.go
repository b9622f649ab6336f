package types

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

// The kinds.
const (
	JSONNull JSONKind = iota
	JSONString
	JSONNumber
	JSONFalse
	JSONTrue
	JSONArray
	JSONObject
)
