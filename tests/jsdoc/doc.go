// Package jsdoc holds documents of s3db.js beside rows of SQL: what a value that
// pgx decoded would be in JavaScript, and when the two are the same. Only tests
// import it.
package jsdoc
