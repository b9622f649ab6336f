package rows

import (
	"context"
	"errors"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Readers of unique keys: what a unique-key object says is held against the
// row, since its writer may be at work, or have crashed.

// uniqueBatch is how many unique-key objects are read before the rows that they
// name.
const uniqueBatch = 256

// owners finds rows by the unique keys that they hold.
type owners struct {
	t    *table
	spec *storage.ScanSpec
	keys []string
}

// unique finds a unique index that a path names.
func (t *table) unique(name string) (*index, error) {
	x := t.index(name)
	if x == nil || x.Partition != nil || len(x.types) == 0 {
		return nil, pgerr.Internal("table \"%s\" has no unique index \"%s\"", t.def.Name, name)
	}
	return x, nil
}

// ownerSource is the source of a UniqueGet. Values that no key can carry are
// looked for among all rows.
func (t *table) ownerSource(spec *storage.ScanSpec, p *projection) (source, error) {
	x, err := t.unique(spec.Path.Partition)
	if err != nil {
		return nil, err
	}
	o := &owners{t: t, spec: spec}
	seen := map[string]bool{}
	for _, values := range spec.Path.Keys {
		if len(values) != len(x.types) {
			return nil, pgerr.Internal("%d values for unique index \"%s\"", len(values), x.Name)
		}
		key, ok, err := t.keyOf(x, values)
		if err != nil {
			spec.Path = storage.Path{Kind: storage.FullScan}
			return t.rowSource(spec, p), nil
		}
		if ok && !seen[key] && objstore.CheckKey("GET", key) == nil {
			seen[key] = true
			o.keys = append(o.keys, key)
		}
	}
	p.also(x)
	p.need |= needRow
	return o, nil
}

func (o *owners) next(ctx context.Context, most int) ([]candidate, bool, error) {
	n := min(len(o.keys), uniqueBatch)
	if most > 0 {
		n = min(n, most)
	}
	keys := o.keys[:n]
	o.keys = o.keys[n:]
	claims, err := o.t.claims(ctx, keys)
	if err != nil {
		return nil, true, err
	}
	var out []candidate
	for i, c := range claims {
		if c == nil {
			continue
		}
		for _, id := range c.rows() {
			if o.spec.FilterID == nil || o.spec.FilterID(id) {
				out = append(out, candidate{id: id, unique: keys[i]})
			}
		}
	}
	return out, len(o.keys) == 0, nil
}

// claims reads unique-key objects side by side; nil where there is none.
func (t *table) claims(ctx context.Context, keys []string) ([]*claimObject, error) {
	out, errs := make([]*claimObject, len(keys)), make([]error, len(keys))
	sideways(len(keys), t.fanOut(), func(k int) { out[k], errs[k] = t.readClaim(ctx, keys[k]) })
	return out, errors.Join(errs...)
}

// holds says that the row has the unique key now.
func (t *table) holds(r *record, key, name string) bool {
	var v version
	return t.deriveUnique(&v, t.index(name), r.row) == nil && v.hasUnique(key)
}

func (t *table) hasUnique() bool {
	return slices.ContainsFunc(t.indexes, func(x *index) bool { return x.Partition == nil })
}

// UniqueKeys implements storage.Table.
func (t *table) UniqueKeys(image *storage.RowImage) ([]storage.UniqueKey, error) {
	if !t.hasUnique() {
		return nil, nil
	}
	r, err := recordOf(image)
	if err != nil {
		return nil, err
	}
	v, err := t.versionOf(r)
	if err != nil {
		return nil, err
	}
	out := make([]storage.UniqueKey, len(v.uniques))
	for i, u := range v.uniques {
		out[i] = storage.UniqueKey{Key: u.key, Index: u.index.Name, Deferrable: u.index.Deferrable, Taken: t.violated(u)}
	}
	return out, nil
}

// Defers implements storage.Deferrer.
func (t *table) Defers() bool {
	return slices.ContainsFunc(t.def.Indexes, func(x Index) bool { return x.Deferrable })
}

// UniqueOwners implements storage.Table.
func (t *table) UniqueOwners(ctx context.Context, keys []storage.UniqueKey) (map[string]string, error) {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.Key
	}
	claims, err := t.claims(ctx, names)
	if err != nil {
		return nil, err
	}
	held, errs := make([]string, len(keys)), make([]error, len(keys))
	sideways(len(keys), t.fanOut(), func(k int) {
		if claims[k] != nil {
			held[k], errs[k] = t.holder(ctx, claims[k], names[k])
		}
	})
	out := map[string]string{}
	for i, id := range held {
		if id != "" {
			out[names[i]] = id
		}
	}
	return out, errors.Join(errs...)
}
