package parser

import (
	"fmt"
	"testing"
)

const pointSelect = "SELECT id, name, email FROM users WHERE id = $1"

func BenchmarkParseCached(b *testing.B) { benchmarkParse(b, pointSelect, Parse) }

func BenchmarkParseUncached(b *testing.B) { benchmarkParse(b, pointSelect, parse) }

func BenchmarkParseCreateResource(b *testing.B) {
	benchmarkParse(b, "CREATE RESOURCE r (a 'string|min:2', o (b 'number', c int)) PARTITION p BY (o.b) WITH (timestamps)", parse)
}

func BenchmarkParseInsertRows(b *testing.B) {
	for _, rows := range []int{10, 1000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) { benchmarkParse(b, flat["values"](rows), parse) })
	}
}

func BenchmarkGuardInsert1000Rows(b *testing.B) {
	text := flat["values"](1000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if err := guardText(text); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkParse(b *testing.B, text string, parse func(string) ([]Statement, error)) {
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
