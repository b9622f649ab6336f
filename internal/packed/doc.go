// Package packed writes texts and bytes one behind the other, each behind its length, and
// takes them apart again. What it writes is for temporary files of one process: it is no
// format that anything else may read. It imports nothing of ours.
package packed
