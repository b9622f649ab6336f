// Package tap is the Test Anything Protocol for suites in Go.
package tap

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

var count, failed int

// Check runs f as one check, which fails where f panics: Must and Equal do.
func Check(name string, f func()) {
	count++
	defer func() {
		p := recover()
		if p == nil {
			fmt.Printf("ok %d - %s\n", count, name)
			return
		}
		failed++
		fmt.Printf("not ok %d - %s\n", count, name)
		for _, line := range strings.Split(fmt.Sprintf("%v\n%s", p, debug.Stack()), "\n") {
			fmt.Println("#", line)
		}
	}()
	f()
}

// Done says the plan and ends the program.
func Done() {
	fmt.Printf("1..%d\n", count)
	os.Exit(min(failed, 1))
}

// Must fails the check on an error.
func Must(err error) {
	if err != nil {
		panic(fmt.Sprintf("%v (%T)", err, err))
	}
}

// Get is a value that must come without an error.
func Get[T any](v T, err error) T {
	Must(err)
	return v
}

// Equal compares values as %v writes them.
func Equal(got, want any) {
	if g, w := fmt.Sprintf("%v", got), fmt.Sprintf("%v", want); g != w {
		panic(fmt.Sprintf("got  %s\nwant %s", g, w))
	}
}
