package mb

// gb18030Ranges are the code points whose four bytes are computed
// (utf8_and_gb18030.c).
var gb18030Ranges = []struct{ point, first, last uint64 }{
	{0x0452, 0x8130D330, 0x8136A531},
	{0x2643, 0x8137A839, 0x8138FD38},
	{0x361B, 0x8230A633, 0x8230F237},
	{0x3CE1, 0x8231D438, 0x8232AF32},
	{0x4160, 0x8232C937, 0x8232F837},
	{0x44D7, 0x8233A339, 0x8233C931},
	{0x478E, 0x8233E838, 0x82349638},
	{0x49B8, 0x8234A131, 0x8234E733},
	{0x9FA6, 0x82358F33, 0x8336C738},
	{0xE865, 0x8336D030, 0x84308534},
	{0xFA2A, 0x84309C38, 0x84318537},
	{0xFFE6, 0x8431A234, 0x8431A439},
	{0x10000, 0x90308130, 0xE3329A35},
}

// gbLinear numbers the codes of four bytes (gb_linear).
func gbLinear(code uint64) uint64 {
	b := func(shift int) uint64 { return code >> shift & 0xff }
	return b(24)*12600 + b(16)*1260 + b(8)*10 + b(0) - (0x81*12600 + 0x30*1260 + 0x81*10 + 0x30)
}

// gbUnlinear is the code with a number (gb_unlinear).
func gbUnlinear(n uint64) uint64 {
	return (0x81+n/12600)<<24 | (0x30+n/1260%10)<<16 | (0x81+n/10%126)<<8 | (0x30 + n%10)
}

func gb18030ToUnicode(code uint64) (uint64, bool) {
	for _, r := range gb18030Ranges {
		if code >= r.first && code <= r.last {
			return gbLinear(code) - gbLinear(r.first) + r.point, true
		}
	}
	return 0, false
}

func unicodeToGB18030(point uint64) (uint64, bool) {
	for _, r := range gb18030Ranges {
		if first := gbLinear(r.first); point >= r.point && point <= r.point+gbLinear(r.last)-first {
			return gbUnlinear(point - r.point + first), true
		}
	}
	return 0, false
}
