package parser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// show writes what a statement says of its columns, so that a test can compare
// it in one line; it checks on the way that every location is true.
type show struct {
	t      *testing.T
	source string
}

func (w show) columns(cols []ColumnSpec) string {
	parts := make([]string, len(cols))
	for i, c := range cols {
		parts[i] = w.column(c)
	}
	return strings.Join(parts, ", ")
}

func (w show) column(c ColumnSpec) string {
	last := c.Name[strings.LastIndexByte(c.Name, '.')+1:]
	assert.Contains(w.t, strings.ToLower(w.source[c.Location:]), strings.ToLower(last))
	s := c.Name + w.rule(c.Rule, c.RuleLocation)
	if c.Children != nil {
		s += " (" + w.columns(c.Children) + ")"
	}
	if c.Def.TypeName != nil {
		s += " " + w.typeName(c.Def.TypeName)
	}
	for _, n := range c.Def.Constraints {
		con := n.GetConstraint()
		s += " " + strings.TrimPrefix(con.Contype.String(), "CONSTR_")
		assert.Contains(w.t, constraintStarts, w.source[con.Location:con.Location+1], "location of a constraint")
	}
	return s
}

// constraintStarts are the first letters of the constraints that the tests use.
const constraintStarts = "NUDCPRG"

func (w show) typeName(n *TypeName) string {
	name := n.Names[len(n.Names)-1].GetString_().GetSval()
	assert.Equal(w.t, strings.ToLower(name[:1]), strings.ToLower(w.source[n.Location:n.Location+1]), "location of type %s", name)
	return name
}

func (w show) rule(rule *string, location int) string {
	if rule == nil {
		return ""
	}
	assert.Contains(w.t, "'EeUu$", w.source[location:location+1], "location of rule %s", *rule)
	return fmt.Sprintf(" '%s'", *rule)
}

func (w show) partition(p PartitionClause) string {
	assert.NotEqual(w.t, " ", w.source[p.Location:p.Location+1])
	var fields []string
	for _, f := range p.Fields {
		first, place := strings.ToLower(f.Path[0]), strings.ToLower(w.source[f.Location:])
		assert.True(w.t, strings.HasPrefix(strings.TrimPrefix(place, `"`), first), "location of %s", first)
		fields = append(fields, strings.Join(f.Path, ">")+w.rule(f.Rule, f.RuleLocation))
	}
	s := p.Name + " BY " + strings.Join(fields, ", ")
	if p.IfNotExists {
		s = "IF NOT EXISTS " + s
	}
	return s
}

func (w show) action(a AlterAction) string {
	if a.AddPartition != nil {
		return "ADD PARTITION " + w.partition(*a.AddPartition)
	}
	if d := a.DropPartition; d != nil {
		return fmt.Sprintf("DROP PARTITION %s %t", d.Name, d.IfExists)
	}
	s := strings.TrimPrefix(a.Cmd.Subtype.String(), "AT_") + " " + strings.Join(a.Path, ">")
	if a.Column != nil {
		s += " [" + strings.TrimSpace(w.column(*a.Column)) + "]"
	}
	return s
}

