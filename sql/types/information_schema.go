package types

// InformationSchema is the schema of the standard's own domains.
const InformationSchema = "information_schema"

// The domains of which the views of information_schema are made
// (information_schema.sql).
var (
	_ = registerDomain(Type{OID: 13221, Array: 13220, Name: "cardinal_number"}, Domain{Base: Int4Type, Typmod: -1,
		Checks: []DomainCheck{{OID: 13222, Name: "cardinal_number_domain_check", Expr: "VALUE >= 0"}}})
	_ = registerDomain(Type{OID: 13224, Array: 13223, Name: "character_data", Collation: cCollation}, Domain{Base: VarcharType, Typmod: -1})
	_ = registerDomain(Type{OID: 13226, Array: 13225, Name: "sql_identifier"}, Domain{Base: NameType, Typmod: -1})
	_ = registerDomain(Type{OID: 13232, Array: 13231, Name: "time_stamp"}, Domain{Base: TimestamptzType, Typmod: 2, Default: "CURRENT_TIMESTAMP(2)"})
	_ = registerDomain(Type{OID: 13234, Array: 13233, Name: "yes_or_no", Collation: cCollation}, Domain{Base: VarcharType, Typmod: 7,
		Checks: []DomainCheck{{OID: 13235, Name: "yes_or_no_check", Expr: "(VALUE)::text = ANY ((ARRAY['YES'::character varying, 'NO'::character varying])::text[])"}}})
)

func registerDomain(id Type, d Domain) *Type {
	id.Namespace = InformationSchema
	t := NewDomainType(id, d)
	if id.Collation != 0 {
		t.Collation = id.Collation
	}
	builtin.add(t)
	builtin.add(newArrayType(t))
	return t
}
