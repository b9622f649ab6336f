package session

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// grammarNames are the kinds whose text is more than a name: they parse it themselves.
var grammarNames = map[types.RegKind]bool{
	types.RegType: true, types.RegProcedure: true, types.RegOper: true, types.RegOperator: true,
}

// qualifiedNameList is stringToQualifiedNameList: the identifiers of schema.name, folded and
// unquoted; 42602 for what is none.
func qualifiedNameList(text string) ([]string, error) {
	var parts []string
	rest := strings.TrimLeft(text, blanks)
	for rest != "" {
		part, after, ok := identifier(rest)
		if !ok {
			return nil, pgerr.New(pgerr.InvalidName, "invalid name syntax")
		}
		parts = append(parts, part)
		if rest = strings.TrimLeft(after, blanks); rest == "" {
			return parts, nil
		}
		if rest[0] != '.' {
			break
		}
		rest = strings.TrimLeft(rest[1:], blanks)
	}
	return nil, pgerr.New(pgerr.InvalidName, "invalid name syntax")
}

// blanks is what scanner_isspace takes for white space.
const blanks = " \t\n\r\f"

// identifier takes the first identifier of a text that does not begin with white
// space.
func identifier(text string) (name, rest string, ok bool) {
	if text[0] == '"' {
		if !closed(text) {
			return "", "", false
		}
		name, rest = quotedIdentifier(text)
		return name, rest, true
	}
	end := strings.IndexAny(text, "."+blanks)
	if end < 0 {
		end = len(text)
	}
	return strings.ToLower(text[:end]), text[end:], end > 0
}

// closed says whether a text that begins with a quote has the one that ends it.
func closed(text string) bool {
	for i := 1; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		if i+1 == len(text) || text[i+1] != '"' {
			return true
		}
		i++
	}
	return false
}