func TestCreateResource(t *testing.T) {
	const source = `SELECT 'é';
CREATE RESOURCE users (
  name        'string|min:2|max:100',          -- an s3db.js rule, verbatim
  email       'email' UNIQUE,
  age         'number|integer|positive',
  "isActive"  'boolean',
  profile (                                     -- a nested object
    bio       'string|optional',
    country   'string'
  ),
  tags        'array|items:string',
  password    'secret',                         -- encrypted at rest
  score       numeric(10,2) DEFAULT 0 CHECK (score >= 0)   -- or plain SQL
)
PARTITION by_country BY (profile.country),
PARTITION by_country_and_day BY (profile.country, "createdAt" 'date|maxlength:10')
WITH (behavior = 'body-overflow', timestamps = true, versioning = true, id_size = 8);
SELECT 2`
	stmts, err := Parse(source)
	require.NoError(t, err)
	require.Len(t, stmts, 3)
	s, w := stmts[1], show{t, source}
	assert.Equal(t, []Extension{NoExtension, CreateResource, NoExtension}, []Extension{stmts[0].Extension, s.Extension, stmts[2].Extension})
	assert.True(t, strings.HasPrefix(s.Text(), "CREATE RESOURCE users") && strings.HasSuffix(s.Text(), "id_size = 8)"))
	assert.Equal(t, "name 'string|min:2|max:100', email 'email' UNIQUE, age 'number|integer|positive', isActive 'boolean', "+
		"profile (bio 'string|optional', country 'string'), tags 'array|items:string', password 'secret', score numeric DEFAULT CHECK",
		w.columns(s.Create.Columns))
	require.Len(t, s.Create.Partitions, 2)
	assert.Equal(t, "by_country BY profile>country", w.partition(s.Create.Partitions[0]))
	assert.Equal(t, "by_country_and_day BY profile>country, createdAt 'date|maxlength:10'", w.partition(s.Create.Partitions[1]))
	create := s.Node.GetCreateStmt()
	assert.Equal(t, "users", create.Relation.Relname)
	assert.Equal(t, "users", source[create.Relation.Location:][:5])
	var options []string
	for _, o := range create.Options {
		options = append(options, o.GetDefElem().Defname)
	}
	assert.Equal(t, []string{"behavior", "timestamps", "versioning", "id_size"}, options)
}

func TestColumnForms(t *testing.T) {
	for sql, want := range map[string]string{
		`create resource if not exists s."R" (a 'x')`:                                                            "a 'x'",
		`CREATE RESOURCE r (a'x',"B"'y')`:                                                                        "a 'x', B 'y'",
		`CREATE RESOURCE r (a(c'x'))`:                                                                            "a (c 'x')",
		`CREATE RESOURCE r (a(b(c(d(e 'x')))))`:                                                                  "a (b (c (d (e 'x'))))",
		`CREATE RESOURCE r ("a"("b" 'x'), c("d" 'y', e int), f text)`:                                            "a (b 'x'), c (d 'y', e int4), f text",
		`CREATE RESOURCE r (a 'object|optional' (b 'x') NOT NULL)`:                                               "a 'object|optional' (b 'x') NOTNULL",
		`CREATE RESOURCE r (a (b 'x' NOT NULL) UNIQUE, c (d int CHECK (d > 0)))`:                                 "a (b 'x' NOTNULL) UNIQUE, c (d int4 CHECK)",
		`CREATE RESOURCE r (a 'it''s', b E'a\tb', c $$d|'$$, d U&'\0041')`:                                       "a 'it's', b 'a\tb', c 'd|'', d 'A'",
		`CREATE RESOURCE r (a '', b 'x' DEFAULT 'y' PRIMARY KEY)`:                                                "a '', b 'x' DEFAULT PRIMARY",
		`CREATE RESOURCE r (resource 'x', partition 'y', "select" 'z', values 'w', time (date 'v'))`:             "resource 'x', partition 'y', select 'z', values 'w', time (date 'v')",
		`CREATE RESOURCE r (A 'x', É 'y', U&"\0075" 'z', f'' NOT NULL, g ''NOT NULL, h '')`:                      "a 'x', É 'y', u 'z', f '' NOTNULL, g '' NOTNULL, h ''",
		`CREATE RESOURCE r (a 'x', UNIQUE (a), CONSTRAINT c CHECK (a > 'b'), EXCLUDE (a WITH =), LIKE t, b int)`: "a 'x', b int4",
		`CREATE RESOURCE r (exclude 'x')`:                                                                        "exclude 'x'",
		`CREATE RESOURCE r ()`:                                                                                   "",
		`CREATE TABLE resource (resource text, b int NOT NULL)`:                                                  "resource text, b int4 NOTNULL",
		`CREATE TABLE t (a text DEFAULT 'CREATE RESOURCE x (y ''z'')')`:                                          "a text DEFAULT",
	} {
		s := parseOne(t, sql)
		require.NotNil(t, s.Create, sql)
		assert.Equal(t, want, show{t, sql}.columns(s.Create.Columns), sql)
		assert.Equal(t, strings.Contains(sql, "TABLE"), s.Extension == NoExtension, sql)
	}
}

