package spill

import "github.com/s3db-sql/s3db-sql/sql/types"

var jsonNumber = implValueCodec[types.Numeric](types.NumericOID)

// putJSON writes a jsonb value depth first: its kind, then what the kind holds.
func putJSON(d []byte, v *types.JSON) []byte {
	d = append(d, byte(v.Kind))
	switch v.Kind {
	case types.JSONString:
		d = putString(d, v.Str)
	case types.JSONNumber:
		d = jsonNumber.put(d, v.Num)
	case types.JSONArray:
		d = putLen(d, len(v.Arr))
		for _, e := range v.Arr {
			d = putJSON(d, e)
		}
	case types.JSONObject:
		d = putLen(d, len(v.Obj))
		for _, m := range v.Obj {
			d = putJSON(putString(d, m.Key), m.Value)
		}
	}
	return d
}

func getJSON(s []byte) (*types.JSON, []byte) {
	v := &types.JSON{Kind: types.JSONKind(s[0])}
	s = s[1:]
	var n int
	switch v.Kind {
	case types.JSONString:
		v.Str, s = getString(s)
	case types.JSONNumber:
		v.Num, s = jsonNumber.get(s)
	case types.JSONArray:
		n, s = getLen(s)
		v.Arr = make([]*types.JSON, n)
		for i := range v.Arr {
			v.Arr[i], s = getJSON(s)
		}
	case types.JSONObject:
		n, s = getLen(s)
		v.Obj = make([]types.JSONMember, n)
		for i := range v.Obj {
			v.Obj[i].Key, s = getString(s)
			v.Obj[i].Value, s = getJSON(s)
		}
	}
	return v, s
}
