package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/copyfmt"
	"github.com/s3db-sql/s3db-sql/sql/mb"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// copyOptions is ProcessCopyOptions. FORCE_QUOTE and its like name columns,
// which forceColumns finds.
func (b *binder) copyOptions(c *parser.CopyStmt, out *plan.Copy) {
	given := map[string]bool{}
	for _, n := range c.Options {
		d := n.GetDefElem()
		set := copyOptionSetters[d.Defname]
		if set == nil {
			failAt(b.at(d.Location), pgerr.SyntaxError, "option \"%s\" not recognized", d.Defname)
		}
		if given[d.Defname] {
			failAt(b.at(d.Location), pgerr.SyntaxError, "conflicting or redundant options")
		}
		given[d.Defname] = true
		set(b, out, d)
	}
	if err := out.Options.Complete(c.IsFrom); err != nil {
		fail(err)
	}
}

var copyFormats = map[string]copyfmt.Format{"text": copyfmt.Text, "csv": copyfmt.CSV, "binary": copyfmt.Binary}

var copyOptionSetters = map[string]func(b *binder, out *plan.Copy, d *parser.DefElem){
	"format": func(b *binder, out *plan.Copy, d *parser.DefElem) {
		name := b.defString(d)
		f, ok := copyFormats[name]
		if !ok {
			failAt(b.at(d.Location), pgerr.InvalidParameterValue, "COPY format \"%s\" not recognized", name)
		}
		out.Options.Format = f
	},
	"freeze":         func(b *binder, out *plan.Copy, d *parser.DefElem) { out.Freeze = b.defBool(d) },
	"delimiter":      copyText(func(o *copyfmt.Options) **string { return &o.Delimiter }),
	"null":           copyText(func(o *copyfmt.Options) **string { return &o.Null }),
	"quote":          copyText(func(o *copyfmt.Options) **string { return &o.Quote }),
	"escape":         copyText(func(o *copyfmt.Options) **string { return &o.Escape }),
	"header":         func(b *binder, out *plan.Copy, d *parser.DefElem) { out.Options.Header = b.copyHeader(d, out.From) },
	"force_quote":    copyForce(func(o *copyfmt.Options) *bool { return &o.ForceQuote }),
	"force_not_null": copyForce(func(o *copyfmt.Options) *bool { return &o.ForceNotNull }),
	"force_null":     copyForce(func(o *copyfmt.Options) *bool { return &o.ForceNull }),
	"encoding":       (*binder).copyEncoding,
	"default":        copyText(func(o *copyfmt.Options) **string { return &o.Default }),
	"on_error":       (*binder).copyOnError,
	"log_verbosity":  (*binder).copyVerbosity,
}

func copyText(field func(*copyfmt.Options) **string) func(*binder, *plan.Copy, *parser.DefElem) {
	return func(b *binder, out *plan.Copy, d *parser.DefElem) {
		value := b.defString(d)
		*field(&out.Options) = &value
	}
}

// copyForce takes a list of columns, or * for all (PostgreSQL 17's, but for quotes).
func copyForce(field func(*copyfmt.Options) *bool) func(*binder, *plan.Copy, *parser.DefElem) {
	return func(b *binder, out *plan.Copy, d *parser.DefElem) {
		if d.Arg.GetList() == nil && d.Arg.GetAStar() == nil {
			failAt(b.at(d.Location), pgerr.InvalidParameterValue, "argument to option \"%s\" must be a list of column names", d.Defname)
		}
		*field(&out.Options) = true
	}
}

// defString is defGetString.
func (b *binder) defString(d *parser.DefElem) string {
	if d.Arg == nil {
		failAt(-1, pgerr.SyntaxError, "%s requires a parameter", d.Defname)
	}
	return defText(d)
}

// copyHeader is defGetCopyHeaderChoice.
func (b *binder) copyHeader(d *parser.DefElem, reading bool) copyfmt.Header {
	if d.Arg == nil {
		return copyfmt.HeaderLine
	}
	switch strings.ToLower(defText(d)) {
	case "true", "on", "1":
		return copyfmt.HeaderLine
	case "false", "off", "0":
		return copyfmt.NoHeader
	case "match":
		if !reading {
			failAt(-1, pgerr.FeatureNotSupported, "cannot use \"%s\" with HEADER in COPY TO", defText(d))
		}
		return copyfmt.HeaderMatch
	}
	failAt(-1, pgerr.SyntaxError, "%s requires a Boolean value or \"match\"", d.Defname)
	return copyfmt.NoHeader
}

func (b *binder) copyEncoding(out *plan.Copy, d *parser.DefElem) {
	e, ok := mb.Named(b.defString(d))
	if !ok {
		failAt(b.at(d.Location), pgerr.InvalidParameterValue, "argument to option \"%s\" must be a valid encoding name", d.Defname)
	}
	out.Options.Encoding = &e
}

// copyOnError is defGetCopyOnErrorChoice.
func (b *binder) copyOnError(out *plan.Copy, d *parser.DefElem) {
	if !out.From {
		failAt(b.at(d.Location), pgerr.InvalidParameterValue, "COPY %s cannot be used with COPY TO", "ON_ERROR")
	}
	switch name := b.defString(d); strings.ToLower(name) {
	case "stop":
	case "ignore":
		out.Options.OnError = copyfmt.Ignore
	default:
		failAt(b.at(d.Location), pgerr.InvalidParameterValue, "COPY %s \"%s\" not recognized", "ON_ERROR", name)
	}
}

// copyVerbosity is defGetCopyLogVerbosityChoice.
func (b *binder) copyVerbosity(out *plan.Copy, d *parser.DefElem) {
	switch name := b.defString(d); strings.ToLower(name) {
	case "default":
	case "verbose":
		out.Options.Verbose = true
	default:
		failAt(b.at(d.Location), pgerr.InvalidParameterValue, "COPY %s \"%s\" not recognized", "LOG_VERBOSITY", name)
	}
}

// forceColumns marks the columns that FORCE_QUOTE, FORCE_NOT_NULL and FORCE_NULL
// name.
func (b *binder) forceColumns(c *parser.CopyStmt, out *plan.Copy) {
	for _, n := range c.Options {
		d := n.GetDefElem()
		flag := forceFlags[d.Defname]
		if flag == nil {
			continue
		}
		for i := range out.Columns {
			*flag(&out.Columns[i]) = d.Arg.GetAStar() != nil
		}
		for _, item := range d.Arg.GetList().GetItems() {
			b.forceColumn(out, d.Defname, item.GetString_().GetSval())
		}
	}
}

var forceFlags = map[string]func(*copyfmt.Column) *bool{
	"force_quote":    func(c *copyfmt.Column) *bool { return &c.ForceQuote },
	"force_not_null": func(c *copyfmt.Column) *bool { return &c.ForceNotNull },
	"force_null":     func(c *copyfmt.Column) *bool { return &c.ForceNull },
}

func (b *binder) forceColumn(out *plan.Copy, option, name string) {
	i := slices.IndexFunc(out.Columns, func(c copyfmt.Column) bool { return c.Name == name })
	if i >= 0 {
		*forceFlags[option](&out.Columns[i]) = true
		return
	}
	if out.Relation != nil && out.Relation.ColumnByName(name) == nil {
		failAt(-1, pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, out.Relation.Name)
	}
	if out.Relation == nil {
		failAt(-1, pgerr.UndefinedColumn, "column \"%s\" does not exist", name)
	}
	failAt(-1, pgerr.InvalidColumnReference, "%s column \"%s\" not referenced by COPY", strings.ToUpper(option), name)
}