func TestTableConstraints(t *testing.T) {
	s := parseOne(t, `CREATE RESOURCE r (a 'x', UNIQUE (a), CHECK (a > 'b'), LIKE t)`)
	require.Len(t, s.Create.Constraints, 2)
	assert.Equal(t, ConstrType_CONSTR_UNIQUE, s.Create.Constraints[0].Contype)
	require.Len(t, s.Create.Likes, 1)
}

func TestPartitionForms(t *testing.T) {
	for sql, want := range map[string]string{
		`CREATE RESOURCE r (a 'x') PARTITION p BY (a)`:                      "p BY a",
		`CREATE RESOURCE r (a 'x') PARTITION "P q" BY ("A b".c.select 'd')`: "P q BY A b>c>select 'd'",
		`CREATE RESOURCE r (a 'x') PARTITION by BY (a)`:                     "by BY a",
		`CREATE RESOURCE r (a 'x')PARTITION p BY(a)PARTITION q BY(c'x',d)`:  "p BY a; q BY c 'x', d",
		`CREATE RESOURCE r (a 'x') PARTITION BY LIST (a)`:                   "",
	} {
		var got []string
		for _, p := range parseOne(t, sql).Create.Partitions {
			got = append(got, show{t, sql}.partition(p))
		}
		assert.Equal(t, want, strings.Join(got, "; "), sql)
	}
}

func TestAlterActions(t *testing.T) {
	for sql, want := range map[string]string{
		`ALTER RESOURCE r ADD COLUMN a 'x' NOT NULL, DROP b CASCADE, ALTER c TYPE 'y' USING c`:                 "AddColumn a [a 'x' NOTNULL]; DropColumn b; AlterColumnType c ['y']",
		`ALTER RESOURCE IF EXISTS s.r ADD a.b.c 'x', ADD COLUMN IF NOT EXISTS d.e int`:                         "AddColumn a>b>c [a.b.c 'x']; AddColumn d>e [d.e int4]",
		`ALTER RESOURCE r ADD o (a 'x', p(b 'y')), ADD q 'object|optional' (c int)`:                            "AddColumn o [o (a 'x', p (b 'y'))]; AddColumn q [q 'object|optional' (c int4)]",
		`ALTER RESOURCE r ALTER o.a SET NOT NULL, ALTER COLUMN o.a SET DEFAULT 1, DROP COLUMN IF EXISTS o."B"`: "SetNotNull o>a; ColumnDefault o>a; DropColumn o>B",
		`ALTER RESOURCE r ALTER o SET DATA TYPE (a 'x')`:                                                       "AlterColumnType o [(a 'x')]",
		`ALTER RESOURCE r ADD PARTITION p BY (a.b 'x', c), DROP PARTITION q`:                                   "ADD PARTITION p BY a>b 'x', c; DROP PARTITION q false",
		`ALTER RESOURCE r ADD PARTITION IF NOT EXISTS p BY (a), DROP PARTITION IF EXISTS q`:                    "ADD PARTITION IF NOT EXISTS p BY a; DROP PARTITION q true",
		`ALTER RESOURCE r ADD partition 'x', DROP partition, DROP partition CASCADE, ALTER partition TYPE int`: "AddColumn partition [partition 'x']; DropColumn partition; DropColumn partition; AlterColumnType partition [int4]",
		`ALTER RESOURCE r SET (behavior = 'body-only'), RESET (timestamps)`:                                    "SetRelOptions ; ResetRelOptions ",
		`ALTER RESOURCE r ADD UNIQUE (a), ADD CONSTRAINT c CHECK (a > 'b, c'), DROP CONSTRAINT d`:              "AddConstraint ; AddConstraint ; DropConstraint ",
		`ALTER RESOURCE r OWNER TO x`:                                     "ChangeOwner ",
		`ALTER TABLE t ADD a int, DROP COLUMN b, ALTER c TYPE numeric(3)`: "AddColumn a [a int4]; DropColumn b; AlterColumnType c [numeric]",
		`ALTER TABLE t ADD partition text`:                                "AddColumn partition [partition text]",
	} {
		s := parseOne(t, sql)
		require.NotNil(t, s.Alter, sql)
		var got []string
		kept := 0
		for _, a := range s.Alter.Actions {
			got = append(got, show{t, sql}.action(a))
			if a.Cmd != nil {
				kept++
			}
		}
		assert.Equal(t, want, strings.Join(got, "; "), sql)
		assert.Len(t, s.Node.GetAlterTableStmt().Cmds, kept, "partition actions are not in the tree")
	}
}

