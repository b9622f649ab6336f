package partition

import (
	"slices"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Conflict is why a table can't be a partition with its bound. Lower says that the
// value at place At of the lower bound is at fault, else that of the list or of the
// upper bound; At is -1 where no place is.
type Conflict struct {
	*pgerr.Error
	Lower bool
	At    int
}

// Check is check_new_partition_bound: nil for a bound that a partition of that name
// can have beside d's partitions.
func (d *Desc) Check(name string, b *catalog.PartitionBound) (*Conflict, error) {
	if b.Default {
		if d.def < 0 {
			return nil, nil
		}
		return &Conflict{Error: invalid("partition \"%s\" conflicts with existing default partition \"%s\"", name, d.Parts[d.def].Name)}, nil
	}
	switch b.Strategy {
	case catalog.ByHash:
		return d.checkHash(name, b), nil
	case catalog.ByList:
		return d.checkList(name, b)
	}
	return d.checkRange(name, b)
}

func invalid(format string, args ...any) *pgerr.Error {
	return pgerr.New(pgerr.InvalidObjectDefinition, format, args...)
}

func (d *Desc) overlap(name string, part int) *pgerr.Error {
	return invalid("partition \"%s\" would overlap partition \"%s\"", name, d.Parts[part].Name)
}

// checkHash: each modulus divides the next larger one, so that remainders of one do
// not cross those of another.
func (d *Desc) checkHash(name string, b *catalog.PartitionBound) *Conflict {
	for _, p := range slices.Backward(d.Parts) {
		if p.Bound.Modulus > b.Modulus {
			continue
		}
		if b.Modulus%p.Bound.Modulus != 0 {
			return &Conflict{At: -1, Error: d.modulusError("The new modulus %s is not divisible by %s, the modulus of existing partition \"%s\".", b, p)}
		}
		break
	}
	for _, p := range d.Parts {
		if p.Bound.Modulus < b.Modulus {
			continue
		}
		if p.Bound.Modulus%b.Modulus != 0 {
			return &Conflict{At: -1, Error: d.modulusError("The new modulus %s is not a factor of %s, the modulus of existing partition \"%s\".", b, p)}
		}
		break
	}
	for r := int(b.Remainder); r < max(len(d.remainders), int(b.Modulus)) && len(d.remainders) > 0; r += int(b.Modulus) {
		if at := d.remainders[r%len(d.remainders)]; at >= 0 {
			return &Conflict{Error: d.overlap(name, at)}
		}
	}
	return nil
}

func (d *Desc) modulusError(detail string, b *catalog.PartitionBound, p *catalog.Relation) *pgerr.Error {
	number := func(n int32) string { return strconv.Itoa(int(n)) }
	return invalid("every hash partition modulus must be a factor of the next larger modulus").
		WithDetail(detail, number(b.Modulus), number(p.Bound.Modulus), p.Name)
}

func (d *Desc) checkList(name string, b *catalog.PartitionBound) (*Conflict, error) {
	for i, x := range b.List {
		at := d.null
		if !x.Null {
			v, err := ParseDatum(d.Types[0], x)
			if err != nil {
				return nil, err
			}
			at = d.findList(v)
		}
		if at >= 0 {
			return &Conflict{Error: d.overlap(name, at), At: i}, nil
		}
	}
	return nil, nil
}

func (d *Desc) checkRange(name string, b *catalog.PartitionBound) (*Conflict, error) {
	lower, err := d.rangeBound(b.Lower)
	if err != nil {
		return nil, err
	}
	upper, err := d.rangeBound(b.Upper)
	if err != nil {
		return nil, err
	}
	if c, at := d.compareEnds(lower, upper); c >= 0 {
		return &Conflict{Lower: true, At: at, Error: invalid("empty range bound specified for partition \"%s\"", name).
			WithDetail("Specified lower bound %s is greater than or equal to upper bound %s.", d.RangeText(b.Lower), d.RangeText(b.Upper))}, nil
	}
	for _, r := range d.ranges {
		// It overlaps where it begins before the other ends and ends after the other
		// begins.
		begins, at := d.compareEnds(lower, r.upper)
		ends, until := d.compareEnds(r.lower, upper)
		if begins >= 0 || ends >= 0 {
			continue
		}
		if c, _ := d.compareEnds(r.lower, lower); c <= 0 {
			return &Conflict{Error: d.overlap(name, r.part), Lower: true, At: at}, nil
		}
		return &Conflict{Error: d.overlap(name, r.part), At: until}, nil
	}
	return nil, nil
}

// compareEnds compares a bound with another one, and says at which column they
// differ, 0 if nowhere.
func (d *Desc) compareEnds(a, b []datum) (result, at int) {
	for i := range a {
		if c := d.compareBounds(a[:i+1], b[:i+1]); c != 0 {
			return c, i
		}
	}
	return 0, 0
}
