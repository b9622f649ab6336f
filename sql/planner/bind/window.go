package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// windowEntry is a window call of a query level and its column.
type windowEntry struct {
	win  *plan.Win
	col  plan.Col
	spec *windowSpec
}

// windowSpec is a window definition. Until windowDefinitions binds it, it is its syntax.
type windowSpec struct {
	def       *parser.WindowDef
	partition []plan.Expr
	order     []plan.SortKey
	frame     plan.Frame
	framed    bool // has a frame clause of its own
	key       string
	tree      *plan.TreeWindow
}

func (w *windowSpec) rewrite(r replacer) {
	if w.key == "" {
		return // shared and already rewritten
	}
	w.key = ""
	for i, e := range w.partition {
		w.partition[i] = r.replace(e)
	}
	for i := range w.order {
		w.order[i].Expr = r.replace(w.order[i].Expr)
	}
	f := &w.frame
	f.StartOffset, f.EndOffset = r.replace(f.StartOffset), r.replace(f.EndOffset)
	for _, c := range []**plan.Call{&f.InRangeStart, &f.InRangeEnd} {
		if *c != nil {
			*c = r.replace(*c).(*plan.Call)
		}
	}
}

// windowCall is transformWindowFuncCall.
func (s *scope) windowCall(fc *parser.FuncCall, t callTarget, name string, a callArgs, pos int) plan.Expr {
	s.checkWindowSyntax(fc, t, name, a, pos)
	args, result := s.b.fitArgs(t, a, pos)
	win := &plan.Win{Meta: plan.M(result, pos), Func: t.fn, Args: args, Star: fc.AggStar}
	if fc.AggFilter != nil {
		win.Filter = s.b.boolean(s.bind(fc.AggFilter, kindFilter), "FILTER")
	}
	s.checkPlacement(windowPlaces, pos)
	s.checkInsideWindow(win)
	spec := s.overSpec(fc.Over)
	st := collateState{}
	if s.b.collating {
		st = s.b.collateWindow(win)
	}
	e := &windowEntry{win: win, spec: spec, col: s.b.newColumn(s, t.fn.Name, win.Typ, -1, windowColumn)}
	s.b.rememberCollation(e.col.ID, st)
	s.windows = append(s.windows, e)
	if s.b.trees != nil {
		s.b.trees.vars.Windows[e.col.ID] = plan.TreeWindowCall{Win: win, Window: spec.tree}
	}
	return colExpr(e.col, pos)
}

func (s *scope) checkWindowSyntax(fc *parser.FuncCall, t callTarget, name string, a callArgs, pos int) {
	switch {
	case fc.AggDistinct:
		failAt(pos, pgerr.FeatureNotSupported, "DISTINCT is not implemented for window functions")
	case fc.AggWithinGroup:
		failAt(pos, pgerr.FeatureNotSupported, "OVER is not supported for ordered-set aggregate %s", name)
	case t.fn.Agg.New != nil && len(a.exprs) == 0 && !fc.AggStar:
		failAt(pos, pgerr.WrongObjectType, "%s(*) must be used to call a parameterless aggregate function", name)
	case len(fc.AggOrder) > 0:
		failAt(pos, pgerr.FeatureNotSupported, "aggregate ORDER BY is not implemented for window functions")
	}
}

func (s *scope) checkInsideWindow(win *plan.Win) {
	used := plan.ColumnsOf(win)
	if s.lowestLevel(used, func(i *columnInfo) bool { return i.made == windowColumn }) == 0 {
		failAt(s.madePos(win, 0, windowColumn), pgerr.WindowingError, "window function calls cannot be nested")
	}
	if s.lowestLevel(used, func(i *columnInfo) bool { return i.made == setColumn }) == 0 {
		fail(pgerr.New(pgerr.FeatureNotSupported, "window function calls cannot contain set-returning function calls").
			WithHint("You might be able to move the set-returning function into a LATERAL FROM item.").
			AtByte(s.madePos(win, 0, setColumn)))
	}
}

// newWindow adds a definition to those of the query level.
func (s *scope) newWindow(def *parser.WindowDef) *windowSpec {
	spec := &windowSpec{def: def}
	if s.b.trees != nil {
		spec.tree = &plan.TreeWindow{Name: def.Name}
	}
	s.windowDefs = append(s.windowDefs, spec)
	return spec
}

// findWindow is the definition of a name among specs; nil for none.
func findWindow(specs []*windowSpec, name string) *windowSpec {
	for _, w := range specs {
		if w.def.Name == name {
			return w
		}
	}
	return nil
}

// overSpec is the window that OVER means: a named one, or one defined in place.
func (s *scope) overSpec(def *parser.WindowDef) *windowSpec {
	if def.Name != "" {
		return s.namedWindow(s.windowDefs, def.Name, s.b.at(def.Location))
	}
	return s.newWindow(def)
}

