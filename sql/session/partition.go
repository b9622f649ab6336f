package session

import (
	"context"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/partition"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// partitionBound evaluates FOR VALUES of a partition to be called name, and checks it
// against the partitions that there are and the rows of the default one.
func (s *Session) partitionBound(ctx context.Context, p *plan.PartitionBound, name string) (*catalog.PartitionBound, error) {
	parent := s.catalog().RelationByOID(p.Parent)
	d, err := partition.Describe(s.catalog(), parent)
	if err != nil {
		return nil, err
	}
	out := &catalog.PartitionBound{Strategy: p.Strategy, Default: p.Default, Modulus: p.Modulus, Remainder: p.Remainder}
	e := &boundValues{Session: s, ctx: ctx}
	out.List = e.list(d.Types[0], p.List)
	out.Lower, out.Upper = e.ends(d.Types, p.Lower), e.ends(d.Types, p.Upper)
	if e.err != nil {
		return nil, e.err
	}
	conflict, err := d.Check(name, out)
	switch {
	case err != nil:
		return nil, err
	case conflict != nil:
		return nil, conflict.AtByte(conflictPlace(p, conflict))
	}
	return out, s.checkDefault(ctx, d, out)
}

// conflictPlace is where the statement names what is at fault.
func conflictPlace(p *plan.PartitionBound, c *partition.Conflict) int {
	switch {
	case c.At < 0:
		return -1
	case p.Default || p.Strategy == catalog.ByHash:
		return p.At
	case p.Strategy == catalog.ByList:
		return p.List[c.At].At
	case c.Lower:
		return p.Lower[c.At].At
	}
	return p.Upper[c.At].At
}

// boundValues evaluates the expressions of a bound; err is the first error.
type boundValues struct {
	*Session
	ctx context.Context
	err error
}

func (e *boundValues) datum(t *types.Type, v plan.PartitionValue) catalog.PartitionDatum {
	if v.Infinite != 0 || e.err != nil {
		return catalog.PartitionDatum{Infinite: v.Infinite}
	}
	value, err := exec.Evaluate(e.ctx, v.Value, e.execEnv(nil, nil))
	if err != nil {
		e.err = err
		return catalog.PartitionDatum{}
	}
	if value == nil {
		return catalog.PartitionDatum{Null: true}
	}
	return catalog.PartitionDatum{Value: string(t.Out(types.DefaultEnv(), nil, value))}
}

// list drops values that are there already.
func (e *boundValues) list(t *types.Type, vs []plan.PartitionValue) []catalog.PartitionDatum {
	var out []catalog.PartitionDatum
	for _, v := range vs {
		if d := e.datum(t, v); !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

func (e *boundValues) ends(ts []*types.Type, vs []plan.PartitionValue) []catalog.PartitionDatum {
	var out []catalog.PartitionDatum
	for i, v := range vs {
		d := e.datum(ts[i], v)
		if d.Null {
			e.err = pgerr.New(pgerr.InvalidTableDefinition, "cannot specify NULL in range bound")
		}
		out = append(out, d)
	}
	return out
}

// checkDefault is 23514 for rows of the default partition that would belong to a new
// one (check_default_partition_contents).
func (s *Session) checkDefault(ctx context.Context, d *partition.Desc, b *catalog.PartitionBound) error {
	def := d.Default()
	if def == nil || b.Default {
		return nil
	}
	found, err := s.anyRow(ctx, def, strings.Join(d.Qual(b, parser.QuoteIdent), " AND "))
	if err != nil || !found {
		return err
	}
	return pgerr.New(pgerr.CheckViolation, "updated partition constraint for default partition \"%s\" would be violated by some row", def.Name).
		WithRelation(def.Schema, def.Name, "", "")
}

// anyRow says whether some row of a table meets a condition.
func (s *Session) anyRow(ctx context.Context, rel *catalog.Relation, condition string) (bool, error) {
	n, err := s.internally(ctx, "SELECT 1 FROM "+sqlName(rel)+" WHERE "+condition+" LIMIT 1")
	return n > 0, err
}

// sqlName is a relation's name as SQL.
func sqlName(rel *catalog.Relation) string {
	return parser.QuoteIdent(rel.Schema) + "." + parser.QuoteIdent(rel.Name)
}

// attach evaluates the bound of ATTACH PARTITION, checks the table's rows against it,
// and adds it to what the statement changes.
func (s *Session) attach(ctx context.Context, d *plan.AlterTable) (*plan.AlterTable, error) {
	if d.Attach == nil {
		return d, nil
	}
	bound, err := s.partitionBound(ctx, d.Attach, d.Name)
	if err != nil {
		return nil, err
	}
	if err := s.checkAttached(ctx, d, bound); err != nil {
		return nil, err
	}
	out := *d
	out.Actions = append(slices.Clip(d.Actions), catalog.SetBound{Bound: bound})
	return &out, nil
}

// checkAttached is 23514 for rows that the partition's constraint, with that of the
// partitioned table, does not allow (QueuePartitionConstraintValidation).
func (s *Session) checkAttached(ctx context.Context, d *plan.AlterTable, b *catalog.PartitionBound) error {
	cat := s.catalog()
	parent := cat.RelationByOID(d.Attach.Parent)
	desc, err := partition.Describe(cat, parent)
	if err != nil {
		return err
	}
	quals := desc.Qual(b, parser.QuoteIdent)
	above, err := partition.Constraint(cat, parent, parser.QuoteIdent)
	if err != nil {
		return err
	}
	if above != "" {
		quals = append(quals, above)
	}
	if len(quals) == 0 {
		return nil
	}
	for _, rel := range catalog.Tree(cat, cat.RelationByOID(d.Relation)) {
		if !rel.Stored() {
			continue
		}
		found, err := s.anyRow(ctx, rel, "NOT ("+strings.Join(quals, " AND ")+")")
		if err != nil {
			return err
		}
		if found {
			return pgerr.New(pgerr.CheckViolation, "partition constraint of relation \"%s\" is violated by some row", rel.Name).
				WithRelation(rel.Schema, rel.Name, "", "")
		}
	}
	return nil
}

// addIndexes makes indexes of a table that may have rows.
func (s *Session) addIndexes(ctx context.Context, rel types.OID, copies []plan.IndexCopy) error {
	for _, c := range copies {
		ix, err := s.tx.catalogTx().CreateIndex(ctx, rel, c.Def)
		if err != nil {
			return err
		}
		s.tx.changed()
		if err := s.buildIndex(ctx, rel, ix, "CREATE INDEX"); err != nil {
			return err
		}
	}
	return nil
}
