package catalog

// What initdb grants and takes (system_functions.sql, system_views.sql): pg_init_privs.

// secretRelations are the catalogs that PUBLIC can't read, with the role that can, 0
// for none.
var secretRelations = map[string]OID{
	"pg_authid": 0, "pg_backend_memory_contexts": RoleReadAllStats, "pg_config": 0, "pg_file_settings": 0, "pg_hba_file_rules": 0,
	"pg_ident_file_mappings": 0, "pg_largeobject": 0, "pg_replication_origin_status": 0, "pg_shadow": 0,
	"pg_shmem_allocations": RoleReadAllStats, "pg_statistic": 0, "pg_statistic_ext_data": 0, "pg_subscription": 0, "pg_user_mapping": 0,
}

// restrictedFunctions are those that PUBLIC can't call, by oid, with the role that can.
var restrictedFunctions = map[OID]OID{
	764: 0, 765: 0, 767: 0, 2172: 0, 2274: 0, 2282: RoleReadAllStats, 2307: 0, 2621: 0, 2622: 0, 2623: 0, 2624: 0, 2625: 0, 2739: 0,
	2848: 0, 3071: 0, 3072: 0, 3098: 0, 3293: 0, 3295: 0, 3297: 0, 3307: 0, 3329: 0, 3353: RoleMonitor, 3354: RoleMonitor, 3400: 0,
	3401: 0, 3436: 0, 3775: 0, 3776: 0, 3777: 0, 3800: 0, 3801: 0, 3826: 0, 3827: 0, 3828: 0, 4543: 0, 5029: RoleMonitor,
	5030: RoleMonitor, 5031: RoleMonitor, 5052: RoleReadAllStats, 6003: 0, 6004: 0, 6005: 0, 6006: 0, 6007: 0, 6008: 0, 6009: 0,
	6010: 0, 6011: 0, 6012: 0, 6013: 0, 6014: 0, 6170: 0, 6230: 0, 6232: 0, 6250: 0, 6270: RoleMonitor, 6271: RoleMonitor, 6272: RoleMonitor,
}

// InitialRelationACL is the access list that a relation of the server's own begins with.
func InitialRelationACL(rel *Relation) []ACLItem {
	acl := AccessTable.Default(rel.Owner)
	reader, secret := secretRelations[rel.Name]
	switch {
	case secret && reader == 0:
		return acl
	case !secret:
		reader = PublicRole
	}
	item := ACLItem{Grantee: reader, Grantor: rel.Owner, Rights: ACLSelect}
	if rel.Name == "pg_settings" {
		item.Rights |= ACLUpdate
	}
	return append(acl, item)
}

// InitialAccess is that of an object before anybody changed it.
func InitialAccess(o Object) Access {
	switch o.Class {
	case ClassSchema:
		return initialSchema(o.OID)
	case ClassProc:
		caller, restricted := restrictedFunctions[o.OID]
		if !restricted {
			return Access{}
		}
		acl := []ACLItem{{Grantee: BootstrapSuperuser, Grantor: BootstrapSuperuser, Rights: ACLExecute}}
		if caller != 0 {
			acl = append(acl, ACLItem{Grantee: caller, Grantor: BootstrapSuperuser, Rights: ACLExecute})
		}
		return Access{ACL: acl}
	}
	return Access{}
}

func initialSchema(oid OID) Access {
	owner := BootstrapSuperuser
	switch {
	case oid == PublicOID:
		owner = RoleDatabaseOwner
	case oid >= FirstUserOID:
		return Access{}
	}
	return Access{Owner: owner, ACL: []ACLItem{
		{Grantee: owner, Grantor: owner, Rights: ACLUsage | ACLCreate}, {Grantor: owner, Rights: ACLUsage}}}
}
