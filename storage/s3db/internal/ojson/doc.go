// Package ojson is JSON that keeps what encoding/json loses: the order of
// members, the text of numbers and of strings. A document that is parsed and
// written again without a change has the same tokens in the same order, so that
// s3db.js finds everything of its own in a catalog that we rewrote.
//
// It also knows two rules of JavaScript: integer-like keys are listed first,
// in ascending order, and of duplicate keys the last value counts.
package ojson
