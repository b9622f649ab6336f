package s3_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/conformance"
	"github.com/s3db-sql/s3db-sql/storage/objstore/location"
	"github.com/s3db-sql/s3db-sql/storage/objstore/probe"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
	"github.com/s3db-sql/s3db-sql/storage/objstore/wrap"
)

// open opens a location without a probe.
func open(t testing.TB, at string, opt s3.Options) *s3.Store {
	loc, err := location.Parse(at)
	require.NoError(t, err)
	s, err := s3.Open(t.Context(), loc, opt)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// probed opens a location, probes it, and makes parts of it that do not overlap.
func probed(t *testing.T, at string) func(*testing.T) objstore.Store {
	s := open(t, at, s3.Options{})
	_, err := probe.Run(t.Context(), s, "probe", rng.System)
	require.NoError(t, err)
	n := 0
	return func(*testing.T) objstore.Store {
		n++
		return wrap.Prefixed(s, fmt.Sprintf("test%03d", n))
	}
}

func TestConformanceFake(t *testing.T) {
	for name, knobs := range map[string]s3fake.Knobs{
		"AWS":        {LaxMetadata: true},
		"like MinIO": {ListMetadata: true, NoConditionalDelete: true},
		"like Ceph":  {UnquotedIfMatch: true, NoConditionalDelete: true, LaxMetadata: true},
		"odd pages":  {PageSize: 170, EmptyPages: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := s3fake.New(t, clock.System)
			fake.Turn(knobs)
			conformance.Run(t, probed(t, fake.Location("")), conformance.Options{Rounds: 5, Keys: 1200})
		})
	}
}

// Both servers keep objects as files.
const maxFileName = 255

func TestConformanceVersitygw(t *testing.T) {
	server := s3test.Versitygw(t)
	conformance.Run(t, probed(t, server.Location("")), conformance.Options{Rounds: 5, Keys: 1200, MaxSegment: maxFileName})
}

func TestConformanceMinIO(t *testing.T) {
	server := s3test.MinIO(t)
	conformance.Run(t, probed(t, server.Location("")), conformance.Options{Rounds: 5, Keys: 1200, MaxSegment: maxFileName})
}
