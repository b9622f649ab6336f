package local

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// A record is
//
//	version (1 byte), flags (1 byte), MD5 of the body (16 bytes),
//	uvarint: size of the body, date in ms since 1970, length of the header,
//	header: the strings content type, name, value, name, value, … each with
//	        its length as a uvarint before it,
//	the body, or the 8 bytes of its blob's id if flagChunked.
const (
	recordVersion = 1
	flagChunked   = 1 << 0
	fixedLen      = 2 + 16
)

var errRecord = errors.New("the record is damaged")

// record is a decoded record; header and tail are parts of the encoded bytes.
type record struct {
	flags  byte
	sum    []byte
	size   int64
	date   int64
	header []byte
	tail   []byte
}

func encodeHead(flags byte, sum []byte, size, date int64, contentType string, md objstore.Metadata) []byte {
	n := len(contentType) + objstore.MetadataSize(md, 2*binary.MaxVarintLen16)
	header := appendString(make([]byte, 0, n+binary.MaxVarintLen16), contentType)
	for name, value := range md {
		header = appendString(appendString(header, name), value)
	}
	b := make([]byte, 0, fixedLen+3*binary.MaxVarintLen64+len(header))
	b = append(b, recordVersion, flags)
	b = append(b, sum...)
	b = binary.AppendUvarint(b, uint64(size))
	b = binary.AppendUvarint(b, uint64(date))
	b = binary.AppendUvarint(b, uint64(len(header)))
	return append(b, header...)
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func decode(b []byte) (record, error) {
	if len(b) < fixedLen || b[0] != recordVersion {
		return record{}, errRecord
	}
	r := record{flags: b[1], sum: b[2:fixedLen]}
	b = b[fixedLen:]
	var numbers [3]uint64
	for i := range numbers {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return record{}, errRecord
		}
		numbers[i], b = v, b[n:]
	}
	r.size, r.date = int64(numbers[0]), int64(numbers[1])
	if numbers[2] > uint64(len(b)) {
		return record{}, errRecord
	}
	r.header, r.tail = b[:numbers[2]], b[numbers[2]:]
	if want := r.inlineLen(); int64(len(r.tail)) != want {
		return record{}, errRecord
	}
	return r, nil
}

func (r record) chunked() bool { return r.flags&flagChunked != 0 }

func (r record) inlineLen() int64 {
	if r.chunked() {
		return 8
	}
	return r.size
}

func (r record) blob() uint64 { return binary.BigEndian.Uint64(r.tail) }

func (r record) etag() string {
	var b [2 + 32]byte
	b[0], b[33] = '"', '"'
	hex.Encode(b[1:], r.sum)
	return string(b[:])
}

// info describes the object; nothing of it points into the record.
func (r record) info(key string, metadata bool) (objstore.Info, error) {
	info := objstore.Info{Key: key, ETag: r.etag(), Size: r.size, LastModified: time.UnixMilli(r.date).UTC()}
	if !metadata {
		return info, nil
	}
	// One string for all names and values: they are its parts.
	rest := string(r.header)
	var err error
	if info.ContentType, rest, err = cutString(rest); err != nil {
		return info, err
	}
	info.Metadata = make(objstore.Metadata, 8)
	for rest != "" {
		var name, value string
		if name, rest, err = cutString(rest); err != nil {
			return info, err
		}
		if value, rest, err = cutString(rest); err != nil {
			return info, err
		}
		info.Metadata[name] = value
	}
	return info, nil
}

func cutString(s string) (head, rest string, err error) {
	n, shift := uint64(0), 0
	for i := 0; i < len(s) && i < binary.MaxVarintLen32; i++ {
		n |= uint64(s[i]&0x7f) << shift
		if s[i] < 0x80 {
			s = s[i+1:]
			if n > uint64(len(s)) {
				return "", "", errRecord
			}
			return s[:n], s[n:], nil
		}
		shift += 7
	}
	return "", "", errRecord
}
