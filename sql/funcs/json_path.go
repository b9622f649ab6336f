package funcs

import (
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs/jsonpath"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// templatesCache keeps the parsed templates of .datetime() at a call site.
type templatesCache map[string][]templateNode

func templatesOf(c *Call) templatesCache {
	cache, ok := c.State.(templatesCache)
	if !ok {
		cache = templatesCache{}
		c.State = cache
	}
	return cache
}

func (cache templatesCache) parse(text, template string) (jsonpath.Datetime, error) {
	nodes, ok := cache[template]
	if !ok {
		var err error
		if nodes, err = standardTemplate(template); err != nil {
			return jsonpath.Datetime{}, err
		}
		cache[template] = nodes
	}
	return parseDatetime(text, nodes)
}

// pathCall is one call of a jsonb_path function: (target, path[, vars, silent]).
type pathCall struct {
	c    *Call
	doc  *types.JSON
	path *jsonpath.Path
	jsonpath.Options
}

func newPathCall(c *Call, args []any, zoned bool) *pathCall {
	p := &pathCall{c: c, doc: args[0].(*types.JSON), path: args[1].(*jsonpath.Path)}
	p.Env, p.TimeZone, p.ParseDatetime = c.Env, zoned, templatesOf(c).parse
	if len(args) > 2 {
		p.Vars, p.Silent = args[2].(*types.JSON), args[3].(bool)
	} else {
		p.Silent = true
	}
	return p
}

// query returns the values found as jsonb; none if the path fails silently.
func (p *pathCall) query() ([]*types.JSON, bool, error) {
	items, ok, err := p.path.Query(p.doc, p.Options)
	if err != nil {
		return nil, false, err
	}
	out := make([]*types.JSON, len(items))
	for i, it := range items {
		out[i] = p.tree(it)
	}
	return out, ok, nil
}

// tree is an item as jsonb: dates and times are strings.
func (p *pathCall) tree(it jsonpath.Item) *types.JSON {
	if it.Time == nil {
		return it.JSON
	}
	env := *p.c.Env
	env.Location = time.FixedZone("", it.Time.Offset)
	c := *p.c
	c.Env = &env
	text := jsonString(&c, it.Time.Type, it.Time.Value)
	if it.Time.Type.OID == types.TimetzOID && text[len(text)-3] != ':' {
		text += ":00"
	}
	return types.JSONFromString(text)
}

func (p *pathCall) exists() (any, error) {
	exists, ok, err := p.path.Exists(p.doc, p.Options)
	if err != nil || !ok {
		return nil, err
	}
	return exists, nil
}

func (p *pathCall) match() (any, error) {
	vals, _, err := p.query()
	if err != nil {
		return nil, err
	}
	if len(vals) == 1 {
		switch vals[0].Kind {
		case types.JSONTrue, types.JSONFalse:
			return vals[0].Kind == types.JSONTrue, nil
		case types.JSONNull:
			return nil, nil
		}
	}
	if p.Silent {
		return nil, nil
	}
	return nil, pgerr.New(pgerr.SingletonSqlJsonItemRequired, "single boolean result is expected")
}

func (p *pathCall) array() (any, error) {
	vals, _, err := p.query()
	return types.JSONFromArray(vals), err
}

func (p *pathCall) first() (any, error) {
	vals, _, err := p.query()
	if err != nil || len(vals) == 0 {
		return nil, err
	}
	return vals[0], nil
}

func init() {
	scalars := map[string]func(*pathCall) (any, error){
		"jsonb_path_exists": (*pathCall).exists, "jsonb_path_match": (*pathCall).match,
		"jsonb_path_query_array": (*pathCall).array, "jsonb_path_query_first": (*pathCall).first,
	}
	onPath := func(f func(*pathCall) (any, error), zoned bool) Kernel {
		return Strict(func(c *Call, args []any) (any, error) { return f(newPathCall(c, args, zoned)) })
	}
	rows := func(zoned bool) RowsFunc {
		return strictRowsFunc(func(c *Call, args []any) (RowIter, error) {
			vals, _, err := newPathCall(c, args, zoned).query()
			out := make([]any, len(vals))
			for i, v := range vals {
				out[i] = v
			}
			return valuesOf(c, out), err
		})
	}
	ks := kernels{
		"jsonb_path_exists_opr": onPath((*pathCall).exists, false),
		"jsonb_path_match_opr":  onPath((*pathCall).match, false),
	}
	for name, f := range scalars {
		ks[name], ks[name+"_tz"] = onPath(f, false), onPath(f, true)
	}
	ks.bind()
	rowsFuncs{"jsonb_path_query": rows(false), "jsonb_path_query_tz": rows(true)}.bind()
}
