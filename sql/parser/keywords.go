package parser

import (
	"sort"
	"strings"
)

// KeywordCategory is where the grammar allows a keyword as a name
// (PostgreSQL documentation, appendix "SQL Key Words").
type KeywordCategory byte

// The categories, with pg_get_keywords' catcode as value.
const (
	Unreserved         KeywordCategory = 'U' // everywhere
	ColumnName         KeywordCategory = 'C' // not as function or type
	TypeOrFunctionName KeywordCategory = 'T' // as function or type only
	Reserved           KeywordCategory = 'R' // only as a label
)

// Keyword is a row of pg_get_keywords().
type Keyword struct {
	Word      string
	Category  KeywordCategory
	BareLabel bool // usable as a column label without AS
}

// Keywords returns the grammar's keywords, sorted. The slice is shared.
func Keywords() []Keyword { return keywords }

// LookupKeyword finds a lower-case word.
func LookupKeyword(word string) (Keyword, bool) {
	i := sort.Search(len(keywords), func(i int) bool { return keywords[i].Word >= word })
	if i < len(keywords) && keywords[i].Word == word {
		return keywords[i], true
	}
	return Keyword{}, false
}

// QuoteIdent quotes a name where it would not be read as itself, as
// quote_ident() does: anything but lower-case letters, digits and underscores,
// and every keyword that is not unreserved.
func QuoteIdent(name string) string {
	if plainIdent(name) {
		if k, ok := LookupKeyword(name); !ok || k.Category == Unreserved {
			return name
		}
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func plainIdent(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		if !(c >= 'a' && c <= 'z' || c == '_' || i > 0 && c >= '0' && c <= '9') {
			return false
		}
	}
	return name != ""
}
