package funcs

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/types/textsearch"
)

// noticeOf is where a call's notices go.
func noticeOf(c *Call) tsearch.Notice {
	if c.Env != nil && c.Env.Notice != nil {
		return c.Env.Notice
	}
	return func(*pgerr.Error) {}
}

// configOf returns the configuration with that oid.
func configOf(oid uint32) (*tsearch.Config, error) {
	if cfg := tsearch.FindConfig(oid); cfg != nil {
		return cfg, nil
	}
	return nil, pgerr.Internal("cache lookup failed for text search configuration %d", oid)
}

// currentConfig is the one that default_text_search_config names.
func currentConfig(c *Call) (*tsearch.Config, error) {
	if c.Session == nil {
		return nil, pgerr.Unsupported("%s() without a session", c.Func.Name)
	}
	name, _ := c.Session.Setting("default_text_search_config")
	oid, err := lookUpName(types.RegConfig)(c, name)
	if err != nil {
		return nil, err
	}
	return configOf(oid)
}

// configured is a function whose first argument may be a configuration; without
// it the current one is used.
type configured[A, R any] func(c *Call, cfg *tsearch.Config, arg A) (R, error)

func (f configured[A, R]) byID() Kernel {
	return Lift2(func(c *Call, oid uint32, arg A) (R, error) {
		cfg, err := configOf(oid)
		if err != nil {
			return *new(R), err
		}
		return f(c, cfg, arg)
	})
}

func (f configured[A, R]) current() Kernel {
	return Lift1(func(c *Call, arg A) (R, error) {
		cfg, err := currentConfig(c)
		if err != nil {
			return *new(R), err
		}
		return f(c, cfg, arg)
	})
}

// bindConfigured binds both forms of a function.
func bindConfigured[A, R any](name string, f configured[A, R]) {
	kernels{name: f.current(), name + "_byid": f.byID()}.bind()
}

func toTSVector(c *Call, cfg *tsearch.Config, text string) (tsVector, error) {
	d := tsearch.NewDocument(cfg, noticeOf(c))
	d.Add(text)
	return d.Vector()
}

func toTSQuery(syntax textsearch.Syntax, join textsearch.Op) configured[string, tsQuery] {
	return func(c *Call, cfg *tsearch.Config, text string) (tsQuery, error) {
		return cfg.Query(text, syntax, join, noticeOf(c))
	}
}

// matchText is text @@ tsquery and text @@ text.
func matchText(c *Call, text string, query func(cfg *tsearch.Config) (tsQuery, error)) (bool, error) {
	cfg, err := currentConfig(c)
	if err != nil {
		return false, err
	}
	v, err := toTSVector(c, cfg, text)
	if err != nil {
		return false, err
	}
	q, err := query(cfg)
	if err != nil {
		return false, err
	}
	return textsearch.Match(v, q), nil
}

// lexize is ts_lexize: NULL for a word that the dictionary does not know, an
// empty array for a stop word.
func lexize(oid uint32, word string) (*types.Array, error) {
	d := tsearch.FindDictionary(oid)
	if d == nil {
		return nil, pgerr.Internal("cache lookup failed for text search dictionary %d", oid)
	}
	return lexemes(d, word), nil
}

func lexemes(d *tsearch.Dictionary, word string) *types.Array {
	var elems []any
	if lexeme, ok := d.Lexize(word); ok {
		elems = append(elems, lexeme)
	}
	return types.NewArray(types.TextType, elems)
}

// parserRows are the functions of a parser, which is given by oid or by name.
func parserRows(f func(c *Call, args []any) [][]any) RowsFunc {
	return func(c *Call, args []any) (RowIter, error) {
		for _, a := range args {
			if a == nil {
				return rowsOf(c, nil), nil
			}
		}
		if err := checkParser(args[0]); err != nil {
			return nil, err
		}
		return rowsOf(c, f(c, args)), nil
	}
}

