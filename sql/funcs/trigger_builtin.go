package funcs

import (
	"bytes"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// builtinTrigger is one of PostgreSQL's own trigger functions: its code, and the
// error of a call that is none of the trigger manager's.
type builtinTrigger struct {
	run     TriggerFunc
	outside func() error
}

func init() {
	for name, t := range map[string]builtinTrigger{
		"suppress_redundant_updates_trigger": {suppressRedundantUpdates, func() error {
			return pgerr.New(pgerr.TriggerProtocolViolated, "suppress_redundant_updates_trigger: must be called as trigger")
		}},
		"tsvector_update_trigger_byid":     {tsvectorUpdater{config: namedConfig}.run, notFired},
		"tsvector_update_trigger_bycolumn": {tsvectorUpdater{config: columnConfig}.run, notFired},
	} {
		bindEach(name, func(f *Func) {
			f.Trigger = t.run
			f.Kernel = Boxed(false, func(*Call, []any) (any, error) { return nil, t.outside() })
		})
	}
}

func notFired() error { return pgerr.Internal("tsvector_update_trigger: not fired by trigger manager") }

// suppressRedundantUpdates skips an update that would leave the row as it is.
func suppressRedundantUpdates(c *Call, d *TriggerData) (*types.Record, error) {
	for _, rule := range []struct {
		ok   bool
		what string
	}{
		{d.Op == TriggerUpdate, "called on update"}, {d.When == TriggerBefore, "called before update"}, {d.Row, "called for each row"},
	} {
		if !rule.ok {
			return nil, pgerr.New(pgerr.TriggerProtocolViolated, "suppress_redundant_updates_trigger: must be %s", rule.what)
		}
	}
	for i, col := range d.Relation.Columns {
		if !sameImage(c.Env, col.Type, d.Old.Values[i], d.New.Values[i]) {
			return d.New, nil
		}
	}
	return nil, nil
}

// sameImage says whether two values are stored the same: equal ones may be shown
// differently (1.0 and 1.00).
func sameImage(env *types.Env, t *types.Type, a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return bytes.Equal(t.Out(env, nil, a), t.Out(env, nil, b))
}

// tsvectorUpdater keeps a column of the row the tsvector of others: its arguments
// are that column, the configuration, and the text columns (tsvector_op.c).
type tsvectorUpdater struct {
	config func(c *Call, d *TriggerData) (*tsearch.Config, error)
}

func (u tsvectorUpdater) run(c *Call, d *TriggerData) (*types.Record, error) {
	if err := checkTsvectorFiring(d); err != nil {
		return nil, err
	}
	target := d.column(d.Args[0])
	switch {
	case target < 0:
		return nil, pgerr.New(pgerr.UndefinedColumn, "tsvector column \"%s\" does not exist", d.Args[0])
	case d.Relation.Columns[target].Type.OID != types.TSVectorOID:
		return nil, pgerr.New(pgerr.DatatypeMismatch, "column \"%s\" is not of tsvector type", d.Args[0])
	}
	cfg, err := u.config(c, d)
	if err != nil {
		return nil, err
	}
	doc := tsearch.NewDocument(cfg, noticeOf(c))
	needed := d.Op == TriggerInsert
	for _, name := range d.Args[2:] {
		i, err := d.textColumn(name)
		if err != nil {
			return nil, err
		}
		needed = needed || slices.Contains(d.Updated, d.Relation.Columns[i].Num)
		if text, ok := d.New.Values[i].(string); ok {
			doc.Add(text)
		}
	}
	if !needed {
		return d.New, nil
	}
	v, err := doc.Vector()
	if err != nil {
		return nil, err
	}
	row := *d.New
	row.Values = slices.Clone(d.New.Values)
	row.Values[target] = v
	return &row, nil
}

func checkTsvectorFiring(d *TriggerData) error {
	switch {
	case !d.Row:
		return pgerr.Internal("tsvector_update_trigger: must be fired for row")
	case d.When != TriggerBefore:
		return pgerr.Internal("tsvector_update_trigger: must be fired BEFORE event")
	case d.Op != TriggerInsert && d.Op != TriggerUpdate:
		return pgerr.Internal("tsvector_update_trigger: must be fired for INSERT or UPDATE")
	case len(d.Args) < 3:
		return pgerr.Internal("tsvector_update_trigger: arguments must be tsvector_field, ts_config, text_field1, ...)")
	}
	return nil
}

// column is the place of a column of the relation, -1 for none.
func (d *TriggerData) column(name string) int {
	return slices.IndexFunc(d.Relation.Columns, func(c types.Column) bool { return c.Name == name })
}

func (d *TriggerData) textColumn(name string) (int, error) {
	i := d.column(name)
	if i < 0 {
		return i, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" does not exist", name)
	}
	switch d.Relation.Columns[i].Type.OID {
	case types.TextOID, types.VarcharOID, types.BpcharOID:
		return i, nil
	}
	return i, pgerr.New(pgerr.DatatypeMismatch, "column \"%s\" is not of a character type", name)
}

// namedConfig is the configuration that the second argument names, with its
// schema, so that it does not depend on the search path.
func namedConfig(c *Call, d *TriggerData) (*tsearch.Config, error) {
	name := d.Args[1]
	if !strings.Contains(name, ".") {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "text search configuration name \"%s\" must be schema-qualified", name)
	}
	oid, err := lookUpName(types.RegConfig)(c, name)
	if err != nil {
		return nil, err
	}
	return configOf(oid)
}

// columnConfig is the configuration in the column that the second argument names.
func columnConfig(_ *Call, d *TriggerData) (*tsearch.Config, error) {
	name := d.Args[1]
	i := d.column(name)
	switch {
	case i < 0:
		return nil, pgerr.New(pgerr.UndefinedColumn, "configuration column \"%s\" does not exist", name)
	case d.Relation.Columns[i].Type.OID != types.RegConfigOID:
		return nil, pgerr.New(pgerr.DatatypeMismatch, "column \"%s\" is not of regconfig type", name)
	case d.New.Values[i] == nil:
		return nil, pgerr.New(pgerr.NullValueNotAllowed, "configuration column \"%s\" must not be null", name)
	}
	return configOf(d.New.Values[i].(uint32))
}
