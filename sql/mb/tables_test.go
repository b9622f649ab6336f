package mb

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/pgserver"
)

var update = flag.Bool("update", false, "ask a real PostgreSQL for the tables and expectations, and write them")

// oracle asks a real PostgreSQL to convert single characters.
type oracle struct {
	t  *testing.T
	db *pgx.Conn
}

func newOracle(t *testing.T) *oracle {
	ctx := context.Background()
	url := pgserver.Start(t).URL("postgres")
	db, err := pgx.Connect(ctx, url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close(ctx) })
	_, err = db.Exec(ctx, `
		CREATE FUNCTION try(b bytea, f name, t name, OUT r bytea, OUT e text) LANGUAGE plpgsql AS $$
		BEGIN r := convert(b, f, t); EXCEPTION WHEN others THEN e := sqlstate || ' ' || sqlerrm; END $$`)
	require.NoError(t, err)
	return &oracle{t, db}
}

// convert converts each of the characters: its bytes, or the error.
func (o *oracle) convert(chars [][]byte, from, to Encoding) (out [][]byte, errs []string) {
	rows, err := o.db.Query(context.Background(),
		`SELECT r, coalesce(e, '') FROM unnest($1::bytea[]) WITH ORDINALITY u(b, n), try(b, $2, $3) ORDER BY n`, chars, from.String(), to.String())
	require.NoError(o.t, err)
	var b []byte
	var e string
	_, err = pgx.ForEachRow(rows, []any{&b, &e}, func() error {
		out, errs = append(out, slices.Clone(b)), append(errs, e)
		return nil
	})
	require.NoError(o.t, err)
	return out, errs
}

// table asks for all the codes of an encoding.
func (o *oracle) table(from, to Encoding) []run {
	chars := candidates(from)
	var runs []run
	for piece := range slices.Chunk(chars, 20000) {
		out, _ := o.convert(piece, from, to)
		for i, b := range out {
			if b == nil {
				continue
			}
			f, t := codes(from, piece[i]), codes(to, b)
			if from == UTF8 && f>>second != 0 && to.valid(b) != len(b) {
				continue // the two one after the other
			}
			if computed := conversionAlgorithm(from, to); computed != nil {
				if v, ok := computed(f); ok && v == t {
					continue
				}
			}
			runs = appendCode(runs, f, t)
		}
	}
	return newTable(runs).runs
}

func conversionAlgorithm(from, to Encoding) func(uint64) (uint64, bool) {
	switch {
	case from == GB18030:
		return gb18030ToUnicode
	case to == GB18030:
		return unicodeToGB18030
	}
	return nil
}

// codes is the number of one character, or of two code points.
func codes(e Encoding, b []byte) uint64 {
	l := utf8Length(b)
	if e != UTF8 || l == len(b) {
		return e.code(b)
	}
	return e.code(b[:l]) | e.code(b[l:])<<second
}

// combining are the second code points of JIS X 0213's pairs.
var combining = []rune{0x300, 0x301, 0x309a, 0x2e5, 0x2e9}

// candidates are all characters of an encoding beyond ASCII.
func candidates(e Encoding) [][]byte {
	var out [][]byte
	add := func(b ...byte) {
		if e.valid(b) == len(b) {
			out = append(out, b)
		}
	}
	if e == UTF8 {
		for r := rune(utf8.RuneSelf); r < 0x30000; r++ {
			if utf8.ValidRune(r) {
				out = append(out, utf8.AppendRune(nil, r))
			}
		}
		for _, c := range combining {
			for r := rune(utf8.RuneSelf); r < 0x4000; r++ {
				out = append(out, utf8.AppendRune(utf8.AppendRune(nil, r), c))
			}
		}
		return out
	}
	for a := 0x80; a <= 0xff; a++ {
		add(byte(a))
		for b := range 0x100 {
			if e.MaxLength() == 1 {
				break
			}
			add(byte(a), byte(b))
			if a == ss3 && e != GB18030 {
				for c := range 0x100 {
					add(byte(a), byte(b), byte(c))
				}
			}
			if e == EUCTW && a == ss2 || e == GB18030 && a <= 0x84 {
				for c := range 0x100 {
					for d := range 0x100 {
						add(byte(a), byte(b), byte(c), byte(d))
					}
				}
			}
		}
	}
	return out
}

