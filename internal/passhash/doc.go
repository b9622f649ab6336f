// Package passhash makes and verifies the one-way hashes of s3db.js's password
// attributes (s3db-format.md, section 7): bcrypt and argon2id, in the forms that
// versions 19 and 21 of the library store. It imports nothing of ours but chance.
package passhash
