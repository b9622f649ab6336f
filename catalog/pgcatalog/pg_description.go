package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/mb"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgDescription, pgShdescription) }

// description is a comment on an object, or on its sub-th column.
type description struct {
	class, object types.OID
	sub           int32
	text          string
}

var pgDescription = virtual.Rel[description]{
	Of:   "pg_description",
	Size: virtual.Size{Fixed: 5000, PerRelation: 0.2},
	Rows: allDescriptions,
	Columns: virtual.Columns[description]{
		"objoid":      func(d description) any { return d.object },
		"classoid":    func(d description) any { return d.class },
		"objsubid":    func(d description) any { return d.sub },
		"description": func(d description) any { return d.text },
	},
	Lookups: []virtual.Lookup[description]{
		{By: []string{"objoid", "classoid"}, Find: func(v View, keys []any, yield func(description)) {
			describe(v, keys[1].(types.OID), keys[0].(types.OID), yield)
		}},
		{By: []string{"objoid"}, Find: func(v View, keys []any, yield func(description)) {
			for class := range describers {
				describe(v, class, keys[0].(types.OID), yield)
			}
		}},
	},
}

// describers find the comments on an object of one catalog and on its parts.
var describers = map[types.OID]func(v View, oid types.OID, yield func(description)){
	classClass:      describeClass,
	classConstraint: describeConstraint,
	classTrigger: func(v View, oid types.OID, yield func(description)) {
		if t, ok := triggerByOID(v, oid); ok {
			yieldText(yield, classTrigger, oid, t.t.Comment)
		}
	},
	classNamespace: func(v View, oid types.OID, yield func(description)) {
		if s := schemaByOID(v, oid); s != nil {
			yieldText(yield, classNamespace, oid, s.Comment)
		}
	},
	classType: func(v View, oid types.OID, yield func(description)) {
		if t := v.Catalog().Types().ByOID(oid); t != nil {
			yieldText(yield, classType, oid, t.Doc)
		}
	},
	classProc: func(v View, oid types.OID, yield func(description)) {
		if f := functionByOID(v, oid); f != nil {
			yieldText(yield, classProc, oid, f.Doc)
		}
	},
	classOperator: func(v View, oid types.OID, yield func(description)) {
		if o, ok := operatorByOID(v, oid); ok {
			yieldText(yield, classOperator, oid, o.Doc)
		}
	},
	classOpclass: func(v View, oid types.OID, yield func(description)) {
		if c := v.Catalog().Routines().OpClasses().Class(oid); c != nil {
			yieldText(yield, classOpclass, oid, c.Comment)
		}
	},
	classOpfamily: func(v View, oid types.OID, yield func(description)) {
		if f := v.Catalog().Routines().OpClasses().Family(oid); f != nil {
			yieldText(yield, classOpfamily, oid, f.Comment)
		}
	},
	classPolicy: describePolicy,
	classRewrite: func(v View, oid types.OID, yield func(description)) {
		if r, ok := ruleByOID(v, oid); ok {
			yieldText(yield, classRewrite, oid, r.rule.Comment)
		}
	},
	classExtension: func(v View, oid types.OID, yield func(description)) {
		if e, ok := extensionByOID(v, oid); ok {
			yieldText(yield, classExtension, oid, e.doc)
		}
	},
	classAm: func(_ View, oid types.OID, yield func(description)) {
		for _, a := range accessMethods {
			if a.oid == oid {
				yieldText(yield, classAm, oid, a.doc)
			}
		}
	},
	classLanguage: func(_ View, oid types.OID, yield func(description)) {
		for _, l := range catalog.Languages {
			if l.OID == oid {
				yieldText(yield, classLanguage, oid, l.Doc)
			}
		}
	},
	classLarge: func(v View, oid types.OID, yield func(description)) {
		yieldText(yield, classLarge, oid, v.Catalog().LargeObjectComments()[oid])
	},
	classTsConfig: func(_ View, oid types.OID, yield func(description)) {
		if c := tsearch.FindConfig(oid); c != nil {
			yieldText(yield, classTsConfig, oid, c.Doc)
		}
	},
	classTsDict: func(_ View, oid types.OID, yield func(description)) {
		if d := tsearch.FindDictionary(oid); d != nil {
			yieldText(yield, classTsDict, oid, d.Doc)
		}
	},
	classConversion: func(_ View, oid types.OID, yield func(description)) {
		if c := conversionByOID(oid); c != nil {
			yieldText(yield, classConversion, oid, c.Doc)
		}
	},
	classTsParser: func(_ View, oid types.OID, yield func(description)) {
		if oid == tsearch.DefaultParser {
			yieldText(yield, classTsParser, oid, "default word parser")
		}
	},
	classTsTemplate: func(_ View, oid types.OID, yield func(description)) {
		if t := tsearch.FindTemplate(oid); t != nil {
			yieldText(yield, classTsTemplate, oid, t.Doc)
		}
	},
}

