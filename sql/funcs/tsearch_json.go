package funcs

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// jsonParts says which values of a JSON document are text to search
// (JsonToIndex).
type jsonParts uint8

const (
	partKeys jsonParts = 1 << iota
	partStrings
	partNumbers
	partBooleans
)

var jsonPartNames = map[string]jsonParts{
	"key": partKeys, "string": partStrings, "numeric": partNumbers, "boolean": partBooleans,
	"all": partKeys | partStrings | partNumbers | partBooleans,
}

// parseJSONParts reads the last argument of json_to_tsvector
// (parse_jsonb_index_flags).
func parseJSONParts(flags *types.JSON) (jsonParts, error) {
	elems := flags.Arr
	switch {
	case flags.Kind == types.JSONObject:
		return 0, pgerr.New(pgerr.InvalidParameterValue, "wrong flag type, only arrays and scalars are allowed")
	case flags.IsScalar():
		elems = []*types.JSON{flags}
	}
	const hint = "Possible values are: \"string\", \"numeric\", \"boolean\", \"key\", and \"all\"."
	var parts jsonParts
	for _, e := range elems {
		if e.Kind != types.JSONString {
			return 0, pgerr.New(pgerr.InvalidParameterValue, "flag array element is not a string").WithHint(hint)
		}
		p, ok := jsonPartNames[strings.ToLower(e.Str)]
		if !ok {
			return 0, pgerr.New(pgerr.InvalidParameterValue, "wrong flag in flag array: \"%s\"", e.Str).WithHint(hint)
		}
		parts |= p
	}
	return parts, nil
}

var scalarParts = map[types.JSONKind]jsonParts{
	types.JSONString: partStrings, types.JSONNumber: partNumbers, types.JSONTrue: partBooleans, types.JSONFalse: partBooleans,
}

// eachText calls visit for the chosen keys and values, in order
// (iterate_json_values).
func eachText[D document[D]](d D, parts jsonParts, visit func(text string)) {
	if parts&scalarParts[d.kind()] != 0 {
		text, _ := d.text()
		visit(text)
		return
	}
	keys := d.keys()
	for i, e := range d.elements() {
		if d.kind() == types.JSONObject && parts&partKeys != 0 {
			visit(keys[i])
		}
		eachText(e, parts, visit)
	}
}

// jsonVector makes a tsvector of the chosen values.
func jsonVector[D document[D]](c *Call, cfg *tsearch.Config, d D, parts jsonParts) (tsVector, error) {
	doc := tsearch.NewDocument(cfg, noticeOf(c))
	eachText(d, parts, doc.AddElement)
	return doc.Vector()
}

// bindJSONVector binds to_tsvector and json_to_tsvector on json or jsonb, whose
// values are of Go type V.
func bindJSONVector[V any, D document[D]](name string, open func(v any) (D, error)) {
	bindConfigured(name+"_string_to_tsvector", configured[V, tsVector](func(c *Call, cfg *tsearch.Config, v V) (tsVector, error) {
		d, err := open(v)
		if err != nil {
			return nil, err
		}
		return jsonVector(c, cfg, d, partStrings)
	}))
	chosen := func(c *Call, cfg *tsearch.Config, v V, flags *types.JSON) (tsVector, error) {
		parts, err := parseJSONParts(flags)
		if err != nil {
			return nil, err
		}
		d, err := open(v)
		if err != nil {
			return nil, err
		}
		return jsonVector(c, cfg, d, parts)
	}
	kernels{
		name + "_to_tsvector": Lift2(func(c *Call, v V, flags *types.JSON) (tsVector, error) {
			cfg, err := currentConfig(c)
			if err != nil {
				return nil, err
			}
			return chosen(c, cfg, v, flags)
		}),
		name + "_to_tsvector_byid": Lift3(func(c *Call, oid uint32, v V, flags *types.JSON) (tsVector, error) {
			cfg, err := configOf(oid)
			if err != nil {
				return nil, err
			}
			return chosen(c, cfg, v, flags)
		}),
	}.bind()
}

