package pljs

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// code is a compiled function. It belongs to nobody: programs run in any runtime.
type code struct {
	program *goja.Program
	// name is what messages call it, source its text.
	name, source string
}

// programs are the newest compiled texts of the process.
var programs struct {
	sync.Mutex
	byText map[string]*code
}

// maxPrograms bounds programs.
const maxPrograms = 1000

// maxSource and maxNesting bound a text: the parser and compiler call themselves
// for what is nested, and a goroutine's stack ends the process where it ends.
const maxSource, maxNesting = 256 << 10, 500

// triggerParameters are the parameters of a trigger function, in order.
var triggerParameters = []string{"NEW", "OLD", "TG_NAME", "TG_WHEN", "TG_LEVEL", "TG_OP", "TG_RELID", "TG_TABLE_NAME", "TG_TABLE_SCHEMA", "TG_ARGV"}

// compile makes the program of a function.
func compile(fn *catalog.Function) (*code, error) {
	params := triggerParameters
	if fn.Result != types.TriggerOID {
		params = nil
		for i, p := range fn.Inputs() {
			name := p.Name
			if !isIdentifier(name) {
				name = fmt.Sprintf("$%d", i+1)
			}
			params = append(params, name)
		}
	}
	return compileText(fn.Name, params, fn.Source)
}

// compileText compiles a function's body: 42601 with its place in source, 54000
// for a text that is too long or too deep.
func compileText(name string, params []string, source string) (*code, error) {
	text := "(function (" + strings.Join(params, ", ") + ") {" + source + "\n})"
	key := name + "\x00" + text
	programs.Lock()
	have := programs.byText[key]
	programs.Unlock()
	if have != nil {
		return have, nil
	}
	if err := checkSize(source); err != nil {
		return nil, err
	}
	program, err := program(name, text, len(text)-len(source)-len("\n})"), source)
	if err != nil {
		return nil, err
	}
	c := &code{program, name, source}
	programs.Lock()
	defer programs.Unlock()
	if programs.byText == nil || len(programs.byText) >= maxPrograms {
		programs.byText = map[string]*code{}
	}
	programs.byText[key] = c
	return c, nil
}

// program parses and compiles a function whose body begins at byte at.
func program(name, text string, at int, source string) (*goja.Program, error) {
	tree, err := parser.ParseFile(nil, scriptName(name), text, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, syntaxError(name, err, at, source)
	}
	if !isOneFunction(tree, len(text)) { // the text ends the function that it is the body of
		return nil, pgerr.New(pgerr.SyntaxError, "SyntaxError: Unexpected token }").WithWhere(where(name, 0, ""))
	}
	if err := boundOperators(tree); err != nil {
		return nil, err
	}
	p, err := goja.CompileAST(tree, false)
	if err != nil {
		return nil, syntaxError(name, err, at, source)
	}
	return p, nil
}

func isOneFunction(tree *ast.Program, length int) bool {
	if len(tree.Body) != 1 {
		return false
	}
	e, ok := tree.Body[0].(*ast.ExpressionStatement)
	if !ok {
		return false
	}
	f, ok := e.Expression.(*ast.FunctionLiteral)
	return ok && int(f.Idx1()) >= length-1
}

// checkSize is 54000 for a text beyond what may be parsed.
func checkSize(source string) error {
	if len(source) > maxSource {
		return pgerr.New(pgerr.ProgramLimitExceeded, "JavaScript function is too long").
			WithDetail("Its text has %d bytes, the limit is %d.", len(source), maxSource)
	}
	depth := 0
	for i := range len(source) {
		switch source[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(depth-1, 0)
		}
		if depth > maxNesting {
			return pgerr.New(pgerr.StatementTooComplex, "JavaScript function is nested too deeply")
		}
	}
	return nil
}

// syntaxError is 42601 for an error of the parser or the compiler; at is where
// source begins in what was parsed.
func syntaxError(name string, err error, at int, source string) error {
	message, line, column := err.Error(), 0, 0
	var list parser.ErrorList
	var one *goja.CompilerSyntaxError
	switch {
	case errors.As(err, &list) && len(list) > 0:
		message, line, column = list[0].Message, list[0].Position.Line, list[0].Position.Column
	case errors.As(err, &one):
		message = one.Message
		if one.File != nil {
			p := one.File.Position(one.Offset)
			line, column = p.Line, p.Column
		}
	}
	e := pgerr.New(pgerr.SyntaxError, "SyntaxError: %s", strings.TrimPrefix(message, "SyntaxError: ")).
		WithWhere(where(name, line, lineOf(source, line)))
	switch line {
	case 0:
		return e
	case 1:
		column -= at
	}
	return e.AtByte(placeOf(source, line, column))
}

// placeOf is the byte of a line's column, both from 1; the source's end for what
// lies beyond.
func placeOf(source string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		n := strings.IndexByte(source[at:], '\n')
		if n < 0 {
			return len(source)
		}
		at += n + 1
	}
	for ; column > 1 && at < len(source); column-- {
		_, n := utf8.DecodeRuneInString(source[at:])
		at += n
	}
	return at
}

func lineOf(source string, line int) string {
	lines := strings.Split(source, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	return lines[line-1]
}

// reserved are the words of which no parameter can have the name.
var reserved = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`await break case catch class const continue debugger default delete do else enum export extends
		false finally for function if implements import in instanceof interface let new null package private protected public return
		static super switch this throw true try typeof var void while with yield arguments eval`) {
		m[w] = true
	}
	return m
}()

func isIdentifier(s string) bool {
	for i, r := range s {
		letter := r == '_' || r == '$' || r|0x20 >= 'a' && r|0x20 <= 'z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != "" && !reserved[s]
}

// scriptName is what stack frames call a function's text.
func scriptName(name string) string { return "function " + name }
