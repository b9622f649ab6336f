package pgcrypto

import (
	_ "embed"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/ext"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
)

//go:embed pgcrypto.sql
var script string

func init() {
	ext.Register(&ext.Extension{
		Name: "pgcrypto", Version: "1.3", Comment: "cryptographic functions", Trusted: true, Script: script,
		Symbols: map[string]funcs.Kernel{
			"pg_digest": funcs.Strict(func(_ *funcs.Call, args []any) (any, error) { return digest(bytesOf(args[0]), args[1].(string)) }),
			"pg_hmac": funcs.Strict(func(_ *funcs.Call, args []any) (any, error) {
				return mac(bytesOf(args[0]), bytesOf(args[1]), args[2].(string))
			}),
			"pg_crypt":           funcs.E2(crypt),
			"pg_gen_salt":        funcs.E1(func(kind string) (string, error) { return genSalt(kind, 0) }),
			"pg_gen_salt_rounds": funcs.E2(genSalt),
			"pg_encrypt":         funcs.E3(func(data, key []byte, how string) ([]byte, error) { return encrypt(data, key, nil, how) }),
			"pg_decrypt":         funcs.E3(func(data, key []byte, how string) ([]byte, error) { return decrypt(data, key, nil, how) }),
			"pg_encrypt_iv": funcs.Lift4(func(_ *funcs.Call, data, key, iv []byte, how string) ([]byte, error) {
				return encrypt(data, key, iv, how)
			}),
			"pg_decrypt_iv": funcs.Lift4(func(_ *funcs.Call, data, key, iv []byte, how string) ([]byte, error) {
				return decrypt(data, key, iv, how)
			}),
			"pg_random_bytes": funcs.E1(randomBytes),
			"pg_random_uuid":  funcs.BySource("gen_random_uuid").Kernel,

			"pgp_sym_encrypt_text": noPGP, "pgp_sym_encrypt_bytea": noPGP, "pgp_sym_decrypt_text": noPGP, "pgp_sym_decrypt_bytea": noPGP,
			"pgp_pub_encrypt_text": noPGP, "pgp_pub_encrypt_bytea": noPGP, "pgp_pub_decrypt_text": noPGP, "pgp_pub_decrypt_bytea": noPGP,
			"pgp_key_id_w": noPGP, "pg_armor": noPGP, "pg_dearmor": noPGP,
		},
		Rows: map[string]funcs.RowsFunc{
			"pgp_armor_headers": func(c *funcs.Call, _ []any) (funcs.RowIter, error) { return nil, unsupported(c) },
		},
	})
}

var noPGP = funcs.Strict(func(c *funcs.Call, _ []any) (any, error) { return nil, unsupported(c) })

func unsupported(c *funcs.Call) error {
	return pgerr.Unsupported("function %s() of pgcrypto", c.Func.Name)
}

// bytesOf are the bytes of a text or bytea.
func bytesOf(v any) []byte {
	if s, ok := v.(string); ok {
		return []byte(s)
	}
	return v.([]byte)
}

// failed is 39000, as px_THROW_ERROR has it.
func failed(format string, args ...any) error {
	return pgerr.New(pgerr.ExternalRoutineInvocationException, format, args...)
}

func randomBytes(n int32) ([]byte, error) {
	if n < 1 || n > 1024 {
		return nil, failed("Length not in range")
	}
	b := make([]byte, n)
	rng.System.Read(b)
	return b, nil
}
