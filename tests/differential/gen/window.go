package gen

import "fmt"

// windowFrames is a query of window functions over one table with all kinds of
// frames. What it calls does not depend on the order of peers, or the order is total.
func (g *Gen) windowFrames() Script {
	t := pick(g.Choices, g.schema.Tables)
	s := tableScope(t, "")
	w := &windowWriter{g: g, table: t, scope: s}
	items := "id"
	for range 1 + g.n(3) {
		items += ", " + w.call()
	}
	sql := "SELECT " + items + " FROM " + t.Name + g.where(s, 1) + w.clause()
	if g.oneIn(3) {
		sql += " ORDER BY id"
		return Script{Statements: []Statement{{SQL: sql, Ordered: true}}}
	}
	return single(sql)
}

type windowWriter struct {
	g     *Gen
	table *Table
	scope *scope
	named []string
}

func (w *windowWriter) clause() string {
	out := ""
	for i, def := range w.named {
		sep := ", "
		if i == 0 {
			sep = " WINDOW "
		}
		out += fmt.Sprintf("%sw%d AS (%s)", sep, i, def)
	}
	return out
}

// peerCalls see only which rows are in the frame, rowCalls also their order.
var (
	peerCalls = []string{"count(*)", "sum({int4})", "min({int4})", "max({text})", "count({text})", "avg({int4})", "bool_or({bool})", "rank()", "dense_rank()", "cume_dist()", "percent_rank()",
		"sum({numeric})", "count(*) FILTER (WHERE {bool})", "sum({int4}) FILTER (WHERE {bool})", "max({date})", "bit_or({int4})"}
	rowCalls = []string{"row_number()", "first_value({int4})", "last_value({text})", "nth_value({int4}, 2)", "lag({int4}, 1, -1)", "lead({text}, 2)", "ntile(3)", "array_agg({int4})", "string_agg({text}, ',')", "lag({int4})",
		"lead({date}, -1)", "count(*)", "sum({int4})", "nth_value({text}, 1)", "ntile(100)", "array_agg(id) FILTER (WHERE {bool})", "jsonb_agg({text})"}
)

func (w *windowWriter) call() string {
	g := w.g
	partition := ""
	if g.n(2) == 1 {
		partition = "PARTITION BY " + g.expr(w.scope, pick(g.Choices, []Type{Int, Text, Bool}), 1) + " "
	}
	var call, order, frame string
	switch g.n(4) {
	case 0:
		call, order = pick(g.Choices, rowCalls), "ORDER BY "+w.anyKey()+", id"
		frame = w.frame("ROWS", rowOffsets)
	case 1:
		call, order = pick(g.Choices, peerCalls), "ORDER BY "+w.anyKey()
		frame = w.frame("GROUPS", rowOffsets)
	default:
		key := pick(g.Choices, rangeKeys)
		call = pick(g.Choices, peerCalls)
		order = "ORDER BY " + g.expr(w.scope, key.typ, 0) + key.cast + pick(g.Choices, []string{"", " DESC", " NULLS FIRST", " DESC NULLS LAST"})
		frame = w.frame("RANGE", key.offsets)
	}
	call = g.fill(w.scope, call, Int, 1) + " OVER "
	if g.oneIn(4) {
		w.named = append(w.named, partition+order)
		if frame == "" {
			return call + fmt.Sprintf("w%d", len(w.named)-1)
		}
		return call + fmt.Sprintf("(w%d %s)", len(w.named)-1, frame)
	}
	return call + "(" + partition + order + " " + frame + ")"
}

func (w *windowWriter) anyKey() string {
	return w.g.expr(w.scope, pick(w.g.Choices, []Type{Int, Text, Date, Bool, UUID}), 1) + pick(w.g.Choices, []string{"", " DESC", " NULLS FIRST", " DESC NULLS LAST"})
}

var rowOffsets = words("1 0 2 3 100 1::int8 -1")

// rangeKeys are the types that RANGE can count from, with what can be added to them.
var rangeKeys = []struct {
	typ     Type
	cast    string
	offsets []string
}{
	{Int, "", words("1 0 2 10 2::int8 1::int2 -1 2147483647 9223372036854775807::int8")},
	{Big, "", words("1 5 0 3::int2 3000000000 -5 9223372036854775807")},
	{Small, "", words("1 2::int2 100::int8 0 -1 32767::int2")},
	{Numeric, "", words("1 0.5 0 1.25 'NaN'::numeric 'Infinity'::numeric 1e20 -1")},
	{Float, "", words("1 0.5::float8 'Infinity'::float8 0 'NaN'::float8 1e300::float8 -0.5::float8")},
	{Float, "::float4", words("1 0.5::float8 'Infinity'::float8 0")},
	{Date, "", words("'1_day'::interval '1_mon'::interval '400_days'::interval '0'::interval '-1_day'::interval '1_year_2_days'::interval '36:00'::interval")},
	{Timestamp, "", words("'1_day'::interval '1_mon'::interval '20_years'::interval '1_second'::interval '0'::interval '-1_hour'::interval")},
	{Timestamptz, "", words("'1_day'::interval '6_mons'::interval '1_hour'::interval '60_years'::interval")},
	{Time, "", words("'1_hour'::interval '12:00'::interval '0'::interval '-00:01'::interval '1_day'::interval")},
	{Time, "::timetz", words("'1_hour'::interval '12:00'::interval '1_mon'::interval")},
	{Interval, "", words("'1_hour'::interval '1_day'::interval '0'::interval '1_mon'::interval '-1_day'::interval")},
	{Text, "::text", words("1 'a'")},
}

func (w *windowWriter) frame(mode string, offsets []string) string {
	g := w.g
	if g.n(5) == 0 {
		return ""
	}
	bound := func(words ...string) (string, int) {
		at := g.n(len(words))
		return words[at], at
	}
	offset := func() string { return spaced(pick(g.Choices, offsets)) }
	start, at := bound("UNBOUNDED PRECEDING", "PRECEDING", "CURRENT ROW", "FOLLOWING")
	if at == 1 || at == 3 {
		start = offset() + " " + start
	}
	out := mode + " " + start
	if at < 3 && g.oneIn(5) {
		return out + w.exclude()
	}
	ends := []string{"UNBOUNDED FOLLOWING", "FOLLOWING", "CURRENT ROW", "PRECEDING"}
	end, to := bound(ends[:min(4, 5-at)]...)
	if at == 3 && to == 2 {
		end, to = ends[0], 0
	}
	if to == 1 || to == 3 {
		end = offset() + " " + end
	}
	return mode + " BETWEEN " + start + " AND " + end + w.exclude()
}

func (w *windowWriter) exclude() string {
	return pick(w.g.Choices, []string{"", "", "", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES", " EXCLUDE NO OTHERS"})
}

// spaced puts blanks where a word list has underscores.
func spaced(s string) string {
	out := []byte(s)
	for i, b := range out {
		if b == '_' {
			out[i] = ' '
		}
	}
	return string(out)
}
