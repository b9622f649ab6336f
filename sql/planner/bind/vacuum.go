package bind

import (
	"slices"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// maintenance is VACUUM, ANALYZE, and our VERIFY RESOURCE, VACUUM RESOURCE and ALTER
// RESOURCE … ROTATE SECRET.
func (b *binder) maintenance(stmt parser.Statement, v *parser.VacuumStmt) plan.Statement {
	kind, ok := map[parser.Extension]plan.VerifyKind{
		parser.VerifyResource: plan.VerifyResource, parser.VacuumResource: plan.VacuumResource,
		parser.RotateSecret: plan.RotateSecret,
	}[stmt.Extension]
	if !ok {
		return b.vacuum(v)
	}
	rel := b.definedRelation(v.Rels[0].GetVacuumRelation().Relation)
	b.checkTable(rel)
	out := &plan.Verify{Relations: []catalog.OID{rel.OID}, Kind: kind}
	if kind == plan.RotateSecret {
		out.Outside = "ALTER RESOURCE ... ROTATE SECRET"
	}
	return out
}

// vacuumOptions are the options that mean something to PostgreSQL's storage
// only: they are checked and have no effect.
var vacuumOptions = map[bool]map[string]bool{
	true: {"verbose": true, "skip_locked": true, "analyze": true, "freeze": true, "full": true,
		"disable_page_skipping": true, "index_cleanup": true, "process_toast": true, "truncate": true, "parallel": true},
	false: {"verbose": true, "skip_locked": true},
}

// vacuum is ExecVacuum.
func (b *binder) vacuum(v *parser.VacuumStmt) plan.Statement {
	out := &plan.Vacuum{Vacuum: v.IsVacuumcmd, Analyze: !v.IsVacuumcmd}
	flags := map[string]bool{"process_toast": true}
	for _, n := range v.Options {
		d := n.GetDefElem()
		flags[d.Defname] = b.vacuumOption(d, v.IsVacuumcmd)
	}
	out.Analyze = out.Analyze || flags["analyze"]
	switch {
	case flags["full"] && flags["parallel"]:
		failAt(-1, pgerr.FeatureNotSupported, "VACUUM FULL cannot be performed in parallel")
	case flags["full"] && flags["disable_page_skipping"]:
		failAt(-1, pgerr.FeatureNotSupported, "VACUUM option DISABLE_PAGE_SKIPPING cannot be used with FULL")
	case flags["full"] && !flags["process_toast"]:
		failAt(-1, pgerr.FeatureNotSupported, "PROCESS_TOAST required with VACUUM FULL")
	}
	for _, n := range v.Rels {
		if r := n.GetVacuumRelation(); len(r.VaCols) > 0 && !out.Analyze {
			failAt(-1, pgerr.FeatureNotSupported, "ANALYZE option must be specified when a column list is provided")
		}
	}
	b.vacuumRelations(v, out)
	return out
}

func (b *binder) vacuumOption(d *parser.DefElem, vacuum bool) bool {
	pos := b.at(d.Location)
	command := "ANALYZE"
	if vacuum {
		command = "VACUUM"
	}
	switch {
	case !vacuumOptions[vacuum][d.Defname]:
		failAt(pos, pgerr.SyntaxError, "unrecognized %s option \"%s\"", command, d.Defname)
	case d.Defname == "parallel":
		return b.vacuumWorkers(d, pos) > 0
	case d.Defname == "index_cleanup" && d.Arg != nil && defText(d) == "auto":
		return false
	}
	return b.defBool(d)
}

// vacuumWorkers is the number that PARALLEL gives.
func (b *binder) vacuumWorkers(d *parser.DefElem, pos int) int {
	if d.Arg == nil {
		failAt(pos, pgerr.SyntaxError, "parallel option requires a value between 0 and 1024")
	}
	n, err := strconv.Atoi(defText(d))
	if err != nil {
		failAt(-1, pgerr.SyntaxError, "%s requires an integer value", d.Defname)
	}
	if n < 0 || n > 1024 {
		failAt(pos, pgerr.SyntaxError, "parallel workers for vacuum must be between 0 and 1024")
	}
	return n
}

// vacuumRelations lists the tables: those named, or all.
func (b *binder) vacuumRelations(v *parser.VacuumStmt, out *plan.Vacuum) {
	for _, n := range v.Rels {
		r := n.GetVacuumRelation()
		rel := b.definedRelation(r.Relation)
		switch {
		case rel.Kind == catalog.PartitionedTable:
			b.vacuumColumns(rel, r.VaCols)
			for _, leaf := range b.partitionTree(rel).Leaves() {
				out.Relations = append(out.Relations, leaf.OID)
			}
		case rel.Virtual: // there is nothing to do to what is not stored
		case !rel.Stored():
			out.Skipped = append(out.Skipped, rel.Name)
		default:
			b.vacuumColumns(rel, r.VaCols)
			out.Relations = append(out.Relations, rel.OID)
		}
	}
	if len(v.Rels) > 0 {
		return
	}
	for _, rel := range b.env.Catalog.Relations() {
		if rel.Stored() {
			out.Relations = append(out.Relations, rel.OID)
		}
	}
}

func (b *binder) vacuumColumns(rel *catalog.Relation, cols []*parser.Node) {
	var seen []*catalog.Column
	for _, n := range cols {
		name := n.GetString_().GetSval()
		c := findWritable(rel, name)
		if c == nil {
			failAt(-1, pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, rel.Name)
		}
		if slices.Contains(seen, c) {
			failAt(-1, pgerr.DuplicateColumn, "column \"%s\" of relation \"%s\" appears more than once", name, rel.Name)
		}
		seen = append(seen, c)
	}
}
