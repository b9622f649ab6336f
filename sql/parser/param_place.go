package parser

import (
	pg_query "github.com/pganalyze/pg_query_go/v6"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// paramPlace finds the first parameter ($1) where PostgreSQL's grammar has none and the
// library's does, which reads normalized statements too: as a value of SET, a password,
// the field of EXTRACT, and the text of a constant of a type (date $1).
func paramPlace(source string, tree *pg_query.ParseResult) error {
	if tree == nil || !mentionsParam(source) {
		return nil
	}
	at := int32(-1)
	misplacedParams(tree.ProtoReflect(), func(p *ParamRef) {
		if at < 0 || p.Location < at {
			at = p.Location
		}
	})
	if at < 0 {
		return nil
	}
	end := int(at) + 1
	for end < len(source) && isDigit(source[end]) {
		end++
	}
	return syntaxError(source, int(at), end)
}

// misplacedParams calls f for the parameters in places of their own kind.
func misplacedParams(m protoreflect.Message, f func(*ParamRef)) {
	for _, n := range constantsOnly(m) {
		if p := n.GetParamRef(); p != nil {
			f(p)
		}
	}
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case fd.Kind() != protoreflect.MessageKind:
		case fd.IsList():
			for i := range v.List().Len() {
				misplacedParams(v.List().Get(i).Message(), f)
			}
		default:
			misplacedParams(v.Message(), f)
		}
		return true
	})
}

// constantsOnly are the parts of a message that PostgreSQL's grammar makes of constants.
func constantsOnly(m protoreflect.Message) []*Node {
	switch n := m.Interface().(type) {
	case *VariableSetStmt:
		return n.Args
	case *DefElem:
		return []*Node{n.Arg}
	case *TypeCast:
		if n.Location < 0 { // not of :: or CAST
			return []*Node{n.Arg}
		}
	case *FuncCall:
		if n.Funcformat == pg_query.CoercionForm_COERCE_SQL_SYNTAX && len(n.Args) == 2 && isExtract(n) {
			return n.Args[:1]
		}
	}
	return nil
}

func isExtract(n *FuncCall) bool {
	return n.Funcname[len(n.Funcname)-1].GetString_().GetSval() == "extract"
}

// mentionsParam says cheaply whether a text may have a parameter.
func mentionsParam(text string) bool {
	for i := 0; i+1 < len(text); i++ {
		if text[i] == '$' && isDigit(text[i+1]) {
			return true
		}
	}
	return false
}