// describe yields the comments on one object.
func describe(v View, class, oid types.OID, yield func(description)) {
	if d := describers[class]; d != nil {
		d(v, oid, yield)
	}
}

func yieldText(yield func(description), class, oid types.OID, text string) {
	if text != "" {
		yield(description{class: class, object: oid, text: text})
	}
}

func describeClass(v View, oid types.OID, yield func(description)) {
	rel := v.Catalog().RelationByOID(oid)
	if rel == nil {
		if _, ix := indexByOID(v, oid); ix != nil {
			yieldText(yield, classClass, oid, ix.Comment)
		}
		return
	}
	yieldText(yield, classClass, oid, rel.Comment)
	for _, c := range rel.VisibleColumns() {
		if c.Comment != "" {
			yield(description{class: classClass, object: oid, sub: int32(c.Num), text: c.Comment})
		}
	}
}

func describePolicy(v View, oid types.OID, yield func(description)) {
	if rel := outline(v, oid); rel != nil {
		for _, p := range rel.Policies {
			if p.OID == oid {
				yieldText(yield, classPolicy, oid, p.Comment)
			}
		}
	}
}

func describeConstraint(v View, oid types.OID, yield func(description)) {
	if _, con := constraintByOID(v, oid); con != nil {
		yieldText(yield, classConstraint, oid, con.Comment)
	} else if _, _, con := domainConstraint(v, oid); con != nil {
		yieldText(yield, classConstraint, oid, con.Comment)
	}
}

func allDescriptions(v View, yield func(description)) {
	each := func(class types.OID) func(types.OID) {
		return func(oid types.OID) { describe(v, class, oid, yield) }
	}
	for _, rel := range Outlines(v) {
		each(classClass)(rel.OID)
		for _, ix := range Indexes(rel) {
			each(classClass)(ix.OID)
		}
	}
	owned(v, func(rel *catalog.Relation) {
		for _, con := range Constraints(rel) {
			yieldText(yield, classConstraint, con.OID, con.Comment)
		}
		for _, t := range rel.Triggers {
			each(classTrigger)(t.OID)
		}
	})
	DomainConstraints(v, func(_ *types.Type, _ *catalog.Relation, con *catalog.Constraint) {
		yieldText(yield, classConstraint, con.OID, con.Comment)
	})
	allRules(v, func(r rewriteRule) { yieldText(yield, classRewrite, r.rule.OID, r.rule.Comment) })
	allPolicies(v, func(p policy) { yieldText(yield, classPolicy, p.p.OID, p.p.Comment) })
	for _, s := range v.Catalog().Schemas() {
		each(classNamespace)(s.OID)
	}
	for _, t := range v.Catalog().Types().All() {
		each(classType)(t.OID)
	}
	EachFunction(v, func(f *Function) { each(classProc)(f.OID) })
	for _, o := range funcs.Operators() {
		each(classOperator)(o.OID)
	}
	for _, o := range v.Catalog().Routines().AllOperators() {
		each(classOperator)(o.OID)
	}
	for _, c := range v.Catalog().Routines().OpClasses().Classes {
		each(classOpclass)(c.OID)
	}
	for _, f := range v.Catalog().Routines().OpClasses().Families {
		each(classOpfamily)(f.OID)
	}
	for _, a := range accessMethods {
		each(classAm)(a.oid)
	}
	for _, l := range catalog.Languages {
		each(classLanguage)(l.OID)
	}
	for oid := range v.Catalog().LargeObjectComments() {
		each(classLarge)(oid)
	}
	allExtensions(v, func(e extension) { each(classExtension)(e.oid) })
	for _, c := range tsearch.Configs {
		each(classTsConfig)(c.OID)
	}
	for _, d := range tsearch.Dictionaries {
		each(classTsDict)(d.OID)
	}
	each(classTsParser)(tsearch.DefaultParser)
	for _, c := range mb.Catalog {
		each(classConversion)(types.OID(c.OID))
	}
	for _, t := range tsearch.Templates {
		each(classTsTemplate)(t.OID)
	}
}

// pgShdescription has the comments on databases, tablespaces and roles.
var pgShdescription = virtual.Rel[description]{
	Of: "pg_shdescription",
	Rows: func(v View, yield func(description)) {
		for _, d := range v.Catalog().Databases() {
			yieldText(yield, classDatabase, d.OID, d.Comment)
		}
		for _, r := range v.Catalog().Roles() {
			yieldText(yield, classAuthid, r.OID, r.Comment)
		}
	},
	Columns: virtual.Columns[description]{
		"objoid":      pgDescription.Columns["objoid"],
		"classoid":    pgDescription.Columns["classoid"],
		"description": pgDescription.Columns["description"],
	},
}
