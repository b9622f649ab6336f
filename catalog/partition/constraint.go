package partition

import (
	"slices"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Constraint is what the rows of a partition satisfy, those of its ancestors too, as
// SQL text; "" for what is no partition or takes every row
// (pg_get_partition_constraintdef).
func Constraint(r catalog.Reader, rel *catalog.Relation, quote Namer) (string, error) {
	quals, err := partitionQual(r, rel, quote)
	if err != nil || len(quals) == 0 {
		return "", err
	}
	return and(quals), nil
}

// partitionQual is generate_partition_qual.
func partitionQual(r catalog.Reader, rel *catalog.Relation, quote Namer) ([]string, error) {
	if rel.Bound == nil || len(rel.Parents) == 0 {
		return nil, nil
	}
	parent := r.RelationByOID(rel.Parents[0])
	quals, err := partitionQual(r, parent, quote)
	if err != nil {
		return nil, err
	}
	d, err := Describe(r, parent)
	if err != nil {
		return nil, err
	}
	return append(quals, d.Qual(rel.Bound, quote)...), nil
}

// Qual is get_qual_from_partbound: conditions that all hold for the rows of a
// partition with that bound, which need not be among d's yet.
func (d *Desc) Qual(b *catalog.PartitionBound, quote Namer) []string {
	q := &qual{d, quote}
	switch b.Strategy {
	case catalog.ByHash:
		return q.hash(b)
	case catalog.ByList:
		return q.ofList(b)
	}
	if b.Default {
		return q.defaultRange()
	}
	return q.ofRange(b, false)
}

type qual struct {
	*Desc
	quote Namer
}

func (q *qual) key(i int) string { return keyText(q.Rel.Partitioning.Keys[i], q.quote) }

func (q *qual) hash(b *catalog.PartitionBound) []string {
	args := []string{"'" + strconv.FormatUint(uint64(q.Rel.OID), 10) + "'::oid", strconv.Itoa(int(b.Modulus)), strconv.Itoa(int(b.Remainder))}
	for i := range q.Types {
		args = append(args, q.key(i))
	}
	return []string{"satisfies_hash_partition(" + strings.Join(args, ", ") + ")"}
}

// ofList is get_qual_for_list.
func (q *qual) ofList(b *catalog.PartitionBound) []string {
	values := b.List
	if b.Default {
		values = q.listed()
		if len(values) == 0 {
			return nil
		}
	}
	null := slices.ContainsFunc(values, func(x catalog.PartitionDatum) bool { return x.Null })
	var texts []string
	for _, x := range values {
		if !x.Null {
			_, text := constant(q.Types[0], x.Value)
			texts = append(texts, text)
		}
	}
	var tests []string
	if null {
		tests = []string{or(q.equalsAny(texts, "("+q.key(0)+" IS NULL)"))}
	} else {
		tests = q.equalsAny(texts, "("+q.key(0)+" IS NOT NULL)")
	}
	if b.Default {
		return []string{"(NOT " + and(tests) + ")"}
	}
	return tests
}

// equalsAny is the test for NULL with that for one of some values, if there are any.
func (q *qual) equalsAny(values []string, null string) []string {
	key := q.key(0)
	switch {
	case len(values) == 0:
		return []string{null}
	case len(values) == 1:
		return []string{null, "(" + key + " = " + values[0] + ")"}
	case q.Types[0].Category == types.Array_:
		arms := make([]string, len(values))
		for i, v := range values {
			arms[i] = "(" + key + " = " + v + ")"
		}
		return []string{null, or(arms)}
	}
	return []string{null, "(" + key + " = ANY (ARRAY[" + strings.Join(values, ", ") + "]))"}
}

// listed are the values of all partitions but the default.
func (q *qual) listed() []catalog.PartitionDatum {
	var out []catalog.PartitionDatum
	for _, v := range q.list {
		t := q.Types[0]
		out = append(out, catalog.PartitionDatum{Value: string(t.Out(types.DefaultEnv(), nil, v.value))})
	}
	if q.null >= 0 {
		out = append(out, catalog.PartitionDatum{Null: true})
	}
	return out
}

func (q *qual) nullTests() []string {
	var out []string
	for i := range q.Types {
		out = append(out, "("+q.key(i)+" IS NOT NULL)")
	}
	return out
}

// defaultRange is what no other partition takes.
func (q *qual) defaultRange() []string {
	var arms []string
	for _, p := range q.Parts {
		if !p.Bound.Default {
			arms = append(arms, and(q.ofRange(p.Bound, true)))
		}
	}
	if len(arms) == 0 {
		return nil
	}
	return []string{"(NOT " + and(append(q.nullTests(), or(arms))) + ")"}
}

// ofRange is get_qual_for_range; nested leaves the tests for NULL to the caller.
func (q *qual) ofRange(b *catalog.PartitionBound, nested bool) []string {
	var out []string
	if !nested {
		out = q.nullTests()
	}
	i := 0
	for ; i < len(b.Lower) && b.Lower[i].Infinite == 0 && b.Lower[i] == b.Upper[i]; i++ {
		out = append(out, q.compare(i, "=", b.Lower[i]))
	}
	for _, arms := range [][]string{q.arms(b.Lower, i, -1, ">", ">="), q.arms(b.Upper, i, 1, "<", "<=")} {
		if len(arms) > 0 {
			out = append(out, or(arms))
		}
	}
	switch {
	case len(out) > 0:
		return out
	case nested:
		return q.nullTests()
	}
	return []string{"true"}
}

// arms are the alternatives for one end of a range, from column start on: the first
// is about one column, each other about one more. far is the infinity behind which
// nothing is.
func (q *qual) arms(b []catalog.PartitionDatum, start int, far int8, beyond, orAt string) []string {
	var out []string
	for last := start; last < len(b) && b[last].Infinite == 0; last++ {
		var tests []string
		for i := start; i < last; i++ {
			tests = append(tests, q.compare(i, "=", b[i]))
		}
		op, more := beyond, last+1 < len(b)
		if !more && far < 0 || more && b[last+1].Infinite == far {
			op = orAt
		}
		out = append(out, and(append(tests, q.compare(last, op, b[last]))))
	}
	return out
}

func (q *qual) compare(i int, op string, x catalog.PartitionDatum) string {
	_, value := constant(q.Types[i], x.Value)
	return "(" + q.key(i) + " " + op + " " + value + ")"
}

func and(tests []string) string { return joined(tests, " AND ") }

func or(tests []string) string { return joined(tests, " OR ") }

func joined(tests []string, with string) string {
	if len(tests) == 1 {
		return tests[0]
	}
	return "(" + strings.Join(tests, with) + ")"
}
