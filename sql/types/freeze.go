package types

import "fmt"

// Freeze checks a registry: that every type can be read and written, orders and
// hashes together, and that array types and their elements point at each other.
// The server calls it at start-up; an error is a fault of the program.
func Freeze(r *Registry) error {
	for _, t := range r.All() {
		for _, check := range []func(*Registry, *Type) string{checkCodecs, checkOrder, checkArray, checkElem} {
			if fault := check(r, t); fault != "" {
				return fmt.Errorf("types: %s (oid %d) %s", t.Name, t.OID, fault)
			}
		}
	}
	return nil
}

func checkCodecs(_ *Registry, t *Type) string {
	switch {
	case t.In == nil:
		return "has no input function"
	case t.Out == nil && t.Kind != 'p':
		return "has no output function"
	case (t.Recv == nil) != (t.Send == nil):
		return "has a binary form in one direction only"
	case (t.TypmodIn == nil) != (t.TypmodOut == nil):
		return "has typmod functions in one direction only"
	}
	return ""
}

func checkOrder(_ *Registry, t *Type) string {
	if t.Compare != nil && t.Hash == nil {
		return "compares but does not hash"
	}
	return ""
}

func checkArray(r *Registry, t *Type) string {
	if t.Array == 0 {
		return ""
	}
	a := r.ByOID(t.Array)
	switch {
	case a == nil:
		return fmt.Sprintf("has no array type %d", t.Array)
	case a.Elem != t.OID || a.Delim != t.Delim || a.Rep != RepArray:
		return "has an array type of another element"
	}
	return ""
}

func checkElem(r *Registry, t *Type) string {
	if t.Elem != 0 && r.ByOID(t.Elem) == nil {
		return fmt.Sprintf("has no element type %d", t.Elem)
	}
	return ""
}
