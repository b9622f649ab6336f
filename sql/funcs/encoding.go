package funcs

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/mb"
)

// serverEncoding is the encoding of every database (GetDatabaseEncoding).
const serverEncoding = mb.UTF8

func encodingNamed(name, msg string) (mb.Encoding, error) {
	e, ok := mb.Named(name)
	if !ok {
		return 0, pgerr.New(pgerr.InvalidParameterValue, msg, name)
	}
	return e, nil
}

// convertBetween is convert(bytea, from, to): pg_convert.
func convertBetween(b []byte, from, to string) ([]byte, error) {
	source, err := encodingNamed(from, "invalid source encoding name \"%s\"")
	if err != nil {
		return nil, err
	}
	target, err := encodingNamed(to, "invalid destination encoding name \"%s\"")
	if err != nil {
		return nil, err
	}
	if _, err := source.Count(b); err != nil {
		return nil, err
	}
	return mb.Convert(b, source, target)
}

func convertTo(s, name string) ([]byte, error) {
	return convertBetween([]byte(s), serverEncoding.String(), name)
}

func convertFrom(b []byte, name string) (string, error) {
	out, err := convertBetween(b, name, serverEncoding.String())
	return string(out), err
}

// validUTF8 is 22021 naming the first sequence that is not UTF-8, or a zero
// byte.
func validUTF8(b []byte) error { return pgerr.CheckText(string(b)) }

func lengthInEncoding(b []byte, name string) (int32, error) {
	e, err := encodingNamed(name, "invalid encoding name \"%s\"")
	if err != nil {
		return 0, err
	}
	n, err := e.Count(b)
	return int32(n), err
}

// asciiLooks are the ASCII characters that look like an encoding's others: those
// from first on, blanks before (pg_to_ascii).
var asciiLooks = map[mb.Encoding]struct {
	first byte
	looks string
}{
	mb.Latin1:  {160, "  cL Y  \"Ca  -R     'u .,      ?AAAAAAACEEEEIIII NOOOOOxOUUUUYTBaaaaaaaceeeeiiii nooooo/ouuuuyty"},
	mb.Latin2:  {160, " A L LS \"SSTZ-ZZ a,l'ls ,sstz\"zzRAAAALCCCEEEEIIDDNNOOOOxRUUUUYTBraaaalccceeeeiiddnnoooo/ruuuuyt."},
	mb.Latin9:  {160, "  cL YS sCa  -R     Zu .z   EeY?AAAAAAACEEEEIIII NOOOOOxOUUUUYTBaaaaaaaceeeeiiii nooooo/ouuuuyty"},
	mb.WIN1250: {128, "  ' \"    %S<STZZ `'\"\".--  s>stzz   L A  \"CS  -RZ  ,l'u .,as L\"lzRAAAALCCCEEEEIIDDNNOOOOxRUUUUYTBraaaalccceeeeiiddnnoooo/ruuuuyt "},
}

// toASCII is encode_to_ascii. It takes the bytes for characters, whatever the
// database's encoding is, as PostgreSQL does.
func toASCII(s string, e mb.Encoding) (string, error) {
	table, ok := asciiLooks[e]
	if !ok {
		return "", pgerr.New(pgerr.FeatureNotSupported, "encoding conversion from %s to ASCII not supported", e)
	}
	out := []byte(s)
	for i, c := range out {
		switch {
		case c >= table.first:
			out[i] = table.looks[c-table.first]
		case c >= 128:
			out[i] = ' '
		}
	}
	return string(out), nil
}

func toASCIINamed(s, name string) (string, error) {
	e, ok := mb.Named(name)
	if !ok {
		return "", pgerr.New(pgerr.UndefinedObject, "%s is not a valid encoding name", name)
	}
	return toASCII(s, e)
}

func toASCIINumbered(s string, n int32) (string, error) {
	if !mb.Encoding(n).Valid() {
		return "", pgerr.New(pgerr.UndefinedObject, "%d is not a valid encoding code", n)
	}
	return toASCII(s, mb.Encoding(n))
}

// charToEncoding is PG_char_to_encoding: -1 for a name that is none.
func charToEncoding(name string) int32 {
	if e, ok := mb.Named(name); ok {
		return int32(e)
	}
	return -1
}

func init() {
	kernels{
		"pg_convert_to":      E2(convertTo),
		"pg_convert_from":    E2(convertFrom),
		"pg_convert":         E3(convertBetween),
		"length_in_encoding": E2(lengthInEncoding),
		"to_ascii_default":   E1(func(s string) (string, error) { return toASCII(s, serverEncoding) }),
		"to_ascii_enc":       E2(toASCIINumbered),
		"to_ascii_encname":   E2(toASCIINamed),

		"PG_encoding_to_char": F1(func(n int32) string { return mb.Encoding(n).String() }),
		"PG_char_to_encoding": F1(charToEncoding),
		"getdatabaseencoding": constant(serverEncoding.String()),
		"pg_encoding_max_length_sql": Maybe1(func(_ *Call, n int32) (int32, bool, error) {
			if e := mb.Encoding(n); e.Valid() {
				return int32(e.MaxLength()), true, nil
			}
			return 0, false, nil
		}),
	}.bind()
}
