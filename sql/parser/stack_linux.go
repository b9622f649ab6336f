package parser

import "syscall"

// threadStack returns the stack size of the threads that cgo calls run on:
// glibc takes the soft limit at start-up, and 2 MB where there is none.
func threadStack() uint64 {
	const unlimited, glibcDefault = ^uint64(0), 2 << 20
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_STACK, &limit); err != nil || limit.Cur == unlimited {
		return glibcDefault
	}
	return limit.Cur
}
