package types

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// AclItemType is aclitem, held as its text: grantee=rights/grantor.
var AclItemType = Register(Def[string]{
	Type: Type{OID: AclItemOID, Name: "aclitem", Array: 1034, Len: 12, Category: UserDefined, Unordered: true,
		Doc: "access control list"},
	Impl: func() Impl[string] {
		i := textImpl()
		i.In = aclItemIn
		i.Recv, i.Send = nil, nil
		return i
	}(),
})

// ACLItem is what an aclitem says; Grantee is "" for PUBLIC. Rights are letters, each
// with * after it where it can be granted.
type ACLItem struct{ Grantee, Rights, Grantor string }

const aclLetters = "arwdDxtXUCTcsA"

// aclItemIn is aclitemin: both names must be roles.
func aclItemIn(env *Env, s string, _ int32) (string, error) {
	item, err := ParseACLItem(s)
	if err != nil {
		return "", err
	}
	if env == nil || env.Names == nil {
		return "", cannotAccept("aclitem")
	}
	for _, name := range []string{item.Grantee, item.Grantor} {
		if name == "" {
			continue
		}
		if _, err := env.Names.OIDOf(RegRole, quotedName(name)); err != nil {
			return "", err
		}
	}
	return item.String(), nil
}

func quotedName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// ParseACLItem is aclparse: 22P02.
func ParseACLItem(s string) (ACLItem, error) {
	var item ACLItem
	name, rest, err := aclIdent(strings.TrimLeft(s, " "))
	if err != nil {
		return item, err
	}
	if !strings.HasPrefix(rest, "=") {
		if name != "group" && name != "user" {
			return item, pgerr.New(pgerr.InvalidTextRepresentation, "unrecognized key word: \"%s\"", name).
				WithHint("ACL key word must be \"group\" or \"user\".")
		}
		if name, rest, err = aclIdent(strings.TrimLeft(rest, " ")); err != nil {
			return item, err
		}
		if name == "" {
			return item, pgerr.New(pgerr.InvalidTextRepresentation, "missing name").
				WithHint("A name must follow the \"group\" or \"user\" key word.")
		}
	}
	if !strings.HasPrefix(rest, "=") {
		return item, pgerr.New(pgerr.InvalidTextRepresentation, "missing \"=\" sign")
	}
	rest = rest[1:]
	n := strings.IndexFunc(rest, func(r rune) bool { return r == '/' || r == ' ' })
	if n < 0 {
		n = len(rest)
	}
	for i := range n {
		if c := rest[i]; strings.IndexByte(aclLetters, c) < 0 && (c != '*' || i == 0) {
			return item, pgerr.New(pgerr.InvalidTextRepresentation, "invalid mode character: must be one of \"%s\"", aclLetters)
		}
	}
	item.Grantee, item.Rights, rest = name, sortedRights(rest[:n]), rest[n:]
	if strings.HasPrefix(rest, "/") {
		if item.Grantor, rest, err = aclIdent(rest[1:]); err != nil {
			return item, err
		}
		if item.Grantor == "" {
			return item, pgerr.New(pgerr.InvalidTextRepresentation, "a name must follow the \"/\" sign")
		}
	}
	if strings.TrimSpace(rest) != "" {
		return item, pgerr.New(pgerr.InvalidTextRepresentation, "extra garbage at the end of the ACL specification")
	}
	return item, nil
}

// sortedRights brings letters into the order of aclitemout.
func sortedRights(s string) string {
	var b strings.Builder
	for i := range len(aclLetters) {
		letter := aclLetters[i : i+1]
		if strings.Contains(s, letter) {
			b.WriteString(letter)
		}
		if strings.Contains(s, letter+"*") {
			b.WriteByte('*')
		}
	}
	return b.String()
}

// aclIdent is getid: letters, digits and underscores, or anything in double quotes.
func aclIdent(s string) (name, rest string, err error) {
	var b strings.Builder
	quoted := false
	i := 0
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"' && quoted && i+1 < len(s) && s[i+1] == '"':
			b.WriteByte(c)
			i++
		case c == '"':
			quoted = !quoted
		case quoted || c == '_' || isAlnum(c):
			b.WriteByte(c)
		default:
			return b.String(), strings.TrimLeft(s[i:], " "), checkIdent(b.Len())
		}
	}
	return b.String(), "", checkIdent(b.Len())
}

func checkIdent(n int) error {
	if n > maxNameLen {
		return pgerr.New(pgerr.NameTooLong, "identifier too long").
			WithDetail("Identifier must be less than %d characters.", maxNameLen+1)
	}
	return nil
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// String is aclitemout.
func (a ACLItem) String() string {
	out := ""
	if a.Grantee != "" {
		out = ACLName(a.Grantee)
	}
	return out + "=" + a.Rights + "/" + ACLName(a.Grantor)
}

// ACLName is putid: a role's name, in quotes where it has other than letters, digits
// and underscores.
func ACLName(name string) string {
	for i := range len(name) {
		if !isAlnum(name[i]) && name[i] != '_' {
			return quotedName(name)
		}
	}
	return name
}
