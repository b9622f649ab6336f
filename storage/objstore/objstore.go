package objstore

import (
	"bytes"
	"context"
	"io"
	"time"
)

// MaxListKeys is S3's page size: no List answers more keys than this.
const MaxListKeys = 1000

// Metadata is S3 user metadata: lower-case names without the x-amz-meta-
// prefix. Values are the bytes as sent. A Store neither keeps nor changes the
// caller's map, and the caller must not change a map that a Store returned.
type Metadata map[string]string

// Info describes one object.
type Info struct {
	Key string
	// ETag is quoted, as S3 sends it. It is the MD5 of the body for plain PUTs:
	// it does not change when only metadata changes.
	ETag         string
	Size         int64
	LastModified time.Time
	ContentType  string
	// Metadata is nil where the operation does not yield it (List on plain S3).
	Metadata Metadata
}

// Object is an Info with its body. The caller closes Body. After a range read
// Size is still that of the whole object.
type Object struct {
	Info
	Body io.ReadCloser
}

// GetOptions of Get. The zero value reads the whole object.
type GetOptions struct {
	// Offset and Length select a range when Length > 0.
	Offset, Length int64
}

// PutRequest of Put. A body is given in full (Body) or, for content too large
// to hold, as a stream of known size (Stream, Size).
type PutRequest struct {
	Body        []byte
	Stream      io.ReadSeeker
	Size        int64
	Metadata    Metadata
	ContentType string
	// IfNoneMatch creates only: Precondition if the key exists.
	IfNoneMatch bool
	// IfMatch replaces only the object with this ETag: Precondition if it has
	// another one, NotFound or Precondition if there is none.
	IfMatch string
}

// PutResult of Put.
type PutResult struct {
	ETag string
}

// DeleteOptions of Delete.
type DeleteOptions struct {
	// IfMatch deletes only the object with this ETag. Only to be used where
	// Capabilities().ConditionalDelete.
	IfMatch string
}

// ListRequest of List: keys in byte order that begin with Prefix and are
// greater than StartAfter.
type ListRequest struct {
	Prefix     string
	StartAfter string
	// Delimiter rolls keys up to CommonPrefixes, as S3 does. Empty: none.
	Delimiter string
	// MaxKeys limits the page; 0 or more than MaxListKeys means MaxListKeys.
	MaxKeys int
	// WithMetadata asks for Metadata and ContentType in each Info, WithBodies for
	// Bodies. Only to be used where Capabilities().ListMetadata (ListBodies).
	WithMetadata bool
	WithBodies   bool
}

// ListPage is the answer to one List.
type ListPage struct {
	Objects        []Info
	CommonPrefixes []string
	// Bodies is parallel to Objects when the request asked for bodies and the
	// store can give them; nil otherwise. A body larger than MaxListBody is nil
	// though Info.Size is not zero: Get it.
	Bodies [][]byte
	// More says that a further page exists: ask again with StartAfter = Next.
	// A page may be shorter than asked for (even empty) and have More.
	More bool
	Next string
}

// Capabilities says what a store honours, as documented for built-in stores
// and as probed for S3 servers (see Probe).
type Capabilities struct {
	// ConditionalPut: If-None-Match: * and If-Match are honoured atomically.
	ConditionalPut bool
	// UnquotedIfMatch: the server compares If-Match with the ETag without its
	// quotes (radosgw). The store sees to it itself.
	UnquotedIfMatch bool
	// ConditionalDelete: If-Match on DELETE is honoured, and atomically with
	// conditional puts.
	ConditionalDelete bool
	// ListMetadata and ListBodies: List can yield user metadata and bodies.
	ListMetadata bool
	ListBodies   bool
	// ReplacesMetadata: a PUT replaces all metadata (required).
	ReplacesMetadata bool
	// OrderedList: keys come in byte order (required).
	OrderedList bool
	// MaxMetadata is the most bytes of user metadata that one object takes, where
	// each pair counts its name, its value and MetadataOverhead bytes (0, or
	// MetadataPrefix on servers that count the prefix). See MetadataSize.
	MaxMetadata      int
	MetadataOverhead int
	// Durable: an acknowledged write survives a crash of this process.
	Durable bool
	// Name is the kind of store in plain words, without secrets: "local",
	// "memory", "S3".
	Name string
}

// Store is the interface. All methods are safe for concurrent use, honour ctx,
// and return errors of type *Error (see KindOf).
type Store interface {
	// Head returns the object's Info with Metadata; NotFound if there is none.
	// Some servers (versitygw) may pair the metadata with the ETag of a write that
	// happens at the same moment: what is read to be replaced is read by Get.
	Head(ctx context.Context, key string) (Info, error)
	// Get returns the object with its body; NotFound if there is none.
	Get(ctx context.Context, key string, opt GetOptions) (*Object, error)
	// List returns one page.
	List(ctx context.Context, req ListRequest) (*ListPage, error)
	// Put writes one object, replacing body, metadata and content type.
	Put(ctx context.Context, key string, req PutRequest) (PutResult, error)
	// Delete removes one object. A missing key is not an error; with IfMatch it is
	// NotFound or Precondition on some servers and no error on others.
	Delete(ctx context.Context, key string, opt DeleteOptions) error
	// DeleteBatch removes up to any number of objects unconditionally, in
	// requests of at most 1,000 keys. On error some may be gone already.
	DeleteBatch(ctx context.Context, keys []string) error
	Capabilities() Capabilities
	Close() error
}

// ReadBody reads and closes an object's body, refusing more than limit bytes
// with Corrupt.
func ReadBody(o *Object, limit int64) ([]byte, error) {
	defer o.Body.Close()
	if o.Size == 0 {
		return nil, nil
	}
	var buf bytes.Buffer
	if o.Size > 0 && o.Size <= limit {
		buf.Grow(int(o.Size))
	}
	n, err := io.Copy(&buf, io.LimitReader(o.Body, limit+1))
	if err != nil {
		return nil, Wrap(Unavailable, "GET", o.Key, err)
	}
	if n > limit {
		return nil, Errorf(TooLarge, "GET", o.Key, "body is larger than %d bytes", limit)
	}
	return buf.Bytes(), nil
}
