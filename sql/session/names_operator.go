package session

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// operatorID is what names an operator, built in or the database's own.
type operatorID struct {
	oid          types.OID
	schema, name string
	left, right  types.OID
}

func (n names) operator(oid types.OID) (operatorID, bool) {
	if o := funcs.OperatorByOID(oid); o != nil {
		return operatorID{o.OID, "pg_catalog", o.Name, o.Left, o.Right}, true
	}
	if o := n.s.catalog().Routines().Operator(oid); o != nil {
		return ownOperator(o), true
	}
	return operatorID{}, false
}

func ownOperator(o *catalog.Operator) operatorID {
	return operatorID{o.OID, o.Schema, o.Name, o.Left, o.Right}
}

// operatorsNamed are the operators that a possibly qualified name may mean, in the
// order of the search path (OpernameGetCandidates); one that another of the same
// operands hides is not among them.
func (n names) operatorsNamed(q []string) []operatorID {
	if len(q) == 0 {
		return nil
	}
	schemas, name := n.schemas(q)
	var found []operatorID
	add := func(o operatorID) {
		hides := func(f operatorID) bool { return f.left == o.left && f.right == o.right }
		if !slices.ContainsFunc(found, hides) {
			found = append(found, o)
		}
	}
	for _, schema := range schemas {
		if schema == "pg_catalog" {
			for _, o := range funcs.OperatorsByName(name) {
				add(operatorID{o.OID, schema, o.Name, o.Left, o.Right})
			}
		}
		for _, o := range n.s.catalog().Routines().Operators(name) {
			if o.Schema == schema {
				add(ownOperator(o))
			}
		}
	}
	return found
}

// findOper is regoperin.
func (n names) findOper(_ []string, text string) (types.OID, error) {
	q, err := qualifiedNameList(text)
	if err != nil {
		return 0, err
	}
	found := n.operatorsNamed(q)
	switch len(found) {
	case 1:
		return found[0].oid, nil
	case 0:
		return 0, pgerr.New(pgerr.UndefinedFunction, "operator does not exist: %s", text)
	}
	return 0, pgerr.New(pgerr.AmbiguousFunction, "more than one operator named %s", text)
}

// operName is regoperout: qualified unless the bare name means this operator alone.
func (n names) operName(oid types.OID) (string, bool) {
	o, ok := n.operator(oid)
	if !ok {
		return "", false
	}
	if found := n.operatorsNamed([]string{o.name}); len(found) == 1 && found[0].oid == oid {
		return o.name, true
	}
	return parser.QuoteIdent(o.schema) + "." + o.name, true
}

// findOperator is regoperatorin.
func (n names) findOperator(_ []string, text string) (types.OID, error) {
	q, args, err := n.nameAndArgTypes(text, true)
	switch {
	case err != nil:
		return 0, err
	case len(args) == 1:
		return 0, pgerr.New(pgerr.UndefinedParameter, "missing argument").
			WithHint("Use NONE to denote the missing argument of a unary operator.")
	case len(args) != 2:
		return 0, pgerr.New(pgerr.TooManyArguments, "too many arguments").WithHint("Provide two argument types for operator.")
	}
	for _, o := range n.operatorsNamed(q) {
		if o.left == args[0] && o.right == args[1] {
			return o.oid, nil
		}
	}
	return 0, pgerr.New(pgerr.UndefinedFunction, "operator does not exist: %s", text)
}

// operatorName is regoperatorout (format_operator).
func (n names) operatorName(oid types.OID) (string, bool) {
	o, ok := n.operator(oid)
	if !ok {
		return "", false
	}
	name := o.name
	visible := func(f operatorID) bool { return f.oid == oid }
	if !slices.ContainsFunc(n.operatorsNamed([]string{o.name}), visible) {
		name = parser.QuoteIdent(o.schema) + "." + o.name
	}
	return name + "(" + n.operand(o.left) + "," + n.operand(o.right) + ")", true
}

func (n names) operand(oid types.OID) string {
	if oid == 0 {
		return "NONE"
	}
	name, _ := n.typeName(oid)
	return name
}

// nameAndArgTypes takes name(type, …) apart (parseNameAndArgTypes of regproc.c); with
// none, NONE stands for no type.
func (n names) nameAndArgTypes(text string, none bool) (name []string, args []types.OID, err error) {
	open := outsideQuotes(text, '(')
	if open < 0 {
		return nil, nil, pgerr.New(pgerr.InvalidTextRepresentation, "expected a left parenthesis")
	}
	if name, err = qualifiedNameList(text[:open]); err != nil {
		return nil, nil, err
	}
	inner, closed := strings.CutSuffix(strings.TrimRight(text[open+1:], blanks), ")")
	if !closed {
		return nil, nil, pgerr.New(pgerr.InvalidTextRepresentation, "expected a right parenthesis")
	}
	for first := true; first || inner != ""; first = false {
		arg, rest, more := cutType(inner)
		arg = strings.Trim(arg, blanks)
		switch {
		case arg == "" && first && !more:
			return name, nil, nil
		case arg == "" || more && strings.Trim(rest, blanks) == "":
			return nil, nil, pgerr.New(pgerr.InvalidTextRepresentation, "expected a type name")
		case none && strings.EqualFold(arg, "none"):
			args = append(args, 0)
		default:
			oid, err := n.findType(nil, arg)
			if err != nil {
				return nil, nil, err
			}
			args = append(args, oid)
		}
		inner = rest
	}
	return name, args, nil
}

// outsideQuotes is the first c that is in no quoted identifier, -1 for none.
func outsideQuotes(text string, c byte) int {
	quoted := false
	for i := range len(text) {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == c && !quoted:
			return i
		}
	}
	return -1
}

// cutType takes the first of a list of types, which may have commas in parentheses,
// brackets and quotes.
func cutType(list string) (first, rest string, more bool) {
	depth, quoted := 0, false
	for i := range len(list) {
		switch c := list[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case c == ',' && depth == 0:
			return list[:i], list[i+1:], true
		}
	}
	return list, "", false
}
