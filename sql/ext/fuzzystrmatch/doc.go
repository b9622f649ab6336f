// Package fuzzystrmatch is the extension fuzzystrmatch (contrib/fuzzystrmatch): how far
// apart texts are (Levenshtein), and whether they sound alike (Soundex). Metaphone and
// Double Metaphone are 0A000.
package fuzzystrmatch
