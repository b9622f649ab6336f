package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/location"
	"github.com/s3db-sql/s3db-sql/storage/objstore/open"
)

// sdk is what a program without s3db-sql would do: the SDK's client with a
// connection pool that fits.
type sdk struct {
	client *s3.Client
	prefix string
	object objectShape
}

// objectShape is a row as s3db-sql stores it.
type objectShape struct {
	metadata map[string]string
	body     []byte
}

func newSDK(gateway *s3test.Server, prefix string) *sdk {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 256, 256
	return &sdk{prefix: prefix, client: s3.New(s3.Options{
		BaseEndpoint: &gateway.Endpoint, UsePathStyle: true, Region: "us-east-1",
		HTTPClient:  &http.Client{Transport: transport},
		Credentials: credentials.NewStaticCredentialsProvider(s3test.AccessKey, s3test.SecretKey, ""),
	})}
}

// like takes the shape of the first object below a prefix of ours.
func (s *sdk) like(t *testing.T, gateway *s3test.Server, prefix, below string) {
	loc, err := location.Parse(gateway.Location(prefix))
	require.NoError(t, err)
	store, under, err := open.Open(t.Context(), loc, open.Options{NoProbe: true})
	require.NoError(t, err)
	defer store.Close()
	page, err := store.List(t.Context(), objstore.ListRequest{Prefix: under + "/" + below, MaxKeys: 1})
	require.NoError(t, err)
	require.Len(t, page.Objects, 1)
	o, err := store.Get(t.Context(), page.Objects[0].Key, objstore.GetOptions{})
	require.NoError(t, err)
	s.object.metadata = o.Metadata
	s.object.body, err = objstore.ReadBody(o, 1<<20)
	require.NoError(t, err)
}

func (s *sdk) key(id string) *string { return aws.String(s.prefix + "/id=" + id) }

func (s *sdk) put(ctx context.Context, id string) error {
	_, err := s.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(s3test.Bucket), Key: s.key(id), IfNoneMatch: aws.String("*"),
		Metadata: s.object.metadata, Body: bytes.NewReader(s.object.body),
	})
	return err
}

func (s *sdk) get(ctx context.Context, id string) error { return s.getKey(ctx, s.key(id)) }

func (s *sdk) getKey(ctx context.Context, key *string) error {
	o, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(s3test.Bucket), Key: key})
	if err != nil {
		return err
	}
	defer o.Body.Close()
	_, err = io.Copy(io.Discard, o.Body)
	return err
}

// below is the same client under another prefix.
func (s *sdk) below(prefix string) *sdk {
	return &sdk{client: s.client, object: s.object, prefix: prefix}
}

// scan lists everything and gets each object, concurrency at a time, while the
// next page is being listed.
func (s *sdk) scan(ctx context.Context, concurrency int) (int, error) {
	var rows atomic.Int64
	keys := make(chan *string, 1000)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(keys)
		return s.list(ctx, keys)
	})
	for range concurrency {
		g.Go(func() error {
			for key := range keys {
				if err := s.getKey(ctx, key); err != nil {
					return err
				}
				rows.Add(1)
			}
			return nil
		})
	}
	err := g.Wait()
	return int(rows.Load()), err
}

func (s *sdk) list(ctx context.Context, keys chan<- *string) error {
	pages := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{
		Bucket: aws.String(s3test.Bucket), Prefix: aws.String(s.prefix + "/"),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, o := range page.Contents {
			select {
			case keys <- o.Key:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

func rowID(i int) string { return fmt.Sprintf("%08d", i) }
