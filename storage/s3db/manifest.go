package s3db

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

// ManifestKey is the key of the catalog.
const ManifestKey = "s3db.json"

// writerVersion is the s3dbVersion of catalogs that begin with us: the form
// that we write.
const writerVersion = "21.6.2"

// Manifest is s3db.json. It is changed by its methods only and keeps every
// member that it does not know, in its place.
type Manifest struct {
	doc *ojson.Value
	// resources are the member of that name, byName its members. A resource's value is
	// frozen, and shared with clones of the manifest: it is changed by replacing it.
	resources *ojson.Value
	byName    map[string]*ojson.Value
	// missing: it is not there, and has not been changed.
	missing bool
}

// NewManifest is the catalog of an empty database.
func NewManifest(now time.Time) *Manifest {
	doc := ojson.Obj()
	doc.Set("version", ojson.Str("1"))
	doc.Set("s3dbVersion", ojson.Str(writerVersion))
	doc.Set("lastUpdated", ojson.Str(isoTime(now)))
	doc.Set("resources", ojson.Obj())
	return manifestOf(doc)
}

// manifestOf is the manifest of a document that has resources.
func manifestOf(doc *ojson.Value) *Manifest {
	m := &Manifest{doc: doc, resources: doc.Get("resources")}
	m.byName = make(map[string]*ojson.Value, len(m.resources.Members))
	for _, r := range m.resources.Members {
		m.byName[r.Key] = r.Value
	}
	return m
}

// resourceDepth is how deep the resources are in the document.
const resourceDepth = 2

// put files a resource, which is not changed afterwards.
func (m *Manifest) put(name string, v *ojson.Value) {
	v.Freeze(resourceDepth)
	m.resources.Set(name, v)
	m.byName[name] = v
}

// isoTime is Date.prototype.toISOString.
func isoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// ParseManifest reads s3db.json; XX001 if it is damaged.
func ParseManifest(data []byte) (*Manifest, error) {
	doc, err := ojson.Parse(string(data))
	if err != nil {
		return nil, damagedManifest("it is not JSON: %v", err)
	}
	if !doc.IsObject() {
		return nil, damagedManifest("it is not a JSON object")
	}
	if doc.Get("resources") == nil {
		doc.Set("resources", ojson.Obj())
	}
	m := manifestOf(doc)
	if err := m.check(); err != nil {
		return m, err
	}
	for _, r := range m.resources.Members {
		r.Value.Freeze(resourceDepth)
	}
	return m, nil
}

func damagedManifest(format string, args ...any) *pgerr.Error {
	return pgerr.New(pgerr.DataCorrupted, "the catalog %s is damaged", ManifestKey).WithDetail(format, args...)
}

func (m *Manifest) check() error {
	if !m.resources.IsObject() {
		return damagedManifest("resources is not an object")
	}
	for _, r := range m.resources.Members {
		if err := checkResource(r.Key, r.Value); err != nil {
			return err
		}
	}
	return nil
}

func checkResource(name string, v *ojson.Value) error {
	current, ok := v.GetStr("currentVersion")
	if !ok {
		return damagedManifest("resource \"%s\" has no currentVersion", name)
	}
	version := v.Path("versions", current)
	if !version.IsObject() {
		return damagedManifest("resource \"%s\" has no version \"%s\"", name, current)
	}
	if !version.Get("attributes").IsObject() {
		return damagedManifest("version \"%s\" of resource \"%s\" has no attributes", current, name)
	}
	return nil
}

// Bytes is the file: JSON with two spaces, as JSON.stringify(…, null, 2).
func (m *Manifest) Bytes() []byte { return m.doc.Indent() }

// equal says whether the files are the same.
func (m *Manifest) equal(o *Manifest) bool {
	same := func(a, b ojson.Member) bool {
		both := a.Value == b.Value || a.Value == m.resources && b.Value == o.resources
		return a.Key == b.Key && (both || bytes.Equal(a.Value.Indent(), b.Value.Indent()))
	}
	return slices.EqualFunc(m.doc.Members, o.doc.Members, same) && slices.EqualFunc(m.resources.Members, o.resources.Members, same)
}

// Digest tells the manifest from others, and from one that is not there.
func (m *Manifest) Digest() string {
	if m.missing {
		return "none"
	}
	return digestOf(m.Bytes())
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}

// Clone copies the manifest. The resources are shared until they are changed.
func (m *Manifest) Clone() *Manifest {
	c := &Manifest{doc: m.doc.CloneShallow(), resources: m.resources.CloneShallow(), byName: maps.Clone(m.byName), missing: m.missing}
	c.doc.Set("resources", c.resources)
	return c
}

