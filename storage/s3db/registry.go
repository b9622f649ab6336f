package s3db

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

// register brings schemaRegistry in line with a definition (section 4): names
// keep their index for life, new names take nextIndex, the indexes of names that
// are gone are burned.
func (r *Resource) register(def, before *Definition, now time.Time) error {
	reg := r.v.Get("schemaRegistry")
	if reg == nil {
		reg = ojson.Obj()
		reg.Set("nextIndex", ojson.Int(0))
		reg.Set("mapping", ojson.Obj())
		reg.Set("burned", ojson.Arr())
		r.v.Set("schemaRegistry", reg)
	}
	g := newRegistry(reg)
	names := shortNames(def.attributes)
	g.taken = clashing(def)
	if err := g.checkClash(names); err != nil {
		return err
	}
	g.burnMissing(names, now)
	had := map[string]bool{}
	if before != nil {
		had = setOf(shortNames(before.attributes))
	}
	for _, n := range names {
		g.assign(n, had[n])
	}
	g.store(reg)
	return nil
}

type registry struct {
	next    int
	mapping *ojson.Value
	burned  *ojson.Value
	// taken are the short keys that are also names of attributes.
	taken map[string]bool
}

// clashing are the attribute names that look like short keys: the library maps
// twice on reading, so such a name must be nobody's short key (trap 2).
func clashing(def *Definition) map[string]bool {
	names := map[string]bool{}
	for _, m := range def.attributes.Members {
		if !strings.ContainsFunc(m.Key, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') }) {
			names[m.Key] = true
		}
	}
	return names
}

// checkClash refuses a new attribute whose name is a short key in use.
func (g *registry) checkClash(names []string) error {
	for _, name := range names {
		index, ok := g.mapping.GetInt(name)
		key := key36(index)
		if !ok || !g.taken[key] || key == name || g.mapping.Get(key) != nil {
			continue
		}
		return pgerr.New(pgerr.InvalidName, "an attribute can't be named \"%s\" in this resource", key).
			WithDetail("s3db.js would take it for the short key of attribute \"%s\".", name)
	}
	return nil
}

func newRegistry(reg *ojson.Value) *registry {
	g := &registry{mapping: reg.Get("mapping"), burned: reg.Get("burned")}
	if !g.mapping.IsObject() {
		g.mapping = ojson.Obj()
	}
	if g.burned == nil {
		g.burned = ojson.Arr()
	}
	g.next, _ = reg.GetInt("nextIndex")
	for _, m := range g.mapping.Members {
		g.above(m.Value)
	}
	for _, b := range g.burned.Items {
		g.above(b.Get("index"))
	}
	return g
}

// above raises next over an index that is in use.
func (g *registry) above(v *ojson.Value) {
	if v == nil || v.Kind != ojson.Number {
		return
	}
	if n, err := strconv.Atoi(v.Text); err == nil {
		g.next = max(g.next, n+1)
	}
}

func (g *registry) store(reg *ojson.Value) {
	reg.Set("nextIndex", ojson.Int(g.next))
	reg.Set("mapping", g.mapping)
	reg.Set("burned", g.burned)
}

// isBurned says that the name's index was given up: a merge by the library can
// have put the name back into mapping all the same.
func (g *registry) isBurned(index int) bool {
	return slices.ContainsFunc(g.burned.Items, func(b *ojson.Value) bool {
		n, ok := b.GetInt("index")
		return ok && n == index
	})
}

func (g *registry) burnMissing(names []string, now time.Time) {
	keep := setOf(names)
	for _, m := range slices.Clone(g.mapping.Members) {
		if keep[m.Key] {
			continue
		}
		if index, ok := g.mapping.GetInt(m.Key); ok && !g.isBurned(index) {
			g.burn(index, m.Key, now)
		}
		g.mapping.Delete(m.Key)
	}
}

func setOf(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, n := range names {
		set[n] = true
	}
	return set
}

func (g *registry) burn(index int, name string, now time.Time) {
	b := ojson.Obj()
	b.Set("index", ojson.Int(index))
	b.Set("attribute", ojson.Str(name))
	b.Set("burnedAt", ojson.Str(isoTime(now)))
	b.Set("reason", ojson.Str("removed"))
	g.burned.Items = append(g.burned.Items, b)
}