// differing is what of reverse is not the inverse of forward.
func differing(forward, reverse []run) []run {
	each := func(runs []run, f func(from, to uint64)) {
		for _, r := range runs {
			for i := range r.n {
				f(r.from+i, r.to+i)
			}
		}
	}
	inverse, count := map[uint64]uint64{}, map[uint64]int{}
	each(forward, func(from, to uint64) { inverse[to] = from; count[to]++ })
	wanted := map[uint64]uint64{}
	each(reverse, func(from, to uint64) { wanted[from] = to })
	var keys []uint64
	for to, from := range inverse {
		if wanted[to] != from || count[to] > 1 {
			keys = append(keys, to)
		}
	}
	for from := range wanted {
		if _, ok := inverse[from]; !ok {
			keys = append(keys, from)
		}
	}
	slices.Sort(keys)
	var out []run
	for _, k := range keys {
		out = appendCode(out, k, wanted[k])
	}
	return out
}

func writeRuns(dst []byte, runs []run) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(runs)))
	at, target := uint64(0), uint64(0)
	for _, r := range runs {
		d := r.to - target
		dst = binary.AppendUvarint(dst, r.from-at)
		dst = binary.AppendUvarint(dst, d<<1^uint64(int64(d)>>63))
		dst = binary.AppendUvarint(dst, r.n)
		at, target = r.from+r.n, r.to+r.n
	}
	return dst
}

// TestUpdateTables writes the tables; it runs only to do that.
func TestUpdateTables(t *testing.T) {
	if !*update {
		t.Skip("-update")
	}
	o := newOracle(t)
	for _, c := range Catalog {
		if c.From == MuleInternal || c.To == MuleInternal || c.From == UTF8 || c.To != UTF8 && c.From > c.To {
			continue
		}
		forward := o.table(c.From, c.To)
		diff := differing(forward, o.table(c.To, c.From))
		var out bytes.Buffer
		w, err := flate.NewWriter(&out, flate.BestCompression)
		require.NoError(t, err)
		_, err = w.Write(writeRuns(writeRuns(nil, forward), diff))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.NoError(t, os.WriteFile(fileName(c.From, c.To), out.Bytes(), 0o644))
		t.Log(c.Name, len(forward), len(diff), out.Len())
	}
}

const bytesFile = "testdata/bytes.txt"

// TestBytes converts each byte of each single-byte encoding, as testdata/bytes.txt
// has it of a real PostgreSQL: ENCODING BYTE, then UTF-8 or the error.
func TestBytes(t *testing.T) {
	if *update {
		o := newOracle(t)
		require.NoError(t, os.WriteFile(bytesFile, []byte(byteLines(func(chars [][]byte, e Encoding) ([][]byte, []string) {
			return o.convert(chars, e, UTF8)
		})), 0o644))
	}
	want, err := os.ReadFile(bytesFile)
	require.NoError(t, err)
	require.Equal(t, string(want), byteLines(func(chars [][]byte, e Encoding) (out [][]byte, errs []string) {
		for _, c := range chars {
			b, err := Convert(c, e, UTF8)
			out = append(out, b)
			errs = append(errs, shownError(err))
		}
		return out, errs
	}))
}

func byteLines(convert func(chars [][]byte, e Encoding) ([][]byte, []string)) string {
	var lines []byte
	for e := range Encoding(len(encodings)) {
		if e.MaxLength() != 1 || e == SQLASCII {
			continue
		}
		chars := candidates(e)
		out, errs := convert(chars, e)
		for i, c := range chars {
			text := string(out[i])
			if errs[i] != "" {
				text = errs[i]
			} else if back, err := Convert(out[i], UTF8, e); err != nil || !bytes.Equal(back, c) {
				text += " not back" // of the table, not of the file: all single bytes go both ways
			}
			lines = fmt.Appendf(lines, "%s %s %q\n", e, hex.EncodeToString(c), text)
		}
	}
	return string(lines)
}
