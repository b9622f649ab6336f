package rows

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// projection is what a scan gives of each record.
type projection struct {
	verdicts *verdicts // of the scan
	types    []*types.Type
	values   []func(r *record) any
	// want selects the schema's columns to be decoded. Secrets cost 100,000 hash
	// rounds each, so nothing is decoded that is not asked for.
	want []bool
	// early are those of want that are decoded at once, nil for all: secrets wait for Sift.
	early []bool
	need  need
	// part of the content that is read, nil for all.
	part *storage.ByteRange
}

// need is what a column must have read.
type need uint8

const (
	needKey     need = 1 << iota // the id's values
	needRow                      // the object's metadata, and its body where the fields are there
	needObject                   // the whole object, but for content out of line
	needContent                  // the content in memory
	needHead                     // whether the body is content
	needListing                  // what the listing of the row's own key tells
)

// system are the columns that every table has.
var system = map[int16]struct {
	typ   types.OID
	need  need
	value func(t *table, r *record) any
}{
	storage.ColVersion:       {types.Int4OID, needRow, func(_ *table, r *record) any { return s3db.VersionNumber(r.row.Version) }},
	storage.ColETag:          {types.TextOID, needListing, func(_ *table, r *record) any { return r.info.ETag }},
	storage.ColLastModified:  {types.TimestamptzOID, needListing, func(_ *table, r *record) any { return types.TimestampFromTime(r.info.LastModified) }},
	storage.ColContentLength: {types.Int8OID, needHead, func(_ *table, r *record) any { return r.row.ContentLength }},
	storage.ColHasContent:    {types.BoolOID, needHead, func(_ *table, r *record) any { return r.row.Content }},
	storage.ColContent:       {types.ByteaOID, needContent, content},
	storage.ColContentType:   {types.TextOID, needHead, func(_ *table, r *record) any { return textOrNull(r.row.ContentType) }},
	storage.ColTableOID:      {types.OidOID, 0, func(t *table, _ *record) any { return t.def.OID }},
	storage.ColContentSize:   {types.Int8OID, needHead, contentSize},
	storage.ColRowID:         {types.TextOID, 0, func(_ *table, r *record) any { return r.id }},
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func content(_ *table, r *record) any {
	if !r.row.Content {
		return nil
	}
	if r.row.Body == nil {
		return []byte{} // content of no bytes
	}
	return r.row.Body
}

// toasted is the content as a *types.External.
func toasted(r *record) any {
	switch {
	case !r.row.Content:
		return nil
	case r.external != nil:
		return r.external
	}
	return types.InlineExternal(r.row.Body)
}

func contentSize(_ *table, r *record) any {
	if !r.row.Content {
		return nil
	}
	return r.row.ContentLength
}

func (t *table) project(columns []int16) (*projection, error) {
	p := &projection{want: make([]bool, len(t.schema.Columns))}
	for _, num := range columns {
		if err := p.add(t, num); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *projection) add(t *table, num int16) error {
	c := t.columns[num]
	switch {
	case c != nil && c.Attr >= 0:
		p.want[c.Attr] = true
		p.column(c.Type, needRow, func(r *record) any { return r.row.Values[c.Attr] })
	case c != nil:
		p.column(c.Type, needKey, func(r *record) any { return r.key[c.Key] })
	case num == storage.ColContentToast:
		p.column(types.ExternalBytea, needObject, toasted)
	case num == storage.ColRowImage:
		p.column(storage.RowImageType, needObject, func(r *record) any { return r.image() })
	default:
		s, ok := system[num]
		if !ok {
			return pgerr.Internal("table \"%s\" has no column %d", t.def.Name, num)
		}
		p.column(types.ByOID(s.typ), s.need, func(r *record) any { return s.value(t, r) })
	}
	return nil
}

func (p *projection) column(typ *types.Type, n need, value func(*record) any) {
	if n&(needObject|needContent|needHead) != 0 {
		n |= needRow
	}
	p.types, p.values, p.need = append(p.types, typ), append(p.values, value), p.need|n
}

// slice has the projection give a part of the content. With a row's image comes all of
// it.
func (p *projection) slice(columns []int16, part storage.ByteRange) {
	if !slices.Contains(columns, storage.ColRowImage) {
		p.part = &part
	}
	for i, num := range columns {
		if num != storage.ColContent {
			continue
		}
		whole := p.values[i]
		p.values[i] = func(r *record) any {
			b, ok := whole(r).([]byte)
			if !ok || r.sliced {
				return whole(r)
			}
			return part.Of(b)
		}
	}
}

// listed says that a listing gives all columns.
func (p *projection) listed() bool { return p.need&^(needKey|needListing) == 0 }

// needsBody says whether the object's body must be read to give the columns.
func (p *projection) needsBody(t *table, info objstore.Info) bool {
	if info.Size == 0 {
		return false
	}
	if p.need&needObject != 0 && !t.outOfLine(info) {
		return true
	}
	return p.need&needContent != 0 || t.schema.NeedsBody(info.Metadata, info.Size, p.want) ||
		p.need&needHead != 0 && !t.headTells(info)
}

// headTells says that an object's head alone tells whether its body is content.
func (t *table) headTells(info objstore.Info) bool {
	_, sure := t.schema.HeadContent(info)
	return sure
}

// also makes the rows decode the columns of an index too: for its recheck.
func (p *projection) also(x *index) {
	for _, c := range x.columns {
		p.recheck(c.Attr)
	}
	if x.Partition == nil {
		return
	}
	for _, f := range x.Partition.Fields {
		p.recheck(f.Column)
	}
}

// recheck has a column of the schema decoded at once; -1 is none.
func (p *projection) recheck(attr int) {
	if attr < 0 {
		return
	}
	if p.want[attr] = true; p.early != nil {
		p.early[attr] = true
	}
}

func (p *projection) builders(capacity int) []vec.Builder { return vec.NewBuilders(p.types, capacity) }

func (p *projection) append(bs []vec.Builder, r *record) {
	for i, value := range p.values {
		bs[i].Append(value(r))
	}
}

// batch builds n rows; a projection without columns still counts them.
func (p *projection) batch(bs []vec.Builder, n int) *vec.Batch {
	b := vec.BuildBatch(bs)
	b.N = n
	return b
}

// Decode implements storage.Table.
func (t *table) Decode(images []*storage.RowImage, columns []int16) (*vec.Batch, error) {
	p, err := t.project(columns)
	if err != nil {
		return nil, err
	}
	bs := p.builders(len(images))
	for _, ri := range images {
		r, err := recordOf(ri)
		if err != nil {
			return nil, err
		}
		if err := t.complete(r, p); err != nil {
			return nil, err
		}
		p.append(bs, r)
	}
	return p.batch(bs, len(images)), nil
}

// complete decodes what the projection takes of a record.
func (t *table) complete(r *record, p *projection) (err error) {
	if p.need&needKey != 0 {
		if r.key, err = t.keyValues(r.id); err != nil {
			return err
		}
	}
	if p.need&needRow == 0 {
		return nil
	}
	if p.need&needContent != 0 && r.external != nil { // of an image
		if r.body, err = detoast(r.external); err != nil {
			return err
		}
	}
	if p.early != nil {
		return t.decode(r, p.early)
	}
	return t.decode(r, p.want)
}
