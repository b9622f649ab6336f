package parser

import (
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Walk visits every node of a tree top-down; f returning false skips what is
// below. Sub-messages that are no Node of their own (a RangeVar as the target
// of an INSERT) are entered, not visited.
func Walk(n *Node, f func(*Node) bool) {
	if n != nil {
		walkMessage(n.ProtoReflect(), f)
	}
}

func walkMessage(m protoreflect.Message, f func(*Node) bool) {
	if n, ok := m.Interface().(*Node); ok && !f(n) {
		return
	}
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case fd.Kind() != protoreflect.MessageKind:
		case fd.IsList():
			for i := range v.List().Len() {
				walkMessage(v.List().Get(i).Message(), f)
			}
		default:
			walkMessage(v.Message(), f)
		}
		return true
	})
}
