package funcs

import "github.com/s3db-sql/s3db-sql/sql/types"

// The hash functions of PostgreSQL's hash operator classes (hashfunc.c): of each
// family one of 32 bits and one of 64 with a seed, whose lower half is the former
// where the seed is 0.

// hash32 is a function of one value.
var hash32 = Boxed(true, func(c *Call, args []any) (any, error) {
	h, err := types.HashExtended(c.Args[0], args[0], 0)
	return int32(uint32(h)), err
})

// hash64 is a function of a value and a seed.
var hash64 = Boxed(true, func(c *Call, args []any) (any, error) {
	h, err := types.HashExtended(c.Args[0], args[0], uint64(args[1].(int64)))
	return int64(h), err
})

func init() {
	code := kernels{}
	for _, name := range []string{
		"hashint2", "hashint4", "hashint8", "hashoid", "hashchar", "hashname", "hashtext", "hashbpchar", "hashfloat4",
		"hashfloat8", "hashenum", "hashinet", "hashmacaddr", "hashmacaddr8", "hashoidvector", "hashtid",
	} {
		code[name], code[name+"extended"] = hash32, hash64
	}
	for _, name := range []string{
		"hash_numeric", "hash_array", "hash_record", "time_hash", "timetz_hash", "timestamp_hash", "interval_hash",
		"uuid_hash", "pg_lsn_hash", "jsonb_hash",
	} {
		code[name], code[name+"_extended"] = hash32, hash64
	}
	code.bind()
}