// assign gives a name its index. A name that comes back after it was removed
// gets a new one: old documents still hold values of the removed attribute. (A
// name of the definition before is in use, whatever burned says.)
func (g *registry) assign(name string, inUse bool) {
	if index, ok := g.mapping.GetInt(name); ok && (inUse || !g.isBurned(index)) {
		return
	}
	for g.taken[key36(g.next)] {
		g.next++
	}
	g.mapping.Set(name, ojson.Int(g.next))
	g.next++
}

// RenameAttribute gives an attribute another name and its old index, so that
// stored documents keep their values. The definition must be set afterwards with
// the attribute under its new name. 0A000 where indexes are positions.
func (r *Resource) RenameAttribute(from, to string) error {
	if r.v.Path("schemaRegistry", "mapping") == nil {
		return pgerr.Unsupported("renaming an attribute of a resource without a schema registry")
	}
	return r.change(func() error {
		renameIn(r.v.Path("schemaRegistry", "mapping"), from, to)
		return nil
	})
}

func renameIn(mapping *ojson.Value, from, to string) {
	for _, m := range slices.Clone(mapping.Members) {
		if m.Key == from || strings.HasPrefix(m.Key, from+".") {
			mapping.Delete(to + m.Key[len(from):])
			mapping.Rename(m.Key, to+m.Key[len(from):])
		}
	}
}

// shortKeys are the short keys by name: from the registries where the catalog
// has them, else by position (section 4).
func (r *Resource) shortKeys(def *Definition, era Era) (map[string]string, error) {
	keys := map[string]string{}
	if reg := r.v.Get("schemaRegistry"); reg != nil && era == EraModern {
		return keys, r.registeredKeys(keys)
	}
	names := shortNames(def.attributes)
	if era == EraModern && len(names) > 36 {
		return nil, pgerr.Unsupported("resource \"%s\": %d attributes without a schema registry (s3db.js 7 to 19.1 lost some of them)", r.name, len(names))
	}
	for i, n := range names {
		keys[n] = key36(i)
	}
	return keys, nil
}

func (r *Resource) registeredKeys(keys map[string]string) error {
	for _, m := range r.v.Path("schemaRegistry", "mapping").InOrder() {
		index, err := strconv.Atoi(m.Value.Text)
		if err != nil || index < 0 {
			return damagedManifest("resource \"%s\": schemaRegistry gives \"%s\" no index", r.name, m.Key)
		}
		keys[m.Key] = key36(index)
	}
	for _, plugin := range r.v.Get("pluginSchemaRegistry").InOrder() {
		for _, m := range plugin.Value.Get("mapping").InOrder() {
			if m.Value.Kind == ojson.String {
				keys[m.Key] = m.Value.Text
			}
		}
	}
	return nil
}

// burnedKeys are the short keys of removed attributes.
func (r *Resource) burnedKeys() map[string]bool {
	keys := map[string]bool{}
	for _, b := range r.v.Path("schemaRegistry", "burned").All() {
		if n, ok := b.GetInt("index"); ok {
			keys[key36(n)] = true
		}
	}
	return keys
}

// PluginKey is the short key that 19 and 21 give an attribute added by a plugin,
// before collisions are resolved (section 4).
func PluginKey(plugin, attribute string) string {
	sum := sha256.Sum256([]byte(plugin + ":" + attribute))
	s := base62(uint64(binary.BigEndian.Uint32(sum[:4])))
	for len(s) < 3 {
		s = "0" + s
	}
	return "p" + strings.ToLower(s[:3])
}

// mapJSON is the _map of body-only documents: attribute → short key.
func (r *Resource) mapJSON(def *Definition, era Era) string {
	m := ojson.Obj()
	keys, err := r.shortKeys(def, era)
	if err != nil {
		return "{}"
	}
	for _, name := range shortNames(def.attributes) {
		m.Set(name, ojson.Str(keys[name]))
	}
	return m.Compact()
}
