package parser

import (
	"strings"
	"sync"

	pg_query "github.com/pganalyze/pg_query_go/v6"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// maxMessages bounds the nesting of protobuf messages that Deparse passes on. An
// operator is two; no text that the guard lets through reaches more than this.
func maxMessages() int { return 5 * maxHeight / 2 }

// Deparse writes a statement as SQL text. The tree must be one that Parse made
// or of the same shape; an extension statement comes out as the PostgreSQL
// statement its tree is of.
func Deparse(stmt *Node) (string, error) {
	if nestsOver(stmt.ProtoReflect(), maxMessages()) {
		return "", tooDeep(maxMessages() / 2)
	}
	tree := &pg_query.ParseResult{Version: treeVersion(), Stmts: []*pg_query.RawStmt{{Stmt: withParens(stmt)}}}
	text, err := pg_query.Deparse(tree)
	if err != nil {
		return "", pgerr.Internal("parser: %s", err.Error()).WithCause(err)
	}
	return text, nil
}

// treeVersion is the version that the library stamps trees with.
var treeVersion = sync.OnceValue(func() int32 {
	tree, err := pg_query.Parse("")
	if err != nil {
		return 0 // Deparse reports it
	}
	return tree.Version
})

// DeparseExpr writes an expression as SQL text.
func DeparseExpr(expr *Node) (string, error) {
	target := &Node{Node: &Node_ResTarget{ResTarget: &ResTarget{Val: expr}}}
	text, err := Deparse(&Node{Node: &Node_SelectStmt{SelectStmt: &SelectStmt{
		TargetList:  []*Node{target},
		LimitOption: LimitOption_LIMIT_OPTION_DEFAULT,
		Op:          SetOperation_SETOP_NONE,
	}}})
	return strings.TrimPrefix(text, "SELECT "), err
}

func nestsOver(m protoreflect.Message, limit int) (over bool) {
	if limit == 0 {
		return true
	}
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case fd.Message() == nil:
		case fd.IsList():
			for i := 0; i < v.List().Len() && !over; i++ {
				over = nestsOver(v.List().Get(i).Message(), limit-1)
			}
		default:
			over = nestsOver(v.Message(), limit-1)
		}
		return !over
	})
	return over
}

// Normalize replaces the constants of a text by $1, $2, …, as
// pg_stat_statements shows it. A text with an extension statement is returned
// as it is.
func Normalize(text string) (string, error) {
	stmts, err := Parse(text)
	if err != nil || extended(stmts) {
		return text, err
	}
	normal, err := pg_query.Normalize(text)
	if err != nil {
		return "", libraryError(err, text).Locate(text)
	}
	return normal, nil
}

// Fingerprint identifies a text up to constants, spelling and the length of
// lists; a text with an extension statement, by its bytes.
func Fingerprint(text string) (uint64, error) {
	stmts, err := Parse(text)
	if err != nil {
		return 0, err
	}
	if extended(stmts) {
		return pg_query.HashXXH3_64([]byte(text), 0), nil
	}
	id, err := pg_query.FingerprintToUInt64(text)
	if err != nil {
		return 0, pgerr.Internal("parser: %s", err.Error())
	}
	return id, nil
}

func extended(stmts []Statement) bool {
	for _, s := range stmts {
		if s.Extension != NoExtension {
			return true
		}
	}
	return false
}