func (s *scope) namedWindow(among []*windowSpec, name string, pos int) *windowSpec {
	w := findWindow(among, name)
	if w == nil {
		failAt(pos, pgerr.UndefinedObject, "window \"%s\" does not exist", name)
	}
	return w
}

// windowDefinitions is transformWindowDefinitions: after all other clauses, since what
// is wrong in them is said first.
func (s *scope) windowDefinitions() {
	for i, spec := range s.windowDefs {
		def, before := spec.def, s.windowDefs[:i]
		pos := s.b.at(def.Location)
		if def.Name != "" && findWindow(before, def.Name) != nil {
			failAt(pos, pgerr.WindowingError, "window \"%s\" is already defined", def.Name)
		}
		var base *windowSpec
		if def.Refname != "" {
			base = s.namedWindow(before, def.Refname, pos)
		}
		s.define(spec, base, pos)
	}
}

// define binds a definition, which may refer to base.
func (s *scope) define(spec, base *windowSpec, pos int) {
	def := spec.def
	spec.framed = def.FrameOptions&frameNonDefault != 0
	for _, n := range def.PartitionClause {
		e := s.b.textIfUnknown(s.bind(n, kindWindowPartition))
		s.b.checkGroupable(e, s.b.at(nodeLocation(n)))
		spec.partition = append(spec.partition, e)
	}
	for _, n := range def.OrderClause {
		by := n.GetSortBy()
		spec.order = append(spec.order, s.b.sortKey(s.b.textIfUnknown(s.bind(by.Node, kindWindowOrder)), by))
	}
	if base != nil {
		s.copyWindow(spec, base, def, pos)
	}
	s.frame(spec, def, pos)
	s.windowTree(spec, def, base)
	spec.key = s.windowKey(spec)
}

// copyWindow takes over what a referenced window defines.
func (s *scope) copyWindow(spec, base *windowSpec, def *parser.WindowDef, pos int) {
	if len(spec.partition) > 0 {
		failAt(pos, pgerr.WindowingError, "cannot override PARTITION BY clause of window \"%s\"", def.Refname)
	}
	spec.partition = base.partition
	if len(spec.order) > 0 && len(base.order) > 0 {
		failAt(pos, pgerr.WindowingError, "cannot override ORDER BY clause of window \"%s\"", def.Refname)
	}
	plain := len(spec.order) == 0 && !spec.framed
	if len(spec.order) == 0 {
		spec.order = base.order
	}
	if base.framed {
		e := pgerr.New(pgerr.WindowingError, "cannot copy window \"%s\" because it has a frame clause", def.Refname).AtByte(pos)
		if plain && def.Name == "" {
			e.WithHint("Omit the parentheses in this OVER clause.")
		}
		fail(e)
	}
}

func (s *scope) windowKey(w *windowSpec) string {
	key := ""
	for _, e := range w.partition {
		key += plan.Key(e) + ";"
	}
	key += "/"
	for _, k := range w.order {
		key += plan.Key(k.Expr)
		if k.Desc {
			key += " desc"
		}
		if k.NullsFirst {
			key += " nf"
		}
	}
	f := w.frame
	return key + string(rune('0'+f.Mode)) + string(rune('0'+f.Start)) + string(rune('0'+f.End)) + string(rune('0'+f.Exclude)) +
		plan.Key(f.StartOffset) + plan.Key(f.EndOffset)
}

// windowNodes adds one Window node per definition, in order of first use.
func (q *selection) windowNodes() {
	nodes := map[string]*plan.Window{}
	for _, w := range q.windows {
		key := q.windowKey(w.spec)
		node := nodes[key]
		if node == nil {
			node = &plan.Window{Input: q.node, PartitionBy: w.spec.partition, OrderBy: w.spec.order, Frame: w.spec.frame}
			nodes[key], q.node = node, node
		}
		node.Calls, node.Cols = append(node.Calls, w.win), append(node.Cols, w.col)
	}
}

// The FRAMEOPTION_ bits of parsenodes.h.
const (
	frameNonDefault = 0x00001
	frameBetween    = 0x00010
	frameRange      = 0x00002
	frameRows       = 0x00004
	frameGroups     = 0x00008
	startOffset     = 0x00800 | 0x02000
	endOffset       = 0x01000 | 0x04000
)

type frameBit struct {
	bit   int32
	bound plan.FrameBound
}

var (
	frameStarts = []frameBit{
		{0x00020, plan.UnboundedPreceding}, {0x00080, plan.UnboundedFollowing}, {0x00200, plan.CurrentRow},
		{0x00800, plan.OffsetPreceding}, {0x02000, plan.OffsetFollowing},
	}
	frameEnds = []frameBit{
		{0x00040, plan.UnboundedPreceding}, {0x00100, plan.UnboundedFollowing}, {0x00400, plan.CurrentRow},
		{0x01000, plan.OffsetPreceding}, {0x04000, plan.OffsetFollowing},
	}
	frameExcludes = map[int32]plan.FrameExclude{
		0x08000: plan.ExcludeCurrentRow, 0x10000: plan.ExcludeGroup, 0x20000: plan.ExcludeTies,
	}
)

