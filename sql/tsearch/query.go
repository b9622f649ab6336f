package tsearch

import "github.com/s3db-sql/s3db-sql/sql/types/textsearch"

// Query makes a tsquery of a text in one of the syntaxes: each operand becomes
// its lexemes, which join joins if there are several (And or Phrase). 42601,
// 54000, 22023.
func (c *Config) Query(text string, syntax textsearch.Syntax, join textsearch.Op, notice Notice) (*textsearch.Query, error) {
	push := func(b *textsearch.Builder, operand string, weights uint8, prefix bool) error {
		d := NewDocument(c, notice)
		d.Add(operand)
		return d.push(b, weights, prefix, join)
	}
	return textsearch.BuildQuery(text, syntax, push, notice)
}

// push adds the words of an operand, with the places of the stop words between
// them (pushval_morph).
func (d *Document) push(b *textsearch.Builder, weights uint8, prefix bool, join textsearch.Op) error {
	if len(d.words) == 0 {
		b.PushStop()
		return nil
	}
	for i := 0; i < len(d.words); {
		first, place := i, d.words[i].place
		if first > 0 {
			for gone := d.words[first-1].place + 1; gone < place; gone++ {
				b.PushStop()
				b.PushOperator(join, 1)
			}
		}
		// Beyond the last place there are several words at one.
		for ; i < len(d.words) && d.words[i].place == place; i++ {
			if err := b.PushValue(d.words[i].lexeme, weights, prefix); err != nil {
				return err
			}
			if i > first {
				b.PushOperator(textsearch.And, 0)
			}
		}
		if first > 0 {
			b.PushOperator(join, 1)
		}
	}
	return nil
}
