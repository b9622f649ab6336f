package types

import "testing"

// BenchmarkInOut reads and writes one usual value of the types that rows are
// full of.
func BenchmarkInOut(b *testing.B) {
	env := DefaultEnv()
	for _, c := range []struct {
		typ  *Type
		text string
	}{
		{Int4Type, "123456"}, {Int8Type, "1234567890123"}, {Float8Type, "3.14159"}, {BoolType, "true"},
		{DateType, "2024-02-29"}, {TimestampType, "2024-02-29 12:34:56.789"}, {TimestamptzType, "2024-02-29T12:34:56.789Z"},
		{IntervalType, "1 day 02:03:04"}, {UUIDType, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
		{JSONBType, `{"name": "x", "price": 12.50, "tags": ["a", "b"]}`}, {ByOID(TextArrayOID), "{a,b,c}"},
	} {
		b.Run(c.typ.Name+"/in", func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				if _, err := c.typ.In(env, c.text, -1); err != nil {
					b.Fatal(err)
				}
			}
		})
		v, err := c.typ.In(env, c.text, -1)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.typ.Name+"/out", func(b *testing.B) {
			b.ReportAllocs()
			var room [128]byte
			for range b.N {
				c.typ.Out(env, room[:0], v)
			}
		})
	}
}