func boundOf(bits []frameBit, options int32) plan.FrameBound {
	for _, b := range bits {
		if options&b.bit != 0 {
			return b.bound
		}
	}
	return plan.CurrentRow
}

func (s *scope) frame(spec *windowSpec, def *parser.WindowDef, pos int) {
	o := def.FrameOptions
	f := &spec.frame
	f.Start, f.End = boundOf(frameStarts, o), boundOf(frameEnds, o)
	for bit, x := range frameExcludes {
		if o&bit != 0 {
			f.Exclude = x
		}
	}
	kind := kindWindowFrameRange
	switch {
	case o&frameRows != 0:
		f.Mode, kind = plan.FrameRows, kindWindowFrameRows
	case o&frameGroups != 0:
		f.Mode, kind = plan.FrameGroups, kindWindowFrameGroups
		if len(spec.order) == 0 {
			failAt(pos, pgerr.WindowingError, "GROUPS mode requires an ORDER BY clause")
		}
	}
	if kind == kindWindowFrameRange && o&(startOffset|endOffset) != 0 && len(spec.order) != 1 {
		failAt(pos, pgerr.WindowingError, "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column")
	}
	f.StartOffset, f.InRangeStart = s.frameOffset(spec, def.StartOffset, kind)
	f.EndOffset, f.InRangeEnd = s.frameOffset(spec, def.EndOffset, kind)
}

// frameOffset is transformFrameOffset.
func (s *scope) frameOffset(spec *windowSpec, n *parser.Node, kind exprKind) (plan.Expr, *plan.Call) {
	if n == nil {
		return nil, nil
	}
	e := s.bind(n, kind)
	construct := map[exprKind]string{kindWindowFrameRows: "ROWS", kindWindowFrameGroups: "GROUPS", kindWindowFrameRange: "RANGE"}[kind]
	if kind != kindWindowFrameRange {
		e = s.b.specificType(e, types.Int8OID, construct)
		s.checkNoColumns(e, construct)
		return e, nil
	}
	e, inRange := s.rangeOffset(spec.order[0].Expr, e)
	s.checkNoColumns(e, construct)
	return e, inRange
}

// rangeOffset finds the in_range support function of the ordering column: the
// one whose offset type is the offset's own, or the only one it converts to.
func (s *scope) rangeOffset(key, offset plan.Expr) (plan.Expr, *plan.Call) {
	b := s.b
	boolean := b.boolConst(false, -1)
	order := key.Type()
	if order.OID == types.VarcharOID {
		order = b.typ(types.TextOID)
	}
	var fits []candidate[overload]
	for _, c := range b.functionCandidates("", "in_range", callArgs{exprs: []plan.Expr{key, key, offset, boolean, boolean}}) {
		if c.args[0] == order.OID && b.canCoerce([]types.OID{offset.Type().OID}, []types.OID{c.args[2]}, coerceImplicit) {
			fits = append(fits, c)
		}
	}
	preferred := offset.Type().OID
	if preferred == types.UnknownOID {
		preferred = order.OID
	}
	for _, c := range fits {
		if c.args[2] == preferred {
			fits = []candidate[overload]{c}
		}
	}
	switch {
	case !b.hasInRange(order.OID):
		failAt(offset.Pos(), pgerr.FeatureNotSupported, "RANGE with offset PRECEDING/FOLLOWING is not supported for column type %s", b.typeName(order))
	case len(fits) == 0:
		fail(pgerr.New(pgerr.FeatureNotSupported, "RANGE with offset PRECEDING/FOLLOWING is not supported for column type %s and offset type %s",
			b.typeName(order), b.typeName(offset.Type())).WithHint("Cast the offset value to an appropriate type.").AtByte(offset.Pos()))
	case len(fits) > 1:
		fail(pgerr.New(pgerr.FeatureNotSupported, "RANGE with offset PRECEDING/FOLLOWING has multiple interpretations for column type %s and offset type %s",
			b.typeName(order), b.typeName(offset.Type())).WithHint("Cast the offset value to the exact intended type.").AtByte(offset.Pos()))
	}
	f := fits[0].of.fn
	offset = b.coerceArg(offset, f.Args[2], -1)
	return offset, &plan.Call{Meta: plan.M(b.typ(types.BoolOID), offset.Pos()), Func: f, Args: []plan.Expr{key, key, offset, boolean, boolean}}
}

// hasInRange says whether an ordering type supports offsets at all.
func (b *binder) hasInRange(order types.OID) bool {
	for _, f := range known().funcs["in_range"] {
		if f.Args[0] == order {
			return true
		}
	}
	return false
}
