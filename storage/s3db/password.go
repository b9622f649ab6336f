package s3db

import (
	"regexp"

	"golang.org/x/crypto/bcrypt"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// bcryptRounds is the fewest that 21 accepts.
const bcryptRounds = 12

// hashForms are stored hashes: compact bcrypt as 19 (53 characters) and 21 write
// it, full bcrypt, compact and full argon2id (section 7). Text of such a form is
// kept as it is, as the library does.
var hashForms = regexp.MustCompile(`^([./A-Za-z0-9]{53}|\$[0-9a-zA-Z]\$[./A-Za-z0-9]{53}|\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}|` +
	`\$[0-9a-zA-Z]+(\|[0-9a-zA-Z]+){3}\$[^$]+\$[^$]+|\$argon2id\$.+)$`)

// encodePassword hashes a password one-way: it reads back as its hash.
func (k *coder) encodePassword(v any) (string, error) {
	plain, err := encodePlain(v)
	if err != nil || hashForms.MatchString(plain) {
		return plain, err
	}
	if _, argon := k.a.RuleArg("password"); argon && k.argon() {
		return "", pgerr.Unsupported("hashing with argon2id (attribute \"%s\")", k.a.Name)
	}
	b := []byte(plain)
	hash, err := bcrypt.GenerateFromPassword(b[:min(len(b), 72)], bcryptRounds)
	if err != nil {
		return "", pgerr.Internal("s3db: bcrypt: %v", err)
	}
	return k.compactBcrypt(string(hash)), nil
}

func (k *coder) argon() bool {
	arg, _ := k.a.RuleArg("password")
	return arg == "argon2id"
}

// compactBcrypt shortens $2a$12$… to the 53 characters after the rounds, and
// for 21 to $c$…, which keeps the rounds in base 62.
func (k *coder) compactBcrypt(hash string) string {
	short := hash[len("$2a$12$"):]
	if !k.o.packed {
		return short
	}
	return "$" + base62(bcryptRounds) + "$" + short
}
