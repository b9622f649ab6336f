package jsonpath

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// isoTemplates are what .datetime() without a template tries, in order.
var isoTemplates = []string{
	"yyyy-mm-dd",
	"HH24:MI:SS.USTZH:TZM", "HH24:MI:SS.USTZH", "HH24:MI:SSTZH:TZM", "HH24:MI:SSTZH",
	"HH24:MI:SS.US", "HH24:MI:SS",
	"yyyy-mm-dd HH24:MI:SS.USTZH:TZM", "yyyy-mm-dd HH24:MI:SS.USTZH",
	"yyyy-mm-dd HH24:MI:SSTZH:TZM", "yyyy-mm-dd HH24:MI:SSTZH",
	`yyyy-mm-dd"T"HH24:MI:SS.USTZH:TZM`, `yyyy-mm-dd"T"HH24:MI:SS.USTZH`,
	`yyyy-mm-dd"T"HH24:MI:SSTZH:TZM`, `yyyy-mm-dd"T"HH24:MI:SSTZH`,
	"yyyy-mm-dd HH24:MI:SS.US", "yyyy-mm-dd HH24:MI:SS",
	`yyyy-mm-dd"T"HH24:MI:SS.US`, `yyyy-mm-dd"T"HH24:MI:SS`,
}

// datetime is executeDateTimeMethod.
func (x *executor) datetime(n *Node, v Item, out *list) result {
	if !v.isString() {
		return x.fail(pgerr.InvalidArgumentForSqlJsonDatetimeFunction, "jsonpath item method .%s() can only be applied to a string", opNames[n.op])
	}
	t, err := x.parseDatetime(n, v.JSON.Str)
	switch {
	case err != nil:
		return x.failWith(err)
	case unneeded(n, out):
		return found
	}
	return x.next(n, Item{Time: &t}, out)
}

func (x *executor) parseDatetime(n *Node, text string) (Datetime, error) {
	if n.left != nil {
		return x.ParseDatetime(text, n.left.str)
	}
	for _, template := range isoTemplates {
		if t, err := x.ParseDatetime(text, template); err == nil {
			return t, nil
		}
	}
	return Datetime{}, pgerr.New(pgerr.InvalidArgumentForSqlJsonDatetimeFunction, "datetime format is not recognized: \"%s\"", text).
		WithHint("Use a datetime template argument to specify the input data format.")
}

// rank orders the types that can be compared with each other by how much they
// say: casts go upwards. 0 stands for those of a day.
func rank(t *types.Type) (r int, ofDay bool) {
	switch t.OID {
	case types.TimeOID:
		return 0, true
	case types.TimetzOID:
		return 1, true
	case types.DateOID:
		return 0, false
	case types.TimestampOID:
		return 1, false
	}
	return 2, false
}

// compareTimes is compareDatetime; comparable is false for a date and a time.
func (x *executor) compareTimes(a, b *Datetime) (c int, comparable bool, err error) {
	ra, dayA := rank(a.Type)
	rb, dayB := rank(b.Type)
	switch {
	case dayA != dayB:
		return 0, false, nil
	case ra > rb:
		b, err = x.castTime(b, a.Type)
	case ra < rb:
		a, err = x.castTime(a, b.Type)
	}
	if err != nil {
		return 0, false, err
	}
	return a.Type.Compare(a.Value, b.Value), true, nil
}

// castTime makes a value of a type that says more. 0A000 without time zone usage,
// else; what lies outside of the type's range is endless.
func (x *executor) castTime(t *Datetime, to *types.Type) (*Datetime, error) {
	zoned := to.OID == types.TimestamptzOID || to.OID == types.TimetzOID
	if zoned && !x.TimeZone {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "cannot convert value from %s to %s without time zone usage", t.Type.Name, to.Name).
			WithHint("Use *_tz() function for time zone support.")
	}
	v, err := convertTime(x.Env, t, to)
	return &Datetime{Type: to, Value: v}, err
}

func convertTime(env *types.Env, t *Datetime, to *types.Type) (any, error) {
	switch v := t.Value.(type) {
	case int32: // a date, as a timestamp or with a zone
		ts, err := types.DateToTimestamp(v)
		if err != nil {
			return int64(endless), nil
		}
		if to.OID == types.TimestampOID {
			return ts, nil
		}
		return zonedTimestamp(env, ts), nil
	case int64:
		if to.OID == types.TimestamptzOID {
			return zonedTimestamp(env, v), nil
		}
		// A time has the offset that the session's zone has today.
		today := int64(types.DateFromTime(env.Now.In(env.Loc()))) * types.MicrosPerDay
		return types.TimeTZ{Micros: v, Offset: int32(datetime.LocalOffset(today+v, env.Loc()))}, nil
	}
	return nil, pgerr.Internal("jsonpath: no cast from %s to %s", t.Type.Name, to.Name)
}

// endless orders a moment beyond the range of its type: after every finite
// timestamp and before infinity. Its negative is the other end.
const endless = math.MaxInt64 - 1

func zonedTimestamp(env *types.Env, ts int64) int64 {
	tz, err := types.TimestampToTimestamptz(ts, env.Loc())
	switch {
	case err == nil:
		return tz
	case ts < 0:
		return -endless
	}
	return endless
}
