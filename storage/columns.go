package storage

// System columns of a scan, by the numbers that package catalog gives them (it
// stands above this one, and may not be imported from below).
const (
	ColVersion       int16 = -1  // _v int: the number of the version that the row was written with
	ColETag          int16 = -2  // _etag text, quoted as S3 sends it
	ColLastModified  int16 = -3  // _last_modified timestamptz
	ColContentLength int16 = -4  // _content_length int8, 0 without content
	ColHasContent    int16 = -5  // _has_content bool
	ColContent       int16 = -6  // _content bytea
	ColContentType   int16 = -7  // _content_type text
	ColTableOID      int16 = -8  // tableoid oid
	ColContentToast  int16 = -96 // _content, out of line where it is large: types.ExternalBytea
	ColContentSize   int16 = -97 // the content's length int8, NULL without content
	ColRowID         int16 = -98 // the id text as it stands in the key
	ColRowImage      int16 = -99 // *RowImage: the row as read
)
