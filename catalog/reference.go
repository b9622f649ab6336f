package catalog

// The catalogs whose rows others refer to, as pg_depend names them (classid,
// refclassid), and whose rows have owners.
const (
	ClassRelation   OID = 1259 // pg_class
	ClassType       OID = 1247 // pg_type
	ClassProc       OID = 1255 // pg_proc
	ClassCollation  OID = 3456 // pg_collation
	ClassSchema     OID = 2615 // pg_namespace
	ClassDatabase   OID = 1262 // pg_database
	ClassLanguage   OID = 2612 // pg_language
	ClassOperator   OID = 2617 // pg_operator
	ClassCast       OID = 2605 // pg_cast
	ClassOpclass    OID = 2616 // pg_opclass
	ClassOpfamily   OID = 2753 // pg_opfamily
	ClassConstraint OID = 2606 // pg_constraint
	// ClassLargeObject is pg_largeobject's, not pg_largeobject_metadata's.
	ClassLargeObject OID = 2613
)

// Reference is an object that something stored as text uses: a relation, or one of
// its columns, a type, a function.
type Reference struct {
	Class, OID OID
	Column     int16 // of a relation; 0 for the whole object
}
