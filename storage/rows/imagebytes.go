package rows

import (
	"encoding/binary"

	"github.com/s3db-sql/s3db-sql/internal/packed"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// AppendImage implements storage.ImageCoder: strings and numbers of the image, each behind
// its length.
func (t *table) AppendImage(dst []byte, ri *storage.RowImage) ([]byte, bool) {
	im, ok := ri.State.(*image)
	if !ok || im.object.External != nil || ri.Warnings != nil {
		return dst, false
	}
	at := len(dst)
	for _, s := range []string{ri.ID, ri.ETag, im.object.ContentType} {
		dst = packed.Append(dst, s)
	}
	dst = binary.AppendVarint(binary.AppendVarint(dst, im.size), im.object.Size)
	modified, err := im.modified.MarshalBinary()
	if err != nil { // a zone that no store's time has
		return dst[:at], false
	}
	dst = packed.Append(packed.Append(dst, modified), im.object.Body)
	for name, value := range im.object.Metadata {
		dst = packed.Append(packed.Append(dst, name), value)
	}
	return dst, true
}

// ReadImage implements storage.ImageCoder.
func (t *table) ReadImage(form []byte) (*storage.RowImage, error) {
	r := &packed.Reader{Rest: form}
	ri, im := &storage.RowImage{ID: r.Text(), ETag: r.Text()}, &image{}
	ri.State = im
	im.object = s3db.Object{ContentType: r.Text(), Metadata: objstore.Metadata{}}
	im.size, im.object.Size = r.Varint(), r.Varint()
	if err := im.modified.UnmarshalBinary(r.Sized()); err != nil {
		return nil, pgerr.Internal("the image of a row has no time: %v", err)
	}
	if body := r.Sized(); len(body) > 0 {
		im.object.Body = append([]byte(nil), body...)
	}
	for len(r.Rest) > 0 && !r.Bad {
		name := r.Text()
		im.object.Metadata[name] = r.Text()
	}
	if r.Bad {
		return nil, pgerr.Internal("the image of a row is cut off")
	}
	return ri, nil
}
