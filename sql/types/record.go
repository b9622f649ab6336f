package types

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// RecordType is record, the type of ROW(…) and of functions' rows.
var RecordType = Register(Def[*Record]{
	Type: Type{OID: RecordOID, Name: "record", Array: RecordArrayOID, Len: -1, Align: 'd', Category: Pseudo, Kind: 'p',
		Doc: "pseudo-type representing any composite type"},
	Impl: Impl[*Record]{
		In: func(*Env, string, int32) (*Record, error) {
			return nil, pgerr.New(pgerr.FeatureNotSupported, "input of anonymous composite types is not implemented")
		},
		Recv: func(*Env, []byte, int32) (*Record, error) {
			return nil, pgerr.New(pgerr.FeatureNotSupported, "input of anonymous composite types is not implemented")
		},
		Out:     func(env *Env, dst []byte, v *Record) []byte { return v.AppendText(env, dst) },
		Send:    func(env *Env, dst []byte, v *Record) []byte { return v.AppendBinary(env, dst) },
		Compare: (*Record).Compare,
		Hash:    (*Record).Hash,
	},
})

// AppendText appends record_out's form: (a,"b c",), NULL as nothing.
func (r *Record) AppendText(env *Env, dst []byte) []byte {
	dst = append(dst, '(')
	for i, v := range r.Values {
		if i > 0 {
			dst = append(dst, ',')
		}
		if v == nil {
			continue
		}
		start := len(dst)
		dst = r.Types[i].Out(env, dst, v)
		if text := dst[start:]; needsRecordQuotes(text) {
			dst = appendRecordQuoted(dst[:start], string(text))
		}
	}
	return append(dst, ')')
}

func needsRecordQuotes(text []byte) bool {
	for _, c := range text {
		if isSpace(c) || strings.IndexByte("\"\\(),", c) >= 0 {
			return true
		}
	}
	return len(text) == 0
}

// appendRecordQuoted doubles quotes and backslashes.
func appendRecordQuoted(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for i := range len(text) {
		if text[i] == '"' || text[i] == '\\' {
			dst = append(dst, text[i])
		}
		dst = append(dst, text[i])
	}
	return append(dst, '"')
}

// AppendBinary appends record_send's form: the number of columns, and each
// one's type, length and value.
func (r *Record) AppendBinary(env *Env, dst []byte) []byte {
	dst = appendBE(dst, uint64(len(r.Values)), 4)
	for i, v := range r.Values {
		dst = appendBE(dst, uint64(r.Types[i].OID), 4)
		dst = appendSized(env, dst, r.Types[i], v)
	}
	return dst
}

// Compare is record_cmp: column by column, NULL above everything. Columns
// without an order are the binder's error; here they compare by their text.
func (r *Record) Compare(s *Record) int {
	for i := range min(len(r.Values), len(s.Values)) {
		if c := r.compareColumn(s, i); c != 0 {
			return c
		}
	}
	return cmpInt64(int64(len(r.Values)), int64(len(s.Values)))
}

func (r *Record) compareColumn(s *Record, i int) int {
	t := r.Types[i]
	if r.Values[i] == nil || s.Values[i] == nil || t.Compare != nil && t.OID == s.Types[i].OID {
		return compareNullable(t, r.Values[i], s.Values[i])
	}
	a := t.Out(nil, nil, r.Values[i])
	b := s.Types[i].Out(nil, nil, s.Values[i])
	return strings.Compare(string(a), string(b))
}

// Hash agrees with Compare.
func (r *Record) Hash() uint64 {
	h := hashUint64(uint64(len(r.Values)))
	for i, v := range r.Values {
		t := r.Types[i]
		switch {
		case v == nil || t.Hash != nil:
			h = hashCombine(h, hashNullable(t, v))
		default:
			h = hashCombine(h, hashBytes(t.Out(nil, nil, v)))
		}
	}
	return h
}
