package lint

import (
	"bytes"
	"go/format"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRepository(t *testing.T) {
	found, err := Check(os.DirFS("../.."))
	require.NoError(t, err)
	for _, v := range found {
		t.Error(v)
	}
}

// TestFormatted holds the sources to gofmt.
func TestFormatted(t *testing.T) {
	require.NoError(t, fs.WalkDir(os.DirFS("../.."), ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && skipped(p, d.Name()):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(p, ".go"):
			return nil
		}
		source, err := os.ReadFile("../../" + p)
		if err != nil {
			return err
		}
		formatted, err := format.Source(source)
		if err == nil && !bytes.Equal(source, formatted) {
			t.Errorf("%s: gofmt would change it", p)
		}
		return err
	}))
}

// TestTablesNameWhatIsThere catches a line that a renamed package left behind.
func TestTablesNameWhatIsThere(t *testing.T) {
	planned := map[string]bool{"plugins": true, "catalog/pgcatalog": true, "catalog/infoschema": true}
	for pkg := range imports {
		if _, err := os.Stat("../../" + pkg); err != nil && !planned[pkg] {
			t.Errorf("imports has a line for %s, which is not there", pkg)
		}
	}
	for tree := range exceptions {
		assert.DirExists(t, "../../"+tree)
	}
}

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		want       string // "" for a file that keeps the rules
	}{
		"planner reads S3": {"sql/planner/x.go", `package planner; import _ "github.com/s3db-sql/s3db-sql/storage/rows"`,
			"sql/planner/x.go:1: sql/planner may not import storage/rows"},
		"planner speaks of paths": {"sql/planner/x.go", `package planner; import _ "github.com/s3db-sql/s3db-sql/storage"`, ""},
		"planner knows syntax": {"sql/planner/rules/x.go", `package rules; import _ "github.com/s3db-sql/s3db-sql/sql/parser"`,
			"sql/planner/rules/x.go:1: sql/planner/rules may not import sql/parser"},
		"binder knows syntax": {"sql/planner/bind/x.go", `package bind; import _ "github.com/s3db-sql/s3db-sql/sql/parser"`, ""},
		"own child":           {"sql/exec/x.go", `package exec; import _ "github.com/s3db-sql/s3db-sql/sql/exec/scan"`, ""},
		"own sibling":         {"sql/exec/dml/x.go", `package dml; import _ "github.com/s3db-sql/s3db-sql/sql/exec/expr"`, ""},
		"exec knows wire": {"sql/exec/x.go", `package exec; import _ "github.com/s3db-sql/s3db-sql/wire"`,
			"sql/exec/x.go:1: sql/exec may not import wire"},
		"parent has no right to a child's rights": {"catalog/x.go", `package catalog; import _ "github.com/s3db-sql/s3db-sql/storage"`,
			"catalog/x.go:1: catalog may not import storage"},
		"a child with a line of its own is no child": {"catalog/x.go", `package catalog; import _ "github.com/s3db-sql/s3db-sql/catalog/store"`,
			"catalog/x.go:1: catalog may not import catalog/store"},
		"unknown package": {"stray/x.go", `package stray; import _ "github.com/s3db-sql/s3db-sql/pgerr"`,
			"stray/x.go:1: stray may not import pgerr"},
		"tests import what they like": {"sql/exec/x_test.go", `package exec; import _ "github.com/s3db-sql/s3db-sql/sql/parser"`, ""},
		"SDK outside": {"storage/rows/x.go", `package rows; import _ "github.com/aws/aws-sdk-go-v2/aws"`,
			"storage/rows/x.go:1: storage/rows may not import github.com/aws/aws-sdk-go-v2/aws"},
		"testify in the product": {"wire/x.go", `package wire; import _ "github.com/stretchr/testify/assert"`,
			"wire/x.go:1: wire may not import github.com/stretchr/testify/assert"},
		"grammar in a test": {"sql/exec/x_test.go", `package exec; import _ "github.com/pganalyze/pg_query_go/v6"`,
			"sql/exec/x_test.go:1: sql/exec may not import github.com/pganalyze/pg_query_go/v6"},
		"clock": {"wire/x.go", "package wire\nimport \"time\"\nvar t = time.Now()",
			"wire/x.go:3: time.Now is for internal/clock only"},
		"clock by another name": {"wire/x.go", "package wire\nimport zeit \"time\"\nvar t = zeit.Since(x)",
			"wire/x.go:3: time.Since is for internal/clock only"},
		"duration":        {"wire/x.go", "package wire\nimport \"time\"\nvar t = time.Second", ""},
		"clock in a test": {"wire/x_test.go", "package wire\nimport \"time\"\nvar t = time.Now()", ""},
		"chance":          {"wire/x.go", "package wire\nimport _ \"math/rand/v2\"", "wire/x.go:2: math/rand/v2 is for internal/rng only"},
	} {
		t.Run(name, func(t *testing.T) {
			tree := fstest.MapFS{c.file: {Data: []byte(c.text)}}
			for _, pkg := range []string{"sql/planner", "sql/planner/rules", "sql/planner/bind", "sql/exec", "sql/exec/dml", "catalog", "stray", "storage/rows", "wire"} {
				tree[pkg+"/doc.go"] = &fstest.MapFile{Data: []byte("// Package x is here.\npackage x\n")}
			}
			found, err := Check(tree)
			require.NoError(t, err)
			var got []string
			for _, v := range found {
				got = append(got, v.String())
			}
			if c.want == "" {
				assert.Empty(t, got)
				return
			}
			assert.Equal(t, []string{c.want}, got)
		})
	}
}

func TestDocs(t *testing.T) {
	found, err := Check(fstest.MapFS{
		"wire/x.go":          {Data: []byte("package wire")},
		"wire/auth/doc.go":   {Data: []byte("package auth")}, // says nothing
		"cmd/x/main.go":      {Data: []byte("package main")},
		"tests/a/a_test.go":  {Data: []byte("package a")},
		"wire/testdata/x.go": {Data: []byte("not Go")},
	})
	require.NoError(t, err)
	assert.Equal(t, []Violation{
		{File: "wire", Text: "has no doc.go that says what it is for"},
		{File: "wire/auth", Text: "has no doc.go that says what it is for"},
	}, found)
}
