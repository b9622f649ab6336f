package s3db_test

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
	"github.com/s3db-sql/s3db-sql/storage/s3db/fixture"
)

var rewrite = flag.Bool("rewrite", false, "rewrite testdata/exceptions.tsv (the reasons are kept)")

// openAll loads a database and opens all of its resources.
func openAll(t *testing.T, db *fixture.Database) (objstore.Store, *s3db.Manifest, map[string]*s3db.Schema) {
	t.Helper()
	st := db.Store()
	m, _, err := s3db.LoadManifest(context.Background(), st, clock.System)
	require.NoError(t, err)
	pass := db.Passphrase
	if strings.Contains(db.Scenario, "wrong") {
		pass = "wrong"
	}
	secrets := secretsOf(pass)
	schemas := map[string]*s3db.Schema{}
	for _, name := range m.Resources() {
		s, err := s3db.Open(m, name, s3db.Options{Secrets: secrets, Rand: rng.Seeded(2)})
		require.NoError(t, err, name)
		schemas[name] = s
	}
	return st, m, schemas
}

var (
	secretsMu sync.Mutex
	shared    = map[string]*s3db.Secrets{}
)

// secretsOf shares derived keys between tests: each costs 100,000 rounds.
func secretsOf(pass string) *s3db.Secrets {
	secretsMu.Lock()
	defer secretsMu.Unlock()
	if shared[pass] == nil {
		shared[pass] = s3db.NewSecrets(pass, rng.Seeded(1))
	}
	return shared[pass]
}

func read(t *testing.T, st objstore.Store, key string) (s3db.Object, error) {
	o, err := st.Get(context.Background(), key, objstore.GetOptions{})
	if err != nil {
		return s3db.Object{}, err
	}
	body, err := objstore.ReadBody(o, 1<<30)
	require.NoError(t, err)
	return s3db.Object{Metadata: o.Metadata, Body: body, ContentType: o.ContentType}, nil
}

// TestDocuments decodes every recorded document and holds it against what
// s3db.js read. What differs must stand in testdata/exceptions.tsv with its
// reason, a trap of the format page, and nothing else may stand there.
func TestDocuments(t *testing.T) {
	known := loadExceptions(t)
	got := map[string]string{}
	for _, v := range append([]string{"handwritten"}, fixture.Versions...) {
		agree := 0
		for _, db := range fixture.All(t, v) {
			agree += compareDatabase(t, db, got)
		}
		t.Logf("%s: %d fields agree", v, agree)
		require.Greater(t, agree, 70)
	}
	if *rewrite {
		saveExceptions(t, got, known)
		return
	}
	for k, d := range got {
		require.Contains(t, known, k, "new difference: %s", d)
	}
	for k := range known {
		require.Contains(t, got, k, "this difference is gone")
	}
}

func compareDatabase(t *testing.T, db *fixture.Database, diffs map[string]string) (agree int) {
	st, _, schemas := openAll(t, db)
	for res, docs := range db.Documents {
		s := schemas[res]
		for id, want := range docs {
			o, err := read(t, st, s.DataKey(id))
			if err != nil || want["$error"] != nil {
				continue
			}
			agree += compareDocument(t, s, db, id, o, want, diffs)
		}
	}
	return agree
}

func compareDocument(t *testing.T, s *s3db.Schema, db *fixture.Database, id string, o s3db.Object, want map[string]any, diffs map[string]string) (agree int) {
	got := decodeDocument(s, id, o)
	for k := range want {
		if _, ok := got[k]; !ok {
			got[k] = absentValue
		}
	}
	for k, g := range got {
		if strings.HasPrefix(k, "_") || strings.HasPrefix(k, "$") || k == "id" {
			continue
		}
		w, ok := want[k]
		if !ok {
			w = absentValue
		}
		w = untag(w)
		if same(w, g) || same(opened(w), opened(g)) {
			agree++
			continue
		}
		at := strings.Join([]string{db.Version, db.Scenario, s.Name, id, k}, "/")
		diffs[at] = fmt.Sprintf("library %s, we %s", brief(w), brief(g))
	}
	return agree
}

func brief(v any) string {
	b, _ := marshal(v)
	if len(b) > 60 {
		b = append(b[:60], '~')
	}
	return strings.ToValidUTF8(string(b), "?")
}

const absentValue = "<absent>"

// decodeDocument reads column by column, so that a column that can't be decoded
// does not hide the others.
func decodeDocument(s *s3db.Schema, id string, o s3db.Object) map[string]any {
	got := map[string]any{}
	for i, c := range s.Columns {
		if c.Parent >= 0 {
			continue
		}
		want := make([]bool, len(s.Columns))
		want[i] = true
		row, err := s.Decode("k", id, o, want)
		if err != nil {
			got[c.Name] = "<error>"
			continue
		}
		for _, x := range row.Extra {
			if got[x.Name] = any(x.Text); x.Null {
				got[x.Name] = nil
			}
		}
		if row.Values[i] != nil {
			got[c.Name] = asJS(c, row.Values[i])
		}
	}
	return got
}

