package sqllogic

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// store is a kind of store that the scripts run over.
type store struct {
	name string
	// location of an empty one, for one script.
	location func(t *testing.T, topic string) string
	modes    []mode
}

// mode is how a store is used: any must give the same answers.
type mode struct {
	batch    int
	extended bool
}

func (m mode) String() string {
	if m.extended {
		return fmt.Sprintf("batch%d-extended", m.batch)
	}
	return fmt.Sprintf("batch%d-simple", m.batch)
}

func TestMem(t *testing.T) {
	store{
		name:     "mem",
		location: func(*testing.T, string) string { return "memory://" },
		modes:    []mode{{1, false}, {3, true}, {1024, false}, {1024, true}},
	}.run(t)
}

func TestLocal(t *testing.T) {
	store{
		name:     "local",
		location: func(t *testing.T, _ string) string { return "file://" + t.TempDir() },
		modes:    []mode{{1, true}, {3, false}, {1024, true}},
	}.run(t)
}

func TestS3(t *testing.T) {
	gateway := s3test.Versitygw(t)
	prefixes := 0
	store{
		name: "s3",
		location: func(_ *testing.T, topic string) string {
			prefixes++
			return gateway.Location(fmt.Sprintf("%s-%d", topic, prefixes))
		},
		modes: []mode{{1, false}, {3, true}, {1024, false}},
	}.run(t)
}

func (st store) run(t *testing.T) {
	for _, topic := range topics(t) {
		s := load(t, topic)
		t.Run(topic, func(t *testing.T) {
			for _, m := range st.modes {
				t.Run(m.String(), func(t *testing.T) {
					srv := testserver.Start(t, testserver.Options{Store: st.location(t, topic), BatchSize: m.batch})
					l := labels("s3db", m.extended)
					l[st.name] = true
					to := target{url: srv.URL("postgres"), extended: m.extended, labels: l}
					if *update {
						rewriteOurs(t, s, to)
						return
					}
					check(t, s, to)
				})
			}
		})
	}
}

// rewriteOurs writes our answers into the records that only s3db-sql has; a
// person reviews them.
func rewriteOurs(t *testing.T, s *script, to target) {
	r := newRunner(to)
	defer r.close()
	require.NoError(t, r.run(s, func(p *paragraph, got *answer) {
		if !slices.Contains(p.conds, cond{only: true, name: "s3db"}) {
			return
		}
		if err := p.record.adopt(got); err != nil {
			t.Errorf("%s:%d: %s\n%v", s.path, p.line, p.record.sql, err)
		}
	}))
	require.NoError(t, s.write())
}