// WriterVersion is s3dbVersion: of who wrote the catalog last.
func (m *Manifest) WriterVersion() string {
	s, _ := m.doc.GetStr("s3dbVersion")
	return s
}

// Resources are the names in the order of the file.
func (m *Manifest) Resources() []string {
	var names []string
	for _, r := range m.resources.Members {
		names = append(names, r.Key)
	}
	return names
}

// Resource returns the entry, or nil.
func (m *Manifest) Resource(name string) *Resource {
	v := m.byName[name]
	if v == nil {
		return nil
	}
	return &Resource{name: name, v: v, m: m}
}

// Touch sets lastUpdated. ManifestWriter does it.
func (m *Manifest) Touch(now time.Time) {
	m.doc.Set("lastUpdated", ojson.Str(isoTime(now)))
	m.missing = false
}

// Create adds a resource whose first version is v1: 42P07 if it exists, 42602
// for a name that keys can't carry.
func (m *Manifest) Create(name string, def *Definition, now time.Time) (*Resource, error) {
	if err := CheckResourceName(name); err != nil {
		return nil, err
	}
	if m.Resource(name) != nil {
		return nil, pgerr.New(pgerr.DuplicateTable, "relation \"%s\" already exists", name)
	}
	v := ojson.Obj()
	v.Set("currentVersion", ojson.Str("v1"))
	v.Set("partitions", partitionsJSON(def.Partitions))
	v.Set("createdBy", ojson.Str("user"))
	versions := ojson.Obj()
	versions.Set("v1", newVersion(def, now))
	v.Set("versions", versions)
	r := &Resource{name: name, v: v, m: m}
	if err := r.register(def, nil, now); err != nil {
		return nil, err
	}
	v.Set("pluginSchemaRegistry", ojson.Obj())
	m.put(name, v)
	return r, nil
}

// Drop removes a resource.
func (m *Manifest) Drop(name string) {
	m.resources.Delete(name)
	delete(m.byName, name)
}

// CheckResourceName refuses names that keys can't carry or that could be taken
// for another resource's keys: 42602.
func CheckResourceName(name string) error {
	if name == "" || strings.ContainsFunc(name, badInName) || len(name) > maxSegment-len("resource=") {
		return pgerr.New(pgerr.InvalidName, "invalid resource name \"%s\"", name).
			WithDetail("A resource name has 1 to %d bytes without /, \\, =, %% and control characters.", maxSegment-len("resource="))
	}
	return nil
}

func badInName(r rune) bool { return r < 0x20 || r == 0x7F || strings.ContainsRune(`/\=%`, r) }

// newVersion is a version entry as 21 writes it.
func newVersion(def *Definition, now time.Time) *ojson.Value {
	v := ojson.Obj()
	v.Set("hash", ojson.Str(""))
	v.Set("attributes", nil)
	v.Set("behavior", nil)
	v.Set("timestamps", nil)
	v.Set("partitions", nil)
	v.Set("paranoid", nil)
	v.Set("allNestedObjectsOptional", ojson.Bool(!def.NestedRequired))
	v.Set("autoDecrypt", ojson.Bool(true))
	v.Set("cache", ojson.Bool(false))
	v.Set("hooks", ojson.Obj())
	fillVersion(v, def, now)
	return v
}

// fillVersion writes def into a version entry, leaving what it does not know.
func fillVersion(v *ojson.Value, def *Definition, now time.Time) {
	v.Set("hash", ojson.Str(def.Hash()))
	v.Set("attributes", def.attributes.Clone())
	v.Set("behavior", ojson.Str(string(def.Behavior)))
	v.Set("partitions", partitionsJSON(def.Partitions))
	setOptions(v, def)
	v.Set("createdAt", ojson.Str(isoTime(now)))
}

// setOptions writes what is not part of the hash.
func setOptions(v *ojson.Value, def *Definition) {
	v.Set("timestamps", ojson.Bool(def.Timestamps))
	v.Set("paranoid", ojson.Bool(def.Paranoid))
	if def.IDSize > 0 {
		v.Set("idSize", ojson.Int(def.IDSize))
	}
	if def.IDGenerator != "" {
		v.Set("idGenerator", ojson.Str(def.IDGenerator))
	}
}

// Resource is one resource of a manifest.
type Resource struct {
	name string
	v    *ojson.Value
	m    *Manifest
}

// Same says that r and other, which may be nil, are the same state of a resource.
func (r *Resource) Same(other *Resource) bool {
	return r == other || r != nil && other != nil && r.v == other.v
}

