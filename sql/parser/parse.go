package parser

import (
	"context"
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v6"
	cparser "github.com/pganalyze/pg_query_go/v6/parser"
	"golang.org/x/sync/semaphore"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Parse parses a query message of any number of statements; an empty message
// has none. Errors are *pgerr.Error with PostgreSQL's message, SQLSTATE and
// Position. The statements are shared: do not change them.
//
// Its own errors are 22021 (not UTF-8), 54000 (over MaxSourceBytes), 54001
// (would nest too deeply).
func Parse(source string) ([]Statement, error) {
	if stmts, ok := trees.get(source); ok {
		return stmts, nil
	}
	source = strings.Clone(source) // the trees outlive the message's buffer
	plain, err := withoutVT(source)
	if err != nil {
		return nil, pgerr.As(err).Locate(source)
	}
	stmts, err := parse(plain)
	if err != nil {
		return nil, err
	}
	trees.put(source, stmts)
	return stmts, nil
}

func parse(source string) ([]Statement, error) {
	if err := checkText(source); err != nil {
		return nil, err
	}
	defer reserve(source)()
	if !mentionsResource(source) && !mentionsParamJunk(source) && !mentionsNumberJunk(source) {
		if err := guardText(source); err != nil {
			return nil, err
		}
		return parsePlain(source)
	}
	return parseExtended(source)
}

// Parsing a text needs some forty times its size: long texts share this much.
const (
	shortBytes = 64 << 10
	inFlight   = MaxSourceBytes
)

var longTexts = semaphore.NewWeighted(inFlight)

// reserve waits until a long text may be parsed and returns what ends that.
func reserve(text string) func() {
	n := int64(len(text))
	if n <= shortBytes {
		return func() {}
	}
	if err := longTexts.Acquire(context.Background(), n); err != nil {
		return func() {} // cannot be: the background context has no end
	}
	return func() { longTexts.Release(n) }
}

// guardText refuses a text that must not reach the C parser. A text that the
// lexer refuses may reach it: the parser builds no tree then, and finds the
// error that stands first.
func guardText(text string) error {
	if len(text) < freeBytes() {
		return nil
	}
	packed, err := cparser.ScanToProtobuf(text)
	if err != nil {
		return nil
	}
	return checkDepth(unpack(packed))
}

func parsePlain(source string) ([]Statement, error) {
	tree, err := pg_query.Parse(source)
	if err != nil {
		return nil, libraryError(err, source).Locate(source)
	}
	if err := paramPlace(source, tree); err != nil {
		return nil, pgerr.As(err).Locate(source)
	}
	return joiner{source: source}.statements(tree), nil
}

// parseExtended parses a text that may have extension statements, or errors
// that the C library does not find.
func parseExtended(source string) ([]Statement, error) {
	toks, scanErr := scanPrefix(source)
	if err := checkDepth(slices.Values(toks)); err != nil {
		return nil, err
	}
	r := newRewriter(source, toks)
	errs := errorList{source: source, toks: toks, moved: r.moved}
	errs.add(r.rewrite())
	errs.add(scanErr)
	errs.add(numberJunk(source, toks))
	levels := parseLevels(r, &errs)
	if first := errs.first(); first != nil {
		return nil, first
	}
	return newJoiner(r, levels).statements(levels[0]), nil
}

// scanPrefix returns the tokens before the first lexical error, and that error.
func scanPrefix(source string) ([]Token, error) {
	toks, err := scan(source)
	if err == nil {
		return toks, paramJunk(source, toks)
	}
	e := libraryError(err, source)
	e.Locate(source)
	if e.Position > 0 {
		at := byteOffset(source, e.Position)
		toks, _ = scan(source[:at])
		if junk := junkAt(source, at); junk != nil { // 0x without digits
			return toks, junk
		}
	}
	return toks, e
}

func parseLevels(r *rewriter, errs *errorList) []*pg_query.ParseResult {
	var trees []*pg_query.ParseResult
	for level, text := range r.texts() {
		tree, err := pg_query.Parse(text)
		if err != nil {
			errs.addGrammar(err, level, text)
		}
		errs.add(paramPlace(text, tree))
		trees = append(trees, tree)
	}
	return trees
}
