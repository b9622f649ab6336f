package s3db

import (
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// convert is what fastest-validator makes of a value of another kind before it
// checks it, as s3db.js sets it up: numbers and booleans are converted unless the
// rule says convert:false, texts and arrays where it says convert. False says
// that the value is of the wrong kind.
func (a *Attribute) convert(j *types.JSON) (*types.JSON, bool) {
	if j == nil || j.Kind == types.JSONNull {
		return j, true
	}
	arg, given := a.RuleArg("convert")
	switch {
	case a.kind() == numberValue:
		return convertNumber(j, arg != "false")
	case a.Hook == HookBoolean:
		return convertBoolean(j, arg != "false")
	case a.kind() == listValue && given && arg != "false" && j.Kind != types.JSONArray:
		return types.JSONFromArray([]*types.JSON{a.convertItem(j)}), true
	case a.kind() == listValue && j.Kind == types.JSONArray && a.Items != nil:
		return a.convertItems(j), true
	case a.kind() == textValue && given && arg != "false" && isScalar(j):
		return types.JSONFromString(jsString(j)), true
	}
	if f := fromNumber[a.Hook]; f != nil && j.Kind == types.JSONNumber {
		return f(j)
	}
	return j, true
}

func (a *Attribute) convertItem(j *types.JSON) *types.JSON {
	if a.Items == nil {
		return j
	}
	c, _ := a.Items.convert(j) // what is of the wrong kind stays as it is
	return c
}

func (a *Attribute) convertItems(j *types.JSON) *types.JSON {
	items := make([]*types.JSON, len(j.Arr))
	changed := false
	for i, e := range j.Arr {
		items[i] = a.convertItem(e)
		changed = changed || items[i] != e
	}
	if !changed {
		return j
	}
	return types.JSONFromArray(items)
}

func isScalar(j *types.JSON) bool {
	return j.Kind == types.JSONNumber || j.Kind == types.JSONTrue || j.Kind == types.JSONFalse
}

// convertNumber is JavaScript's Number() of a boolean or a text.
func convertNumber(j *types.JSON, convert bool) (*types.JSON, bool) {
	switch {
	case j.Kind == types.JSONNumber:
		return j, true
	case !convert:
		return j, false
	case j.Kind == types.JSONTrue:
		return types.JSONFromInt64(1), true
	case j.Kind == types.JSONFalse, j.Kind == types.JSONString && strings.TrimFunc(j.Str, jsSpace) == "":
		return types.JSONFromInt64(0), true
	}
	n, err := types.ParseNumeric(j.Str)
	if j.Kind != types.JSONString || err != nil || !n.IsFinite() {
		return j, false
	}
	return types.JSONFromNumeric(n), true
}

// booleanTexts are the values that become booleans, as JavaScript prints them.
var booleanTexts = map[string]bool{"1": true, "true": true, "on": true, "0": false, "false": false, "off": false}

func convertBoolean(j *types.JSON, convert bool) (*types.JSON, bool) {
	if j.Kind == types.JSONTrue || j.Kind == types.JSONFalse {
		return j, true
	}
	b, ok := booleanTexts[jsString(j)]
	if !convert || !ok || j.Kind != types.JSONString && j.Kind != types.JSONNumber {
		return j, false
	}
	return types.JSONFromBool(b), true
}

// fromNumber are the types that take a number besides a text: milliseconds, and
// the digits of a barcode.
var fromNumber = map[Hook]func(*types.JSON) (*types.JSON, bool){
	HookDatetime: fromMillis, HookDateonly: fromMillis,
	HookDuration: func(j *types.JSON) (*types.JSON, bool) {
		return types.JSONFromString(j.Num.String() + " milliseconds"), j.Num.Sign() >= 0
	},
	HookEan: func(j *types.JSON) (*types.JSON, bool) {
		digits := j.Num.String()
		ok := j.Num.Sign() >= 0 && j.Num.Trunc(0).Cmp(j.Num) == 0 && len(digits) <= 14
		return types.JSONFromString(strings.Repeat("0", max(0, 13-len(digits))) + digits), ok
	},
}

// fromMillis is a time of milliseconds since 1970.
func fromMillis(j *types.JSON) (*types.JSON, bool) {
	ms, ok := j.Num.Trunc(0).Int64()
	if !ok || ms < -maxJSDate || ms > maxJSDate {
		return j, false
	}
	return types.JSONFromString(isoTime(time.UnixMilli(ms).UTC())), true
}
