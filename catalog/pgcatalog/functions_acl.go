package pgcatalog

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// aclArray is an access list as aclitem[], NULL before anything was granted.
func aclArray(v View, acl []catalog.ACLItem) any {
	if acl == nil {
		return nil
	}
	items := make([]string, len(acl))
	for i, a := range acl {
		items[i] = aclText(v, a)
	}
	return arrayOf(types.AclItemOID, items)
}

func aclText(v View, a catalog.ACLItem) string {
	return a.Text(func(oid types.OID) string { return types.ACLName(RoleName(v, oid)) })
}

// aclDefault: 22023 for a letter that is no kind of object.
func aclDefault(q *call) (any, error) {
	text := q.text(0)
	if len(text) != 1 || !catalog.AccessKind(text[0]).Known() {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "unrecognized object type abbreviation: %s", text)
	}
	acl := catalog.AccessKind(text[0]).Default(q.oid(1))
	if acl == nil {
		acl = []catalog.ACLItem{}
	}
	return aclArray(q.View, acl), nil
}

// aclItem reads an aclitem's text, which its input has checked.
func (q *call) aclItem(text string) catalog.ACLItem {
	item, err := types.ParseACLItem(text)
	if err != nil {
		return catalog.ACLItem{}
	}
	out := catalog.ACLItem{Grantee: q.roleOID(item.Grantee), Grantor: q.roleOID(item.Grantor)}
	for i := 0; i < len(item.Rights); i++ {
		if item.Rights[i] == '*' {
			out.Grantable |= catalog.Letter(item.Rights[i-1])
			continue
		}
		out.Rights |= catalog.Letter(item.Rights[i])
	}
	return out
}

func (q *call) roleOID(name string) types.OID {
	if role := catalog.RoleByName(q.Catalog(), name); role != nil {
		return role.OID
	}
	return catalog.PublicRole
}

// aclExplode is aclexplode: a row for each right.
func aclExplode(q *call) (any, error) {
	var rows [][]any
	for _, e := range q.args[0].(*types.Array).Elems {
		text, ok := e.(string)
		if !ok {
			return nil, pgerr.New(pgerr.NullValueNotAllowed, "ACL arrays must not contain null values")
		}
		item := q.aclItem(text)
		item.Rights.Each(func(right catalog.Privilege, word string) {
			rows = append(rows, []any{item.Grantor, item.Grantee, word, item.Grantable&right != 0})
		})
	}
	return rows, nil
}

// makeACLItem is makeaclitem.
func makeACLItem(q *call) (any, error) {
	item := catalog.ACLItem{Grantee: q.oid(0), Grantor: q.oid(1)}
	for _, word := range strings.Split(q.text(2), ",") {
		word = strings.TrimSpace(word)
		right := catalog.PrivilegeOf(strings.ToUpper(word))
		if right == 0 && !strings.EqualFold(word, "RULE") {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "unrecognized privilege type: \"%s\"", word)
		}
		item.Rights |= right
	}
	if q.flag(3) {
		item.Grantable = item.Rights
	}
	return aclText(q.View, item), nil
}

// aclContains is aclcontains.
func aclContains(q *call) (any, error) {
	want := q.aclItem(q.text(1))
	for _, e := range q.args[0].(*types.Array).Elems {
		text, _ := e.(string)
		have := q.aclItem(text)
		if have.Grantee == want.Grantee && have.Grantor == want.Grantor && want.Rights&^have.Rights == 0 && want.Grantable&^have.Grantable == 0 {
			return true, nil
		}
	}
	return false, nil
}
