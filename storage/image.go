package storage

// ImageCoder is a Table whose images can wait on disk.
type ImageCoder interface {
	// AppendImage appends a form of the image to dst; ok is false, and dst as it was, for
	// one that has none: content out of line, or what Preview warns of.
	AppendImage(dst []byte, im *RowImage) (out []byte, ok bool)
	// ReadImage makes the image of the whole of a form, which it does not keep.
	ReadImage(form []byte) (*RowImage, error)
}

// Keyed is a Table that knows the ids of rows from the values of their primary keys.
type Keyed interface {
	// PointIDs are the ids that the rows of a PointGet can have.
	PointIDs(p Path) []string
}
