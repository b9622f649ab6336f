package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/catalog/partition"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// partitionMethods are the access methods whose operator classes order or hash a key.
var partitionMethods = map[catalog.PartitionStrategy]string{catalog.ByList: opclass.BTree, catalog.ByRange: opclass.BTree, catalog.ByHash: "hash"}

// partitionSupport are the support functions that tell partitions apart (BTORDER_PROC,
// HASHEXTENDED_PROC).
var partitionSupport = map[catalog.PartitionStrategy]int16{catalog.ByList: 1, catalog.ByRange: 1, catalog.ByHash: 2}

// partitionOpclass is ResolveOpClass for an element of a partition key: 42704 where
// there is no class.
func (t *tableBuilder) partitionOpclass(strategy catalog.PartitionStrategy, k *catalog.PartitionKey, parts []string, typ *types.Type) {
	m := opclass.FindMethod(partitionMethods[strategy])
	base, _ := typ.BaseType(-1)
	standard := t.opclasses().Default(m, base)
	class := standard
	if len(parts) > 0 {
		class = t.operatorClass(m, parts)
	}
	switch {
	case class == nil, class.Namespace == "" && base.Compare == nil && len(parts) == 0:
		fail(pgerr.New(pgerr.UndefinedObject, "data type %s has no default operator class for access method \"%s\"", t.typeName(typ), m.Name).
			WithHint("You must specify a %s operator class or define a default %s operator class for the data type.", m.Name, m.Name))
	case !class.Accepts(base):
		failAt(-1, pgerr.DatatypeMismatch, "operator class \"%s\" does not accept data type %s", dotted(parts), t.typeName(typ))
	case class.Namespace != "":
		t.ownPartitionClass(strategy, k, class, base)
	}
	if standard == nil || class.OID != standard.OID {
		if k.Opclass = class.Name; class.Namespace == "" && !byteOrdered[class.Name] {
			unsupported(-1, "operator class \"%s\" in a partition key", class.Name)
		}
	}
}

// byteOrdered are the classes that order text as the default ones do here.
var byteOrdered = map[string]bool{"text_pattern_ops": true, "varchar_pattern_ops": true, "bpchar_pattern_ops": true, "varchar_ops": true}

// ownPartitionClass is a class that the database defines: its hash function is
// called for each row, its order must be that of the type's values.
func (t *tableBuilder) ownPartitionClass(strategy catalog.PartitionStrategy, k *catalog.PartitionKey, class *opclass.Class, base *types.Type) {
	number := partitionSupport[strategy]
	support := t.opclasses().Support(class, number)
	if support == 0 {
		failAt(-1, pgerr.InvalidObjectDefinition, "operator class \"%s\" of access method %s is missing support function %d for type %s",
			class.Name, class.Method.Name, number, t.oidName(class.In))
	}
	k.OpclassOID = class.OID
	if strategy == catalog.ByHash {
		if !t.hashesAs(support, base) {
			k.Hash = support
		}
		return
	}
	if own := t.opclasses().Own().Class(class.OID); own.Like == 0 || !base.LooksLike(own.Like) {
		unsupported(-1, "operator class \"%s\" in a partition key", class.Name)
	}
}

// hashesAs says whether a function is the extended hash function of the type whose
// values t has.
func (b *binder) hashesAs(oid types.OID, t *types.Type) bool {
	if own := b.routines().Function(oid); own != nil {
		if own.Language != internalLanguage {
			return false
		}
		oid = funcOID(funcs.BySource(own.Source))
	}
	form := t.Form()
	class := opclass.Default(opclass.FindMethod("hash"), form)
	return class != nil && oid != 0 && opclass.BuiltinMember(class.Family, true, class.In, class.In, 2) == oid
}

// hashCall is the hash of a key's value by a function of the database's own.
func (b *binder) hashCall(oid types.OID, key plan.Expr) plan.Expr {
	f := b.function(oid)
	if f == nil || !implemented(f) {
		failAt(-1, pgerr.InternalError, "cache lookup failed for function %d", oid)
	}
	b.uses(f)
	args := []plan.Expr{b.coerceToTarget(key, b.typ(f.Args[0]), -1, coerceExplicit, plan.DisplayImplicitCast, -1), b.value(types.Int8OID, partition.HashSeed, -1)}
	return &plan.Call{Meta: plan.M(b.typ(types.Int8OID), -1), Func: f, Args: args}
}
