package s3db

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

// Incremental ids of s3db.js 19 and 21: a counter object that writers change under a
// lock object (section 12, incremental ids).

// Incremental says how incremental ids look. s3db.json keeps of it only that there are
// such ids: prefix, padding and steps are each writer's own.
type Incremental struct {
	Start, Increment int64
	Prefix           string
	Padding          int
}

// IncrementalIDs is what s3db.json calls them.
const IncrementalIDs = "incremental"

const (
	// maxSafeInteger is JavaScript's: beyond it a counter would lose its last digits.
	maxSafeInteger = 1<<53 - 1
	maxPadding     = 20
)

var incrementalForm = regexp.MustCompile(`^([A-Za-z]{0,19}-?)([0-9]{1,15})$`)

// ParseIncremental reads s3db.js's texts "incremental", "incremental:1000",
// "incremental:ORD-0001" (a prefix, the first number and its width) and
// "incremental:fast:…"; ok is false for the name of another generator. 22023 for what
// s3db.js would silently take for the default.
func ParseIncremental(name string) (_ *Incremental, ok bool, err error) {
	rest, given := strings.CutPrefix(name, IncrementalIDs)
	if !given || rest != "" && rest[0] != ':' {
		return nil, false, nil
	}
	inc := &Incremental{Start: 1, Increment: 1}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, ":"), "fast")
	if rest = strings.TrimPrefix(rest, ":"); rest == "" {
		return inc, true, nil
	}
	m := incrementalForm.FindStringSubmatch(rest)
	if m == nil {
		return nil, true, pgerr.New(pgerr.InvalidParameterValue, "invalid value for option \"id_generator\": \"%s\"", name).
			WithDetail("Behind \"incremental:\" stand a prefix of letters, which may end in a hyphen, and the first number.")
	}
	if inc.Prefix = m[1]; inc.Prefix != "" {
		inc.Padding = min(len(m[2]), maxPadding)
	}
	inc.Start, err = strconv.ParseInt(m[2], 10, 64)
	return inc, true, err
}

// GeneratorName is what s3db.json says of an id_generator.
func GeneratorName(option string) string {
	if _, ok, _ := ParseIncremental(option); ok {
		return IncrementalIDs
	}
	return "default"
}

// Format is the id of a number.
func (inc *Incremental) Format(n int64) string {
	digits := strconv.FormatInt(n, 10)
	return inc.Prefix + strings.Repeat("0", max(0, inc.Padding-len(digits))) + digits
}

// SequenceKeys are the keys of the counter of a resource's ids, and of its lock.
func (s *Schema) SequenceKeys() (value, lock string) {
	at := "resource=" + s.Name + "/sequence=id/"
	return at + "value", at + "lock"
}

// Take takes n numbers of a counter: the first of them, and the counter's new body.
// body is nil where there is none yet. XX001 for what is no counter, 2200H at the end.
func (inc *Incremental) Take(key string, body []byte, n int, now time.Time) (first int64, next []byte, err error) {
	v := ojson.Obj()
	first = inc.Start
	if body != nil {
		if v, err = ojson.Parse(string(body)); err != nil || !v.IsObject() {
			return 0, nil, damagedSequence(key)
		}
		have, ok := v.GetInt("value")
		if !ok {
			return 0, nil, damagedSequence(key)
		}
		first = int64(have)
	}
	after := first + int64(n)*inc.Increment
	if after > maxSafeInteger || after < -maxSafeInteger {
		return 0, nil, pgerr.New(pgerr.SequenceGeneratorLimitExceeded, "the incremental ids of \"%s\" have come to their end (%d)", key, first)
	}
	v.Set("value", ojson.Int(int(after)))
	if body == nil {
		v.Set("name", ojson.Str("id"))
		v.Set("createdAt", ojson.Str(isoTime(now)))
	} else {
		v.Set("updatedAt", sequenceTime(v, now))
	}
	return first, v.Append(nil), nil
}

// sequenceTime is a time as the counter has its others: 19 writes milliseconds, 21
// text.
func sequenceTime(v *ojson.Value, now time.Time) *ojson.Value {
	if at := v.Get("createdAt"); at != nil && at.Kind == ojson.Number {
		return ojson.Int(int(now.UnixMilli()))
	}
	return ojson.Str(isoTime(now))
}

func damagedSequence(key string) error {
	return pgerr.New(pgerr.DataCorrupted, "object \"%s\" is damaged", key).WithDetail("It holds no counter of incremental ids.")
}

// SequenceLock is the body of a lock object.
type SequenceLock struct {
	Token   string
	Expires time.Time
}

// Body is the lock as s3db.js writes it.
func (l SequenceLock) Body(now time.Time) []byte {
	v := ojson.Obj()
	v.Set("workerId", ojson.Str("s3db-sql"))
	v.Set("token", ojson.Str(l.Token))
	v.Set("acquiredAt", ojson.Int(int(now.UnixMilli())))
	v.Set("_expiresAt", ojson.Int(int(l.Expires.UnixMilli())))
	return v.Append(nil)
}

// ReadSequenceLock reads a lock; what is none has expired, as s3db.js has it.
func ReadSequenceLock(body []byte) SequenceLock {
	v, err := ojson.Parse(string(body))
	if err != nil {
		return SequenceLock{}
	}
	token, _ := v.GetStr("token")
	until, _ := v.GetInt("_expiresAt")
	return SequenceLock{Token: token, Expires: time.UnixMilli(int64(until))}
}
