package parser

import (
	"fmt"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v6"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// ParseExpr parses one expression (a_expr), such as a DEFAULT or CHECK kept as
// text. Locations and error positions count from the start of text.
func ParseExpr(text string) (*Node, error) {
	const before, after = "SELECT ARRAY[", "\n]"
	f, err := newFragment(text)
	if err != nil {
		return nil, err
	}
	if f.is('[') {
		return nil, f.unexpected().Locate(text) // the wrapper would take a nested array
	}
	target, err := f.parse(before, after)
	if err != nil {
		return nil, err
	}
	elements := target.GetVal().GetAArrayExpr().GetElements()
	if len(elements) != 1 {
		f.skipElement() // to the comma, or the end of nothing
		return nil, f.unexpected().Locate(text)
	}
	shiftLocations(elements[0].ProtoReflect(), len(before))
	return elements[0], nil
}

// ParseType parses a type name with modifiers and array bounds, as
// parseTypeString does: numeric(10,2), timestamp with time zone, text[].
// Errors carry no position, which would be one in text, but the text itself in
// Where.
func ParseType(text string) (*TypeName, error) {
	name, err := parseType(text)
	if e := pgerr.As(err); e != nil {
		placeless := pgerr.New(e.Code, "%s", e.Message).WithHint("%s", e.Hint)
		placeless.Detail, placeless.Where = e.Detail, fmt.Sprintf("invalid type name \"%s\"", text)
		return nil, placeless
	}
	if name == nil || name.Setof {
		return nil, pgerr.New(pgerr.SyntaxError, "invalid type name \"%s\"", text)
	}
	return name, nil
}

// parseType returns nil for a text without a type.
func parseType(text string) (*TypeName, error) {
	const before, after = "SELECT CAST(NULL AS ", "\n)"
	f, err := newFragment(text)
	if err != nil || f.atEnd() {
		return nil, err
	}
	target, err := f.parse(before, after)
	if err != nil {
		return nil, err
	}
	name := target.GetVal().GetTypeCast().GetTypeName()
	if name != nil {
		shiftLocations(name.ProtoReflect(), len(before))
	}
	return name, nil
}

// fragment is a text that is a part of a statement: its parentheses match, so
// that it cannot reach out of what it is put into.
type fragment struct{ cursor }

func newFragment(text string) (*fragment, error) {
	toks, err := Scan(text)
	if err != nil {
		return nil, err
	}
	f := &fragment{cursor{src: text, toks: toks}}
	if err := guardText(text); err != nil {
		return nil, err
	}
	return f, f.checkClosed()
}

// checkClosed refuses a semicolon and a closing parenthesis that nothing opens.
func (f *fragment) checkClosed() error {
	start := f.i
	defer func() { f.i = start }()
	for depth := 0; !f.atEnd(); f.advance() {
		switch f.peek(0).Kind {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ';':
			depth = -1
		}
		if depth < 0 {
			return f.unexpected().Locate(f.src)
		}
	}
	return nil
}

// parse puts the fragment between two texts and returns the only target of the
// SELECT they make.
func (f *fragment) parse(before, after string) (*ResTarget, error) {
	tree, err := pg_query.Parse(before + f.src + after)
	if err != nil {
		return nil, f.inFragment(libraryError(err, before+f.src+after).Locate(before+f.src+after), before)
	}
	if len(tree.Stmts) != 1 || len(tree.Stmts[0].GetStmt().GetSelectStmt().GetTargetList()) != 1 {
		return nil, f.unexpected().Locate(f.src)
	}
	return tree.Stmts[0].GetStmt().GetSelectStmt().GetTargetList()[0].GetResTarget(), nil
}

// inFragment turns an error on the whole text into one on the fragment; what
// stands behind it is its end of input.
func (f *fragment) inFragment(e *pgerr.Error, before string) *pgerr.Error {
	if e.Position == 0 {
		return e
	}
	e.Position -= len(before)
	if byteOffset(f.src, e.Position) >= len(f.src) && e.Code == pgerr.SyntaxError {
		return syntaxError(f.src, 0, -1).Locate(f.src)
	}
	return e
}

// shiftLocations makes every location of a tree count from delta bytes later.
func shiftLocations(m protoreflect.Message, delta int) {
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case fd.Kind() == protoreflect.Int32Kind && strings.HasSuffix(string(fd.Name()), "location") && v.Int() >= int64(delta):
			m.Set(fd, protoreflect.ValueOfInt32(int32(v.Int())-int32(delta)))
		case fd.Message() != nil && fd.IsList():
			for i := range v.List().Len() {
				shiftLocations(v.List().Get(i).Message(), delta)
			}
		case fd.Message() != nil:
			shiftLocations(v.Message(), delta)
		}
		return true
	})
}

// Clone copies a tree, for a caller that must change one.
func Clone[M proto.Message](tree M) M { return proto.Clone(tree).(M) }
