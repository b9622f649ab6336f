// Package paging makes the pages of List for the built-in stores, so that
// prefix, start, delimiter and page size mean the same in all of them. It must
// not know how a store keeps its objects.
package paging
