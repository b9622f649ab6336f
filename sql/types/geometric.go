package types

import (
	"math"
	"regexp"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types/geometry"
)

// The text forms of the geometric types are made of points; what reads and writes these
// is geo_ops.c's path_decode and its kin. Their binary forms are made of coordinates.

// leadingFloat matches what strtod would read.
var leadingFloat = regexp.MustCompile(`^\s*[+-]?(?i:nan|inf(inity)?|([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?)`)

// figureText reads the text of a geometric type.
type figureText struct {
	typeName    string
	whole, rest string
}

func newFigureText(typeName, s string) *figureText { return &figureText{typeName, s, s} }

func (t *figureText) invalid() error { return InvalidInput(t.typeName, t.whole) }

func (t *figureText) skipSpaces() { t.rest = strings.TrimLeft(t.rest, spaces) }

// cut takes the delimiter off the front, if it is there.
func (t *figureText) cut(delimiter byte) bool {
	if t.rest == "" || t.rest[0] != delimiter {
		return false
	}
	t.rest = t.rest[1:]
	return true
}

// number reads a number and the blanks behind it (float8in_internal). 22P02, and 22003
// for one that no double precision holds, whatever follows it.
func (t *figureText) number(f *float64) (err error) {
	n := len(leadingFloat.FindString(t.rest))
	if n == 0 {
		return t.invalid()
	}
	*f, err = ParseFloat(t.rest[:n], 64, "double precision")
	t.rest = trimSpace(t.rest[n:])
	return err
}

// point reads (x,y) or x,y (pair_decode).
func (t *figureText) point(p *geometry.Point) error {
	t.skipSpaces()
	enclosed := t.cut('(')
	if err := t.number(&p.X); err != nil {
		return err
	}
	if !t.cut(',') {
		return t.invalid()
	}
	if err := t.number(&p.Y); err != nil {
		return err
	}
	if !enclosed {
		return nil
	}
	if !t.cut(')') {
		return t.invalid()
	}
	t.skipSpaces()
	return nil
}

// points reads as many points as there are in ps, and says whether they stood in square
// brackets (path_decode).
func (t *figureText) points(ps []geometry.Point, mayOpen bool) (open bool, err error) {
	t.skipSpaces()
	depth := 0
	if open = t.cut('['); open {
		if !mayOpen {
			return false, t.invalid()
		}
		depth = 1
	} else if rest, ok := strings.CutPrefix(t.rest, "("); ok {
		rest = strings.TrimLeft(rest, spaces)
		if strings.HasPrefix(rest, "(") || strings.LastIndexByte(t.rest, '(') == 0 {
			depth, t.rest = 1, rest
		}
	}
	for i := range ps {
		if err := t.point(&ps[i]); err != nil {
			return false, err
		}
		t.cut(',')
	}
	return open, t.close(depth, ']', open)
}

// close reads the delimiters that end what has begun with depth of them; last may stand
// for the outermost one, if allowed.
func (t *figureText) close(depth int, last byte, allowed bool) error {
	for ; depth > 0; depth-- {
		if !t.cut(')') && !(allowed && depth == 1 && t.cut(last)) {
			return t.invalid()
		}
		t.skipSpaces()
	}
	return nil
}

// end is an error if there is more.
func (t *figureText) end() error {
	if t.rest != "" {
		return t.invalid()
	}
	return nil
}

// all reads ps and nothing else.
func (t *figureText) all(ps []geometry.Point, mayOpen bool) (open bool, err error) {
	if open, err = t.points(ps, mayOpen); err != nil {
		return false, err
	}
	return open, t.end()
}

// pairCount is how many points the text has, by its commas; -1 for an even number of
// them (pair_count).
func pairCount(s string) int {
	n := strings.Count(s, ",")
	if n%2 == 0 {
		return -1
	}
	return (n + 1) / 2
}

func appendNumbers(env *Env, dst []byte, fs ...float64) []byte {
	for i, f := range fs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendFloat8(dst, f, env.extraFloatDigits())
	}
	return dst
}

func appendPoint(env *Env, dst []byte, p geometry.Point) []byte {
	return append(appendNumbers(env, append(dst, '('), p.X, p.Y), ')')
}

func appendPoints(env *Env, dst []byte, ps ...geometry.Point) []byte {
	for i, p := range ps {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendPoint(env, dst, p)
	}
	return dst
}

func sendCoordinates(dst []byte, fs ...float64) []byte {
	for _, f := range fs {
		dst = appendBE(dst, float8Bits(f), 8)
	}
	return dst
}

func sendPoints(dst []byte, ps ...geometry.Point) []byte {
	for _, p := range ps {
		dst = sendCoordinates(dst, p.X, p.Y)
	}
	return dst
}

// recvCoordinates reads as many coordinates as b must hold. 22P03.
func recvCoordinates(typeName string, b []byte, n int) ([]float64, error) {
	if len(b) != 8*n {
		return nil, badBinary(typeName)
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Float64frombits(beUint64(b[8*i:]))
	}
	return out, nil
}

// recvPoints reads n points.
func recvPoints(typeName string, b []byte, n int) ([]geometry.Point, error) {
	if n <= 0 || n >= (math.MaxInt32-40)/16 {
		return nil, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid number of points in external \"%s\" value", typeName)
	}
	fs, err := recvCoordinates(typeName, b, 2*n)
	if err != nil {
		return nil, err
	}
	out := make([]geometry.Point, n)
	for i := range out {
		out[i] = geometry.Point{X: fs[2*i], Y: fs[2*i+1]}
	}
	return out, nil
}