func TestAlterNamesInTree(t *testing.T) {
	s := parseOne(t, `ALTER RESOURCE r DROP COLUMN a.b, ADD c.d int`)
	cmds := s.Node.GetAlterTableStmt().Cmds
	assert.Equal(t, "a.b", cmds[0].GetAlterTableCmd().Name)
	assert.Equal(t, "c.d", cmds[1].GetAlterTableCmd().Def.GetColumnDef().Colname)
}

func TestRename(t *testing.T) {
	for sql, want := range map[string][]string{
		`ALTER RESOURCE r RENAME COLUMN a.b TO c`: {"a", "b"},
		`ALTER RESOURCE r RENAME a TO c`:          {"a"},
		`ALTER TABLE r RENAME COLUMN a TO c`:      {"a"},
	} {
		s := parseOne(t, sql)
		require.NotNil(t, s.Rename, sql)
		assert.Equal(t, want, s.Rename.Path)
		assert.Equal(t, strings.Join(want, "."), s.Node.GetRenameStmt().Subname)
		assert.Equal(t, "c", s.Node.GetRenameStmt().Newname)
	}
	assert.Nil(t, parseOne(t, `ALTER RESOURCE r RENAME TO c`).Rename)
	assert.Nil(t, parseOne(t, `ALTER RESOURCE r RENAME CONSTRAINT a TO c`).Rename)
}

func TestOtherExtensions(t *testing.T) {
	for sql, want := range map[string]Extension{
		`DROP RESOURCE a`:                             DropResource,
		`drop resource if exists s.a, b cascade`:      DropResource,
		`VACUUM RESOURCE a`:                           VacuumResource,
		`vacuum resource "a b"`:                       VacuumResource,
		`VACUUM resource`:                             NoExtension,
		`VACUUM resource, other`:                      NoExtension,
		`VACUUM resource (a)`:                         NoExtension,
		`VERIFY RESOURCE a`:                           VerifyResource,
		`verify /* x */ resource s.a, b`:              VerifyResource,
		`ALTER RESOURCE a ROTATE SECRET`:              RotateSecret,
		`alter/* x */resource s."a b" rotate secret;`: RotateSecret,
		`COMMENT ON RESOURCE a IS 'b'`:                CommentOnResource,
		`COMMENT ON COLUMN resource.a IS 'b'`:         NoExtension,
		`SELECT 'CREATE RESOURCE a (b ''c'')'`:        NoExtension,
		`SELECT resource FROM resource resource`:      NoExtension,
		`DROP TABLE resource`:                         NoExtension,
		`ALTER TABLE resource ADD resource int`:       NoExtension,
		`CREATE RESOURCE a AS SELECT 1 AS id`:         CreateResource,
		`SELECT $$;CREATE RESOURCE a (b 'c')$$`:       NoExtension,
		"SELECT 1 -- ; CREATE RESOURCE a (b 'c')\n":   NoExtension,
	} {
		assert.Equal(t, want, parseOne(t, sql).Extension, sql)
	}
}

func TestExtensionTrees(t *testing.T) {
	drop := parseOne(t, `DROP RESOURCE IF EXISTS s.a, b CASCADE`).Node.GetDropStmt()
	assert.Equal(t, ObjectType_OBJECT_TABLE, drop.RemoveType)
	assert.Equal(t, DropBehavior_DROP_CASCADE, drop.Behavior)
	assert.Len(t, drop.Objects, 2)
	vacuum := parseOne(t, `VERIFY RESOURCE s.a, b`).Node.GetVacuumStmt()
	require.Len(t, vacuum.Rels, 2)
	assert.Equal(t, "r", parseOne(t, `ALTER RESOURCE s.r ROTATE SECRET`).Node.GetVacuumStmt().Rels[0].GetVacuumRelation().Relation.Relname)
	rel := vacuum.Rels[0].GetVacuumRelation().Relation
	assert.Equal(t, "s", rel.Schemaname)
	assert.Equal(t, int32(len("VERIFY RESOURCE ")), rel.Location)
}

