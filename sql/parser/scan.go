package parser

import (
	"encoding/binary"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	pg_query "github.com/pganalyze/pg_query_go/v6"
	cparser "github.com/pganalyze/pg_query_go/v6/parser"
)

// Token is a lexical token; comments are none.
type Token struct {
	Start, End int // byte offsets
	Kind       TokenKind
	Category   KeywordCategory // 0: not a keyword
}

// TokenKind is the grammar's terminal symbol: the ASCII code of a
// one-character token, or a number of the grammar's own.
type TokenKind = pg_query.Token

// Kinds that carry a name or value.
const (
	TokenIdent        = pg_query.Token_IDENT  // name, quoted or not
	TokenUnicodeIdent = pg_query.Token_UIDENT // U&"…"
	TokenString       = pg_query.Token_SCONST // '…', E'…', $$…$$
	TokenUnicodeStr   = pg_query.Token_USCONST
	TokenBitString    = pg_query.Token_BCONST
	TokenHexString    = pg_query.Token_XCONST
	TokenInteger      = pg_query.Token_ICONST
	TokenFloat        = pg_query.Token_FCONST
	TokenParam        = pg_query.Token_PARAM
	TokenOperator     = pg_query.Token_Op
)

// Scan splits text into tokens as PostgreSQL's lexer does; the text need not be
// a statement. Errors are as Parse's.
func Scan(text string) ([]Token, error) {
	if err := checkText(text); err != nil {
		return nil, err
	}
	toks, err := scan(text)
	if err != nil {
		return nil, libraryError(err, text).Locate(text)
	}
	return toks, nil
}

func scan(text string) ([]Token, error) {
	packed, err := cparser.ScanToProtobuf(text)
	if err != nil {
		return nil, err
	}
	return slices.AppendSeq(make([]Token, 0, len(text)/6+1), unpack(packed)), nil
}

// unpack iterates over the tokens of the library's packed scan result. It reads
// the wire format itself: a message per token would cost more than the scan.
func unpack(packed []byte) iter.Seq[Token] {
	return func(yield func(Token) bool) {
		for len(packed) > 0 {
			field, value, rest, ok := protoField(packed)
			if !ok {
				return
			}
			packed = rest
			if field != scanResultTokens {
				continue
			}
			t := decodeToken(value)
			if t.Kind != pg_query.Token_SQL_COMMENT && t.Kind != pg_query.Token_C_COMMENT && !yield(t) {
				return
			}
		}
	}
}

// Field numbers of pg_query.proto.
const (
	scanResultTokens  = 2
	tokenStart        = 1
	tokenEnd          = 2
	tokenKind         = 4
	tokenKeywordClass = 5
)

var categoryOfClass = map[uint64]KeywordCategory{
	uint64(pg_query.KeywordKind_UNRESERVED_KEYWORD):     Unreserved,
	uint64(pg_query.KeywordKind_COL_NAME_KEYWORD):       ColumnName,
	uint64(pg_query.KeywordKind_TYPE_FUNC_NAME_KEYWORD): TypeOrFunctionName,
	uint64(pg_query.KeywordKind_RESERVED_KEYWORD):       Reserved,
}

func decodeToken(b []byte) (t Token) {
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		v, m := binary.Uvarint(b[max(n, 0):])
		if n <= 0 || m <= 0 {
			break
		}
		b = b[n+m:]
		switch tag >> 3 {
		case tokenStart:
			t.Start = int(v)
		case tokenEnd:
			t.End = int(v)
		case tokenKind:
			t.Kind = TokenKind(v)
		case tokenKeywordClass:
			t.Category = categoryOfClass[v]
		}
	}
	return t
}

// protoField splits the first field off a packed message; a varint field has an
// empty value.
func protoField(b []byte) (field uint64, value, rest []byte, ok bool) {
	tag, n := binary.Uvarint(b)
	v, m := binary.Uvarint(b[max(n, 0):])
	if n <= 0 || m <= 0 {
		return 0, nil, nil, false
	}
	b = b[n+m:]
	if tag&7 == 0 {
		return tag >> 3, nil, b, true
	}
	if tag&7 != 2 || v > uint64(len(b)) {
		return 0, nil, nil, false
	}
	return tag >> 3, b[:v], b[v:], true
}

// skipBlank returns the offset of the first byte at or after from that is
// neither space nor comment.
func skipBlank(text string, from int) int {
	for i := from; i < len(text); {
		switch {
		case isSpace(text[i]):
			i++
		case strings.HasPrefix(text[i:], "--"):
			for i < len(text) && text[i] != '\n' && text[i] != '\r' {
				i++
			}
		case strings.HasPrefix(text[i:], "/*"):
			i = skipBlockComment(text, i)
		default:
			return i
		}
	}
	return len(text)
}

// skipBlockComment returns the offset behind the comment that starts at i;
// comments nest.
func skipBlockComment(text string, i int) int {
	depth := 0
	for i < len(text) {
		switch {
		case strings.HasPrefix(text[i:], "/*"):
			depth++
			i += 2
		case strings.HasPrefix(text[i:], "*/"):
			depth--
			i += 2
			if depth == 0 {
				return i
			}
		default:
			i++
		}
	}
	return len(text)
}

// isSpace is the lexer's definition of space.
func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'
}

// byteOffset turns a 1-based character position into a byte offset.
func byteOffset(text string, position int) int {
	i := 0
	for n := 1; n < position && i < len(text); n++ {
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return i
}
