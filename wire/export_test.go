package wire

import "time"

// SetPatience changes how soon a reader takes over, until restore is called.
func SetPatience(d time.Duration) (restore func()) {
	old := patience
	patience = d
	return func() { patience = old }
}

// GaveBack runs the end of a reader's turn while the conversation waits for it, and
// says whether the conversation would notice.
func GaveBack() (noticed bool) {
	c := &conn{in: newInbox(1)}
	c.reader.ahead = true
	if !c.rest() || !c.giveBack() || c.rest() {
		return false
	}
	select {
	case <-c.in.ready:
		return true
	default:
		return false
	}
}
