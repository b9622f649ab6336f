package probe_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/location"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
	"github.com/s3db-sql/s3db-sql/storage/objstore/probe"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
)

func openS3(t *testing.T, at string) *s3.Store {
	loc, err := location.Parse(at)
	require.NoError(t, err)
	s, err := s3.Open(t.Context(), loc, s3.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestProbeFindsWhatServersDo(t *testing.T) {
	aws := objstore.Capabilities{ConditionalPut: true, ConditionalDelete: true, ReplacesMetadata: true, OrderedList: true,
		Durable: true, MaxMetadata: 2048, MetadataOverhead: 11, Name: "S3"}
	with := func(change func(*objstore.Capabilities)) objstore.Capabilities {
		c := aws
		change(&c)
		return c
	}
	for name, c := range map[string]struct {
		knobs s3fake.Knobs
		want  objstore.Capabilities
	}{
		"AWS":             {s3fake.Knobs{}, aws},
		"lax":             {s3fake.Knobs{LaxMetadata: true}, with(func(c *objstore.Capabilities) { c.MetadataOverhead = 0 })},
		"list metadata":   {s3fake.Knobs{ListMetadata: true}, with(func(c *objstore.Capabilities) { c.ListMetadata = true })},
		"no delete":       {s3fake.Knobs{NoConditionalDelete: true}, with(func(c *objstore.Capabilities) { c.ConditionalDelete = false })},
		"bare ETags":      {s3fake.Knobs{UnquotedIfMatch: true}, with(func(c *objstore.Capabilities) { c.UnquotedIfMatch = true })},
		"merges metadata": {s3fake.Knobs{MergeMetadata: true}, with(func(c *objstore.Capabilities) { c.ReplacesMetadata = false })},
		"no order":        {s3fake.Knobs{Unordered: true}, with(func(c *objstore.Capabilities) { c.OrderedList = false })},
		"no conditions": {s3fake.Knobs{NoConditionalPut: true}, with(func(c *objstore.Capabilities) {
			c.ConditionalPut, c.ConditionalDelete = false, false
		})},
		"read-only keys": {s3fake.Knobs{ReadOnly: true}, objstore.Capabilities{OrderedList: true, Durable: true,
			MaxMetadata: 2048, Name: "S3"}},
	} {
		t.Run(name, func(t *testing.T) {
			fake := s3fake.New(t, clock.System)
			fake.Turn(c.knobs)
			s := openS3(t, fake.Location(""))
			got, err := probe.Run(t.Context(), s, "databases/app", rng.Seeded(1))
			require.NoError(t, err)
			require.Equal(t, c.want, got)
			require.Equal(t, c.want, s.Capabilities(), "the store works by it")
			require.Zero(t, fake.Objects().Len(), "nothing is left behind")
			require.LessOrEqual(t, len(fake.Requests()), 300, "what the first contact may cost: $0.001 at AWS")

			require.Equal(t, !c.want.OrderedList, probe.Missing(got) != nil)
			require.Equal(t, !c.want.ConditionalPut || !c.want.ReplacesMetadata, probe.CannotWrite(got) != nil)
		})
	}
}

func TestProbeOfMem(t *testing.T) {
	s := mem.New(clock.System)
	got, err := probe.Run(t.Context(), s, "", rng.Seeded(1))
	require.NoError(t, err)
	require.Equal(t, s.Capabilities(), got)
	require.Zero(t, s.Len())
}

func TestProbeOfRealServers(t *testing.T) {
	for name, c := range map[string]struct {
		start func(testing.TB) *s3test.Server
		want  objstore.Capabilities
	}{
		"versitygw": {s3test.Versitygw, objstore.Capabilities{ConditionalPut: true, ReplacesMetadata: true, OrderedList: true,
			Durable: true, MaxMetadata: 2048, Name: "S3"}},
		"minio": {s3test.MinIO, objstore.Capabilities{ConditionalPut: true, ReplacesMetadata: true, OrderedList: true,
			ListMetadata: true, Durable: true, MaxMetadata: 2048, MetadataOverhead: 11, Name: "S3"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := openS3(t, c.start(t).Location(""))
			got, err := probe.Run(t.Context(), s, "databases/app", rng.System)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
			page, err := s.List(t.Context(), objstore.ListRequest{})
			require.NoError(t, err)
			require.Empty(t, page.Objects)
		})
	}
}

func TestProbeCleansUpAfterTheContextHasEnded(t *testing.T) {
	fake := s3fake.New(t, clock.System)
	s := openS3(t, fake.Location(""))
	ctx, cancel := context.WithCancel(t.Context())
	fake.Inject(s3fake.Fault{Op: "LIST", Key: func(string) bool { cancel(); return true }})
	_, err := probe.Run(ctx, s, "p", rng.System)
	require.Equal(t, objstore.Cancelled, objstore.KindOf(err))
	require.Zero(t, fake.Objects().Len())
}
