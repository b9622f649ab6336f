package rows

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// setContent puts a change's content, and its type, into a row.
func setContent(row *s3db.Row, ch storage.Change) error {
	if i := slices.Index(ch.Columns, storage.ColContent); i >= 0 {
		setBody(row, types.AsExternal(ch.Values[i]))
	}
	if i := slices.Index(ch.Columns, storage.ColContentType); i >= 0 {
		typ, _ := ch.Values[i].(string)
		return row.SetContentType(typ)
	}
	return nil
}

func setBody(row *s3db.Row, body *types.External) {
	if body == nil {
		row.SetContent(nil)
		return
	}
	if b, inline := body.Inline(); inline {
		row.SetContent(append([]byte{}, b...))
		return
	}
	row.SetExternalContent(body)
}

// takesContent says that a change leaves its row without content.
func takesContent(ch storage.Change) bool {
	i := slices.Index(ch.Columns, storage.ColContent)
	return ch.Op == storage.Delete || i >= 0 && ch.Values[i] == nil || i < 0 && ch.Replace
}

// givesContent says whether a change gives its row content.
func givesContent(ch storage.Change) bool {
	i := slices.Index(ch.Columns, storage.ColContent)
	return i >= 0 && ch.Values[i] != nil
}

// keepContent hands a change's content on to the completed one, with the type that the
// row gets.
func keepContent(done *storage.Change, row *s3db.Row, ch storage.Change) {
	body := slices.Index(ch.Columns, storage.ColContent)
	if body >= 0 {
		done.Columns, done.Values = append(done.Columns, storage.ColContent), append(done.Values, ch.Values[body])
	}
	if body >= 0 || slices.Contains(ch.Columns, storage.ColContentType) {
		done.Columns, done.Values = append(done.Columns, storage.ColContentType), append(done.Values, textOrNull(row.ContentType))
	}
}
