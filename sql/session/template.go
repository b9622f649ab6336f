package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Clients that write values into their statements (psycopg2, PHP, pgbench's simple
// mode) send a new text for each row that they look for. What such texts have in
// common is prepared once, with parameters in the places of the values: a template. A
// template serves statements that read rows by their keys or insert VALUES; for those
// no value makes another plan better.

// templateLimit bounds the templates of a session; when it is reached all are
// forgotten.
const templateLimit = 256

// template is a statement of which only the values of literals change.
type template struct {
	// p is the prepared statement; nil where texts like this have to be planned each.
	p *prepared
	// literals are those of the text it was made of, numbers the parameters that
	// replaced them; those with 0 must be the same.
	literals []parser.Literal
	numbers  []int
	seen     bool
}

// outline returns a text's outline if it can have a template.
func (s *Session) outline(text string) (parser.Outline, bool) {
	if s.tx != nil && s.tx.failed || !s.vars().plainBackslash {
		return parser.Outline{}, false
	}
	return parser.NewOutline(text)
}

// fromTemplate opens the run of a text that has a template; nil if it has none, or if
// anything goes wrong before rows are touched: the text itself says that better.
func (s *Session) fromTemplate(ctx context.Context, o parser.Outline) run {
	t := s.templates[o.Key]
	if t == nil || t.p == nil {
		return nil
	}
	params, ok := t.params(s.inputEnv(), o.Literals)
	if !ok {
		return nil
	}
	r, err := s.open(ctx, t.p, params)
	if err != nil {
		delete(s.templates, o.Key)
		return nil
	}
	return r
}

// params reads the literals as values of the parameters' types.
func (t *template) params(env *types.Env, literals []parser.Literal) ([]any, bool) {
	params := make([]any, len(t.p.params))
	for i, l := range literals {
		n := t.numbers[i]
		if n == 0 {
			if l.Value != t.literals[i].Value {
				return nil, false
			}
			continue
		}
		v, err := t.p.params[n-1].In(env, l.Value, -1)
		if err != nil {
			return nil, false
		}
		params[n-1] = v
	}
	return params, true
}

// learn makes a template of a statement that was met a second time.
func (s *Session) learn(o parser.Outline, stmt parser.Statement) {
	t := s.templates[o.Key]
	if t == nil {
		if len(s.templates) >= templateLimit {
			clear(s.templates)
		}
		s.templates[o.Key] = &template{}
		return
	}
	if t.seen {
		return
	}
	t.seen = true
	stmt, numbers, ok := o.Parametrize(stmt)
	if !ok {
		return
	}
	declared := make([]types.OID, len(numbers))
	for i, n := range numbers {
		if n > 0 && o.Literals[i].Integer {
			declared[n-1] = types.Int4OID
		}
	}
	p, err := s.prepare(stmt, declared)
	if err != nil {
		return
	}
	if q, ok := p.bound.(*plan.Query); ok && s.plan(p, q) == nil && byKeys(p.planned) {
		t.p, t.literals, t.numbers = p, o.Literals, numbers
	}
}

// byKeys says whether a plan reads rows by their keys only, or writes new ones.
func byKeys(q *plan.Query) bool {
	found, only := false, true
	plan.WalkNodes(q.Root, func(n plan.Node) bool {
		switch n := n.(type) {
		case *plan.Insert:
			found = true
		case *plan.TableScan:
			found = true
			only = only && (n.Path.Kind == storage.PointGet || n.Path.Kind == storage.UniqueGet)
		}
		return true
	})
	return found && only
}
