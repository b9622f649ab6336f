package parser

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestHideLiterals(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT 1":                        "SELECT 1",
		"SELECT 'a', E'b\\'c' || $$d$$":   "SELECT ***, *** || ***",
		"SELECT x'ff', b'01', \"n'ame\"":  "SELECT ***, ***, \"n'ame\"",
		"SELECT 'a' /* 'b' */ -- 'c'\n,2": "SELECT *** /* 'b' */ -- 'c'\n,2",
		"SELECT 'a":                       "SELECT ***",
		"DO $$ 'x'":                       "DO ***",
	} {
		assert.Equal(t, want, HideLiterals(text), text)
	}
	assert.Equal(t, []string{"'a'", "$$b$$"}, Literals("SELECT 'a', $$b$$"))
}
