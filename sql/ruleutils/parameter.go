package ruleutils

import (
	"slices"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// getParameter is get_parameter: in a function's body its name, with the function's where
// the statement reads tables; else its number.
func (d *deparser) getParameter(p *plan.Param) {
	if d.Body == nil {
		d.put("$" + strconv.Itoa(p.Index))
		return
	}
	inputs := d.Body.Inputs()
	if p.Index > len(inputs) || inputs[p.Index-1].Name == "" {
		d.put("$" + strconv.Itoa(p.Index))
		return
	}
	named := func(l map[string]bool) bool { return len(l) > 0 }
	d.putIf(slices.ContainsFunc(d.levels, named), quoteIdent(d.bodyToday().Name)+".")
	d.put(quoteIdent(inputs[p.Index-1].Name))
}

// bodyToday is the function by today's name.
func (d *deparser) bodyToday() *catalog.Function {
	if d.Catalog != nil {
		if now := d.Catalog.Routines().Function(d.Body.OID); now != nil {
			return now
		}
	}
	return d.Body
}
