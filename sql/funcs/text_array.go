package funcs

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// splitText is string_to_array: a NULL delimiter splits into characters, an
// empty one not at all; fields equal to null become NULL.
func splitText(s string, delim, null any) []any {
	if s == "" {
		return nil
	}
	var fields []string
	switch d, ok := delim.(string); {
	case !ok:
		fields = strings.Split(s, "")
	case d == "":
		fields = []string{s}
	default:
		fields = strings.Split(s, d)
	}
	out := make([]any, len(fields))
	for i, f := range fields {
		if f != null {
			out[i] = f
		}
	}
	return out
}

func argOr(args []any, i int) any {
	if i < len(args) {
		return args[i]
	}
	return nil
}

func stringToArray(c *Call, args []any) (any, error) {
	if args[0] == nil {
		return nil, nil
	}
	return textArray(splitText(args[0].(string), args[1], argOr(args, 2))), nil
}

func textArray(elems []any) *types.Array { return types.NewArray(types.ByOID(types.TextOID), elems) }

func stringToTable(c *Call, args []any) (RowIter, error) {
	if !c.Args[0].Bytewise() {
		return nil, nondeterministic("substring searches")
	}
	if args[0] == nil {
		return valuesOf(c, nil), nil
	}
	return valuesOf(c, splitText(args[0].(string), args[1], argOr(args, 2))), nil
}

// arrayToString joins elements; NULLs are left out unless null says otherwise.
func arrayToString(c *Call, args []any) (any, error) {
	if args[0] == nil || args[1] == nil {
		return nil, nil
	}
	null, showNull := argOr(args, 2).(string)
	a, sep := args[0].(*types.Array), args[1].(string)
	var out strings.Builder
	first := true
	for _, e := range a.Elems {
		if e == nil && !showNull {
			continue
		}
		if !first {
			out.WriteString(sep)
		}
		first = false
		if e == nil {
			out.WriteString(null)
		} else {
			out.WriteString(text(c, a.Elem, e))
		}
	}
	return out.String(), nil
}

func isSpaceByte(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// parseIdent splits a qualified identifier (parse_ident of misc.c).
func parseIdent(s string, strict bool) (*types.Array, error) {
	bad := func() *pgerr.Error {
		return pgerr.New(pgerr.InvalidParameterValue, "string is not a valid identifier: \"%s\"", s)
	}
	var parts []any
	rest := strings.TrimLeft(s, " \t\n\r\f\v")
	afterDot := false
	for {
		part, tail, quoted, err := scanIdent(rest, bad)
		if err != nil {
			return nil, err
		}
		if part == "" && !quoted {
			switch {
			case strings.HasPrefix(rest, "."):
				return nil, bad().WithDetail("No valid identifier before \".\".")
			case afterDot:
				return nil, bad().WithDetail("No valid identifier after \".\".")
			}
			return nil, bad()
		}
		parts = append(parts, part)
		rest = strings.TrimLeft(tail, " \t\n\r\f\v")
		if !strings.HasPrefix(rest, ".") {
			break
		}
		afterDot = true
		rest = strings.TrimLeft(rest[1:], " \t\n\r\f\v")
	}
	if rest != "" && strict {
		return nil, bad()
	}
	return textArray(parts), nil
}

func scanIdent(s string, bad func() *pgerr.Error) (part, rest string, quoted bool, err error) {
	if strings.HasPrefix(s, `"`) {
		for i := 1; i < len(s); i++ {
			if s[i] != '"' {
				continue
			}
			if i+1 < len(s) && s[i+1] == '"' {
				i++
				continue
			}
			part = strings.ReplaceAll(s[1:i], `""`, `"`)
			if part == "" {
				return "", "", true, bad().WithDetail("Quoted identifier must not be empty.")
			}
			return part, s[i+1:], true, nil
		}
		return "", "", true, bad().WithDetail("String has unclosed double quotes.")
	}
	n := 0
	for n < len(s) {
		c := s[n]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80
		if !letter && (n == 0 || !(c >= '0' && c <= '9' || c == '$')) {
			break
		}
		n++
	}
	return lowerASCII(s[:n]), s[n:], false, nil
}

func init() {
	kernels{
		"text_to_array":      bytewise("substring searches", Boxed(false, stringToArray)),
		"text_to_array_null": bytewise("substring searches", Boxed(false, stringToArray)),
		"array_to_text":      Boxed(false, arrayToString),
		"array_to_text_null": Boxed(false, arrayToString),
		"parse_ident":        E2(parseIdent),
	}.bind()
	rowsFuncs{
		"text_to_table":      stringToTable,
		"text_to_table_null": stringToTable,
	}.bind()
}