// change runs f on a value of the resource's own, and files that.
func (r *Resource) change(f func() error) error {
	r.v = r.v.Clone()
	err := f()
	r.m.put(r.name, r.v)
	return err
}

// Name of the resource.
func (r *Resource) Name() string { return r.name }

// CurrentVersion is the name of the version that writers use ("v1").
func (r *Resource) CurrentVersion() string {
	s, _ := r.v.GetStr("currentVersion")
	return s
}

// Versions are the names in ascending order.
func (r *Resource) Versions() []string {
	var names []string
	for _, v := range r.v.Get("versions").InOrder() {
		names = append(names, v.Key)
	}
	slices.SortStableFunc(names, func(a, b string) int { return versionNumber(a) - versionNumber(b) })
	return names
}

func versionNumber(name string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(name, "v"))
	if err != nil {
		return -1
	}
	return n
}

// Definition returns that version's definition; nil if there is none. The
// current one has the resource's own partitions, which win over the version's.
func (r *Resource) Definition(version string) *Definition {
	v := r.v.Path("versions", version)
	if !v.Get("attributes").IsObject() {
		return nil
	}
	d := &Definition{attributes: v.Get("attributes"), Behavior: UserManaged, Paranoid: true}
	if b, ok := v.GetStr("behavior"); ok {
		d.Behavior = Behavior(b)
	}
	d.Timestamps, _ = v.GetBool("timestamps")
	if p, ok := v.GetBool("paranoid"); ok {
		d.Paranoid = p
	}
	if n, ok := v.GetBool("allNestedObjectsOptional"); ok {
		d.NestedRequired = !n
	}
	d.IDSize, _ = v.GetInt("idSize")
	d.IDGenerator, _ = v.GetStr("idGenerator")
	d.Partitions = parsePartitions(v.Get("partitions"))
	if own := r.v.Get("partitions"); own.IsObject() && version == r.CurrentVersion() {
		d.Partitions = parsePartitions(own)
	}
	return d
}

// Hash is the stored definition hash of a version.
func (r *Resource) Hash(version string) string {
	h, _ := r.v.Path("versions", version).GetStr("hash")
	return h
}

// SetDefinition makes a new version if def's hash differs from the current
// one's; attributes keep their indexes for life and those of removed ones are
// burned. changed says whether there is a new version; options outside the hash
// are updated in place. 42602 for an attribute whose name is a short key in use.
func (r *Resource) SetDefinition(def *Definition, now time.Time) (changed bool, err error) {
	err = r.change(func() (err error) { changed, err = r.setDefinition(def, now); return err })
	return changed, err
}

func (r *Resource) setDefinition(def *Definition, now time.Time) (changed bool, err error) {
	current := r.CurrentVersion()
	before := r.Definition(current)
	versions := r.v.Get("versions")
	entry := versions.Get(current)
	r.v.Set("partitions", partitionsJSON(def.Partitions))
	if h, _ := entry.GetStr("hash"); h == def.Hash() {
		setOptions(entry, def)
		return false, nil
	}
	if r.v.Get("schemaRegistry") != nil {
		if err := r.register(def, before, now); err != nil {
			return false, err
		}
	}
	next := "v" + strconv.Itoa(r.highestVersion()+1)
	entry = entry.Clone()
	fillVersion(entry, def, now)
	versions.Set(next, entry)
	r.v.Set("currentVersion", ojson.Str(next))
	return true, nil
}

func (r *Resource) highestVersion() int {
	n := 0
	for _, v := range r.v.Get("versions").Members {
		n = max(n, versionNumber(v.Key))
	}
	return n
}

// seedPlugins are the resources of 6.2's plugins, which have plain names.
var seedPlugins = []string{"fulltext_indexes", "audits", "metrics", "error_logs", "performance_logs", "replication_logs"}

// Plugin says that the resource belongs to a plugin of s3db.js (section 12) and
// should be read-only.
func (r *Resource) Plugin() bool {
	by, _ := r.v.GetStr("createdBy")
	return strings.HasPrefix(r.name, "plg_") || by != "" && by != "user" ||
		by == "" && slices.Contains(seedPlugins, r.name)
}

// Era is the era of the resource's documents as far as the catalog shows it
// (section 15).
func (r *Resource) Era() Era {
	if r.v.Get("schemaRegistry") != nil {
		return EraModern
	}
	major, err := strconv.Atoi(strings.SplitN(r.m.WriterVersion(), ".", 2)[0])
	switch {
	case err == nil && major >= 7:
		return EraModern
	case r.v.Path("versions", "v0") != nil:
		return EraSeed
	case err == nil:
		return EraSeed
	}
	return EraModern
}
