package s3db_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

func TestIDGenerators(t *testing.T) {
	clk := clock.NewFake(noon)
	for name, form := range map[string]string{
		"":        `^[A-Za-z0-9_-]{22}$`,
		"default": `^[A-Za-z0-9_-]{22}$`,
		"nanoid":  `^[A-Za-z0-9_-]{22}$`,
		"uuid":    `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
		"uuidv1":  `^[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
		"uuidv7":  `^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
		"ulid":    `^01[0-9A-HJKMNP-TV-Z]{24}$`,
	} {
		g, err := s3db.NewIDGenerator(name, 0, rng.Seeded(9), clk)
		require.NoError(t, err)
		seen := map[string]bool{}
		for range 1000 {
			id := g()
			require.Regexp(t, regexp.MustCompile(form), id, name)
			require.False(t, seen[id], "%s repeats %s", name, id)
			seen[id] = true
		}
	}
	g, err := s3db.NewIDGenerator("nanoid", 8, rng.Seeded(9), clk)
	require.NoError(t, err)
	require.Len(t, g(), 8)
	for name, code := range map[string]pgerr.Code{"serial": pgerr.InvalidParameterValue, "incremental": pgerr.InvalidParameterValue} {
		_, err := s3db.NewIDGenerator(name, 0, rng.Seeded(9), clk)
		require.Equal(t, code, pgerr.CodeOf(err))
	}
}

// TestTimesInIDs takes the time back out of the ids that hold one.
func TestTimesInIDs(t *testing.T) {
	clk := clock.NewFake(noon)
	seven, err := s3db.NewIDGenerator("uuidv7", 0, rng.Seeded(9), clk)
	require.NoError(t, err)
	require.Equal(t, noon.UnixMilli(), millis7(seven()))
	ulid, err := s3db.NewIDGenerator("ulid", 0, rng.Seeded(9), clk)
	require.NoError(t, err)
	require.Equal(t, noon.UnixMilli(), millisULID(ulid()))
	one, err := s3db.NewIDGenerator("uuidv1", 0, rng.Seeded(9), clk)
	require.NoError(t, err)
	require.Equal(t, noon.UnixMilli(), millis1(one()))
}

func TestULIDsAscend(t *testing.T) {
	clk := clock.NewFake(noon)
	next, err := s3db.NewIDGenerator("ulid", 0, rng.Seeded(9), clk)
	require.NoError(t, err)
	last := next()
	for i := range 5000 {
		switch i % 1000 {
		case 500:
			clk.Advance(time.Millisecond)
		case 900:
			clk.Advance(-5 * time.Millisecond) // an operator sets the clock back
		}
		id := next()
		require.Greater(t, id, last)
		last = id
	}
}
