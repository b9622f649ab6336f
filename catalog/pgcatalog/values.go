package pgcatalog

import (
	"time"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// OIDs of the catalogs themselves, which name the kind of an object
// (pg_description.classoid).
const (
	classClass      = catalog.OID(1259)
	classType       = catalog.OID(1247)
	classProc       = catalog.OID(1255)
	classAttrdef    = catalog.OID(2604)
	classAm         = catalog.OID(2601)
	classConstraint = catalog.ClassConstraint
	classTrigger    = catalog.OID(2620)
	classDatabase   = catalog.OID(1262)
	classLanguage   = catalog.OID(2612)
	classLarge      = catalog.ClassLargeObject
	classTsDict     = catalog.OID(3600)
	classTsParser   = catalog.OID(3601)
	classTsConfig   = catalog.OID(3602)
	classTsTemplate = catalog.OID(3764)
	classNamespace  = catalog.OID(2615)
	classExtension  = catalog.OID(3079)
	classAmop       = catalog.OID(2602)
	classAmproc     = catalog.OID(2603)
	classAuthid     = catalog.OID(1260)
	classCast       = catalog.OID(2605)
	classOpclass    = catalog.ClassOpclass
	classOpfamily   = catalog.ClassOpfamily
	classCollation  = catalog.ClassCollation
	classConversion = catalog.OID(2607)
	classOperator   = catalog.OID(2617)
	classPolicy     = catalog.OID(3256)
	classDefaultACL = catalog.OID(826)
	classRewrite    = catalog.OID(2618)
	classTablespace = catalog.OID(1213)
)

// is is a column that is the same in every row.
func is[T any](v any) func(T) any { return func(T) any { return v } }

// quoteIdent quotes an identifier where SQL needs it.
func quoteIdent(name string) string { return funcs.QuoteIdent(name) }

// orNull is nil for the empty text.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// timeOrNull is nil for the zero time.
func timeOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return types.TimestampFromTime(t)
}

// letter is a "char"; 0 is the empty one.
func letter[T ~byte](b T) any {
	if b == 0 {
		return ""
	}
	return string(rune(b))
}

func arrayOf[T any](elem types.OID, values []T) *types.Array {
	elems := make([]any, len(values))
	for i, v := range values {
		elems[i] = v
	}
	return types.NewArray(types.ByOID(elem), elems)
}

// arrayOrNull is arrayOf, nil for no values.
func arrayOrNull[T any](elem types.OID, values []T) any {
	if len(values) == 0 {
		return nil
	}
	return arrayOf(elem, values)
}

func int2Vector(values []int16) any { return types.NewVector(types.ByOID(types.Int2OID), values) }

func oidVector(values []types.OID) any { return types.NewVector(types.ByOID(types.OidOID), values) }
