package copyfmt

import (
	"fmt"
	"sort"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// batchBytes is how much data a batch is made of at the most, but for one row.
const batchBytes = 1 << 20

// maxShown is how much of a line or value an error shows, in bytes
// (MAX_COPY_DATA_DISPLAY).
const maxShown = 100

// Reader reads rows. Errors are 22P04, 22021, those of the types' input
// functions, and those of the source; where a line is to blame, Where says
// which (CopyFromErrorCallback).
type Reader struct {
	relation string
	columns  []Column
	inputs   []input
	format   rowSource

	// Notice gets what ON_ERROR has to tell; nil drops it.
	Notice func(*pgerr.Error) error

	// TempDir is where values out of line wait: "" the system's.
	TempDir string

	env     *types.Env
	options *Options
	// defaults say, for each column that has a default, where its values stand for it.
	defaults []*vec.VecBuilder[bool]
	skipped  int64 // rows (ON_ERROR)
	bytes    int64

	place   place
	rows    []mark // of the last batch
	texts   []byte
	pending error
	done    bool
}

// place is what errors say of where they arose.
type place struct {
	line  int64
	text  []byte
	known bool // text is the line
	// skipped: ON_ERROR leaves the row out.
	skipped bool
	column  string
	value   string
	inText  bool // column has a value
	null    bool // which is NULL
}

// mark is a row of the last batch: its line, and where its text ends in texts.
type mark struct {
	line    int64
	end     int
	skipped bool // it is in the vectors, but nobody sees it
}

// rowSource is how a format is taken apart.
type rowSource interface {
	// begin reads the header.
	begin() error
	// row reads one row into the inputs; false at the end. size is the bytes it was.
	row() (size int, ok bool, err error)
}

// NewReader makes a reader of completed options. relation is the name that
// errors show. next gives the data piece by piece, valid until the following
// call, and io.EOF at the end.
func NewReader(o *Options, relation string, columns []Column, env *types.Env, next func() ([]byte, error)) *Reader {
	r := &Reader{relation: relation, columns: columns, inputs: make([]input, len(columns)), env: env, options: o}
	for i, c := range columns {
		r.inputs[i] = inputOf(c, env)
	}
	r.defaults = r.newDefaults()
	src := stream{next: func() ([]byte, error) {
		piece, err := next()
		r.bytes += int64(len(piece))
		return piece, err
	}}
	if o.Format == Binary {
		r.format = &binarySource{r: r, stream: src}
	} else {
		src.text = &decoder{client: o.Client}
		r.format = newLineSource(r, o, src)
	}
	return r
}

// external says that a column's values may lie out of line.
func (r *Reader) external(i int) bool { return r.columns[i].Type == types.ExternalBytea }

// Begin reads what comes before the rows: the binary format's header.
func (r *Reader) Begin() error { return r.format.begin() }

// newDefaults makes the builders of what says where defaults stand; none without
// DEFAULT.
func (r *Reader) newDefaults() []*vec.VecBuilder[bool] {
	out := make([]*vec.VecBuilder[bool], len(r.columns))
	for i, c := range r.columns {
		if r.options.Default != nil && c.HasDefault {
			out[i] = vec.NewVecBuilder[bool](types.ByOID(types.BoolOID), vec.BatchSize)
		}
	}
	return out
}

// Skipped is how many rows ON_ERROR has left out, Bytes how much data came so far.
func (r *Reader) Skipped() int64 { return r.skipped }

// Bytes is how much data came so far.
func (r *Reader) Bytes() int64 { return r.bytes }

// Next returns the next batch, nil at the end: the columns, then the number of
// the line of each row as int8, then for each column with a default, if DEFAULT was
// given, whether it stands for that. Rows that stand before a bad line come before
// its error.
func (r *Reader) Next() (*vec.Batch, error) {
	for {
		b, err := r.next()
		if b == nil || b.Rows() > 0 {
			return b, err
		}
	}
}

func (r *Reader) next() (*vec.Batch, error) {
	if r.pending != nil {
		return nil, r.pending
	}
	r.rows, r.texts = r.rows[:0], r.texts[:0]
	for size := 0; !r.done && len(r.rows) < vec.BatchSize && size < batchBytes; {
		n, ok, err := r.format.row()
		if err != nil {
			r.pending = r.located(err)
			break
		}
		if r.done = !ok; ok {
			r.keep()
			size += n
		}
	}
	if len(r.rows) == 0 {
		return nil, r.pending
	}
	return r.batch(), nil
}

// Pending is the error that stands behind the rows given so far.
func (r *Reader) Pending() error { return r.pending }

// keep remembers the row just read.
func (r *Reader) keep() {
	if r.place.known {
		r.texts = append(r.texts, r.place.text[:min(len(r.place.text), maxShown+utf8.UTFMax)]...)
	}
	r.rows = append(r.rows, mark{r.place.line, len(r.texts), r.place.skipped})
}

func (r *Reader) batch() *vec.Batch {
	cols := make([]vec.Vector, 0, len(r.inputs)+1)
	for _, in := range r.inputs {
		cols = append(cols, in.take(len(r.rows)))
	}
	lines := vec.NewVecBuilder[int64](types.ByOID(types.Int8OID), len(r.rows))
	var live []int32
	for i, m := range r.rows {
		if lines.Put(m.line); !m.skipped {
			live = append(live, int32(i))
		}
	}
	cols = append(cols, lines.Build())
	for _, d := range r.defaults {
		if d != nil {
			d.Vals = d.Vals[:len(r.rows)]
			cols = append(cols, d.Build())
		}
	}
	r.defaults = r.newDefaults()
	b := vec.NewBatch(cols, len(r.rows))
	if len(live) < len(r.rows) {
		b.Sel = append([]int32{}, live...)
	}
	return b
}

// WhereLine is the context of an error in a row of the last batch, with the
// line's text if shown.
func (r *Reader) WhereLine(line int64, shown bool) string {
	p := place{line: line}
	i := sort.Search(len(r.rows), func(i int) bool { return r.rows[i].line >= line })
	if _, binary := r.format.(*binarySource); shown && !binary && i < len(r.rows) {
		from := 0
		if i > 0 {
			from = r.rows[i-1].end
		}
		p.text, p.known = r.texts[from:r.rows[i].end], true
	}
	return r.where(p)
}

func (r *Reader) where(p place) string {
	out := fmt.Sprintf("COPY %s, line %d", r.relation, p.line)
	if p.column != "" {
		out += ", column " + p.column
	}
	switch {
	case p.null:
		return out + ": null input"
	case p.inText:
		return out + ": \"" + shorten(p.value) + "\""
	case p.column == "" && p.known:
		return out + ": \"" + shorten(string(p.text)) + "\""
	}
	return out
}

// shorten is limit_printout_length.
func shorten(s string) string {
	if len(s) <= maxShown {
		return s
	}
	cut := maxShown
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "..."
}

// located gives an error its context.
func (r *Reader) located(err error) error {
	e := pgerr.As(err)
	if e == nil {
		return err
	}
	e.Where = r.where(r.place)
	return err
}

func badFormat(format string, args ...any) *pgerr.Error {
	return pgerr.New(pgerr.BadCopyFileFormat, format, args...)
}
