package mb

import (
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

func shownError(err error) string {
	if e := pgerr.As(err); e != nil {
		return string(e.Code) + " " + e.Message
	}
	return ""
}

// TestPostgres compares random strings, valid and not, with a real PostgreSQL.
func TestPostgres(t *testing.T) {
	o := newOracle(t)
	random := rand.New(rand.NewSource(1))
	for _, c := range Catalog {
		if c.From == MuleInternal || c.To == MuleInternal {
			continue
		}
		chars := candidates(c.From)
		var texts [][]byte
		for range 300 {
			b := []byte("a")
			for range 1 + random.Intn(3) {
				b = append(b, chars[random.Intn(len(chars))]...)
			}
			for range random.Intn(3) {
				b = append(b, byte(random.Intn(256)))
			}
			texts = append(texts, b)
		}
		want, errs := o.convert(texts, c.From, c.To)
		for i, b := range texts {
			var got []byte
			_, err := c.From.Count(b)
			if err == nil {
				got, err = Convert(b, c.From, c.To)
			}
			require.Equal(t, errs[i], shownError(err), "%s % x", c.Name, b)
			if err == nil {
				require.Equal(t, want[i], got, "%s % x", c.Name, b)
			}
		}
	}
}

func TestNamed(t *testing.T) {
	for name, want := range map[string]string{
		"utf-8": "UTF8", "Unicode": "UTF8", "iso-8859-15": "LATIN9", "cp1252": "", "Windows-1252": "WIN1252", "": "",
		"sql_ascii": "SQL_ASCII", "ABC": "WIN1258", "mskanji": "SJIS",
	} {
		e, ok := Named(name)
		require.Equal(t, want != "", ok, name)
		if ok {
			require.Equal(t, want, e.String())
		}
	}
	require.Equal(t, "", Encoding(42).String())
	require.False(t, SJIS.Server())
	require.True(t, KOI8U.Server())
}

// TestPieces converts a text cut anywhere.
func TestPieces(t *testing.T) {
	for _, name := range []string{"EUC_JP", "SJIS", "BIG5", "GB18030", "UTF8"} {
		e, _ := Named(name)
		to := UTF8
		if e == UTF8 {
			to = EUCJP
		}
		c, err := Default(e, to)
		require.NoError(t, err)
		var text []byte
		for _, char := range candidates(e) {
			if _, n := c.Append(nil, char); n == len(char) {
				text = append(text, char...)
			}
			if len(text) > 2000 {
				break
			}
		}
		whole, n := c.Append(nil, text)
		require.Len(t, text, n)
		for cut := range text {
			got, n := c.Append(nil, text[:cut])
			require.True(t, n == cut || e.Incomplete(text[n:cut]), "%s % x", name, text[n:cut])
			got, _ = c.Append(got, text[n:])
			require.Equal(t, whole, got)
		}
	}
}
