package funcs

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// mustQuote holds the keywords that an identifier cannot be without quotes.
var mustQuote = func() map[string]bool {
	m := map[string]bool{}
	for _, k := range catalog.Keywords() {
		m[k.Word] = k.Category != 'U'
	}
	return m
}()

// QuoteIdent quotes an identifier where it needs it, as quote_ident does.
func QuoteIdent(s string) string {
	safe := s != "" && (s[0] >= 'a' && s[0] <= 'z' || s[0] == '_')
	for i := range len(s) {
		c := s[i]
		safe = safe && (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_')
	}
	if safe && !mustQuote[s] {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// QuoteLiteral writes s as a string constant, as quote_literal does: with E”
// where it holds a backslash.
func QuoteLiteral(s string) string {
	q := "'" + strings.ReplaceAll(s, "'", "''") + "'"
	if strings.Contains(s, `\`) {
		return "E" + strings.ReplaceAll(q, `\`, `\\`)
	}
	return q
}

func quoteNullable(c *Call, args []any) (any, error) {
	if args[0] == nil {
		return "NULL", nil
	}
	s, err := castText(c, c.Args[0], args[0])
	if err != nil {
		return nil, err
	}
	return QuoteLiteral(s), nil
}

func concat(c *Call, args []any) (any, error) {
	vals, ts, ok := spread(c, args, 0)
	if !ok {
		return nil, nil
	}
	return joinTexts(c, vals, ts, ""), nil
}

func concatWS(c *Call, args []any) (any, error) {
	vals, ts, ok := spread(c, args, 1)
	if !ok || args[0] == nil {
		return nil, nil
	}
	return joinTexts(c, vals, ts, args[0].(string)), nil
}

func joinTexts(c *Call, vals []any, ts []*types.Type, sep string) string {
	var out strings.Builder
	first := true
	for i, v := range vals {
		if v == nil {
			continue
		}
		if !first {
			out.WriteString(sep)
		}
		first = false
		out.WriteString(text(c, ts[i], v))
	}
	return out.String()
}

// formatter runs format(): PostgreSQL documentation, "format".
type formatter struct {
	c    *Call
	vals []any
	ts   []*types.Type
	next int
	out  strings.Builder
	rest string
}

// spec is one %[position][flags][width]type.
type formatSpec struct {
	position  int // 0: the next argument
	leftAlign bool
	width     int
}

func format(c *Call, args []any) (any, error) {
	if args[0] == nil {
		return nil, nil
	}
	f := &formatter{c: c, rest: args[0].(string)}
	if len(args) > 1 {
		f.vals, f.ts, _ = spread(c, args, 1)
	}
	for {
		lit, rest, found := strings.Cut(f.rest, "%")
		f.out.WriteString(lit)
		f.rest = rest
		if !found {
			return f.out.String(), nil
		}
		if err := f.one(); err != nil {
			return nil, err
		}
	}
}

func formatError(format string, args ...any) *pgerr.Error {
	return pgerr.New(pgerr.InvalidParameterValue, format, args...)
}

func unterminatedFormat() error {
	return formatError("unterminated format() type specifier").WithHint("For a single \"%%\" use \"%%%%\".")
}

// one formats the specifier that starts at rest.
func (f *formatter) one() error {
	if strings.HasPrefix(f.rest, "%") {
		f.out.WriteByte('%')
		f.rest = f.rest[1:]
		return nil
	}
	spec, err := f.parseSpec()
	if err != nil {
		return err
	}
	if f.rest == "" {
		return unterminatedFormat()
	}
	conv := f.rest[0]
	if strings.IndexByte("sIL", conv) < 0 {
		r, _ := clipChars(f.rest, 1)
		return formatError("unrecognized format() type specifier \"%s\"", r).WithHint("For a single \"%%\" use \"%%%%\".")
	}
	f.rest = f.rest[1:]
	if spec.position > 0 {
		f.next = spec.position - 1
	}
	v, t, err := f.take()
	if err != nil {
		return err
	}
	s, err := f.convert(conv, v, t)
	if err != nil {
		return err
	}
	f.pad(s, spec)
	return nil
}

func (f *formatter) parseSpec() (spec formatSpec, err error) {
	n, ok, err := f.number()
	if err != nil {
		return spec, err
	}
	if ok {
		if !strings.HasPrefix(f.rest, "$") {
			spec.width = n
			return spec, f.needMore()
		}
		if f.rest = f.rest[1:]; n == 0 {
			return spec, formatError("format specifies argument 0, but arguments are numbered from 1")
		}
		spec.position = n
	}
	for strings.HasPrefix(f.rest, "-") {
		spec.leftAlign, f.rest = true, f.rest[1:]
	}
	if err := f.needMore(); err != nil {
		return spec, err
	}
	if f.rest[0] == '*' {
		f.rest = f.rest[1:]
		return spec, f.starWidth(&spec)
	}
	spec.width, _, err = f.number()
	if err != nil {
		return spec, err
	}
	return spec, f.needMore()
}

func (f *formatter) needMore() error {
	if f.rest == "" {
		return unterminatedFormat()
	}
	return nil
}

// starWidth takes the width from an argument: * or *n$.
func (f *formatter) starWidth(spec *formatSpec) error {
	n, ok, err := f.number()
	if err != nil {
		return err
	}
	if ok {
		if !strings.HasPrefix(f.rest, "$") {
			return formatError("width argument position must be ended by \"$\"")
		}
		f.rest = f.rest[1:]
		if n == 0 {
			return formatError("format specifies argument 0, but arguments are numbered from 1")
		}
		f.next = n - 1
	}
	if err := f.needMore(); err != nil {
		return err
	}
	v, t, err := f.take()
	if err != nil || v == nil {
		return err
	}
	w, err := strconv.Atoi(strings.TrimSpace(text(f.c, t, v)))
	if err != nil {
		return types.InvalidInput("integer", text(f.c, t, v))
	}
	spec.width = w
	return nil
}

func (f *formatter) number() (n int, ok bool, err error) {
	i := 0
	for i < len(f.rest) && f.rest[i] >= '0' && f.rest[i] <= '9' {
		i++
	}
	if i == 0 {
		return 0, false, nil
	}
	v, convErr := strconv.ParseInt(f.rest[:i], 10, 32)
	if convErr != nil {
		return 0, false, pgerr.New(pgerr.NumericValueOutOfRange, "number is out of range")
	}
	f.rest = f.rest[i:]
	return int(v), true, nil
}

func (f *formatter) take() (any, *types.Type, error) {
	if f.next >= len(f.vals) {
		return nil, nil, formatError("too few arguments for format()")
	}
	f.next++
	return f.vals[f.next-1], f.ts[f.next-1], nil
}

func (f *formatter) convert(conv byte, v any, t *types.Type) (string, error) {
	switch {
	case v == nil && conv == 's':
		return "", nil
	case v == nil && conv == 'L':
		return "NULL", nil
	case v == nil:
		return "", pgerr.New(pgerr.NullValueNotAllowed, "null values cannot be formatted as an SQL identifier")
	}
	s := text(f.c, t, v)
	switch conv {
	case 'I':
		return QuoteIdent(s), nil
	case 'L':
		return QuoteLiteral(s), nil
	}
	return s, nil
}

func (f *formatter) pad(s string, spec formatSpec) {
	width, leftAlign := spec.width, spec.leftAlign
	if width < 0 {
		width, leftAlign = -width, true
	}
	blanks := strings.Repeat(" ", max(0, width-charLen(s)))
	if leftAlign {
		f.out.WriteString(s + blanks)
	} else {
		f.out.WriteString(blanks + s)
	}
}

// catAny joins text and a value of any type, cast to text.
func catAny(c *Call, args []any) (any, error) {
	left, err := castText(c, c.Args[0], args[0])
	if err != nil {
		return nil, err
	}
	right, err := castText(c, c.Args[1], args[1])
	return left + right, err
}

// castText is a value cast to text: by a cast of its type (bool, inet, bpchar),
// or else its output.
func castText(c *Call, t *types.Type, v any) (string, error) {
	cast := FindCast(t.OID, types.TextOID)
	if cast == nil || cast.Func == nil {
		return text(c, t, v), nil
	}
	call := &Call{Ctx: c.Ctx, Env: c.Env, Session: c.Session, Func: cast.Func, Args: []*types.Type{t}, Result: types.ByOID(types.TextOID), Typmod: -1}
	out, err := cast.Func.Kernel(call, []vec.Vector{vec.Const(t, v, 1)}, nil, 1)
	if err != nil {
		return "", err
	}
	return out.Value(0).(string), nil
}

func init() {
	kernels{
		"quote_ident":                  F1(QuoteIdent),
		"quote_literal":                F1(QuoteLiteral),
		"quote_literal(anyelement)":    Strict(quoteNullable),
		"quote_nullable":               Boxed(false, quoteNullable),
		"quote_nullable(anyelement)":   Boxed(false, quoteNullable),
		"text_concat":                  Boxed(false, concat),
		"text_concat_ws":               Boxed(false, concatWS),
		"text_format":                  Boxed(false, format),
		"text_format_nv":               Boxed(false, format),
		"textanycat(text,anynonarray)": Strict(catAny),
		"anytextcat(anynonarray,text)": Strict(catAny),
	}.bind()
}
