package s3db

import "strings"

// Hook is the encoding of an attribute's values. The library chooses it by
// looking for words anywhere in the definition text (section 6, trap 1).
type Hook uint8

// The hooks. Those without a word of their own go by the rule's first word.
const (
	HookNone Hook = iota // text as it is
	HookEmbedding
	HookArray
	HookSecret
	HookPassword
	HookIP4
	HookIP6
	HookBuffer
	HookBits
	HookMoney
	HookDecimal
	HookText
	HookGeoLat
	HookGeoLon
	HookGeoPoint
	HookNumber
	HookBoolean
	HookJSON
	HookObject
	HookUUID
	HookDatetime
	HookDateonly
	HookTimeonly
	HookDate
	HookMac
	HookCidr
	HookSemver
	HookPhone
	HookColor
	HookDuration
	HookEan
	HookAny
)

// searchOrder is the order in which 21 looks for its words; seed marks those
// that 6.2 knows too.
var searchOrder = []struct {
	word string
	hook Hook
	seed bool
}{
	{"embedding", HookEmbedding, false}, {"array", HookArray, true}, {"secret", HookSecret, true},
	{"password", HookPassword, false}, {"ip4", HookIP4, false}, {"ip6", HookIP6, false},
	{"buffer", HookBuffer, false}, {"bits", HookBits, false}, {"money", HookMoney, false},
	{"crypto", HookMoney, false}, {"decimal", HookDecimal, false},
	{"geo:lat", HookGeoLat, false}, {"geo:lon", HookGeoLon, false}, {"geo:point", HookGeoPoint, false},
	{"number", HookNumber, true}, {"boolean", HookBoolean, true}, {"bool", HookBoolean, true},
	{"json", HookJSON, true}, {"object", HookObject, true},
	{"datetime", HookDatetime, false}, {"dateonly", HookDateonly, false},
}

// baseHooks go by the first word of the rule, after the search found nothing.
var baseHooks = map[string]struct {
	hook Hook
	seed bool
}{
	"uuid": {HookUUID, true}, "timeonly": {HookTimeonly, false}, "date": {HookDate, true},
	"mac": {HookMac, false}, "cidr": {HookCidr, false}, "semver": {HookSemver, false},
	"phone": {HookPhone, false}, "color": {HookColor, false}, "duration": {HookDuration, false},
	"ean": {HookEan, false}, "any": {HookAny, true}, "text": {HookText, false},
}

// hookOf repeats the library's search.
func hookOf(rule string, era Era) Hook {
	seed := era == EraSeed
	for _, s := range searchOrder {
		if (s.seed || !seed) && strings.Contains(rule, s.word) {
			return s.hook
		}
	}
	if b, ok := baseHooks[baseWord(rule)]; ok && (b.seed || !seed) {
		return b.hook
	}
	return HookNone
}

func baseWord(rule string) string {
	w, _, _ := strings.Cut(rule, "|")
	w, _, _ = strings.Cut(w, ":")
	return strings.TrimSpace(w)
}
