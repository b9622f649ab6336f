package pgcatalog

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/settings"
)

var volatilities = map[byte]string{'i': " IMMUTABLE", 's': " STABLE"}

// functionDefinition is pg_get_functiondef: 42809 for an aggregate.
func functionDefinition(f *Function, q *call) (any, error) {
	if f.Kind == 'a' {
		return nil, pgerr.New(pgerr.WrongObjectType, "\"%s\" is an aggregate function", f.Name)
	}
	noun, returns, language := "FUNCTION", "", "internal"
	if f.user != nil {
		language = f.user.Language
	}
	if f.Kind == 'p' {
		noun = "PROCEDURE"
	} else {
		returns = " RETURNS " + f.result(q).(string) + "\n"
	}
	out := "CREATE OR REPLACE " + noun + " " + quoteQualified(f.Schema(), f.Name) + "(" + f.arguments(q, true) + ")\n" +
		returns + " LANGUAGE " + language + "\n"
	if p := f.properties(); p != "" {
		out += p + "\n"
	}
	out += f.settings()
	if body := f.sqlBody(q); body != "" {
		return out + body + "\n", nil
	}
	library := ""
	if l := f.library(); l != "" {
		library = "'" + l + "', "
	}
	quote := "$" + strings.ToLower(noun)
	for strings.Contains(f.Source, quote+"$") {
		quote += "x"
	}
	return out + "AS " + library + quote + "$" + f.Source + quote + "$\n", nil
}

// properties are what a definition says of a function beside its body, as far
// as it is not the default.
func (f *Function) properties() string {
	p := ""
	if f.Kind == 'w' {
		p = " WINDOW"
	}
	p += volatilities[f.Volatility]
	p += map[any]string{"s": " PARALLEL SAFE", "r": " PARALLEL RESTRICTED"}[f.parallel()]
	if f.Strict {
		p += " STRICT"
	}
	if f.user != nil && f.user.SecurityDefiner {
		p += " SECURITY DEFINER"
	}
	if f.LeakProof {
		p += " LEAKPROOF"
	}
	if f.user != nil && f.user.Cost != f.defaultCost() {
		p += " COST " + decimal(f.user.Cost)
	}
	if f.user != nil && f.user.Rows > 0 && f.user.Rows != 1000 {
		p += " ROWS " + decimal(f.user.Rows)
	}
	return p
}

// defaultCost is what CREATE FUNCTION takes for the language.
func (f *Function) defaultCost() float32 {
	if l := f.language(); l == catalog.InternalLanguageOID || l == catalog.CLanguageOID {
		return 1
	}
	return 100
}

// settings are the lines of its SET clauses.
func (f *Function) settings() string {
	if f.user == nil {
		return ""
	}
	out := ""
	for _, c := range f.user.Config {
		name, value, _ := strings.Cut(c, "=")
		values := []string{value}
		if st := settings.Lookup(name); st != nil && st.List {
			values = splitList(value)
		}
		for i, v := range values {
			values[i] = "'" + strings.ReplaceAll(v, "'", "''") + "'"
		}
		out += " SET " + name + " TO " + strings.Join(values, ", ") + "\n"
	}
	return out
}

// splitList is the identifiers of a list, without their quotes.
func splitList(value string) []string {
	parts := strings.Split(value, ",")
	for i, p := range parts {
		p = strings.TrimSpace(p)
		if len(p) > 1 && p[0] == '"' {
			p = strings.ReplaceAll(p[1:len(p)-1], `""`, `"`)
		}
		parts[i] = p
	}
	return parts
}

func decimal(v float32) string { return strconv.FormatFloat(float64(v), 'g', -1, 32) }

// sqlBody is an SQL-standard body, "" for one that is text.
func (f *Function) sqlBody(q *call) string {
	if d := q.Deparser(); d != nil && f.user != nil && f.user.Body != nil {
		if text, ok := d.Body(f.user); ok {
			return text
		}
	}
	return f.keptBody()
}

// keptBody is the body as the catalog keeps it.
func (f *Function) keptBody() string {
	switch {
	case f.user == nil || f.user.Body == nil:
		return ""
	case f.user.Return:
		return "RETURN " + strings.TrimPrefix(f.user.Body[0], "SELECT ")
	}
	var b strings.Builder
	b.WriteString("BEGIN ATOMIC\n")
	for _, s := range f.user.Body {
		b.WriteString(" " + s + ";\n")
	}
	return b.String() + "END"
}
