// Package pljs is the language JavaScript, with the names that plv8 has
// (plv8.execute, plv8.elog, NEW, OLD, TG_…), on the engine goja.
//
// A function's text is the body of a JavaScript function whose parameters are
// those of the SQL function. It is compiled once (compile.go) and runs in a
// runtime of the session and its current role (runtime.go): what one function
// keeps in globalThis, later ones of the same session see. Values become
// JavaScript's and come back in fromsql.go and tosql.go; what plv8 offers is
// api.go and spi.go; errors travel both ways in errors.go.
//
// A function sees neither files nor network nor modules, and makes no code from
// text. What holds its time and memory is in limits.go: a call ends between two
// steps of the program, and built-in operations that could take long or much in
// one step are refused beyond a size; ledger.go says what memory is whose. A runtime belongs to one session, and so to
// one goroutine at a time.
package pljs
