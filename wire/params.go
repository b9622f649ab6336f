package wire

import (
	"context"
	"fmt"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// DecodeParams turns the parameters of a Bind into values of the statement's
// parameter types, nil for NULL. Errors are PostgreSQL's: 08P01 for wrong
// counts, 22021, 22023, 22P02, 22P03 … with the parameter in Where.
func DecodeParams(env *types.Env, req BindRequest, ts []*types.Type) ([]any, error) {
	if err := checkParamCounts(req, len(ts)); err != nil {
		return nil, err
	}
	vals := make([]any, len(ts))
	for i, raw := range req.Params {
		v, err := decodeSpooled(env, ts[i], formatOf(req.ParamFormats, i), raw, req.Spooled[i])
		if err != nil {
			return nil, inParam(err, req, i)
		}
		vals[i] = v
	}
	return vals, nil
}

// decodeSpooled is DecodeParam for a raw value that may lie out of line: one of bytea
// stays there, in its binary form.
func decodeSpooled(env *types.Env, t *types.Type, f Format, raw []byte, spooled *types.External) (any, error) {
	if spooled == nil {
		return DecodeParam(env, t, f, raw)
	}
	if t.OID == types.ByteaOID {
		if v, ok, err := externalBytea(f, spooled); ok || err != nil {
			return v, err
		}
	}
	raw, err := spooled.Detoast(context.Background())
	if err != nil {
		return nil, err
	}
	return DecodeParam(env, t, f, raw)
}

// externalBytea is a bytea out of line; ok is false for the escape form.
func externalBytea(f Format, spooled *types.External) (v *types.External, ok bool, err error) {
	if f == Binary {
		return spooled, true, nil
	}
	return types.ExternalHex(spooled)
}

func checkParamCounts(req BindRequest, want int) error {
	if n := len(req.ParamFormats); n > 1 && n != len(req.Params) {
		return pgerr.New(pgerr.ProtocolViolation,
			"bind message has %d parameter formats but %d parameters", n, len(req.Params))
	}
	if len(req.Params) != want {
		return pgerr.New(pgerr.ProtocolViolation,
			`bind message supplies %d parameters, but prepared statement "%s" requires %d`,
			len(req.Params), req.Statement, want)
	}
	return nil
}

// inParam says which parameter err is about, after what err says of the place in it.
func inParam(err error, req BindRequest, i int) error {
	e := pgerr.As(err)
	if e == nil {
		return err
	}
	portal := "unnamed portal"
	if req.Portal != "" {
		portal = fmt.Sprintf("portal \"%s\"", req.Portal)
	}
	c := *e
	c.Where = strings.TrimPrefix(fmt.Sprintf("%s\n%s parameter $%d", e.Where, portal, i+1), "\n")
	if formatOf(req.ParamFormats, i) == Binary && e.Code == pgerr.InvalidBinaryRepresentation {
		c.Message = fmt.Sprintf("incorrect binary data format in bind parameter %d", i+1)
	}
	if formatOf(req.ParamFormats, i) == Text && e.Code != pgerr.CharacterNotInRepertoire && e.Code != pgerr.UntranslatableCharacter {
		c.Where += " = '...'"
	}
	return &c
}

// DecodeArguments turns the arguments of a FunctionCall into values of the function's
// argument types, nil for NULL: 08P01 for wrong counts (parse_fcall_arguments).
func DecodeArguments(env *types.Env, req FunctionRequest, ts []*types.Type) ([]any, error) {
	if len(req.Args) != len(ts) {
		return nil, pgerr.New(pgerr.ProtocolViolation,
			"function call message contains %d arguments but function requires %d", len(req.Args), len(ts))
	}
	if n := len(req.ArgFormats); n > 1 && n != len(req.Args) {
		return nil, pgerr.New(pgerr.ProtocolViolation,
			"function call message contains %d argument formats but %d arguments", n, len(req.Args))
	}
	vals := make([]any, len(ts))
	for i, raw := range req.Args {
		f := formatOf(req.ArgFormats, i)
		v, err := DecodeParam(env, ts[i], f, raw)
		if e := pgerr.As(err); e != nil && f == Binary && e.Code == pgerr.InvalidBinaryRepresentation {
			err = pgerr.New(e.Code, "incorrect binary data format in function argument %d", i+1)
		}
		if err != nil {
			return nil, err
		}
		vals[i] = v
	}
	if f := req.ResultFormat; f != Text && f != Binary {
		return nil, unsupportedFormat(f) // before the function has done anything
	}
	return vals, nil
}

// formatOf is the i-th of formats that were given once for all or one by one.
func formatOf(formats []Format, i int) Format {
	switch len(formats) {
	case 0:
		return Text
	case 1:
		return formats[0]
	}
	return formats[i]
}

// DecodeParam turns one raw value into a value of t; nil is NULL.
func DecodeParam(env *types.Env, t *types.Type, f Format, raw []byte) (any, error) {
	switch f {
	case Text:
		return decodeText(env, t, raw)
	case Binary:
		return decodeBinary(env, t, raw)
	}
	return nil, unsupportedFormat(f)
}

func unsupportedFormat(f Format) *pgerr.Error {
	return pgerr.New(pgerr.InvalidParameterValue, "unsupported format code: %d", f)
}

func decodeText(env *types.Env, t *types.Type, raw []byte) (any, error) {
	if raw == nil {
		return nil, nil
	}
	s, err := clientText(env.Client, raw)
	if err != nil {
		return nil, err
	}
	if t.In == nil {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "cannot accept a value of type %s", t.Name)
	}
	return t.In(env, s, -1)
}

func decodeBinary(env *types.Env, t *types.Type, raw []byte) (any, error) {
	if t.Recv == nil {
		return nil, pgerr.New(pgerr.UndefinedFunction, "no binary input function available for type %s", t.Name)
	}
	if raw == nil {
		return nil, nil
	}
	// Recv may keep what it is given (bytea), and the body is reused.
	return t.Recv(env, append([]byte(nil), raw...), -1)
}

// SetFormats sets the fields' formats to those of a Bind: none, one for all, or
// one per field; 08P01 for another number.
func SetFormats(fields []Field, formats []Format) error {
	if n := len(formats); n > 1 && n != len(fields) {
		return pgerr.New(pgerr.ProtocolViolation,
			"bind message has %d result formats but query has %d columns", n, len(fields))
	}
	for i := range fields {
		fields[i].Format = formatOf(formats, i)
	}
	return nil
}
