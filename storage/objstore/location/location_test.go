package location_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
	. "github.com/s3db-sql/s3db-sql/storage/objstore/location"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		in       string
		want     Location
		shown    string
		database string
	}{
		{"", Location{Folder: "./s3db-data"}, "./s3db-data", "s3db"},
		{"some/folder", Location{Folder: "some/folder"}, "some/folder", "s3db"},
		{"file:///var/lib/s3db", Location{Folder: "/var/lib/s3db"}, "/var/lib/s3db", "s3db"},
		{"file:///with%20space", Location{Folder: "/with space"}, "/with space", "s3db"},
		{"file://./rel/x", Location{Folder: "./rel/x"}, "./rel/x", "s3db"},
		{"memory://", Location{Kind: Memory}, "memory://", "s3db"},
		{"memory://bucket/a/b", Location{Kind: Memory, Bucket: "bucket", Prefix: "a/b"}, "memory://a/b", "b"},
		{"s3://AKIA:se%2Fcr%40t@my-bucket/databases/myapp",
			Location{Kind: S3, Bucket: "my-bucket", Prefix: "databases/myapp", AccessKey: "AKIA", SecretKey: "se/cr@t"},
			"s3://my-bucket/databases/myapp", "myapp"},
		{"s3://my.bucket_1/databases//myapp/", Location{Kind: S3, Bucket: "my.bucket_1", Prefix: "databases/myapp"},
			"s3://my.bucket_1/databases/myapp", "myapp"},
		{"s3://b", Location{Kind: S3, Bucket: "b"}, "s3://b", "s3db"},
		{"s3://K:S@b/p?endpoint=http://localhost:9000&region=eu-west-1&path_style=true",
			Location{Kind: S3, Bucket: "b", Prefix: "p", Endpoint: "http://localhost:9000", Region: "eu-west-1", PathStyle: true,
				AccessKey: "K", SecretKey: "S"}, "http://localhost:9000/b/p?region=eu-west-1", "p"},
		{"s3://K:S@b/p?endpoint=https%3A%2F%2Fr2.example.com%2F",
			Location{Kind: S3, Bucket: "b", Prefix: "p", Endpoint: "https://r2.example.com", PathStyle: true, AccessKey: "K", SecretKey: "S"},
			"https://r2.example.com/b/p", "p"},
		{"s3://K:S@b/p?endpoint=https://s3.eu-west-1.amazonaws.com",
			Location{Kind: S3, Bucket: "b", Prefix: "p", Endpoint: "https://s3.eu-west-1.amazonaws.com", AccessKey: "K", SecretKey: "S"},
			"s3://b/p?endpoint=https%3A%2F%2Fs3.eu-west-1.amazonaws.com&path_style=false", "p"},
		{"s3://K:S@b?endpoint=http://h&forcePathStyle=false",
			Location{Kind: S3, Bucket: "b", Endpoint: "http://h", AccessKey: "K", SecretKey: "S"},
			"s3://b?endpoint=http%3A%2F%2Fh&path_style=false", "s3db"},
		{"http://minioadmin:minio%3Apw@localhost:9000/bucket/some/prefix",
			Location{Kind: S3, Bucket: "bucket", Prefix: "some/prefix", Endpoint: "http://localhost:9000", PathStyle: true,
				AccessKey: "minioadmin", SecretKey: "minio:pw"}, "http://localhost:9000/bucket/some/prefix", "prefix"},
		{"https://K:S@[::1]:9000?sessionToken=tok", Location{Kind: S3, Bucket: "s3db", Endpoint: "https://[::1]:9000", PathStyle: true,
			AccessKey: "K", SecretKey: "S", SessionToken: "tok"}, "https://[::1]:9000/s3db", "s3db"},
		{"http://h/b%2Ex/p%20q", Location{Kind: S3, Bucket: "b.x", Prefix: "p%20q", Endpoint: "http://h", PathStyle: true},
			"http://h/b.x/p%20q", "p%20q"},
	} {
		t.Run(c.in, func(t *testing.T) {
			got, err := Parse(c.in)
			require.NoError(t, err)
			require.True(t, c.want == got, "got %s", fmt.Sprint(got))
			require.Equal(t, c.shown, got.String())
			require.Equal(t, c.database, got.Database())
		})
	}
}

func TestParseShownAgain(t *testing.T) {
	for _, in := range []string{"s3://b/p?endpoint=http://h:1&path_style=no&region=x", "http://h:1/b/p?region=x"} {
		first, err := Parse(in)
		require.NoError(t, err)
		again, err := Parse(first.String())
		require.NoError(t, err)
		require.Equal(t, first, again)
	}
}

func TestRefused(t *testing.T) {
	for in, want := range map[string]string{
		"ftp://x/y":                             `unknown kind of location "ftp"`,
		"s3://K:TOPSECRET@b/p?regoin=x&foo=y":   "unknown parameter foo, regoin (a s3 location takes: endpoint, region, path_style, session_token)",
		"http://K:TOPSECRET@h/b?endpoint=x":     "unknown parameter endpoint",
		"memory://?x=1":                         "unknown parameter x",
		"s3://K:TOPSECRET@b?path_style=maybe":   `parameter "path_style" must be true or false`,
		"s3://b?region=a&region=b":              `parameter "region" is given twice`,
		"s3://b?pathStyle=1&forcePathStyle=1":   `parameter "path_style" is given twice`,
		"s3://K:TOP/SECRET@b/p":                 "must be percent-encoded",
		"s3://K:12/TOPSECRET@b/p":               "a bucket has no port",
		"http://K:TOP%zzSECRET@h/b":             "not a valid URL",
		"http://K:TOPSECRET#x@h/b":              "percent-encoded",
		"s3://K:TOPSECRET@b/p#x":                "%23",
		"s3://TOPSECRET@b/p":                    "only one of KEY and SECRET",
		"s3://:TOPSECRET@b/p":                   "only one of KEY and SECRET",
		"s3:///p":                               "names no bucket",
		"http:///b":                             "names no host",
		"s3://b/../c":                           ". or .. segment",
		"s3://b?session_token=TOPSECRET":        "session_token needs KEY:SECRET@",
		"s3://b?endpoint=localhost:9000":        "the endpoint is not a URL",
		"s3://b?endpoint=http://K:TOPSECRET@h/": "the endpoint must not hold keys",
		"s3://b?endpoint=http://h/path":         "only scheme, host and port: http://h",
		"file://host/path":                      "another host",
		"file://":                               "needs a path",
	} {
		t.Run(in, func(t *testing.T) {
			_, err := Parse(in)
			require.ErrorContains(t, err, want)
			require.Equal(t, objstore.Invalid, objstore.KindOf(err))
			require.NotContains(t, err.Error(), "TOPSECRET")
		})
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	loc, err := Parse("s3://AKIAKEY:TOPSECRET@b/p?session_token=TOKEN")
	require.NoError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		for _, arg := range []any{loc, &loc} {
			shown := fmt.Sprintf(verb, arg)
			require.Equal(t, "s3://b/p", shown)
		}
	}
}
