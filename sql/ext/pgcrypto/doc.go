// Package pgcrypto is the extension pgcrypto (contrib/pgcrypto): hashes, HMACs,
// password hashes, AES and random bytes. PGP is not there: its functions are 0A000.
package pgcrypto
