package access

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRegexPrefix(t *testing.T) {
	for pattern, want := range map[string]struct {
		prefix string
		exact  bool
	}{
		"^(one)$": {"one", true}, "^one$": {"one", true}, "^one": {"one", false}, "^(one.*)$": {"one", false}, "^one.*$": {"one", false},
		`^(a\$b)$`: {"a$b", true}, `^a\.b`: {"a.b", false}, "^ab*": {"a", false}, "^ab+$": {"ab", false}, "^ab{2}$": {"a", false}, "^né?$": {"n", false},
		"^a|b": {"", false}, "^(a|b)$": {"", false}, "one": {"", false}, "one$": {"", false}, `^a\$`: {"", false}, "^(a)*(b)$": {"", false}, "^((a)*b)$": {"", false}, `^a\\$`: {"", false}, `^\d`: {"", false},
		"^(a)(b)$": {"", false}, "^(a)*$": {"", false}, "^(?:a)$": {"", false}, "^(?i)a$": {"", false}, "^": {"", false}, "^$": {"", true}, "***:^a$": {"", false},
		`^a\m`: {"a", false}, "^a[bc]": {"a", false}, "^a(b": {"a", false},
	} {
		prefix, exact := regexPrefix(pattern)
		assert.Equal(t, want.prefix, prefix, pattern)
		assert.Equal(t, want.exact, exact, pattern)
	}
}
