package lint

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Violation is one broken rule.
type Violation struct {
	File string // slash-separated, below the root
	Line int    // 0 for a whole package
	Text string
}

func (v Violation) String() string {
	if v.Line == 0 {
		return v.File + ": " + v.Text
	}
	return fmt.Sprintf("%s:%d: %s", v.File, v.Line, v.Text)
}

// Check reads the Go files below root and returns what breaks the rules, in
// the order of the files. An error is a file that can't be read or parsed.
func Check(root fs.FS) ([]Violation, error) {
	c := checker{fset: token.NewFileSet(), packages: map[string]bool{}, documented: map[string]bool{}}
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (skipped(p, d.Name()) || isModule(root, p)):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(p, ".go"):
			return nil
		}
		return c.file(root, p)
	})
	if err != nil {
		return nil, err
	}
	c.docs()
	return c.found, nil
}

// skipped are the folders that Go does not build either.
func skipped(p, name string) bool {
	return p != "." && (name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_"))
}

// isModule says that a folder is a Go module of its own, as the suites of clients
// in Go are.
func isModule(root fs.FS, p string) bool {
	_, err := fs.Stat(root, path.Join(p, "go.mod"))
	return p != "." && err == nil
}

type checker struct {
	fset       *token.FileSet
	packages   map[string]bool // those with a file that is no test
	documented map[string]bool // those with a doc.go
	found      []Violation
}

// source is one file with what the rules ask about it.
type source struct {
	path string
	pkg  string // its folder
	test bool
	tree *ast.File
}

func (c *checker) file(root fs.FS, p string) error {
	data, err := fs.ReadFile(root, p)
	if err != nil {
		return err
	}
	tree, err := parser.ParseFile(c.fset, p, data, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return err
	}
	s := source{path: p, pkg: path.Dir(p), test: strings.HasSuffix(p, "_test.go"), tree: tree}
	if !s.test {
		c.packages[s.pkg] = true
	}
	if path.Base(p) == "doc.go" && tree.Doc != nil {
		c.documented[s.pkg] = true
	}
	c.imports(s)
	c.bans(s)
	return nil
}

func (c *checker) report(s source, pos token.Pos, format string, args ...any) {
	c.found = append(c.found, Violation{s.path, c.fset.Position(pos).Line, fmt.Sprintf(format, args...)})
}

// docs asks each package for its doc.go; a command's main.go may have it.
func (c *checker) docs() {
	var missing []string
	for p := range c.packages {
		if !c.documented[p] && !strings.HasPrefix(p, "cmd/") {
			missing = append(missing, p)
		}
	}
	sort.Strings(missing)
	for _, p := range missing {
		c.found = append(c.found, Violation{File: p, Text: "has no doc.go that says what it is for"})
	}
}

func (c *checker) imports(s source) {
	for _, spec := range s.tree.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has checked it
		}
		if ours, ok := strings.CutPrefix(name, module); ok {
			if !s.test && !mayImport(s.pkg, ours) {
				c.report(s, spec.Pos(), "%s may not import %s", s.pkg, ours)
			}
			continue
		}
		if l, ok := limitOf(name); ok && !l.allows(s) {
			c.report(s, spec.Pos(), "%s may not import %s", s.pkg, name)
		}
	}
}

// mayImport looks target up in the line of pkg.
func mayImport(pkg, target string) bool {
	line := lineOf(pkg)
	if line == "" {
		return false // a package that no line allows anything
	}
	return line == lineOf(target) ||
		slices.ContainsFunc(imports[line], func(allowed string) bool { return matches(allowed, target) })
}

// lineOf is the nearest folder of pkg, itself included, that has a line.
func lineOf(pkg string) string {
	for ; pkg != "."; pkg = path.Dir(pkg) {
		if _, ok := imports[pkg]; ok {
			return pkg
		}
	}
	return ""
}

func matches(allowed, target string) bool {
	if allowed == everything {
		return true
	}
	if tree, ok := strings.CutSuffix(allowed, "/..."); ok {
		return within(tree, target)
	}
	return allowed == target
}

func within(tree, pkg string) bool { return pkg == tree || strings.HasPrefix(pkg, tree+"/") }

// limitOf is the longest limit that the import falls under.
func limitOf(name string) (limit, bool) {
	best := limit{}
	for _, l := range limits {
		if strings.HasPrefix(name, l.path) && len(l.path) > len(best.path) {
			best = l
		}
	}
	return best, best.path != ""
}

func (l limit) allows(s source) bool {
	if s.test && l.tests || l.only != "" && within(l.only, s.pkg) {
		return true
	}
	return slices.ContainsFunc(l.also, func(tree string) bool { return within(tree, s.pkg) })
}

func (c *checker) bans(s source) {
	if s.test || excepted(s.pkg) {
		return
	}
	for _, b := range forbidden {
		spec := importOf(s.tree, b.pkg)
		if spec == nil || within(b.owner, s.pkg) {
			continue
		}
		if len(b.names) == 0 {
			c.report(s, spec.Pos(), "%s is for %s only", b.pkg, b.owner)
			continue
		}
		c.uses(s, b, localName(spec, b.pkg))
	}
}

// uses reports each mention of a banned name.
func (c *checker) uses(s source, b ban, local string) {
	ast.Inspect(s.tree, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == local && slices.Contains(b.names, sel.Sel.Name) {
			c.report(s, sel.Pos(), "%s.%s is for %s only", b.pkg, sel.Sel.Name, b.owner)
		}
		return true
	})
}

func excepted(pkg string) bool {
	for tree := range exceptions {
		if within(tree, pkg) {
			return true
		}
	}
	return false
}

func importOf(f *ast.File, pkg string) *ast.ImportSpec {
	for _, spec := range f.Imports {
		if spec.Path.Value == strconv.Quote(pkg) {
			return spec
		}
	}
	return nil
}

func localName(spec *ast.ImportSpec, pkg string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	return path.Base(pkg)
}
