// Package types is the type registry: what PostgreSQL keeps in pg_type and in
// the types' C functions, once, for everybody. The wire codecs, the catalog,
// the literals of the binder, COPY, sorting and hashing all read it.
//
// A type is one Register call with a Def literal in one file. Its array type is
// derived. Values are plain Go values of the Def's T; nil is SQL NULL wherever
// a value is boxed in an any.
//
//	bool                      bool
//	int2, int4, int8          int16, int32, int64
//	float4, float8            float32, float64
//	oid, reg*, xid, cid       uint32
//	text, varchar, bpchar,
//	name, "char", json, xml,
//	unknown, cstring          string
//	bytea                     []byte
//	date                      int32, days since 2000-01-01; -infinity and infinity are the int32 limits
//	time                      int64, microseconds since midnight
//	timestamp, timestamptz    int64, microseconds since 2000-01-01 (UTC); the int64 limits are the infinities
//	interval                  Interval
//	uuid                      UUID
//	money                     int64, hundredths
//	numeric                   Numeric
//	jsonb                     *JSON
//	T[]                       *Array
//	record, composites        *Record
//	int2vector, oidvector     *Array, lower bound 0
//	enums                     string, the label
//	ranges, multiranges       *Range, *Multirange
//	timetz, xid8, tid, pg_lsn TimeTZ, XID8, TID, LSN
//	inet and cidr             Inet
//	macaddr, macaddr8         MAC, MAC8
//	bit, varbit               Bits
//	point, lseg, line, box,
//	path, polygon, circle     geometry's values; paths and polygons are pointers
//	tsvector, tsquery         *textsearch.Vector, *textsearch.Query
//	void                      string, empty
//
// Arithmetic that belongs to a value lives here too, for storage and functions
// alike: Numeric's (numeric_*.go), dates' and intervals' (datetime.go,
// interval_arith.go), JSON look-up. The calendar itself is the child datetime,
// the values of full text search are textsearch.
//
// The package knows no SQL, no vectors and no storage. It imports pgerr and its
// children only, reads no clock and draws no random number. Input functions take
// text that has passed pgerr.CheckText: the session checks a statement's text once.
package types
