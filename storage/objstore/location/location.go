package location

import (
	"net/url"
	"path"
	"strings"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Kind is the kind of store that a location names.
type Kind uint8

// The kinds of store.
const (
	Local Kind = iota
	Memory
	S3
)

const (
	// DefaultFolder is the store where no location is given.
	DefaultFolder = "./s3db-data"
	// DefaultDatabase names a database without a prefix.
	DefaultDatabase = "s3db"
	// defaultBucket is what s3db.js takes for an http location without a path.
	defaultBucket = "s3db"
)

// Location says where a store is. Kind decides which fields mean something.
type Location struct {
	Kind Kind
	// Folder of a Local store, as given.
	Folder string
	// Prefix of all keys in the bucket (S3, Memory), without slashes at its ends.
	Prefix string

	Bucket string
	// Endpoint is scheme://host[:port]; empty: AWS.
	Endpoint string
	// Region is empty where none was given.
	Region    string
	PathStyle bool
	// AccessKey is empty where the AWS default credential chain is to be used.
	AccessKey, SecretKey, SessionToken string
}

// Database is the name of the database: the last segment of the prefix.
func (l Location) Database() string {
	if l.Prefix == "" {
		return DefaultDatabase
	}
	return path.Base(l.Prefix)
}

// String is the location without its credentials.
func (l Location) String() string {
	switch l.Kind {
	case Local:
		return l.Folder
	case Memory:
		return "memory://" + l.Prefix
	}
	s := "s3://" + l.Bucket
	if l.Endpoint != "" && l.PathStyle {
		s = l.Endpoint + "/" + l.Bucket
	}
	if l.Prefix != "" {
		s += "/" + l.Prefix
	}
	q := url.Values{}
	if l.Endpoint != "" && !l.PathStyle {
		q.Set("endpoint", l.Endpoint)
		q.Set("path_style", "false")
	}
	if l.Region != "" {
		q.Set("region", l.Region)
	}
	if len(q) > 0 {
		s += "?" + q.Encode()
	}
	return s
}

// GoString keeps %#v from printing secrets.
func (l Location) GoString() string { return l.String() }

// parsers by the scheme of the URL.
var parsers = map[string]func(*url.URL, params) (Location, error){
	"file": parseFile, "memory": parseMemory, "s3": parseS3, "http": parseHTTP, "https": parseHTTP,
}

// Parse reads a location; the empty one is DefaultFolder, and a text without a
// scheme is a folder. Errors are Invalid, and name the parameter or part that
// is wrong without showing it if it may be secret.
func Parse(s string) (Location, error) {
	scheme, _, ok := strings.Cut(s, "://")
	if s == "" {
		return Location{Folder: DefaultFolder}, nil
	}
	if !ok {
		return Location{Folder: s}, nil
	}
	parse := parsers[strings.ToLower(scheme)]
	if parse == nil {
		return Location{}, invalid("unknown kind of location %q: use s3://, http://, https://, file:// or memory://", scheme)
	}
	u, err := url.Parse(s)
	if err != nil {
		return Location{}, invalid("the %s location is not a valid URL; the characters / @ : ? # %% in a key "+
			"or secret must be percent-encoded", scheme)
	}
	if u.Fragment != "" || strings.HasSuffix(s, "#") {
		return Location{}, invalid("a # in the %s location must be written %%23", scheme)
	}
	p, err := readParams(u)
	if err != nil {
		return Location{}, err
	}
	loc, err := parse(u, p)
	if err != nil {
		return Location{}, err
	}
	return loc, p.unknown(scheme)
}

func invalid(format string, args ...any) error {
	e := objstore.Errorf(objstore.Invalid, "OPEN", "store", format, args...)
	return e
}

// parseFile: file:///absolute and, as s3db.js has it, file://./relative.
func parseFile(u *url.URL, _ params) (Location, error) {
	if u.User != nil {
		return Location{}, invalid("a file location has no user")
	}
	folder := u.Host + u.Path
	if u.Host != "" && u.Host != "." && u.Host != ".." {
		return Location{}, invalid("file://%s is on another host: write file:///path", u.Host)
	}
	if folder == "" {
		return Location{}, invalid("a file location needs a path: file:///path")
	}
	return Location{Folder: folder}, nil
}

// parseMemory: memory://, and s3db.js's memory://BUCKET/prefix.
func parseMemory(u *url.URL, _ params) (Location, error) {
	if u.User != nil {
		return Location{}, invalid("a memory location has no user")
	}
	prefix, err := cleanPrefix(u.EscapedPath())
	return Location{Kind: Memory, Bucket: u.Host, Prefix: prefix}, err
}

// parseS3: s3://[KEY:SECRET@]BUCKET/prefix.
func parseS3(u *url.URL, p params) (Location, error) {
	if u.Port() != "" {
		return Location{}, invalid("a bucket has no port: for a server write http://KEY:SECRET@HOST:PORT/BUCKET/prefix " +
			"or ?endpoint=; a / in a secret must be written %%2F")
	}
	loc := Location{Kind: S3, Bucket: u.Hostname()}
	if loc.Bucket == "" {
		return Location{}, invalid("the location names no bucket: s3://BUCKET/prefix")
	}
	var err error
	if loc.Prefix, err = cleanPrefix(u.EscapedPath()); err != nil {
		return Location{}, err
	}
	if endpoint := p.take("endpoint"); endpoint != "" {
		if loc.Endpoint, err = cleanEndpoint(endpoint); err != nil {
			return Location{}, err
		}
		// Other servers than AWS seldom have a host name for each bucket.
		loc.PathStyle = !strings.HasSuffix(hostOf(loc.Endpoint), ".amazonaws.com")
	}
	return loc, loc.credentialsAndOptions(u, p)
}

// parseHTTP: http(s)://[KEY:SECRET@]HOST[:PORT]/BUCKET/prefix.
func parseHTTP(u *url.URL, p params) (Location, error) {
	if u.Host == "" {
		return Location{}, invalid("the location names no host: %s://KEY:SECRET@HOST:PORT/BUCKET/prefix", u.Scheme)
	}
	loc := Location{Kind: S3, Endpoint: u.Scheme + "://" + u.Host, PathStyle: true}
	bucket, prefix, _ := strings.Cut(strings.TrimLeft(u.EscapedPath(), "/"), "/")
	var err error
	if loc.Bucket, err = url.PathUnescape(bucket); err != nil {
		return Location{}, invalid("the bucket's name is not well encoded")
	}
	if loc.Bucket == "" {
		loc.Bucket = defaultBucket
	}
	if loc.Prefix, err = cleanPrefix(prefix); err != nil {
		return Location{}, err
	}
	return loc, loc.credentialsAndOptions(u, p)
}

func (l *Location) credentialsAndOptions(u *url.URL, p params) error {
	if u.User != nil {
		l.AccessKey = u.User.Username()
		l.SecretKey, _ = u.User.Password()
		if l.AccessKey == "" || l.SecretKey == "" {
			return invalid("the location has only one of KEY and SECRET: KEY:SECRET@")
		}
	}
	l.SessionToken = p.take("session_token")
	if l.SessionToken != "" && l.AccessKey == "" {
		return invalid("session_token needs KEY:SECRET@ in the location")
	}
	l.Region = p.take("region")
	style, given, err := p.takeBool("path_style")
	if given {
		l.PathStyle = style
	}
	return err
}

// cleanPrefix joins the segments with single slashes. As in s3db.js they are
// not decoded; "." and ".." are refused rather than resolved.
func cleanPrefix(s string) (string, error) {
	var segments []string
	for segment := range strings.SplitSeq(s, "/") {
		switch segment {
		case "":
		case ".", "..":
			return "", invalid("the prefix must not have a . or .. segment")
		default:
			segments = append(segments, segment)
		}
	}
	prefix := strings.Join(segments, "/")
	if prefix == "" {
		return "", nil
	}
	return prefix, objstore.CheckKey("OPEN", prefix)
}

func cleanEndpoint(s string) (string, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return "", invalid("the endpoint is not a URL: endpoint=http://HOST:PORT")
	case u.User != nil:
		return "", invalid("the endpoint must not hold keys: write s3://KEY:SECRET@BUCKET/prefix?endpoint=http://HOST:PORT")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return "", invalid("the endpoint must be only scheme, host and port: %s://%s", u.Scheme, u.Host)
	}
	return u.Scheme + "://" + u.Host, nil
}

func hostOf(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
