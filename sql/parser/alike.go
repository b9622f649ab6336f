package parser

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Alike says whether two trees are the same but for their places in the source.
func Alike(a, b proto.Message) bool { return alikeMessages(a.ProtoReflect(), b.ProtoReflect()) }

func alikeMessages(a, b protoreflect.Message) bool {
	if a.Descriptor() != b.Descriptor() {
		return false
	}
	same, fields := true, 0
	a.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if isPlace(f) {
			return true
		}
		fields++
		same = b.Has(f) && alikeFields(f, v, b.Get(f))
		return same
	})
	b.Range(func(f protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		if !isPlace(f) {
			fields--
		}
		return true
	})
	return same && fields == 0
}

// isPlace tells the fields that say where in the source a node stands.
func isPlace(f protoreflect.FieldDescriptor) bool {
	return f.Kind() == protoreflect.Int32Kind && strings.HasSuffix(string(f.Name()), "location")
}

func alikeFields(f protoreflect.FieldDescriptor, a, b protoreflect.Value) bool {
	if !f.IsList() {
		return alikeValues(f, a, b)
	}
	x, y := a.List(), b.List()
	if x.Len() != y.Len() {
		return false
	}
	for i := range x.Len() {
		if !alikeValues(f, x.Get(i), y.Get(i)) {
			return false
		}
	}
	return true
}

func alikeValues(f protoreflect.FieldDescriptor, a, b protoreflect.Value) bool {
	if f.Message() != nil {
		return alikeMessages(a.Message(), b.Message())
	}
	return a.Equal(b)
}
