package s3db_test

import (
	"strings"
	"testing"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// FuzzDecode: no object, however damaged, is more than an error; and what
// decodes is written back so that it decodes to the same.
func FuzzDecode(f *testing.F) {
	for _, seed := range [][3]string{
		{"1C.05", `{"0":"x","_v":"v1"}`, "true"}, {"^[a,b]", "{}", ""}, {"$-1", "[", "true"}, {"~a~b", `{"0":{"a":[]}}`, "true"}, {"u:%41", " \t\n\r", ""},
		{"P1D", `{"3":null,"4":5}`, "true"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	var cols []s3db.ColumnSpec
	for _, r := range strings.Fields("string number number|integer boolean json object any array array|items:string array|items:number embedding:2 ip4 ip6 " +
		"money decimal:3 geo:lat geo:lon geo:point uuid datetime dateonly timeonly date mac cidr semver phone color duration ean buffer secret password") {
		cols = append(cols, rule("col"+strings.NewReplacer("|", "_", ":", "_").Replace(r), r+"|optional"))
	}
	def, exact, err := s3db.BuildDefinition(s3db.TableSpec{Columns: cols})
	if err != nil {
		f.Fatal(err)
	}
	m := s3db.NewManifest(noon)
	if _, err := m.Create("t", def, noon); err != nil {
		f.Fatal(err)
	}
	s, err := s3db.Open(m, "t", options(exact))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, body, overflow string) {
		md := objstore.Metadata{"_v": "v1", "_overflow": overflow}
		for i := range cols {
			if i != 13 { // embeddings of their own
				md[strings.ToLower(itoa36(i))] = text
			}
		}
		s.NeedsBody(md, int64(len(body)), nil)
		for i := range s.Columns {
			want := make([]bool, len(s.Columns))
			want[i] = true
			row, err := s.Decode("k", "x", s3db.Object{Metadata: md, Body: []byte(body)}, want)
			if err != nil || row.Values[i] == nil || s.Columns[i].Secret() || s.Columns[i].Attr.Hook == s3db.HookPassword {
				continue
			}
			fresh := s.NewRow("x")
			fresh.Values[i] = row.Values[i]
			o, err := s.Encode(fresh, nil, true)
			if err != nil {
				continue // refused
			}
			back, err := s.Decode("k", "x", o.Object, want)
			if err != nil {
				t.Fatalf("%s: %q was decoded, but not again: %v", s.Columns[i].Name, text, err)
			}
			a, b := s3db.TextOf(s.Columns[i].Type, row.Values[i]), s3db.TextOf(s.Columns[i].Type, back.Values[i])
			if a != b && s.Columns[i].Attr.Hook != s3db.HookGeoPoint && s.Columns[i].Attr.Hook != s3db.HookGeoLat && s.Columns[i].Attr.Hook != s3db.HookGeoLon {
				t.Fatalf("%s: %q is %s, written and read again %s", s.Columns[i].Name, text, a, b)
			}
		}
	})
}

// tenColumns is a table to read and write rows of.
func tenColumns(b *testing.B) *s3db.Schema {
	var cols []s3db.ColumnSpec
	for _, n := range strings.Fields("one two three four five six") {
		cols = append(cols, rule(n, "string|optional"))
	}
	cols = append(cols, rule("num", "number|optional"), rule("int", "number|integer|optional"), rule("flag", "boolean|optional"), rule("list", "array|items:string|optional"))
	def, _, err := s3db.BuildDefinition(s3db.TableSpec{Columns: cols})
	if err != nil {
		b.Fatal(err)
	}
	m := s3db.NewManifest(noon)
	if _, err := m.Create("t", def, noon); err != nil {
		b.Fatal(err)
	}
	s, err := s3db.Open(m, "t", s3db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// BenchmarkDecode reads a row of ten columns from its metadata.
func BenchmarkDecode(b *testing.B) {
	s := tenColumns(b)
	md := objstore.Metadata{"_v": "v1", "0": "some text", "1": "more text", "2": "d:c", "3": "u:caf%C3%A9", "4": "x", "5": "y", "6": "1C.05", "7": "8m0Kx", "8": "1", "9": "a|b|c"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Decode("k", "x", s3db.Object{Metadata: md}, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEncode writes that row.
func BenchmarkEncode(b *testing.B) {
	s := tenColumns(b)
	md := objstore.Metadata{"_v": "v1", "0": "some text", "1": "more text", "6": "1C.05", "7": "8m0Kx", "8": "1", "9": "a|b|c"}
	row, err := s.Decode("k", "x", s3db.Object{Metadata: md}, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Encode(row, nil, true); err != nil {
			b.Fatal(err)
		}
	}
}
