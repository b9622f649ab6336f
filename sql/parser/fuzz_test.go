package parser

import (
	"fmt"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// FuzzParse looks for texts that crash the process, that give a statement
// without a tree or with a range or location outside of the text, or an error
// without a code or of class XX.
func FuzzParse(f *testing.F) {
	for _, c := range readCases(f) {
		f.Add(c.sql)
	}
	for _, build := range hostile {
		f.Add(build(3))
	}
	for _, build := range flat {
		f.Add(build(3))
	}
	for _, sql := range extensionSeeds {
		f.Add(sql)
	}
	f.Fuzz(func(t *testing.T, text string) {
		slow := time.AfterFunc(slowParse, func() { panic(fmt.Sprintf("no answer to %q", text)) })
		defer slow.Stop()
		stmts, err := Parse(text)
		if err != nil {
			checkError(t, text, err)
			return
		}
		for _, s := range stmts {
			checkStatement(t, text, s)
		}
		_, _ = Normalize(text)
		_, _ = Fingerprint(text)
		_, _ = ParseExpr(text)
		_, _ = ParseType(text)
	})
}

// slowParse is far more than any text of a fuzzer's size may take.
const slowParse = 5 * time.Second

var extensionSeeds = []string{
	"SELECT 1; CREATE RESOURCE r (a 'x|y', b (c 'z' NOT NULL, d int CHECK (d > 0)), UNIQUE (a)) PARTITION p BY (b.c, \"E\" 'date') WITH (a = 1); SELECT 2",
	"CREATE RESOURCE IF NOT EXISTS s.r (a E'\\n' UNIQUE, b 'object|optional' (c U&'\\0041'))",
	"ALTER RESOURCE r ADD a.b 'x', DROP c.d, ALTER e.f TYPE 'y' USING 1, ADD PARTITION p BY (a), DROP PARTITION IF EXISTS q",
	"ALTER RESOURCE r RENAME COLUMN a.b TO c", "VERIFY RESOURCE a, b.c", "VACUUM RESOURCE a", "DROP RESOURCE IF EXISTS a, b CASCADE",
	"COMMENT ON RESOURCE a IS 'b'", "ALTER RESOURCE r ADD o (a 'x', p(b 'y'))",
}

func checkError(t *testing.T, text string, err error) {
	e := pgerr.As(err)
	if e == nil || e.Code == "" || e.Code.Class() == "XX" {
		t.Fatalf("error %v of %q", err, text)
	}
	if e.Position < 0 || utf8.ValidString(text) && e.Position > utf8.RuneCountInString(text)+1 {
		t.Fatalf("position %d of %q", e.Position, text)
	}
}

func checkStatement(t *testing.T, text string, s Statement) {
	if s.Node.GetNode() == nil || s.Source != text || s.Start < 0 || s.Start >= s.End || s.End > len(text) {
		t.Fatalf("statement %+v of %q", s, text)
	}
	if s.Create != nil {
		checkColumns(t, text, s.Create.Columns)
	}
	if s.Alter != nil {
		for _, a := range s.Alter.Actions {
			if (a.Cmd == nil) == (a.AddPartition == nil && a.DropPartition == nil) {
				t.Fatalf("action %+v of %q", a, text)
			}
		}
	}
	if _, err := Deparse(s.Node); err != nil && s.Extension == NoExtension {
		t.Logf("no deparse of %q: %v", text, err)
	}
}

func checkColumns(t *testing.T, text string, cols []ColumnSpec) {
	for _, c := range cols {
		typed := c.Def != nil && c.Def.TypeName != nil
		if c.Def == nil || c.Name == "" || c.Location >= len(text) || typed == (c.Rule != nil || c.Children != nil) {
			t.Fatalf("column %+v of %q", c, text)
		}
		checkColumns(t, text, c.Children)
	}
}
