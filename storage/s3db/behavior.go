package s3db

import (
	"slices"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

// The limits as the library counts them (section 8).
const (
	libraryLimit = 2047
	// flagSize is $truncated and its value, which truncate-data keeps room for.
	flagSize = len("$truncated") + len("true")
	isoLen   = len("2024-01-01T00:00:00.000Z")
)

// libraryLimitOf is 21's metadataLimit: larger where the provider allows more.
func (s *Schema) libraryLimitOf() int {
	if n := s.opt.Capabilities.MaxMetadata; n > objstore.MaxMetadata {
		return n
	}
	return libraryLimit
}

// effectiveLimit is the most bytes of names and values before the text layer:
// _v and timestamps count twice, the id on updates.
func (s *Schema) effectiveLimit(id string, insert bool) int {
	n := s.libraryLimitOf() - len("_v") - len(s.Version)
	if s.Timestamps {
		n -= len("createdAt") + len("updatedAt") + 2*isoLen
	}
	if !insert {
		n -= len("id") + len(id)
	}
	return n
}

// writer turns a mapped document into an object.
type writer struct {
	s        *Schema
	row      *Row
	mapped   []entry
	limit    int
	warnings []Warning
}

func (w *writer) write() (*Encoded, error) {
	if w.s.Era == EraSeed {
		if err := w.checkSeed(); err != nil {
			return nil, err
		}
	}
	write := behaviorWriters[w.s.Behavior]
	if w.row.Content {
		write = (*writer).beside
	}
	o, err := write(w)
	if err != nil {
		return nil, err
	}
	if err := w.checkWire(o.Metadata); err != nil {
		return nil, err
	}
	return w.finish(o), nil
}

var behaviorWriters = map[Behavior]func(*writer) (Object, error){
	UserManaged:   (*writer).userManaged,
	EnforceLimits: (*writer).enforceLimits,
	TruncateData:  (*writer).truncateData,
	BodyOverflow:  (*writer).bodyOverflow,
	BodyOnly:      (*writer).bodyOnly,
}

func sizeOf(entries []entry) int {
	n := 0
	for i := range entries {
		n += len(entries[i].name) + entries[i].size()
	}
	return n
}

// exceeds notes the library's exceedsLimit event.
func (w *writer) exceeds(size int) {
	w.warnings = append(w.warnings, Warning{Event: "exceedsLimit", Size: size, Limit: w.limit, Excess: size - w.limit, Metadata: w.s.libraryLimitOf()})
}

// userManaged: all in metadata if it fits, else all in the body. (s3db.js
// itself also copies updated documents into the body: section 15 says why we do
// not.)
func (w *writer) userManaged() (Object, error) {
	size := sizeOf(w.mapped)
	md := w.headers(w.mapped)
	if size <= w.limit && w.fits(md) || w.s.Era == EraSeed {
		return Object{Metadata: md}, nil // 6.2 leaves the limit to S3
	}
	w.exceeds(size)
	return Object{Metadata: objstore.Metadata{"_v": w.s.Version}, Body: bodyJSON(w.mapped)}, nil
}

func (w *writer) enforceLimits() (Object, error) {
	if size := sizeOf(w.mapped); size > w.limit {
		return Object{}, w.tooLarge(size)
	}
	return Object{Metadata: w.headers(w.mapped)}, nil
}

func (w *writer) tooLarge(size int) *pgerr.Error {
	return pgerr.New(pgerr.ProgramLimitExceeded, "row \"%s\" of resource \"%s\" exceeds the metadata limit", w.row.ID, w.s.Name).
		WithDetail("Its size is %d bytes, the limit %d, the excess %d.", size, w.limit, size-w.limit).
		WithHint("A resource with behavior \"body-overflow\" or \"body-only\" holds larger rows.")
}

func (w *writer) bodyOnly() (Object, error) {
	md := objstore.Metadata{"_v": w.s.Version, "_map": w.header(w.s.mapJSON)}
	return Object{Metadata: md, Body: bodyJSON(w.mapped)}, nil
}

// bySize is _v first, then by the size of the value, ascending and stable.
func (w *writer) bySize() []entry {
	out := slices.Clone(w.mapped)
	slices.SortStableFunc(out, func(a, b entry) int {
		if a.name == "_v" || b.name == "_v" {
			return boolInt(b.name == "_v") - boolInt(a.name == "_v")
		}
		return a.size() - b.size()
	})
	return out
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// bodyOverflow keeps the smallest fields in metadata, counting values only as
// the library does; what encoding has made too large for S3, or what the header
// can't carry, goes to the body too.
func (w *writer) bodyOverflow() (Object, error) {
	sorted := w.bySize()
	n, sum := 0, 0
	for ; n < len(sorted) && sum+sorted[n].size() <= w.limit; n++ {
		sum += sorted[n].size()
	}
	md := w.overflowing(sorted, n)
	for !w.fits(md) && n > 1 {
		n--
		md = w.overflowing(sorted, n)
	}
	if n == len(sorted) {
		return Object{Metadata: md}, nil
	}
	w.exceeds(sizeOf(w.mapped))
	body := slices.Clone(sorted[n:])
	sortIndexes(body)
	return Object{Metadata: md, Body: bodyJSON(body)}, nil
}

// overflowing are the headers when only the first n fields stay.
func (w *writer) overflowing(sorted []entry, n int) objstore.Metadata {
	md := w.headers(sorted[:n])
	if n < len(sorted) {
		md["_overflow"] = "true"
	}
	return md
}

// sortIndexes puts integer-like names first, ascending, as JavaScript does.
func sortIndexes(entries []entry) {
	slices.SortStableFunc(entries, func(a, b entry) int { return ojson.CompareKeys(a.name, b.name) })
}

// truncateData cuts the first field that does not fit, drops the later ones, and
// then empties the last one to make room for names too. Where the last field is
// not the one that was cut, the library empties it for ever (trap): there the cut
// field gives the room, and only then others do.
func (w *writer) truncateData() (Object, error) {
	kept, cut := w.truncate()
	size := sizeOf(kept)
	if cut != nil {
		size += flagSize
	}
	if size > w.limit && !w.shrink(kept, cut, size-w.limit) {
		var emptied []string
		kept, emptied = w.empty(kept)
		cut = append(cut, emptied...)
	}
	md := w.headers(kept)
	for !w.row.Content && !w.fits(md) && w.shorten(kept, &cut) {
		md = w.headers(kept)
	}
	if cut != nil {
		md["_truncated"] = "true"
		w.warnings = append(w.warnings, Warning{Event: "truncated", Size: sizeOf(w.mapped), Limit: w.limit,
			Excess: sizeOf(w.mapped) - w.limit, Truncated: cut})
	}
	return Object{Metadata: md}, nil
}

// truncate is the library's first pass; cut names the attributes that lost data.
func (w *writer) truncate() (kept []entry, cut []string) {
	sum := 0
	sorted := w.bySize()
	for i, e := range sorted {
		if e.name == "_v" || sum+e.size()+flagSize <= w.limit {
			sum += e.size()
			kept = append(kept, e)
			continue
		}
		if !e.whole {
			e.text = cutBytes(e.text, max(0, w.limit-sum-flagSize))
			kept = append(kept, e)
		}
		for _, lost := range sorted[i:] {
			cut = append(cut, lost.attr)
		}
		break
	}
	sortIndexes(kept)
	return kept, cut
}

// shrink takes excess bytes from the field that was cut, if it has them and is
// not the last.
func (w *writer) shrink(kept []entry, cut []string, excess int) bool {
	last := len(kept) - 1
	if last >= 0 && kept[last].name == "_v" {
		last--
	}
	for i := range max(last, 0) {
		if e := &kept[i]; len(cut) > 0 && e.attr == cut[0] && e.name != "_v" && len(e.text) >= excess {
			e.text = cutBytes(e.text, len(e.text)-excess)
			return true
		}
	}
	return false
}

// empty empties fields from the last by listing order, or leaves them out.
func (w *writer) empty(kept []entry) (left []entry, cut []string) {
	for i := len(kept) - 1; i >= 0 && sizeOf(kept)+flagSize > w.limit; i-- {
		if kept[i].name == "_v" || kept[i].text == "" {
			continue
		}
		cut = append(cut, kept[i].attr)
		if kept[i].text = ""; kept[i].whole {
			kept = slices.Delete(kept, i, i+1)
		}
	}
	return kept, cut
}

// shorten halves the longest value, for text that encoding made too large.
func (w *writer) shorten(kept []entry, cut *[]string) bool {
	at := -1
	for i := range kept {
		if kept[i].name != "_v" && !kept[i].whole && (at < 0 || len(kept[i].text) > len(kept[at].text)) {
			at = i
		}
	}
	if at < 0 || kept[at].text == "" {
		return false
	}
	kept[at].text = cutBytes(kept[at].text, len(kept[at].text)/2)
	if !slices.Contains(*cut, kept[at].attr) {
		*cut = append(*cut, kept[at].attr)
	}
	return true
}

// cutBytes keeps at most n bytes, whole characters only.
func cutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// header makes a header value; in 6.2's form it is the text itself.
func (w *writer) header(text string) string {
	if w.s.Era == EraSeed {
		return text
	}
	return encodeText(text)
}

func (w *writer) headers(entries []entry) objstore.Metadata {
	md := make(objstore.Metadata, len(entries)+6)
	w.markContent(md)
	for _, e := range entries {
		if e.null {
			md[e.name] = "null"
			continue
		}
		md[e.name] = w.header(e.text)
	}
	return md
}

// maxMetadata is the store's limit as sent, and what each pair costs beside its
// name and value.
func (s *Schema) maxMetadata() (limit, overhead int) {
	c := s.opt.Capabilities
	if c.MaxMetadata == 0 {
		return objstore.MaxMetadata, 0
	}
	return c.MaxMetadata, c.MetadataOverhead
}

// fits says that S3 takes these headers. Texts that 6.2's form can't carry do
// not fit either.
func (w *writer) fits(md objstore.Metadata) bool {
	limit, overhead := w.s.maxMetadata()
	if objstore.MetadataSize(md, overhead) > limit {
		return false
	}
	for _, v := range md {
		if !printable(v) {
			return false
		}
	}
	return true
}

// checkWire is the last word before S3's own (which would be less clear).
func (w *writer) checkWire(md objstore.Metadata) error {
	limit, overhead := w.s.maxMetadata()
	size := objstore.MetadataSize(md, overhead)
	if size <= limit {
		return nil
	}
	if w.row.Content {
		return w.tooLargeBeside(size, limit)
	}
	w.limit = limit
	return w.tooLarge(size)
}

// checkSeed refuses what 6.2 can't store in a header, where the behavior has no
// body to put it in, and null, which reads back as text.
func (w *writer) checkSeed() error {
	if !w.row.Content && (w.s.Behavior == BodyOnly || w.s.Behavior == BodyOverflow) {
		return nil
	}
	for _, e := range w.mapped {
		if !printable(e.text) {
			return pgerr.New(pgerr.UntranslatableCharacter, "attribute \"%s\" can't be stored in a resource of s3db.js 6", e.attr).
				WithDetail("Its metadata holds printable ASCII characters only, without a space at either end.")
		}
	}
	return nil
}

// finish adds the row's content or stamp.
func (w *writer) finish(o Object) *Encoded {
	e := &Encoded{Object: o, Warnings: w.warnings}
	if len(o.Body) > 0 {
		e.ContentType = jsonType
	}
	if w.row.Content {
		e.Body, e.External, e.ContentType = w.row.Body, w.row.External, w.row.ContentType
		return e
	}
	if w.s.opt.RowStamps {
		e.Stamp = NewStamp(w.s.opt.Rand)
		e.Body = AppendStamp(e.Body, e.Stamp)
	}
	return e
}
