package plpgsql

// nsKind is what an item of the namespace is.
type nsKind byte

const (
	nsLabel nsKind = iota
	nsVar
	nsRec
)

// labelKind says what a label's block is: only loops can be left without one.
type labelKind byte

const (
	labelBlock labelKind = iota
	labelLoop
	labelOther
)

// nsItem is an item of a namespace, which is a chain from the innermost name
// out: PLpgSQL_nsitem. A label ends the names of its block.
type nsItem struct {
	kind  nsKind
	label labelKind
	dno   int
	name  string
	prev  *nsItem
}

// lookup is plpgsql_ns_lookup: the variable that names mean, and how many of
// them it took. Names that a record follows may be longer by its field. With
// local only the current block is looked at.
func (ns *nsItem) lookup(local bool, names ...string) (*nsItem, int) {
	for cur := ns; cur != nil; {
		var it *nsItem
		for it = cur; it != nil && it.kind != nsLabel; it = it.prev {
			if it.name == names[0] && (len(names) == 1 || it.kind == nsRec) {
				return it, 1
			}
		}
		if it == nil {
			return nil, 0
		}
		if len(names) > 1 && it.name == names[0] {
			for in := cur; in != it; in = in.prev {
				if in.name == names[1] && (len(names) == 2 || in.kind == nsRec) {
					return in, 2
				}
			}
		}
		if local {
			return nil, 0
		}
		cur = it.prev
	}
	return nil, 0
}

// findLabel is plpgsql_ns_lookup_label.
func (ns *nsItem) findLabel(name string) *nsItem {
	for it := ns; it != nil; it = it.prev {
		if it.kind == nsLabel && it.name == name {
			return it
		}
	}
	return nil
}

// nearestLoop is plpgsql_ns_find_nearest_loop.
func (ns *nsItem) nearestLoop() *nsItem {
	for it := ns; it != nil; it = it.prev {
		if it.kind == nsLabel && it.label == labelLoop {
			return it
		}
	}
	return nil
}
