package sqllogic

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// topics are the names of the scripts.
func topics(t *testing.T) []string {
	paths, err := filepath.Glob("testdata/*.slt")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for i, p := range paths {
		paths[i] = strings.TrimSuffix(filepath.Base(p), ".slt")
	}
	return paths
}

func load(t *testing.T, name string) *script {
	s, err := readScript(filepath.Join("testdata", name+".slt"))
	require.NoError(t, err)
	return s
}

func labels(engine string, extended bool) map[string]bool {
	return map[string]bool{engine: true, "extended": extended, "simple": !extended}
}

// check runs a script and reports each record that differs.
func check(t *testing.T, s *script, to target) {
	r := newRunner(to)
	defer r.close()
	require.NoError(t, r.run(s, func(p *paragraph, got *answer) {
		if diff := p.record.differs(got); diff != "" {
			t.Errorf("%s:%d: %s\n%s", s.path, p.line, p.record.sql, diff)
		}
	}))
}

// TestScriptRoundTrip holds the writer to the reader: what -update does not
// change stays as it was.
func TestScriptRoundTrip(t *testing.T) {
	for _, name := range topics(t) {
		s := load(t, name)
		before, err := os.ReadFile(s.path)
		require.NoError(t, err)
		s.path = filepath.Join(t.TempDir(), "again.slt")
		require.NoError(t, s.write())
		after, err := os.ReadFile(s.path)
		require.NoError(t, err)
		assert.Equal(t, string(before), string(after), name)
	}
}

// TestDiffers holds the comparison to what it must see.
func TestDiffers(t *testing.T) {
	r := &record{verb: query, arg: "IT", result: []string{"1\ta", "2\tb"}}
	assert.Empty(t, r.differs(&answer{types: "IT", rows: []string{"1\ta", "2\tb"}}))
	assert.NotEmpty(t, r.differs(&answer{types: "TT", rows: []string{"1\ta", "2\tb"}}), "types")
	assert.NotEmpty(t, r.differs(&answer{types: "IT", rows: []string{"2\tb", "1\ta"}}), "order")
	assert.NotEmpty(t, r.differs(&answer{types: "IT", rows: []string{"1\ta"}}), "number of rows")
	assert.NotEmpty(t, r.differs(&answer{types: "IT", rows: []string{"1\ta", "2\tc"}}), "value")
	r.rowsort = true
	assert.Empty(t, r.differs(&answer{types: "IT", rows: []string{"2\tb", "1\ta"}}))
	assert.NotEmpty(t, (&record{verb: statementCount, arg: "1"}).differs(&answer{count: 2}))
	assert.NotEmpty(t, (&record{verb: statementError, arg: "42P01"}).differs(&answer{}))
}

func TestRenderValue(t *testing.T) {
	for want, v := range map[string][]byte{
		"NULL": nil, "(empty)": {}, "·a··": []byte(" a  "), `a\nb\tc`: []byte("a\nb\tc"), "···": []byte("   "),
	} {
		assert.Equal(t, want, renderValue(v))
	}
}
