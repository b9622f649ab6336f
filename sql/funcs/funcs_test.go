package funcs

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFreeze(t *testing.T) {
	require.NoError(t, Freeze())
}
