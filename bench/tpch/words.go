package tpch

import "strings"

// The word lists of TPC-H's specification, clause 4.2.2.13.
var (
	regions = []string{"AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST"}
	nations = []struct {
		name   string
		region int
	}{{"ALGERIA", 0}, {"ARGENTINA", 1}, {"BRAZIL", 1}, {"CANADA", 1}, {"EGYPT", 4}, {"ETHIOPIA", 0}, {"FRANCE", 3}, {"GERMANY", 3},
		{"INDIA", 2}, {"INDONESIA", 2}, {"IRAN", 4}, {"IRAQ", 4}, {"JAPAN", 2}, {"JORDAN", 4}, {"KENYA", 0}, {"MOROCCO", 0},
		{"MOZAMBIQUE", 0}, {"PERU", 1}, {"CHINA", 2}, {"ROMANIA", 3}, {"SAUDI ARABIA", 4}, {"VIETNAM", 2}, {"RUSSIA", 3},
		{"UNITED KINGDOM", 3}, {"UNITED STATES", 1}}
	types1       = strings.Fields("STANDARD SMALL MEDIUM LARGE ECONOMY PROMO")
	types2       = strings.Fields("ANODIZED BURNISHED PLATED POLISHED BRUSHED")
	types3       = strings.Fields("TIN NICKEL BRASS STEEL COPPER")
	containers1  = strings.Fields("SM LG MED JUMBO WRAP")
	containers2  = strings.Fields("CASE BOX BAG JAR PKG PACK CAN DRUM")
	segments     = strings.Fields("AUTOMOBILE BUILDING FURNITURE MACHINERY HOUSEHOLD")
	priorities   = []string{"1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW"}
	instructions = []string{"DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN"}
	modes        = []string{"REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB"}
	colors       = strings.Fields(`almond antique aquamarine azure beige bisque black blanched blue blush brown burlywood burnished
		chartreuse chiffon chocolate coral cornflower cornsilk cream cyan dark deep dim dodger drab firebrick floral forest frosted
		gainsboro ghost goldenrod green grey honeydew hot indian ivory khaki lace lavender lawn lemon light lime linen magenta
		maroon medium metallic midnight mint misty moccasin navajo navy olive orange orchid pale papaya peach peru pink plum powder
		puff purple red rose rosy royal saddle salmon sandy seashell sienna sky slate smoke snow spring steel tan thistle tomato
		turquoise violet wheat white yellow`)
	comments = strings.Fields(`furiously quickly carefully slyly blithely foxes ideas theodolites pinto beans instructions dependencies
		excuses platelets asymptotes courts dolphins deposits accounts packages sleep wake are cajole haggle nag use boost affix
		detect integrate maintain nod was lose sublate solve thrash promise engage hinder print doze run dazzle snooze doubt unwind
		kindle play hang believe final bold express even regular silent pending ironic unusual close`)
)