// headliner makes a headline of one text.
type headliner func(text string) (string, error)

// bindHeadline binds the four forms of ts_headline on one type.
func bindHeadline[V any](name string, apply func(v V, h headliner) (V, error)) {
	run := func(c *Call, cfg *tsearch.Config, v V, q tsQuery, options string) (V, error) {
		return apply(v, func(text string) (string, error) { return cfg.Headline(text, q, options, noticeOf(c)) })
	}
	current := func(c *Call, v V, q tsQuery, options string) (V, error) {
		cfg, err := currentConfig(c)
		if err != nil {
			return v, err
		}
		return run(c, cfg, v, q, options)
	}
	byID := func(c *Call, oid uint32, v V, q tsQuery, options string) (V, error) {
		cfg, err := configOf(oid)
		if err != nil {
			return v, err
		}
		return run(c, cfg, v, q, options)
	}
	kernels{
		name:               Lift2(func(c *Call, v V, q tsQuery) (V, error) { return current(c, v, q, "") }),
		name + "_opt":      Lift3(current),
		name + "_byid":     Lift3(func(c *Call, oid uint32, v V, q tsQuery) (V, error) { return byID(c, oid, v, q, "") }),
		name + "_byid_opt": Lift4(byID),
	}.bind()
}

// headlineJSONB replaces the strings of a jsonb.
func headlineJSONB(j *types.JSON, h headliner) (*types.JSON, error) {
	switch j.Kind {
	case types.JSONString:
		s, err := h(j.Str)
		return types.JSONFromString(s), err
	case types.JSONArray:
		elems := make([]*types.JSON, len(j.Arr))
		for i, e := range j.Arr {
			var err error
			if elems[i], err = headlineJSONB(e, h); err != nil {
				return nil, err
			}
		}
		return types.JSONFromArray(elems), nil
	case types.JSONObject:
		members := make([]types.JSONMember, len(j.Obj))
		for i, m := range j.Obj {
			v, err := headlineJSONB(m.Value, h)
			if err != nil {
				return nil, err
			}
			members[i] = types.JSONMember{Key: m.Key, Value: v}
		}
		return types.JSONFromMembers(members), nil
	}
	return j, nil
}

// headlineJSON replaces the strings of a json, without white space between its
// tokens (transform_json_string_values).
func headlineJSON(text string, h headliner) (string, error) {
	n, err := types.ParseJSONNode(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = writeHeadlines(&b, n, h)
	return b.String(), err
}

func writeHeadlines(b *strings.Builder, n *types.JSONNode, h headliner) error {
	switch n.Kind {
	case types.JSONString:
		s, err := h(n.Str)
		b.Write(types.AppendJSONString(nil, s))
		return err
	case types.JSONArray:
		return writeElements(b, n, h, "[", "]")
	case types.JSONObject:
		return writeElements(b, n, h, "{", "}")
	}
	b.WriteString(n.Text)
	return nil
}

func writeElements(b *strings.Builder, n *types.JSONNode, h headliner, open, end string) error {
	b.WriteString(open)
	for i, e := range n.Elems {
		if i > 0 {
			b.WriteByte(',')
		}
		if n.Kind == types.JSONObject {
			b.Write(append(types.AppendJSONString(nil, n.Keys[i]), ':'))
		}
		if err := writeHeadlines(b, e, h); err != nil {
			return err
		}
	}
	b.WriteString(end)
	return nil
}

func init() {
	bindJSONVector[*types.JSON]("jsonb", openTree)
	bindJSONVector[string]("json", openText)
	bindHeadline("ts_headline", func(text string, h headliner) (string, error) { return h(text) })
	bindHeadline("ts_headline_jsonb", headlineJSONB)
	bindHeadline("ts_headline_json", headlineJSON)
}
