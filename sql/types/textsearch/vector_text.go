package textsearch

import (
	"encoding/binary"
	"sort"
	"strconv"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// ParseVector is tsvectorin. 42601, 54000.
func ParseVector(s string) (*Vector, error) {
	in := valueReader{text: s, rest: s, what: "tsvector"}
	var lexemes []Lexeme
	for {
		l, ok, err := in.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			return NewVector(lexemes)
		}
		if len(l.Word) >= maxWord {
			return nil, pgerr.New(pgerr.ProgramLimitExceeded, "word is too long (%d bytes, max %d bytes)", len(l.Word), maxWord-1)
		}
		lexemes = append(lexemes, l)
	}
}

// AppendText appends tsvectorout's form: 'word':1A,2 'other'.
func (v *Vector) AppendText(dst []byte) []byte {
	for i, l := range v.Lexemes {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = appendWord(dst, l.Word)
		for j, p := range l.Positions {
			dst = append(dst, ":,"[min(j, 1)])
			dst = strconv.AppendInt(dst, int64(p.Place()), 10)
			if w := p.Weight(); w != WeightD {
				dst = append(dst, w.Letter())
			}
		}
	}
	return dst
}

// appendWord quotes a word, doubling quotes and backslashes.
func appendWord(dst []byte, word string) []byte {
	dst = append(dst, '\'')
	for i := range len(word) {
		if c := word[i]; c == '\'' || c == '\\' {
			dst = append(dst, c)
		}
		dst = append(dst, word[i])
	}
	return append(dst, '\'')
}

// AppendBinary appends tsvectorsend's form: the number of lexemes, and for each
// its word ending in NUL, the number of its positions, and these.
func (v *Vector) AppendBinary(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(v.Lexemes)))
	for _, l := range v.Lexemes {
		dst = append(append(dst, l.Word...), 0)
		dst = binary.BigEndian.AppendUint16(dst, uint16(len(l.Positions)))
		for _, p := range l.Positions {
			dst = binary.BigEndian.AppendUint16(dst, uint16(p))
		}
	}
	return dst
}

// VectorFromBinary is tsvectorrecv. 08P01 for bytes that end early or late,
// XX000 for what is no tsvector.
func VectorFromBinary(b []byte) (*Vector, error) {
	r := reader{rest: b}
	n := int(int32(r.uint32()))
	if n < 0 || n > len(b) {
		return nil, pgerr.Internal("invalid size of tsvector")
	}
	lexemes := make([]Lexeme, 0, n)
	for range n {
		l, err := r.lexeme()
		if err != nil {
			return nil, err
		}
		lexemes = append(lexemes, l)
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	sort.SliceStable(lexemes, func(i, j int) bool { return lexemes[i].Word < lexemes[j].Word })
	return (&Vector{lexemes}).checked()
}

func (r *reader) lexeme() (Lexeme, error) {
	l := Lexeme{Word: r.cstring()}
	n := int(r.uint16())
	switch {
	case len(l.Word) > maxWord:
		return l, pgerr.Internal("invalid tsvector: lexeme too long")
	case n > maxPerWord:
		return l, pgerr.Internal("unexpected number of tsvector positions")
	}
	for i := range n {
		p := Position(r.uint16())
		if i > 0 && p.Place() <= l.Positions[i-1].Place() {
			return l, pgerr.Internal("position information is misordered")
		}
		l.Positions = append(l.Positions, p)
	}
	return l, r.err
}

// reader takes a binary value apart; err is that of the first read that failed.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.err = pgerr.New(pgerr.ProtocolViolation, "insufficient data left in message")
		r.rest = nil
		return make([]byte, n)
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) uint8() uint8   { return r.bytes(1)[0] }
func (r *reader) uint16() uint16 { return binary.BigEndian.Uint16(r.bytes(2)) }
func (r *reader) uint32() uint32 { return binary.BigEndian.Uint32(r.bytes(4)) }

func (r *reader) cstring() string {
	for i, c := range r.rest {
		if c == 0 {
			s := string(r.rest[:i])
			r.rest = r.rest[i+1:]
			if err := pgerr.CheckText(s); err != nil && r.err == nil {
				r.err = err
			}
			return s
		}
	}
	r.err = pgerr.New(pgerr.ProtocolViolation, "invalid string in message")
	return ""
}

func (r *reader) end() error {
	if r.err == nil && len(r.rest) > 0 {
		return pgerr.New(pgerr.InvalidBinaryRepresentation, "incorrect binary data format")
	}
	return r.err
}
