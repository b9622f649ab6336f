package pgcatalog

import (
	"slices"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// What objects are called is PostgreSQL's objectaddress.c; each catalog has an entry in
// describedBy.

func init() {
	answersOf(map[string]answer{
		"pg_describe_object": func(q *call) (any, error) {
			return q.ofObject(func(d *described) any { return d.text })
		},
		"pg_identify_object": func(q *call) (any, error) {
			row, err := q.ofObject(func(d *described) any {
				return []any{d.kind, quoteOrNull(d.schema), quoteOrNull(d.name), d.identity}
			})
			return q.record(row), err
		},
		"pg_identify_object_as_address": func(q *call) (any, error) {
			row, err := q.ofObject(func(d *described) any {
				return []any{d.kind, arrayOf(types.TextOID, d.names), arrayOf(types.TextOID, d.args)}
			})
			return q.record(row), err
		},
	})
}

// described says what an object is called.
type described struct {
	text string // by pg_describe_object
	kind string // "table column"
	// schema of objects that have one, and name of those that it identifies there; ""
	// of others.
	schema, name string
	identity     string // with all schemas
	names, args  []string
}

func quoteOrNull(name string) any {
	if name == "" {
		return nil
	}
	return quoteIdent(name)
}

// ofObject answers for the object that the three arguments name, NULL for none there.
func (q *call) ofObject(fact func(*described) any) (any, error) {
	o := object{q.oid(0), q.oid(1), q.args[2].(int32)}
	if o.class == 0 && o.oid == 0 {
		return nil, nil // what is pinned had such an entry
	}
	describe := describedBy[o.class]
	if describe == nil {
		return nil, pgerr.New(pgerr.InternalError, "unrecognized object class: %d", o.class)
	}
	if d := describe(q, o); d != nil {
		return fact(d), nil
	}
	return nil, nil
}

// record is the result of a function with several OUT parameters: row ([]any) has their
// values, nil for all NULL.
func (q *call) record(row any) *types.Record {
	r := &types.Record{Type: types.ByOID(types.RecordOID), Names: q.Func.OutNames}
	for _, oid := range q.Func.OutTypes {
		r.Types = append(r.Types, types.ByOID(oid))
	}
	r.Values = make([]any, len(r.Types))
	if row != nil {
		copy(r.Values, row.([]any))
	}
	return r
}

// describedBy has for each catalog how its objects are called.
var describedBy = map[types.OID]func(q *call, o object) *described{
	classClass:      describedRelation,
	classType:       describedType,
	classProc:       describedFunction,
	classConstraint: describedConstraint,
	classAttrdef:    describedDefault,
	classTrigger: func(q *call, o object) *described {
		if t, ok := triggerByOID(q.View, o.oid); ok {
			return q.onRelation("trigger", t.t.Name, t.rel)
		}
		return nil
	},
	classRewrite: func(q *call, o object) *described {
		if r, ok := ruleByOID(q.View, o.oid); ok {
			return q.onRelation("rule", r.rule.Name, r.rel)
		}
		return nil
	},
	classPolicy: func(q *call, o object) (found *described) {
		allPolicies(q.View, func(p policy) {
			if p.p.OID == o.oid {
				found = q.onRelation("policy", p.p.Name, p.rel)
			}
		})
		return found
	},
	classDefaultACL: describedDefaultACL,
	classOperator:   describedOperator,
	classCast:       describedCast,
	classNamespace: func(q *call, o object) *described {
		if s := schemaByOID(q.View, o.oid); s != nil {
			return global("schema", s.Name)
		}
		return nil
	},
	classExtension: func(q *call, o object) *described {
		if e, ok := extensionByOID(q.View, o.oid); ok {
			return global("extension", e.name)
		}
		return nil
	},
	classLanguage: func(_ *call, o object) *described {
		for _, l := range catalog.Languages {
			if l.OID == o.oid {
				return global("language", l.Name)
			}
		}
		return nil
	},
	classLarge: func(_ *call, o object) *described {
		name := strconv.FormatUint(uint64(o.oid), 10)
		return &described{text: "large object " + name, kind: "large object", identity: name, names: []string{name}}
	},
	classAm: func(_ *call, o object) *described {
		for _, a := range accessMethods {
			if a.oid == o.oid {
				return global("access method", a.name)
			}
		}
		return nil
	},
	classDatabase: func(q *call, o object) *described {
		for _, d := range q.Catalog().Databases() {
			if d.OID == o.oid {
				return global("database", d.Name)
			}
		}
		return nil
	},
	classTablespace: func(_ *call, o object) *described {
		for _, t := range tablespaces {
			if t.oid == o.oid {
				return global("tablespace", t.name)
			}
		}
		return nil
	},
	classAuthid: func(q *call, o object) *described {
		for _, r := range q.Catalog().Roles() {
			if r.OID == o.oid {
				return global("role", r.Name)
			}
		}
		return nil
	},
	classCollation: func(q *call, o object) *described {
		if c := q.Catalog().Types().CollationByOID(o.oid); c != nil {
			return q.inSchema("collation", c.Namespace, c.Name)
		}
		return nil
	},
	classConversion: func(q *call, o object) *described {
		if c := conversionByOID(o.oid); c != nil {
			return q.inSchema("conversion", "", c.Name)
		}
		return nil
	},
	classOpclass: func(q *call, o object) *described {
		if c := opclass.Of(q.Catalog()).ByOID(o.oid); c != nil && (c.Namespace != "" || known(c.In)) {
			return q.forMethod("operator class", c.Method, c.Namespace, c.Name)
		}
		return nil
	},
	classOpfamily: func(q *call, o object) *described {
		if f := opclass.Of(q.Catalog()).Family(o.oid); f != nil {
			return q.forMethod("operator family", f.Method, f.Namespace, f.Name)
		}
		return nil
	},
	classTsConfig: func(q *call, o object) *described {
		if c := tsearch.FindConfig(o.oid); c != nil {
			return q.inSchema("text search configuration", "", c.Name)
		}
		return nil
	},
	classTsDict: func(q *call, o object) *described {
		if d := tsearch.FindDictionary(o.oid); d != nil {
			return q.inSchema("text search dictionary", "", d.Name)
		}
		return nil
	},
	classTsParser: func(q *call, o object) *described {
		if o.oid == tsearch.DefaultParser {
			return q.inSchema("text search parser", "", "default")
		}
		return nil
	},
	classTsTemplate: func(q *call, o object) *described {
		if t := tsearch.FindTemplate(o.oid); t != nil {
			return q.inSchema("text search template", "", t.Name)
		}
		return nil
	},
}

// global describes an object that is in no schema.
func global(kind, name string) *described {
	return &described{text: kind + " " + name, kind: kind, name: name, identity: quoteIdent(name), names: []string{name}}
}

// inSchema describes an object that its name identifies in a schema.
func (q *call) inSchema(kind, schema, name string) *described {
	schema = orSystem(schema)
	shown := quoteIdent(name)
	if !q.pathHas(schema) {
		shown = quoteQualified(schema, name)
	}
	return &described{text: kind + " " + shown, kind: kind, schema: schema, name: name,
		identity: quoteQualified(schema, name), names: []string{schema, name}}
}

func orSystem(schema string) string {
	if schema == "" {
		return Schema.Name
	}
	return schema
}

func (q *call) forMethod(kind string, m *opclass.Method, schema, name string) *described {
	d := q.inSchema(kind, schema, name)
	d.text += " for access method " + m.Name
	d.identity += " USING " + m.Name
	d.names = append([]string{m.Name}, d.names...)
	return d
}

// onRelation describes a rule or trigger of a relation.
func (q *call) onRelation(kind, name string, rel *catalog.Relation) *described {
	return &described{text: kind + " " + name + " on " + q.relationText(rel), kind: kind,
		identity: quoteIdent(name) + " on " + qualified(rel), names: []string{rel.Schema, rel.Name, name}}
}

// relationKinds are what getRelationDescription calls relations.
var relationKinds = map[catalog.RelKind]string{
	catalog.Table: "table", catalog.PartitionedTable: "table", catalog.View: "view", catalog.MaterializedView: "materialized view",
	catalog.IndexRel: "index", catalog.Sequence: "sequence", catalog.CompositeType: "composite type",
}

func (q *call) relationText(rel *catalog.Relation) string {
	return relationKinds[rel.Kind] + " " + shortest(q.View)(rel)
}

func describedRelation(q *call, o object) *described {
	rel := outline(q.View, o.oid)
	if rel == nil {
		return nil
	}
	if ix := indexOf(rel, o.oid); ix != nil {
		rel = &catalog.Relation{OID: ix.OID, Schema: rel.Schema, Name: ix.Name, Kind: catalog.IndexRel}
	} else if rel.OID != o.oid {
		return nil
	}
	kind := relationKinds[rel.Kind]
	d := &described{text: q.relationText(rel), kind: kind, schema: rel.Schema, name: rel.Name, identity: qualified(rel), names: []string{rel.Schema, rel.Name}}
	if o.sub == 0 {
		return d
	}
	col := q.columnOf(o)
	if col == nil {
		return nil
	}
	d.text, d.kind = "column "+col.Name+" of "+d.text, kind+" column"
	d.identity += "." + quoteIdent(col.Name)
	d.names = append(d.names, col.Name)
	return d
}

func (q *call) columnOf(o object) *catalog.Column {
	if rel := q.Catalog().RelationByOID(o.oid); rel != nil {
		return rel.Column(int16(o.sub))
	}
	return nil
}

// qualifiedType is format_type_be_qualified.
func (q *call) qualifiedType(oid types.OID) string {
	if oid == 0 {
		return "-"
	}
	t := q.Catalog().Types().ByOID(oid)
	if t == nil {
		return "???"
	}
	return t.QualifiedName()
}

func describedType(q *call, o object) *described {
	var found *described
	typeByOID(q.View, o.oid, func(t typeRow) {
		name := q.qualifiedType(o.oid)
		found = &described{text: "type " + typeName(q, o.oid), kind: "type", schema: orSystem(t.Namespace), name: t.Name, identity: name, names: []string{name}}
	})
	return found
}

func describedFunction(q *call, o object) *described {
	f := functionByOID(q.View, o.oid)
	if f == nil {
		return nil
	}
	kind := map[byte]string{'a': "aggregate", 'p': "procedure"}[f.Kind]
	if kind == "" {
		kind = "function"
	}
	d := &described{kind: kind, schema: f.Schema(), names: []string{f.Schema(), f.Name}}
	shown := make([]string, len(f.Args))
	for i, a := range f.Args {
		shown[i] = typeName(q, a)
		d.args = append(d.args, q.qualifiedType(a))
	}
	name := quoteIdent(f.Name)
	if !q.pathHas(f.Schema()) {
		name = quoteQualified(f.Schema(), f.Name)
	}
	d.text = "function " + name + "(" + strings.Join(shown, ",") + ")"
	d.identity = quoteQualified(f.Schema(), f.Name) + "(" + strings.Join(d.args, ",") + ")"
	return d
}

func describedConstraint(q *call, o object) *described {
	if rel, con := constraintByOID(q.View, o.oid); con != nil {
		d := q.onRelation("constraint", con.Name, rel)
		d.kind, d.schema = "table constraint", rel.Schema
		return d
	}
	domain, rel, con := domainConstraint(q.View, o.oid)
	if con == nil {
		return nil
	}
	name := q.qualifiedType(domain.OID)
	return &described{text: "constraint " + con.Name, kind: "domain constraint", schema: rel.Schema,
		identity: quoteIdent(con.Name) + " on " + name, names: []string{name}, args: []string{con.Name}}
}

func describedDefault(q *call, o object) *described {
	var found *described
	pgAttrdef.Rows(q.View, func(d columnDefault) {
		if derivedOID(classAttrdef, d.rel.OID, d.col.Num) == o.oid {
			found = describedRelation(q, object{classClass, d.rel.OID, int32(d.col.Num)})
		}
	})
	if found == nil {
		return nil
	}
	return &described{text: "default value for " + found.text, kind: "default value", identity: "for " + found.identity, names: found.names}
}

func describedOperator(q *call, o object) *described {
	op, ok := operatorByOID(q.View, o.oid)
	if !ok {
		return nil
	}
	schema := Schema.Name
	if s := schemaByOID(q.View, op.namespace); s != nil {
		schema = s.Name
	}
	d := &described{kind: "operator", schema: schema, names: []string{schema, op.Name}}
	left, qualifiedLeft := "NONE", "NONE"
	if op.Left != 0 {
		left, qualifiedLeft = typeName(q, op.Left), q.qualifiedType(op.Left)
		d.args = append(d.args, qualifiedLeft)
	}
	d.args = append(d.args, q.qualifiedType(op.Right))
	name := op.Name
	if !q.pathHas(schema) {
		name = quoteIdent(schema) + "." + name
	}
	d.text = "operator " + name + "(" + left + "," + typeName(q, op.Right) + ")"
	d.identity = quoteIdent(schema) + "." + op.Name + "(" + qualifiedLeft + "," + q.qualifiedType(op.Right) + ")"
	return d
}

func describedCast(q *call, o object) *described {
	var found *described
	eachCast(q.View, func(c *funcs.Cast) {
		if c.OID == o.oid {
			from, to := q.qualifiedType(c.From), q.qualifiedType(c.To)
			found = &described{text: "cast from " + typeName(q, c.From) + " to " + typeName(q, c.To), kind: "cast",
				identity: "(" + from + " AS " + to + ")", names: []string{from}, args: []string{to}}
		}
	})
	return found
}

// describedMember describes an operator or function of an operator family.
func (q *call) describedMember(kind string, number int16, family, left, right types.OID, member *described) *described {
	f := describedBy[classOpfamily](q, object{classOpfamily, family, 0})
	if f == nil || member == nil {
		return nil
	}
	n := strconv.Itoa(int(number))
	_, called, _ := strings.Cut(member.text, " ")
	l, r := q.qualifiedType(left), q.qualifiedType(right)
	return &described{
		text: kind + " " + n + " (" + typeName(q, left) + ", " + typeName(q, right) + ") of " + f.text + ": " + called,
		kind: kind + " of access method", identity: kind + " " + n + " (" + l + ", " + r + ") of " + f.identity,
		names: append(append([]string{}, f.names...), n), args: []string{l, r},
	}
}

func init() {
	describedBy[classAmop] = func(q *call, o object) *described {
		for _, m := range append(slices.Clip(opclass.Operators()), opclass.Of(q.Catalog()).OwnOperators()...) {
			if m.OID == o.oid {
				return q.describedMember("operator", m.Strategy, m.Family, m.Left, m.Right, describedOperator(q, object{classOperator, m.Operator, 0}))
			}
		}
		return nil
	}
	describedBy[classAmproc] = func(q *call, o object) *described {
		for _, m := range append(slices.Clip(opclass.Functions()), opclass.Of(q.Catalog()).OwnFunctions()...) {
			if m.OID == o.oid {
				return q.describedMember("function", m.Number, m.Family, m.Left, m.Right, describedFunction(q, object{classProc, m.Proc, 0}))
			}
		}
		return nil
	}
}
