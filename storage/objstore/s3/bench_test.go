package s3_test

import (
	"bytes"
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3"
)

// BenchmarkAgainstSDK puts this client beside the SDK's own, over one versitygw,
// with 16 requests under way. cpu-µs/op is this process's: the client's.
func BenchmarkAgainstSDK(b *testing.B) {
	server := s3test.Versitygw(b)
	ours := open(b, server.Location(""), s3.Options{})
	sdk := awss3.New(awss3.Options{
		BaseEndpoint: &server.Endpoint, UsePathStyle: true, Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider(s3test.AccessKey, s3test.SecretKey, ""),
	})
	md := map[string]string{"_v": "v1"}
	for i := range 8 {
		md[fmt.Sprint(i)] = "thirty-two bytes of some value.."
	}
	body := bytes.Repeat([]byte("\t"), 32)
	bucket, key := aws.String(s3test.Bucket), "data/id=00001"
	for i := range 1000 {
		_, err := ours.Put(b.Context(), fmt.Sprintf("data/id=%05d", i), objstore.PutRequest{Body: body, Metadata: md})
		require.NoError(b, err)
	}
	for name, op := range map[string]func(context.Context) error{
		"head/ours": func(ctx context.Context) error { _, err := ours.Head(ctx, key); return err },
		"head/sdk": func(ctx context.Context) error {
			_, err := sdk.HeadObject(ctx, &awss3.HeadObjectInput{Bucket: bucket, Key: &key})
			return err
		},
		"get/ours": func(ctx context.Context) error { _, err := ours.Get(ctx, key, objstore.GetOptions{}); return err },
		"get/sdk": func(ctx context.Context) error {
			o, err := sdk.GetObject(ctx, &awss3.GetObjectInput{Bucket: bucket, Key: &key})
			if err != nil {
				return err
			}
			_, err = new(bytes.Buffer).ReadFrom(o.Body)
			_ = o.Body.Close()
			return err
		},
		"put/ours": func(ctx context.Context) error {
			_, err := ours.Put(ctx, "put/ours", objstore.PutRequest{Body: body, Metadata: md})
			return err
		},
		"put/sdk": func(ctx context.Context) error {
			_, err := sdk.PutObject(ctx, &awss3.PutObjectInput{Bucket: bucket, Key: aws.String("put/sdk"),
				Body: bytes.NewReader(body), Metadata: md})
			return err
		},
		"list/ours": func(ctx context.Context) error {
			_, err := ours.List(ctx, objstore.ListRequest{Prefix: "data/"})
			return err
		},
		"list/sdk": func(ctx context.Context) error {
			_, err := sdk.ListObjectsV2(ctx, &awss3.ListObjectsV2Input{Bucket: bucket, Prefix: aws.String("data/")})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.SetParallelism(8)
			before := cpu()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := op(b.Context()); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// cpu is the CPU time of this process.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // it can't fail with these arguments
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