// asJS gives a value the form in which the library's documents have it.
func asJS(c *s3db.Column, v any) any {
	switch v := v.(type) {
	case *types.JSON:
		return parse(v.String())
	case *types.Array:
		out := []any{}
		for _, e := range v.Elems {
			out = append(out, asJS(c, e))
		}
		return out
	case types.Numeric:
		f, _ := strconv.ParseFloat(v.String(), 64)
		return f
	case float32:
		return float64(v)
	case float64, string, bool:
		return v
	case int64:
		if c.Type.OID == types.Int8OID || c.Type.OID == types.Int8ArrayOID {
			return float64(v)
		}
	case types.Interval:
		return interval(v)
	}
	return s3db.TextOf(c.Type, v)
}

func interval(v types.Interval) string {
	s, us := "P", v.Micros
	if v.Days > 0 {
		s += strconv.Itoa(int(v.Days)) + "D"
	}
	clock := ""
	for _, u := range []struct {
		n int64
		l string
	}{{3600e6, "H"}, {60e6, "M"}} {
		if q := us / u.n; q > 0 {
			clock += strconv.FormatInt(q, 10) + u.l
		}
		us %= u.n
	}
	if us > 0 {
		clock += strings.TrimSuffix(strconv.FormatFloat(float64(us)/1e6, 'f', 3, 64), ".000") + "S"
	}
	if clock != "" {
		return s + "T" + clock
	}
	if s == "P" {
		return "PT0S"
	}
	return s
}

func parse(s string) any {
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return s
	}
	return v
}

// opened does what the library does to any text that is a JSON object or array
// (trap 3), at any depth.
func opened(v any) any {
	switch v := v.(type) {
	case string:
		if v == "[object Object]" {
			return map[string]any{}
		}
		if v != "" && (v[0] == '{' || v[0] == '[') {
			return parse(v)
		}
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[k] = opened(x)
		}
		return out
	}
	return v
}

// untag takes out what JSON can't hold.
func untag(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if v["$undefined"] == true {
			return absentValue
		}
		if n, ok := v["$number"].(string); ok {
			f, _ := strconv.ParseFloat(n, 64)
			return f
		}
		if d, ok := v["$date"].(string); ok {
			return d
		}
		out := map[string]any{}
		for k, x := range v {
			if x = untag(x); x != absentValue {
				out[k] = x
			}
		}
		return out
	case []any:
		out := []any{}
		for _, x := range v {
			out = append(out, untag(x))
		}
		return out
	case nil:
		return absentValue // NULL and absent are one in SQL
	}
	return v
}

func same(a, b any) bool {
	switch x := a.(type) {
	case float64:
		y, ok := b.(float64)
		return ok && (x == y || math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) < 1e-9*math.Abs(x))
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !same(untag(x[i]), untag(y[i])) {
				return false
			}
		}
		return true
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			return false
		}
		for k := range y {
			if _, ok := x[k]; !ok {
				x[k] = absentValue
			}
		}
		for k := range x {
			if !same(untag(x[k]), untag(y[k])) {
				return false
			}
		}
		return true
	}
	return a == b
}

// ---- exceptions -------------------------------------------------------------

const exceptionsFile = "testdata/exceptions.tsv"

// loadExceptions reads version/scenario/resource/id/field TAB reason TAB note.
func loadExceptions(t *testing.T) map[string]string {
	f, err := os.Open(exceptionsFile)
	if os.IsNotExist(err) && *rewrite {
		return nil
	}
	require.NoError(t, err)
	defer f.Close()
	out := map[string]string{}
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if p := strings.Split(sc.Text(), "\t"); len(p) == 3 && !strings.HasPrefix(p[0], "#") {
			require.NotEqual(t, "?", p[1], "%s has no reason", p[0])
			out[p[0]] = p[1]
		}
	}
	return out
}

func saveExceptions(t *testing.T, got, reasons map[string]string) {
	var lines []string
	for k, d := range got {
		why := reasons[k]
		if why == "" {
			why = "?"
		}
		lines = append(lines, k+"\t"+why+"\t"+d)
	}
	sort.Strings(lines)
	head := "# Where our reading of a recorded document differs from the library's, and why.\n" +
		"# version/scenario/resource/id/field\treason (section or trap of s3db-format.md)\twhat each reads\n"
	require.NoError(t, os.WriteFile(exceptionsFile, []byte(head+strings.Join(lines, "\n")+"\n"), 0o644))
}

// marshal leaves < and > as they are.
func marshal(v any) ([]byte, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return []byte(strings.TrimSpace(b.String())), err
}
