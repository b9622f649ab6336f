package s3db

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
