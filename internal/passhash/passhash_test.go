package passhash

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/rng"
)

// Hashes of s3db.js itself and of its argon2 and bcrypt modules.
const (
	by21      = "$c$xMPWg/ImZAtIzGOeirBlku62WrY3v.QUjlsxVeeRnw2GSPUFnBfSa" // fixtures 21.6.2, of MyPassw0rd
	inTheOpen = "MyPassw0rd"
)

func TestRoundTrips(t *testing.T) {
	old, err := Bcrypt(inTheOpen, true)
	require.NoError(t, err)
	require.Len(t, old, 53)
	compact, err := Bcrypt(inTheOpen, false)
	require.NoError(t, err)
	require.Regexp(t, `^\$c\$[./A-Za-z0-9]{53}$`, compact)
	argon := Argon2id(inTheOpen, rng.Seeded(1))
	require.Regexp(t, `^\$j\|g\|3\|4\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`, argon)
	whole := []string{"$2b$10$" + old, "$2a$12$" + compact[3:], "$argon2id$v=19$m=65536,t=3,p=4" + argon[len("$j|g|3|4"):]}
	for _, hash := range append(whole, old, compact, argon, by21) {
		require.True(t, Is(hash), hash)
		ok, err := Verify(inTheOpen, hash)
		require.NoError(t, err)
		require.True(t, ok, hash)
		ok, err = Verify(inTheOpen+"!", hash)
		require.NoError(t, err)
		require.False(t, ok, hash)
	}
}

// TestLong: bcrypt looks at 72 bytes, argon2id at all.
func TestLong(t *testing.T) {
	long := strings.Repeat("x", 73)
	hash, err := Bcrypt(long, false)
	require.NoError(t, err)
	ok, _ := Verify(long[:72], hash)
	require.True(t, ok)
	ok, _ = Verify(long[:72], Argon2id(long, rng.Seeded(2)))
	require.False(t, ok)
}

func TestNoHashes(t *testing.T) {
	for _, text := range []string{"", "x", "$abc$def", "$a|b$", "$c$short", "$argon2id$v=19$m=1$x$y", "correcthorsebatterystaplecorrecthorsebatterystaple1234"} {
		require.False(t, Is(text), text)
		ok, err := Verify("x", text)
		require.NoError(t, err)
		require.False(t, ok)
	}
}

func TestTooExpensive(t *testing.T) {
	tail := by21[3:]
	for _, hash := range []string{"$2b$31$" + tail, "$v$" + tail, "$j|z|3|4$AAAAAAAAAAAAAAAAAAAAAA$AAAA", "$j|ZZZZZZZZZZZZ|3|4$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
		"$argon2id$v=19$m=65536,t=99999999999,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAA"} {
		_, err := Verify("x", hash)
		require.ErrorIs(t, err, ErrCost, hash)
	}
}