// at marks the place of the error in a text; the message quotes what follows.
const at = "⟨"

func TestExtensionErrors(t *testing.T) {
	for marked, message := range map[string]string{
		`CREATE RESOURCE⟨`:                                     `syntax error at end of input`,
		`CREATE RESOURCE ⟨(a 'x')`:                             `syntax error at or near "("`,
		`CREATE RESOURCE r⟨`:                                   `syntax error at end of input`,
		`CREATE RESOURCE r (⟨`:                                 `syntax error at end of input`,
		`CREATE RESOURCE r (a 'x'⟨`:                            `syntax error at end of input`,
		`CREATE RESOURCE r (a 'x' ⟨'y')`:                       `syntax error at or near "'y'"`,
		`CREATE RESOURCE r (a 'x', ⟨)`:                         `syntax error at or near ")"`,
		`CREATE RESOURCE r (a 'x' ⟨b 'y')`:                     `syntax error at or near "b"`,
		`CREATE RESOURCE r (⟨select 'x')`:                      `syntax error at or near "select"`,
		`CREATE RESOURCE r (é 'x', ⟨'y')`:                      `syntax error at or near "'y'"`,
		`CREATE RESOURCE r (a 'x'⟨[])`:                         `syntax error at or near "["`,
		`CREATE RESOURCE r (a 'x'⟨.b)`:                         `syntax error at or near "."`,
		`CREATE RESOURCE r (a 'x' ⟨ARRAY[3])`:                  `syntax error at or near "ARRAY"`,
		`CREATE RESOURCE r (a 'x' (⟨10))`:                      `syntax error at or near "10"`,
		`CREATE RESOURCE r (a "r"⟨'x')`:                        `syntax error at or near "'x'"`,
		`CREATE RESOURCE r (a (⟨))`:                            `syntax error at or near ")"`,
		`CREATE RESOURCE r (a (b⟨))`:                           `syntax error at or near ")"`,
		`CREATE RESOURCE r (a (b 'x', ⟨))`:                     `syntax error at or near ")"`,
		`CREATE RESOURCE r (a (b 'x' ⟨c))`:                     `syntax error at or near "c"`,
		`CREATE RESOURCE r (a (b 'x', ⟨UNIQUE (b)))`:           `syntax error at or near "UNIQUE"`,
		`CREATE RESOURCE r (a (b 'x')⟨[], c 'y')`:              `syntax error at or near "["`,
		`CREATE RESOURCE r (a (b 'x') ⟨(c 'y'))`:               `syntax error at or near "("`,
		`CREATE RESOURCE r (a (b 'x'⟨; SELECT 1`:               `syntax error at or near ";"`,
		`CREATE RESOURCE r (a (b 'x', c int ⟨int, d (`:         `syntax error at or near "int"`,
		`CREATE RESOURCE r (a int ⟨int, b (c`:                  `syntax error at or near "int"`,
		`CREATE RESOURCE r (a (b int ⟨int), c (d (e`:           `syntax error at or near "int"`,
		`CREATE RESOURCE r (b, c ⟨( d 'x'))`:                   `syntax error at or near "("`,
		`CREATE RESOURCE r (a 'x') ⟨foo`:                       `syntax error at or near "foo"`,
		`CREATE RESOURCE r (a 'x')⟨, PARTITION p BY (a)`:       `syntax error at or near ","`,
		`CREATE RESOURCE r (a 'x') PARTITION p ⟨(a)`:           `syntax error at or near "("`,
		`CREATE RESOURCE r (a 'x') PARTITION p BY ⟨a`:          `syntax error at or near "a"`,
		`CREATE RESOURCE r (a 'x') PARTITION p BY (⟨)`:         `syntax error at or near ")"`,
		`CREATE RESOURCE r (a 'x') PARTITION p BY (a,⟨)`:       `syntax error at or near ")"`,
		`CREATE RESOURCE r (a 'x') PARTITION p BY (a ⟨b)`:      `syntax error at or near "b"`,
		`CREATE RESOURCE r (a 'x') PARTITION p BY (a.⟨)`:       `syntax error at or near ")"`,
		`CREATE RESOURCE r (a 'x') PARTITION p BY (a⟨`:         `syntax error at end of input`,
		`CREATE RESOURCE r (a 'x') PARTITION p BY (a) ⟨, WITH`: `syntax error at or near ","`,
		`CREATE RESOURCE r (a 'x' ⟨'y') PARTITION p`:           `syntax error at or near "'y'"`,
		`SELECT FROM ⟨FROM; CREATE RESOURCE r (`:               `syntax error at or near "FROM"`,
		`CREATE RESOURCE r (a 'x') WITH (a =⟨)`:                `syntax error at or near ")"`,
		`CREATE TABLE r (a ⟨'x')`:                              `syntax error at or near "'x'"`,
		`CREATE TABLE r (a resource) PARTITION ⟨p BY (a)`:      `syntax error at or near "p"`,
		`CREATE TEMP ⟨RESOURCE r (a 'x')`:                      `syntax error at or near "RESOURCE"`,
		`ALTER RESOURCE⟨`:                                      `syntax error at end of input`,
		`ALTER RESOURCE r⟨`:                                    `syntax error at end of input`,
		`ALTER RESOURCE r ADD⟨`:                                `syntax error at end of input`,
		`ALTER RESOURCE r ADD a⟨`:                              `syntax error at end of input`,
		`ALTER RESOURCE r ADD a.⟨'x'`:                          `syntax error at or near "'x'"`,
		`ALTER RESOURCE r ADD a 'x' ⟨'y'`:                      `syntax error at or near "'y'"`,
		`ALTER RESOURCE r ADD PARTITION p ⟨(a)`:                `syntax error at or near "("`,
		`ALTER RESOURCE r ADD PARTITION p BY (a) ⟨CASCADE`:     `syntax error at or near "CASCADE"`,
		`ALTER RESOURCE r DROP PARTITION p ⟨CASCADE`:           `syntax error at or near "CASCADE"`,
		`ALTER RESOURCE r DROP PARTITION IF EXISTS⟨`:           `syntax error at end of input`,
		`ALTER RESOURCE r RENAME a.b ⟨c`:                       `syntax error at or near "c"`,
		`ALTER RESOURCE r ALTER a TYPE ⟨1`:                     `syntax error at or near "1"`,
		`ALTER TABLE resource ADD a ⟨'x'`:                      `syntax error at or near "'x'"`,
		`ALTER TABLE resource DROP a⟨.b`:                       `syntax error at or near "."`,
		`DROP RESOURCE⟨`:                                       `syntax error at end of input`,
		`DROP RESOURCE a ⟨b`:                                   `syntax error at or near "b"`,
		`VERIFY RESOURCE⟨`:                                     `syntax error at end of input`,
		`VERIFY RESOURCE a ⟨(b)`:                               `syntax error at or near "("`,
		`VERIFY RESOURCE a,⟨`:                                  `syntax error at end of input`,
		`⟨VERIFY r`:                                            `syntax error at or near "VERIFY"`,
		`VACUUM RESOURCE a ⟨b`:                                 `syntax error at or near "b"`,
		`CREATE RESOURCE r (a ⟨'x)`:                            `unterminated quoted string at or near "'x)"`,
		`CREATE RESOURCE r (a (b ⟨'x)`:                         `unterminated quoted string at or near "'x)"`,
		`CREATE RESOURCE r (a int ⟨int, b 'x)`:                 `syntax error at or near "int"`,
		`CREATE RESOURCE r (a ⟨"")`:                            `zero-length delimited identifier at or near """"`,
	} {
		t.Run(marked, func(t *testing.T) {
			before, after, _ := strings.Cut(marked, at)
			_, err := Parse(before + after)
			e := pgerr.As(err)
			require.NotNil(t, e)
			assert.Equal(t, message, e.Message)
			assert.Equal(t, pgerr.SyntaxError, e.Code)
			assert.Equal(t, len([]rune(before))+1, e.Position)
		})
	}
}
