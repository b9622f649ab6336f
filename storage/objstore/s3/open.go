package s3

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/location"
)

// defaultRegion is s3db.js's, where a location names none.
const defaultRegion = "us-east-1"

// Options of Open. The zero value is right for servers.
type Options struct {
	Clock clock.Clock // nil: the system's
	Rand  rng.Source  // nil: the system's; for the jitter of waits
	// Timeout is how long a request may make no progress; 0: 30 s.
	Timeout time.Duration
	// Attempts is how often a request is sent at most; 0: 6.
	Attempts int
}

func (o *Options) setDefaults() {
	if o.Clock == nil {
		o.Clock = clock.System
	}
	if o.Rand == nil {
		o.Rand = rng.System
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Attempts == 0 {
		o.Attempts = defaultAttempts
	}
}

// Open returns the store of loc's whole bucket; loc.Prefix is the caller's
// matter. Nothing is asked of the server yet: see package probe.
func Open(ctx context.Context, loc location.Location, opt Options) (*Store, error) {
	opt.setDefaults()
	if strings.HasSuffix(loc.Bucket, "--x-s3") {
		return nil, objstore.Errorf(objstore.Invalid, "OPEN", loc.String(),
			"directory buckets (S3 Express One Zone) list keys in no order and are not supported")
	}
	c := &client{
		transport: newTransport(), clock: opt.Clock, rand: opt.Rand, timeout: opt.Timeout, attempts: opt.Attempts,
		region: loc.Region, endpoint: loc.Endpoint, bucket: loc.Bucket,
		signer: v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }),
	}
	if err := c.loadCredentials(ctx, loc); err != nil {
		return nil, err
	}
	if err := c.resolveEndpoint(ctx, loc); err != nil {
		return nil, err
	}
	s := &Store{client: c}
	s.caps.Store(assumed())
	return s, nil
}

// loadCredentials takes the location's keys, or else AWS's default chain with
// its region and endpoint.
func (c *client) loadCredentials(ctx context.Context, loc location.Location) error {
	if loc.AccessKey != "" {
		c.creds = aws.NewCredentialsCache(
			credentials.NewStaticCredentialsProvider(loc.AccessKey, loc.SecretKey, loc.SessionToken))
		for _, secret := range []string{loc.SecretKey, loc.SessionToken, loc.AccessKey} {
			if secret != "" {
				c.secrets = append(c.secrets, secret)
			}
		}
		return nil
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return objstore.Errorf(objstore.Denied, "OPEN", loc.String(), "AWS's default credential chain: %s", err)
	}
	c.creds = cfg.Credentials
	if c.region == "" {
		c.region = cfg.Region
	}
	if c.endpoint == "" && cfg.BaseEndpoint != nil {
		c.endpoint = strings.TrimRight(*cfg.BaseEndpoint, "/")
	}
	return nil
}

// resolveEndpoint finds the bucket's URL by the SDK's endpoint rules.
func (c *client) resolveEndpoint(ctx context.Context, loc location.Location) error {
	if c.region == "" {
		c.region = defaultRegion
	}
	params := awss3.EndpointParameters{
		Bucket: &loc.Bucket, Region: &c.region, ForcePathStyle: &loc.PathStyle,
		UseFIPS: aws.Bool(false), UseDualStack: aws.Bool(false), Accelerate: aws.Bool(false), UseGlobalEndpoint: aws.Bool(false),
	}
	if c.endpoint != "" {
		params.Endpoint = &c.endpoint
	}
	resolved, err := awss3.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, params)
	if err != nil {
		return objstore.Errorf(objstore.Invalid, "OPEN", loc.String(), "no endpoint for this bucket and region: %s", err)
	}
	c.base = resolved.URI
	c.base.Path = strings.TrimRight(c.base.Path, "/") + "/"
	c.base.RawPath = ""
	c.endpoint = c.base.Scheme + "://" + c.base.Host
	return nil
}

// newTransport keeps many connections to the one host, and speaks HTTP/1.1, as
// S3 does.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext,
		MaxIdleConnsPerHost: 256, IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 10 * time.Second,
		ExpectContinueTimeout: time.Second, DisableCompression: true, ReadBufferSize: 32 << 10,
	}
}
