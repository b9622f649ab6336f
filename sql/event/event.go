package event

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The events, by s3db.js's names.
const (
	Inserted       = "inserted"
	Updated        = "updated"
	Deleted        = "deleted"
	InsertedMany   = "inserted-many"
	DeletedMany    = "deleted-many"
	DeletedAll     = "deleted-all"
	ExceedsLimit   = "exceedsLimit"
	VersionUpdated = "versionUpdated"
	ContentSet     = "content-set"
	ContentDeleted = "content-deleted"
)

// Event is something that has happened to a resource. What it tells of a row is
// rendered when it happens, column by column, so that each listener is told what it
// may read.
type Event struct {
	Relation types.OID `json:"relation"`
	Resource string    `json:"resource"` // the channel
	Name     string    `json:"event"`
	// ID is the row's, as its key has it; "" for an event of no row.
	ID string `json:"id,omitempty"`
	// Before and After are the row, nil where there was or is none.
	Before Document `json:"before,omitempty"`
	After  Document `json:"after,omitempty"`
	// More are members that do not come from the row.
	More []Member `json:"more,omitempty"`
}

// Document are the columns of a row.
type Document []Field

// Field is a column of a row as JSON.
type Field struct {
	Num   int16           `json:"n"`
	Name  string          `json:"k"`
	Value json.RawMessage `json:"v"`
}

// Member is a further member of a payload.
type Member struct {
	Key   string          `json:"k"`
	Value json.RawMessage `json:"v"`
}

// Number is a member that is a whole number.
func Number(key string, n int64) Member {
	return Member{key, json.RawMessage(strconv.FormatInt(n, 10))}
}

// Text is a member that is a string.
func Text(key, s string) Member { return Member{key, types.AppendJSONString(nil, s)} }

// Channels are those that an event is sent to, for LISTEN users, LISTEN
// "users:updated" and LISTEN "users:updated:u1": s3db.js's names behind the
// resource's.
func (e *Event) Channels() []string {
	out := []string{e.Resource, e.Resource + ":" + e.Name}
	if e.ID != "" {
		out = append(out, out[1]+":"+e.ID)
	}
	return out
}

// Channel is the channel of a relation's events: its name, with the schema's before it
// where that is not public.
func Channel(rel *catalog.Relation) string {
	if rel.Schema == "public" {
		return rel.Name
	}
	return rel.Schema + "." + rel.Name
}

// Resource is the part of a channel that names a resource.
func Resource(channel string) string {
	name, _, _ := strings.Cut(channel, ":")
	return name
}

// MaxPayload is NOTIFY_PAYLOAD_MAX_LENGTH, which a payload must stay below.
const MaxPayload = 8000

// Payload is the event as JSON for who may read the columns that may says. Where it
// would be too long for a notification it has no columns, and says so: "truncated".
func (e *Event) Payload(may func(num int16) bool) string {
	b := e.head()
	short := len(b)
	switch e.Name {
	case Updated:
		b = e.After.append(e.Before.append(b, "$before", may), "$after", may)
	case Deleted:
		b = append(e.Before.append(b, "$before", may), `,"$after":null`...)
	default:
		if e.After != nil {
			b = e.After.append(b, "data", may)
		}
	}
	if len(b)+1 < MaxPayload {
		return string(append(b, '}'))
	}
	return string(append(b[:short], `,"truncated":true}`...))
}

// head are the members before those of the row, without the end of the object.
func (e *Event) head() []byte {
	b := types.AppendJSONString([]byte(`{"event":`), e.Name)
	b = types.AppendJSONString(append(b, `,"resource":`...), e.Resource)
	if e.ID != "" {
		b = types.AppendJSONString(append(b, `,"id":`...), e.ID)
	}
	for _, m := range e.More {
		b = append(types.AppendJSONString(append(b, ','), m.Key), ':')
		b = append(b, m.Value...)
	}
	return b
}

func (d Document) append(b []byte, key string, may func(num int16) bool) []byte {
	b = append(types.AppendJSONString(append(b, ','), key), ':', '{')
	first := true
	for _, f := range d {
		if !may(f.Num) {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(append(types.AppendJSONString(b, f.Name), ':'), f.Value...)
	}
	return append(b, '}')
}

// Size is about the memory that the event takes, in bytes.
func (e *Event) Size() int {
	n := 128 + len(e.ID)
	for _, d := range []Document{e.Before, e.After} {
		for _, f := range d {
			n += 64 + len(f.Value)
		}
	}
	return n
}
