package differential

import (
	"flag"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/s3db-sql/s3db-sql/internal/pgserver"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/tests/differential/gen"
)

var (
	firstSeed   = flag.Uint64("seed", 1, "the first seed of TestRandom")
	seeds       = flag.Int("seeds", 10, "how many seeds TestRandom goes through")
	perSeed     = flag.Int("queries", 500, "how many scripts it makes of each")
	topic       = flag.String("topic", "", "make scripts of this kind only: "+strings.Join(gen.Topics(), ", "))
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

// TestRandom compares random scripts. Their draws are replayed to make the
// reproduction of a difference small. At the end the server must have given back
// what it took: goroutines and memory are those of the end of the first seed.
func TestRandom(t *testing.T) {
	r := &random{t: t, pair: newPair(t), refusals: readAccepted(t, true), refused: map[string]int{}}
	var before usage
	for seed := *firstSeed; seed < *firstSeed+uint64(*seeds); seed++ {
		r.seed(seed)
		if r.reports >= *mostReports {
			t.Fatalf("stopped at seed %d", seed)
		}
		if seed == *firstSeed {
			before = measure()
		}
	}
	after := measure()
	t.Logf("%d statements of %d seeds; goroutines %d, then %d; heap %d MB, then %d MB",
		r.statements, *seeds, before.goroutines, after.goroutines, before.heap>>20, after.heap>>20)
	for message, n := range r.refused {
		t.Logf("refused %d times: %s", n, message)
	}
	if after.goroutines > before.goroutines {
		t.Errorf("%d goroutines leaked", after.goroutines-before.goroutines)
	}
	if after.heap > before.heap+mostGrowth {
		t.Errorf("the heap grew from %d to %d MB", before.heap>>20, after.heap>>20)
	}
}

// mostGrowth is what caches may take that are bounded but were not full at first.
const mostGrowth = 128 << 20

// usage is what this process, and with it our server, holds.
type usage struct {
	goroutines int
	heap       uint64
}

func measure() usage {
	var m runtime.MemStats
	n := runtime.NumGoroutine()
	for range 20 { // what a statement started ends a moment after its answer
		time.Sleep(50 * time.Millisecond)
		n = min(n, runtime.NumGoroutine())
	}
	runtime.GC()
	runtime.ReadMemStats(&m)
	return usage{goroutines: n, heap: m.HeapAlloc}
}

type random struct {
	t                   *testing.T
	pair                *pair
	schema              *gen.Schema
	statements, reports int
	// refusals are the errors, SQLSTATE and message, that accepted.tsv lists, refused
	// how often the server gave them.
	refusals map[string]bool
	refused  map[string]int
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
		draws := gen.NewChoices(rng.Seeded(seed<<32 | uint64(i)))
		script := r.script(r.schema, draws)
		r.statements += len(script.Statements)
		if o := r.run(script); o != nil {
			r.report(fmt.Sprintf("seed %d, script %d", seed, i), draws, o)
		}
	}
}

// load replaces the tables of both servers.
func (r *random) load(s *gen.Schema) error {
	return r.pair.same(append(s.Drops(), s.Statements()...))
}

func (r *random) script(s *gen.Schema, c *gen.Choices) gen.Script {
	return gen.New(c, s).Script(*topic)
}

// run goes through a script to the first answer that differs, and returns the
// difference, nil if there is none. What a block did is taken back. A lost
// connection ends the test.
func (r *random) run(script gen.Script) *outcome {
	if script.Block {
		r.ask(gen.Statement{SQL: "BEGIN"})
		defer r.ask(gen.Statement{SQL: "ROLLBACK"})
	}
	for i, s := range script.Statements {
		o := r.ask(s)
		if r.isRefusal(o) {
			r.refused[o.ours.failed()+" "+o.ours.err.Message]++
			break
		}
		if r.isTransient(o) {
			r.refused["on PostgreSQL alone: 23505 of rows that the same UPDATE would have moved away"]++
			break
		}
		if o.difference != "" {
			o.script = script
			o.script.Statements = script.Statements[:i+1]
			o.sql = text(o.script)
			return o
		}
		if o.ours.err != nil && !script.Through {
			break
		}
	}
	return nil
}

// isRefusal says whether the server refused what accepted.tsv says that it refuses.
// What follows in the script means nothing then.
func (r *random) isRefusal(o *outcome) bool {
	return o.ours.err != nil && o.difference != "" && r.refusals[o.ours.failed()+" "+o.ours.err.Message]
}

// isTransient says whether PostgreSQL refused an UPDATE because a row took the unique
// value of another that the same statement had yet to change. It checks row by row, so
// its answer hangs on the order of its heap; we check at the statement's end as the
// SQL standard says (PostgreSQL's documentation of CREATE TABLE, "Non-Deferred
// Uniqueness Constraints"). That the values are unique then is asked of the rows.
func (r *random) isTransient(o *outcome) bool {
	if o.ours.err != nil || !strings.HasPrefix(o.ours.tag, "UPDATE ") || o.theirs.failed() != "23505" {
		return false
	}
	columns := r.ours(fmt.Sprintf(`SELECT string_agg(quote_ident(attname), ', ') FROM pg_index, pg_attribute
		WHERE indexrelid = '%s'::regclass AND attrelid = indrelid AND attnum = ANY (indkey)`, o.theirs.err.ConstraintName))
	if len(columns) != 1 {
		return false
	}
	list := strings.Trim(columns[0], `"`)
	return len(r.ours(fmt.Sprintf("SELECT FROM %s WHERE (%s) IS NOT NULL GROUP BY %s HAVING count(*) > 1", o.theirs.err.TableName, list, list))) == 0
}

// ours are the rows of a question to our server alone.
func (r *random) ours(sql string) []string {
	a, err := r.pair.ours.ask(gen.Statement{SQL: sql})
	if err != nil {
		r.t.Fatal(err)
	}
	if a.err != nil {
		r.t.Fatalf("%s: %s", sql, a)
	}
	return a.rows
}

func (r *random) ask(s gen.Statement) *outcome {
	o, err := r.pair.ask(s)
	if err != nil {
		r.t.Fatal(err)
	}
	return o
}

func text(s gen.Script) string {
	var out []string
	for _, st := range s.Statements {
		out = append(out, st.SQL)
	}
	return strings.Join(out, ";\n")
}

func (r *random) report(where string, draws *gen.Choices, o *outcome) {
	r.reports++
	var small *outcome
	gen.Shrink(draws.Drawn(), func(c *gen.Choices) bool {
		found := r.run(r.script(r.schema, c))
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
			if found := r.run(o.script); found != nil && kind(found) == kind(o) {
				s, *o = less, *found
			}
		}
	}
	if err := r.load(r.schema); err != nil {
		r.t.Fatal(err)
	}
	return s
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
