package catalog

import "slices"

// Role is a user or group (pg_authid).
type Role struct {
	OID         OID
	Name        string
	Superuser   bool
	Inherit     bool
	CreateRole  bool
	CreateDB    bool
	Login       bool
	Replication bool
	BypassRLS   bool
	ConnLimit   int32 // -1 for none
	// Password is a SCRAM-SHA-256 verifier, "" for none. Only superusers see it, in
	// pg_authid.
	Password string
	// ValidUntil is when the password expires, as timestamptz's text in UTC; "" for
	// never.
	ValidUntil string
	// MemberOf are the roles that it was granted.
	MemberOf []Membership
	Comment  string
}

// Membership is a row of pg_auth_members, but for the member.
type Membership struct {
	Role    OID  `json:"role"`
	Grantor OID  `json:"grantor"`
	Admin   bool `json:"admin,omitempty"`
}

// The predefined roles (pg_authid.dat).
const (
	RoleDatabaseOwner   OID = 6171
	RoleReadAllData     OID = 6181
	RoleWriteAllData    OID = 6182
	RoleMonitor         OID = 3373
	RoleReadAllSettings OID = 3374
	RoleReadAllStats    OID = 3375
	RoleStatScanTables  OID = 3377
	RoleSignalBackend   OID = 4200

	RoleReadServerFiles      OID = 4569
	RoleWriteServerFiles     OID = 4570
	RoleExecuteServerProgram OID = 4571

	RoleCheckpoint OID = 4544
)

// PredefinedRoles are those that every database has, beside the bootstrap superuser.
func PredefinedRoles() []*Role {
	out := []*Role{
		{OID: RoleDatabaseOwner, Name: "pg_database_owner"}, {OID: RoleReadAllData, Name: "pg_read_all_data"},
		{OID: RoleWriteAllData, Name: "pg_write_all_data"}, {OID: RoleMonitor, Name: "pg_monitor"},
		{OID: RoleReadAllSettings, Name: "pg_read_all_settings"}, {OID: RoleReadAllStats, Name: "pg_read_all_stats"},
		{OID: RoleStatScanTables, Name: "pg_stat_scan_tables"}, {OID: RoleReadServerFiles, Name: "pg_read_server_files"},
		{OID: RoleWriteServerFiles, Name: "pg_write_server_files"}, {OID: RoleExecuteServerProgram, Name: "pg_execute_server_program"},
		{OID: RoleSignalBackend, Name: "pg_signal_backend"}, {OID: RoleCheckpoint, Name: "pg_checkpoint"},
	}
	for _, r := range out {
		r.Inherit, r.ConnLimit = true, -1
		if r.OID == RoleMonitor {
			for _, of := range []OID{RoleReadAllSettings, RoleReadAllStats, RoleStatScanTables} {
				r.MemberOf = append(r.MemberOf, Membership{Role: of, Grantor: BootstrapSuperuser})
			}
		}
	}
	return out
}

// Members says who is a member of what: a Reader, or what a catalog is made of.
type Members interface {
	Roles() []*Role
	Database() *Database
}

// RoleByName finds a role, nil if there is none.
func RoleByName(m Members, name string) *Role {
	for _, role := range m.Roles() {
		if role.Name == name {
			return role
		}
	}
	return nil
}

// RoleByOID finds a role by its oid, nil if there is none.
func RoleByOID(m Members, oid OID) *Role {
	for _, role := range m.Roles() {
		if role.OID == oid {
			return role
		}
	}
	return nil
}

// RolesOf are the role and those that it is a member of, at any distance: only those
// whose privileges it inherits, or all that it may SET ROLE to (roles_is_member_of).
// The owner of the database is a member of pg_database_owner.
func RolesOf(m Members, role *Role, inherited bool) []OID {
	out := []OID{role.OID}
	for i := 0; i < len(out); i++ {
		of := role
		if i > 0 {
			of = RoleByOID(m, out[i])
		}
		if of == nil || inherited && !of.Inherit {
			continue
		}
		if d := m.Database(); d != nil && d.Owner == of.OID && !slices.Contains(out, RoleDatabaseOwner) {
			out = append(out, RoleDatabaseOwner)
		}
		for _, m := range of.MemberOf {
			if !slices.Contains(out, m.Role) {
				out = append(out, m.Role)
			}
		}
	}
	return out
}

// HasPrivsOf says whether a role has the privileges of another one (has_privs_of_role).
// Nobody, a nil role, has all: that is the server itself.
func HasPrivsOf(m Members, role *Role, of OID) bool {
	return role == nil || role.Superuser || slices.Contains(RolesOf(m, role, true), of)
}

// IsMemberOf says whether a role may SET ROLE to another one (is_member_of_role).
func IsMemberOf(m Members, role *Role, of OID) bool {
	return role == nil || role.Superuser || slices.Contains(RolesOf(m, role, false), of)
}

// IsAdminOf says whether a role may grant another one (is_admin_of_role).
func IsAdminOf(m Members, role *Role, of OID) bool {
	if role == nil || role.Superuser {
		return true
	}
	return slices.ContainsFunc(RolesOf(m, role, false), func(oid OID) bool {
		r := RoleByOID(m, oid)
		return r != nil && slices.ContainsFunc(r.MemberOf, func(m Membership) bool { return m.Role == of && m.Admin })
	})
}

// RoleSetting is a row of pg_db_role_setting: parameters that sessions of a role
// (0: any) in a database (0: any) begin with.
type RoleSetting struct {
	Database OID `json:"database,omitempty"`
	Role     OID `json:"role,omitempty"`
	// Config are name=value.
	Config []string `json:"config"`
}