func checkParser(parser any) error {
	switch p := parser.(type) {
	case uint32:
		if p != tsearch.DefaultParser {
			return pgerr.Internal("cache lookup failed for text search parser %d", p)
		}
	case string:
		if p != "default" && p != "pg_catalog.default" {
			return pgerr.New(pgerr.UndefinedObject, "text search parser \"%s\" does not exist", p)
		}
	}
	return nil
}

func tokenTypes(*Call, []any) [][]any {
	var rows [][]any
	for id, k := range tsearch.TokenKinds {
		if id > 0 {
			rows = append(rows, []any{int32(id), k.Alias, k.Doc})
		}
	}
	return rows
}

func parseTokens(_ *Call, args []any) [][]any {
	var rows [][]any
	p := tsearch.NewParser(args[1].(string))
	for t, ok := p.Next(); ok; t, ok = p.Next() {
		rows = append(rows, []any{int32(t.Type), t.Text})
	}
	return rows
}

// debugRows is ts_debug: each token with what its dictionaries make of it.
func debugRows(c *Call, cfg *tsearch.Config, text string) RowIter {
	var rows [][]any
	p := tsearch.NewParser(text)
	for t, ok := p.Next(); ok; t, ok = p.Next() {
		row := []any{tsearch.TokenKinds[t.Type].Alias, tsearch.TokenKinds[t.Type].Doc, t.Text, nil, nil, nil}
		var dicts []any
		if d := cfg.Dicts[t.Type]; d != nil {
			dicts = []any{d.OID}
			row[4], row[5] = d.OID, lexemes(d, t.Text)
		}
		row[3] = types.NewArray(types.RegDictionaryType, dicts)
		rows = append(rows, row)
	}
	return rowsOf(c, rows)
}

// tsDebug takes a configuration and a text, or the text only.
func tsDebug(c *Call, args []any) (RowIter, error) {
	text, ok := args[len(args)-1].(string)
	if !ok || args[0] == nil {
		return rowsOf(c, nil), nil
	}
	if len(args) == 1 {
		cfg, err := currentConfig(c)
		if err != nil {
			return nil, err
		}
		return debugRows(c, cfg, text), nil
	}
	if cfg := tsearch.FindConfig(args[0].(uint32)); cfg != nil {
		return debugRows(c, cfg, text), nil
	}
	return rowsOf(c, nil), nil
}

func init() {
	bindConfigured("to_tsvector", configured[string, tsVector](toTSVector))
	bindConfigured("to_tsquery", toTSQuery(textsearch.SyntaxTSQuery, textsearch.Phrase))
	bindConfigured("plainto_tsquery", toTSQuery(textsearch.SyntaxPlain, textsearch.And))
	bindConfigured("phraseto_tsquery", toTSQuery(textsearch.SyntaxPlain, textsearch.Phrase))
	bindConfigured("websearch_to_tsquery", toTSQuery(textsearch.SyntaxWeb, textsearch.Phrase))
	kernels{
		"ts_match_tq": Lift2(func(c *Call, text string, q tsQuery) (bool, error) {
			return matchText(c, text, func(*tsearch.Config) (tsQuery, error) { return q, nil })
		}),
		"ts_match_tt": Lift2(func(c *Call, text, query string) (bool, error) {
			return matchText(c, text, func(cfg *tsearch.Config) (tsQuery, error) {
				return toTSQuery(textsearch.SyntaxPlain, textsearch.And)(c, cfg, query)
			})
		}),
		"ts_lexize": E2(lexize),
		"get_current_ts_config": Lift0(func(c *Call) (uint32, error) {
			cfg, err := currentConfig(c)
			if err != nil {
				return 0, err
			}
			return cfg.OID, nil
		}),
	}.bind()
	rowsFuncs{
		"ts_token_type_byid":       parserRows(tokenTypes),
		"ts_token_type_byname":     parserRows(tokenTypes),
		"ts_parse_byid":            parserRows(parseTokens),
		"ts_parse_byname":          parserRows(parseTokens),
		"ts_debug(text)":           tsDebug,
		"ts_debug(regconfig,text)": tsDebug,
	}.bind()
}
