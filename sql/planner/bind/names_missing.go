package bind

import (
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// maxFuzzyDistance is MAX_FUZZY_DISTANCE of parse_relation.c.
const maxFuzzyDistance = 3

// missingColumn is errorMissingColumn: 42703 with a hint where a column's name
// is close.
func (s *scope) missingColumn(table, name string, pos int) {
	s.refusePhysical(table, name, pos)
	var e *pgerr.Error
	if table != "" {
		e = pgerr.New(pgerr.UndefinedColumn, "column %s.%s does not exist", table, name)
	} else {
		e = pgerr.New(pgerr.UndefinedColumn, "column \"%s\" does not exist", name)
	}
	m := s.closestColumns(table, name)
	switch {
	case m.exact != nil:
		e.WithHint("There is a column named \"%s\" in table \"%s\", but it cannot be referenced from this part of the query.",
			name, m.exact.name)
	case m.second.item != nil:
		e.WithHint("Perhaps you meant to reference the column \"%s.%s\" or the column \"%s.%s\".",
			m.first.item.name, m.first.column, m.second.item.name, m.second.column)
	case m.first.item != nil:
		e.WithHint("Perhaps you meant to reference the column \"%s.%s\".", m.first.item.name, m.first.column)
	}
	fail(e.AtByte(pos))
}

type fuzzyColumn struct {
	item   *nsItem
	column string
}

// fuzzyMatch is FuzzyAttrMatchState.
type fuzzyMatch struct {
	distance      int
	first, second fuzzyColumn
	exact         *nsItem
}

// closestColumns is searchRangeTableForCol.
func (s *scope) closestColumns(table, name string) fuzzyMatch {
	m := fuzzyMatch{distance: maxFuzzyDistance + 1}
	for p := s; p != nil; p = p.parent {
		for _, it := range p.all {
			penalty := 0
			if table != "" {
				penalty = levenshtein(table, it.name)
			}
			if m.scan(it, name, penalty) && penalty == 0 {
				return fuzzyMatch{exact: it}
			}
		}
	}
	return m
}

// scan adds one item's columns; true for an exact match.
func (m *fuzzyMatch) scan(it *nsItem, name string, penalty int) bool {
	exact := false
	for _, c := range it.cols {
		exact = exact || c.name == name
		m.add(it, c.name, name, penalty)
	}
	return exact
}

// add is updateFuzzyAttrMatchState.
func (m *fuzzyMatch) add(it *nsItem, actual, wanted string, penalty int) {
	if penalty > m.distance || actual == "" {
		return
	}
	d := levenshtein(actual, wanted)
	if d > len(wanted)/2 {
		return
	}
	d += penalty
	here := fuzzyColumn{it, actual}
	switch {
	case d < m.distance:
		m.distance, m.first, m.second = d, here, fuzzyColumn{}
	case d > m.distance:
	case m.second.item != nil:
		m.distance, m.first, m.second = d-1, fuzzyColumn{}, fuzzyColumn{}
	case m.first.item != nil:
		m.second = here
	case m.distance <= maxFuzzyDistance:
		m.first = here
	}
}

// levenshtein is the edit distance in characters with unit costs.
func levenshtein(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, utf8.RuneCountInString(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(x); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
		}
	}
	return row[len(y)]
}

// missingTable is errorMissingRTE: 42P01, with a hint where the table is in the
// query but under another name or out of sight.
func (s *scope) missingTable(schema, table string, pos int) {
	it := s.hiddenTable(schema, table)
	if it == nil {
		failAt(pos, pgerr.UndefinedTable, "missing FROM-clause entry for table \"%s\"", table)
	}
	e := pgerr.New(pgerr.UndefinedTable, "invalid reference to FROM-clause entry for table \"%s\"", table).AtByte(pos)
	if it.aliased && it.name != table && s.lookupTable("", it.name, pos) != nil {
		e.WithHint("Perhaps you meant to reference the table alias \"%s\".", it.name)
	} else {
		e.WithHint("There is an entry for table \"%s\", but it cannot be referenced from this part of the query.", it.name)
	}
	fail(e)
}

// hiddenTable is searchRangeTableForRel: an entry that is this relation or has
// this alias, visible or not.
func (s *scope) hiddenTable(schema, table string) *nsItem {
	rel := s.b.findRelation(schema, table)
	for p := s; p != nil; p = p.parent {
		for _, it := range p.all {
			if rel != nil && it.source != nil && it.source.OID == rel.OID || it.name == table && schema == "" {
				return it
			}
		}
	}
	return nil
}
