package differential

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/s3db-sql/s3db-sql/internal/pgserver"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/tests/differential/gen"
)

var (
	firstSeed   = flag.Uint64("seed", 1, "the first seed of TestRandom")
	seeds       = flag.Int("seeds", 10, "how many seeds TestRandom goes through")
	perSeed     = flag.Int("queries", 500, "how many statements it makes of each")
	mostReports = flag.Int("reports", 10, "how many differences it reports before it stops")
)

// newPair starts both servers.
func newPair(t *testing.T) *pair {
	theirs := pgserver.Start(t)
	ours := testserver.Start(t, testserver.Options{})
	p := &pair{}
	for url, s := range map[string]**server{ours.URL("postgres"): &p.ours, theirs.URL("postgres"): &p.theirs} {
		var err error
		if *s, err = connect(url); err != nil {
			t.Fatal(err)
		}
		t.Cleanup((*s).close)
	}
	return p
}

// TestRandom compares random statements. Their draws are replayed to make the
// reproduction of a difference small.
func TestRandom(t *testing.T) {
	r := &random{t: t, pair: newPair(t)}
	for seed := *firstSeed; seed < *firstSeed+uint64(*seeds); seed++ {
		r.seed(seed)
		if r.reports >= *mostReports {
			t.Fatalf("stopped at seed %d", seed)
		}
	}
	t.Logf("%d statements of %d seeds", r.statements, *seeds)
}

type random struct {
	t                   *testing.T
	pair                *pair
	schema              *gen.Schema
	statements, reports int
}

func (r *random) seed(seed uint64) {
	c := gen.NewChoices(rng.Seeded(seed))
	r.schema = gen.NewSchema(c)
	if err := r.load(r.schema); err != nil {
		r.t.Fatalf("seed %d: %v", seed, err)
	}
	for i := range *perSeed {
		if r.reports >= *mostReports {
			return
		}
		r.statements++
		draws := gen.NewChoices(rng.Seeded(seed<<32 | uint64(i)))
		if o := r.run(r.schema, draws); o != nil {
			r.report(fmt.Sprintf("seed %d, statement %d", seed, i), draws, o)
		}
	}
}

// load replaces the tables of both servers.
func (r *random) load(s *gen.Schema) error {
	return r.pair.same(append(s.Drops(), s.Statements()...))
}

// run makes a statement and returns how the answers differ, nil if they do not. A
// lost connection ends the test.
func (r *random) run(s *gen.Schema, c *gen.Choices) *outcome {
	g := gen.New(c, s)
	if g.IsChange() {
		sql, table := g.Change()
		return r.change(sql, table)
	}
	sql, ordered := g.Query()
	return r.ask(sql, ordered)
}

func (r *random) ask(sql string, ordered bool) *outcome {
	o, err := r.pair.ask(sql, ordered)
	if err != nil {
		r.t.Fatal(err)
	}
	if o.difference == "" {
		return nil
	}
	return o
}

// change compares what a statement says and what it leaves behind, and takes it back.
func (r *random) change(sql, table string) *outcome {
	r.ask("BEGIN", false)
	o := r.ask(sql, false)
	if o == nil {
		if o = r.ask("SELECT * FROM "+table, false); o != nil {
			o.sql = sql + ";\n" + o.sql
		}
	}
	r.ask("ROLLBACK", false)
	return o
}

func (r *random) report(where string, draws *gen.Choices, o *outcome) {
	r.reports++
	var small *outcome
	gen.Shrink(draws.Drawn(), func(c *gen.Choices) bool {
		found := r.run(r.schema, c)
		if found == nil || kind(found) != kind(o) {
			return false
		}
		small = found
		return true
	})
	if small == nil {
		small = o
	}
	schema := r.fewerRows(small)
	r.t.Errorf("%s: %s\nwith:\n%s;", where, small, strings.Join(used(schema, small.sql), ";\n"))
}

// kind keeps Shrink from walking to another difference.
func kind(o *outcome) string { return o.ours.failed() + "/" + o.theirs.failed() }

// fewerRows leaves rows out while the difference stays.
func (r *random) fewerRows(o *outcome) *gen.Schema {
	s := r.schema
	for ti := range s.Tables {
		for ri := len(s.Tables[ti].Rows) - 1; ri >= 0; ri-- {
			less := s.Without(ti, ri)
			if !strings.Contains(o.sql, s.Tables[ti].Name) || r.load(less) != nil {
				break
			}
			if found := r.again(o.sql); found != nil && kind(found) == kind(o) {
				s, *o = less, *found
			}
		}
	}
	if err := r.load(r.schema); err != nil {
		r.t.Fatal(err)
	}
	return s
}

// again runs the statements of a reproduction in a transaction that is taken back.
func (r *random) again(sql string) *outcome {
	r.ask("BEGIN", false)
	defer r.ask("ROLLBACK", false)
	for _, s := range strings.Split(sql, ";\n") {
		if o := r.ask(s, false); o != nil {
			o.sql = sql
			return o
		}
	}
	return nil
}

// used are the statements that make the tables which a statement names.
func used(s *gen.Schema, sql string) []string {
	small := &gen.Schema{}
	for _, t := range s.Tables {
		if strings.Contains(sql, t.Name) {
			small.Tables = append(small.Tables, t)
		}
	}
	return small.Statements()
}
