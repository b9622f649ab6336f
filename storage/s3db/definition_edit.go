package s3db

import "github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"

// SetAttribute puts at path what other declares at its top level under the
// path's last step: ALTER TABLE makes a definition of the one column and takes
// it from there. It reports whether the object around path exists.
func (d *Definition) SetAttribute(path []string, other *Definition) bool {
	at, key := d.find(path)
	if at == nil {
		return false
	}
	at.Set(key, other.attributes.Get(key).Clone())
	return true
}

// MakeOptional takes the requirement of a value from the attribute at path. It reports
// whether that changed the definition.
func (d *Definition) MakeOptional(path []string) bool {
	at, key := d.find(path)
	v := at.Get(key)
	if v == nil {
		return false
	}
	if v.Kind != ojson.String {
		if !v.IsObject() || v.Get("type") == nil {
			return false
		}
		v.Set("optional", ojson.Bool(true))
		return true
	}
	if !ParseRule(key, v.Text, EraModern).Required {
		return false
	}
	at.Set(key, ojson.Str(v.Text+"|optional"))
	return true
}
