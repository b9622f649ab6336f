package parser

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

func TestOutline(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT * FROM t WHERE id = 12":         "SELECT * FROM t WHERE id = \x01|12",
		"select 'it''s', t1.c2 from \"a'1\" t1": "select \x02, t1.c2 from \"a'1\" t1|it's",
		"select x-5, -7 from t where y=0012":    "select x-\x01, -\x01 from t where y=\x01|-5|-7|0012",
		"select '' , 'é'":                       "select \x02 , \x02||é",
		"select 3000000000":                     "", "select 1.5": "", "select .5": "", "select 1e5": "", "select 0x1": "", "select 1_0": "",
		"select E'a'": "", "select u&'a'": "", "select U&\"a\"": "", "select b'1'": "", "select $1": "", "select $$a$$": "",
		"select 1 -- x": "", "select 1 /* x */": "", "select 'a'\n'b'": "", "select 'a": "", "select \"a": "", "select \x01": "", "select '\x00'": "",
		"select \xff": "", strings.Repeat("select 1;", 400): "",
	} {
		o, ok := NewOutline(text)
		require.Equal(t, want != "", ok, text)
		got := o.Key
		for _, l := range o.Literals {
			got += "|" + l.Value
		}
		require.Equal(t, want, got, text)
	}
}

// TestOutlineShape holds the claim that the literals that become parameters do not
// decide how a text is parsed: it gives other values to those of all SQL tests.
func TestOutlineShape(t *testing.T) {
	files, err := filepath.Glob("../../tests/sqllogic/testdata/*.slt")
	require.NoError(t, err)
	compared := 0
	for _, file := range files {
		for _, text := range statementsOf(t, file) {
			o, ok := NewOutline(text)
			before, err := Parse(text)
			if !ok || err != nil || len(before) != 1 {
				continue
			}
			_, numbers, ok := o.Parametrize(before[0])
			if !ok {
				continue
			}
			other := o.with(numbers)
			after, err := Parse(other)
			require.NoError(t, err, other)
			require.Len(t, after, 1)
			require.True(t, proto.Equal(masked(before[0].Node), masked(after[0].Node)), "%s\n%s", text, other)
			compared++
		}
	}
	require.Greater(t, compared, 1000)
}

// with returns a text of the outline with other values of the numbered literals.
func (o Outline) with(numbers []int) string {
	var b strings.Builder
	i := 0
	for _, c := range []byte(o.Key) {
		if c != integerMark && c != stringMark {
			b.WriteByte(c)
			continue
		}
		value := strings.TrimPrefix(o.Literals[i].Value, "-")
		if numbers[i] > 0 {
			value = "77"
		}
		if i++; c == stringMark {
			value = "'" + strings.ReplaceAll(value, "'", "''") + "'"
		}
		b.WriteString(value)
	}
	return b.String()
}

// masked is a tree without places and values of literals.
func masked(n *Node) proto.Message {
	n = proto.Clone(n).(*Node)
	Walk(n, func(n *Node) bool {
		mask(n.ProtoReflect())
		return true
	})
	return n
}

func mask(m protoreflect.Message) {
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case strings.HasSuffix(string(fd.Name()), "location") || fd.Name() == "ival" || fd.Name() == "sval" || fd.Name() == "str":
			m.Clear(fd)
		case fd.Kind() != protoreflect.MessageKind:
		case fd.IsList():
			for i := range v.List().Len() {
				mask(v.List().Get(i).Message())
			}
		default:
			mask(v.Message())
		}
		return true
	})
}

// statementsOf returns the statements of a script: the lines between a record's head
// and its results.
func statementsOf(t *testing.T, file string) []string {
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	var out, lines []string
	in := false
	for s := bufio.NewScanner(f); s.Scan(); {
		line := s.Text()
		switch {
		case strings.HasPrefix(line, "statement") || strings.HasPrefix(line, "query"):
			in, lines = true, nil
		case in && (line == "" || line == "----"):
			out, in = append(out, strings.Join(lines, "\n")), false
		case in:
			lines = append(lines, line)
		}
	}
	return out
}
