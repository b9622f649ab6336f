package access

import (
	"math"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Questions about days ask for the day of a time: at::date = '2024-01-05', or
// date_trunc('month', at) = …. Each is true for a range of times only, which a
// partition by date finds.

// step is what rounds times down, and to what.
type step struct {
	num   int16
	width types.Interval // less a microsecond: from the first time of a step to its last
}

const hour = int64(3600 * 1_000_000)

// widths are the steps of date_trunc that are as long as each other.
var widths = map[string]types.Interval{
	"second": {Micros: 999_999}, "minute": {Micros: hour/60 - 1}, "hour": {Micros: hour - 1}, "day": {Days: 1, Micros: -1},
	"week": {Days: 7, Micros: -1}, "month": {Months: 1, Micros: -1}, "quarter": {Months: 3, Micros: -1}, "year": {Months: 12, Micros: -1},
}

// stepOf is the step that e rounds a column of times down to; ok is false for anything
// else.
func (m *matcher) stepOf(e plan.Expr) (s step, ok bool) {
	c, isCall := e.(*plan.Call)
	if !isCall || len(c.Args) == 0 {
		return s, false
	}
	time := c.Args[len(c.Args)-1]
	oid := time.Type().OID
	if oid != types.TimestamptzOID && oid != types.TimestampOID {
		return s, false
	}
	toDate := funcs.FindCast(oid, types.DateOID)
	switch {
	case len(c.Args) == 1 && toDate != nil && c.Func == toDate.Func:
		s.width, ok = widths["day"]
	case len(c.Args) == 2 && !c.Func.User && c.Func.Name == "date_trunc":
		unit, _ := c.Args[0].(*plan.Const)
		if unit != nil {
			name, _ := unit.Value.(string)
			s.width, ok = widths[name]
		}
	}
	if ok {
		s.num, ok = m.column(time)
	}
	return s, ok
}

// rounded records what a comparison of a rounded time says of the time itself.
func (m *matcher) rounded(c *plan.Call) {
	op, value := c.Op.Name, c.Args[1]
	s, ok := m.stepOf(c.Args[0])
	if !ok {
		op, value = Commuted[op], c.Args[0]
		s, ok = m.stepOf(c.Args[1])
	}
	if !ok || Commuted[op] == "" || !m.fixed(value) {
		return
	}
	t := m.of(s.num)
	t.strict = true
	first, last := m.times(value, m.rel.Column(s.num), s.width, op == "=")
	if first == nil {
		return
	}
	if op == "=" || op == ">" || op == ">=" {
		t.low = &plan.Bound{Value: first, Inclusive: true}
	}
	if op == "=" || op == "<" || op == "<=" {
		t.high = &plan.Bound{Value: last, Inclusive: true}
	}
	t.ranges = append(t.ranges, c)
}

// times are the first and the last time that is rounded to a value, nil where they can't
// be told. The time zone may be another one when they are computed. Where there is none,
// they are NULL: nothing but an equality (equal) may be answered so.
func (m *matcher) times(value plan.Expr, col *catalog.Column, width types.Interval, equal bool) (first, last plan.Expr) {
	_, known := value.(*plan.Const)
	from := value.Type()
	if first = value; from.OID != col.Type.OID {
		cast := funcs.FindCast(from.OID, col.Type.OID)
		if from.OID != types.DateOID || cast == nil || cast.Func == nil {
			return nil, nil
		}
		first = &plan.Call{Meta: plan.M(col.Type, value.Pos()), Func: cast.Func, Args: []plan.Expr{value}, Display: plan.DisplayImplicitCast}
	}
	plus := funcs.FindOperator("+", col.Type.OID, types.IntervalOID)
	if plus == nil {
		return nil, nil
	}
	length := &plan.Const{Meta: plan.M(types.ByOID(types.IntervalOID), -1), Value: width}
	last = &plan.Call{Meta: plan.M(col.Type, value.Pos()), Func: plus.Func, Op: plus, Args: []plan.Expr{first, length}, Display: plan.DisplayOperator}
	switch {
	case known && (m.fails(first) || m.fails(last)), !known && !equal:
		return nil, nil
	case !known:
		first, last = within(value, first), within(value, last)
	}
	return first, last
}

// limits are the days, and the microseconds, from 2000 on between which times have
// others around them; infinite ones have no others.
var limits = map[types.OID][4]any{
	types.DateOID:        {int32(-2_451_000), int32(106_000_000), int32(math.MinInt32), int32(math.MaxInt32)},
	types.TimestampOID:   {int64(-211_000_000_000_000_000), int64(9_200_000_000_000_000_000), int64(math.MinInt64), int64(math.MaxInt64)},
	types.TimestamptzOID: {int64(-211_000_000_000_000_000), int64(9_200_000_000_000_000_000), int64(math.MinInt64), int64(math.MaxInt64)},
}

// within is e where value is within its limits, NULL elsewhere: e fails there.
func within(value, e plan.Expr) plan.Expr {
	from := value.Type()
	boolean := plan.M(types.ByOID(types.BoolOID), -1)
	compare := func(op string, limit any) plan.Expr {
		o := funcs.FindOperator(op, from.OID, from.OID)
		k := &plan.Const{Meta: plan.M(from, -1), Value: limit}
		return &plan.Call{Meta: boolean, Func: o.Func, Op: o, Args: []plan.Expr{value, k}, Display: plan.DisplayOperator}
	}
	l := limits[from.OID]
	fits := &plan.Or{Meta: boolean, Args: []plan.Expr{
		&plan.And{Meta: boolean, Args: []plan.Expr{compare(">=", l[0]), compare("<=", l[1])}}, compare("=", l[2]), compare("=", l[3])}}
	return &plan.Case{Meta: plan.M(e.Type(), -1), Whens: []plan.When{{Cond: fits, Result: e}}, Else: &plan.Const{Meta: plan.M(e.Type(), -1)}}
}

// mostValues is the largest range of integers that is looked for value by value.
const mostValues = 64

// enumerate makes alternatives of a small range of integers: their keys have no order.
func (t *terms) enumerate(col *catalog.Column) {
	if col == nil || t.equal != nil || t.low == nil || t.high == nil || integerLimits[col.Type.OID] == 0 {
		return
	}
	low, lok := integer(t.low)
	high, hok := integer(t.high)
	if !lok || !hok || low > high || high-low >= mostValues || high-low < 0 {
		return
	}
	k := &plan.KeyTerm{}
	for v := low; ; v++ {
		if !(v == low && !t.low.Inclusive || v == high && !t.high.Inclusive) {
			k.Values = append(k.Values, &plan.Const{Meta: plan.M(col.Type, -1), Value: boxed(col.Type.OID, v)})
		}
		if v == high {
			break
		}
	}
	if len(k.Values) > 0 {
		t.setEqual(k, plan.Conjunction(t.ranges))
	}
}

// integer is the value of a bound that is known.
func integer(b *plan.Bound) (int64, bool) {
	c, ok := b.Value.(*plan.Const)
	if !ok {
		return 0, false
	}
	switch v := c.Value.(type) {
	case int16:
		return int64(v), true
	case int32:
		return int64(v), true
	case int64:
		return v, true
	}
	return 0, false
}

// boxed is an integer as values of the type are.
func boxed(oid types.OID, v int64) any {
	if oid == types.Int2OID {
		return int16(v)
	}
	return integerOf(oid, v)
}
