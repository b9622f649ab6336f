package funcs

import (
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// withSession lifts a function that asks the session.
func withSession(strict bool, f func(s Session, c *Call, args []any) (any, error)) Kernel {
	return Boxed(strict, func(c *Call, args []any) (any, error) {
		if c.Session == nil {
			return nil, pgerr.Unsupported("%s() without a session", c.Func.Name)
		}
		return f(c.Session, c, args)
	})
}

// fact lifts a fact of the session.
func fact(f func(s Session) any) Kernel {
	return withSession(true, func(s Session, _ *Call, _ []any) (any, error) { return f(s), nil })
}

func constant(v any) Kernel {
	return Boxed(true, func(*Call, []any) (any, error) { return v, nil })
}

func currentSchema(s Session, _ *Call, _ []any) (any, error) {
	if path := s.CurrentSchemas(false); len(path) > 0 {
		return path[0], nil
	}
	return nil, nil
}

func currentSchemas(s Session, _ *Call, args []any) (any, error) {
	var names []any
	for _, n := range s.CurrentSchemas(args[0].(bool)) {
		names = append(names, n)
	}
	return types.NewArray(types.ByOID(types.NameOID), names), nil
}

func currentSetting(s Session, _ *Call, args []any) (any, error) {
	name := args[0].(string)
	if v, ok := s.Setting(name); ok {
		return v, nil
	}
	if missingOK, _ := argOr(args, 1).(bool); missingOK {
		return nil, nil
	}
	return nil, pgerr.New(pgerr.UndefinedObject, "unrecognized configuration parameter \"%s\"", name)
}

func setConfig(s Session, _ *Call, args []any) (any, error) {
	if args[0] == nil {
		return nil, pgerr.New(pgerr.NullValueNotAllowed, "SET requires parameter name")
	}
	name := args[0].(string)
	value, _ := args[1].(string)
	local, _ := args[2].(bool)
	if err := s.SetSetting(name, value, local); err != nil {
		return nil, err
	}
	v, _ := s.Setting(name)
	return v, nil
}

// toReg looks a name up; it is NULL where there is no such object.
func toReg(kind types.RegKind) Kernel {
	return Strict(func(c *Call, args []any) (any, error) {
		oid, err := lookUpName(kind)(c, args[0].(string))
		switch pgerr.CodeOf(err) {
		case "":
			return oid, nil
		case pgerr.UndefinedTable, pgerr.UndefinedObject, pgerr.UndefinedFunction, pgerr.InvalidSchemaName, pgerr.InvalidName,
			pgerr.AmbiguousFunction:
			return nil, nil
		}
		return nil, err
	})
}

func typeOf(c *Call, _ []any) (any, error) { return c.Args[0].OID, nil }

func formatType(c *Call, args []any) (any, error) {
	if args[0] == nil {
		return nil, nil
	}
	oid := args[0].(uint32)
	if oid == 0 {
		return "-", nil
	}
	t := c.Env.Registry().ByOID(oid)
	if t == nil {
		return "???", nil
	}
	if args[1] == nil {
		return c.Env.SQLName(t), nil
	}
	return c.Env.FormatType(t, args[1].(int32)), nil
}

// oidVectorTypes is oidvectortypes: the types of a routine's arguments, by name.
func oidVectorTypes(c *Call, args []any) (any, error) {
	oids := args[0].(*types.Array).Elems
	names := make([]string, len(oids))
	for i, oid := range oids {
		name, _ := formatType(c, []any{oid, nil})
		names[i] = name.(string)
	}
	return strings.Join(names, ", "), nil
}

func countNulls(want bool) Kernel {
	return Boxed(false, func(c *Call, args []any) (any, error) {
		vals, _, ok := spread(c, args, 0)
		if !ok {
			return nil, nil
		}
		n := int32(0)
		for _, v := range vals {
			if (v == nil) == want {
				n++
			}
		}
		return n, nil
	})
}

// columnSize is pg_column_size: the bytes that PostgreSQL would store, for a
// value that is not compressed.
func columnSize(c *Call, args []any) (any, error) {
	t := c.Args[0]
	if t.Len > 0 {
		return int32(t.Len), nil
	}
	n := len(t.Out(c.Env, nil, args[0]))
	if b, ok := args[0].([]byte); ok {
		n = len(b)
	}
	return int32(n + 4), nil
}

// sleep waits, unless the statement is cancelled first.
func sleep(c *Call, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-c.Ctx.Done():
		return pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request").WithCause(c.Ctx.Err())
	}
}

func pgSleep(c *Call, args []any) (any, error) {
	return "", sleep(c, time.Duration(args[0].(float64)*float64(time.Second)))
}

func init() {
	user := fact(func(s Session) any { return s.CurrentUser() })
	kernels{
		"current_database": fact(func(s Session) any { return s.CurrentDatabase() }),
		"current_schema":   withSession(true, currentSchema),
		"current_schemas":  withSession(true, currentSchemas),
		"current_user":     user,
		"session_user":     fact(func(s Session) any { return s.SessionUser() }),
		"pg_backend_pid":   fact(func(s Session) any { return s.BackendPID() }),
		"pg_client_encoding": withSession(true, func(s Session, _ *Call, _ []any) (any, error) {
			v, _ := s.Setting("client_encoding")
			return v, nil
		}),
		"show_config_by_name":            withSession(true, currentSetting),
		"show_config_by_name_missing_ok": withSession(true, currentSetting),
		"set_config_by_name":             withSession(false, setConfig),

		"to_regclass":     toReg(types.RegClass),
		"to_regtype":      toReg(types.RegType),
		"to_regproc":      toReg(types.RegProc),
		"to_regprocedure": toReg(types.RegProcedure),
		"to_regoper":      toReg(types.RegOper),
		"to_regoperator":  toReg(types.RegOperator),
		"to_regnamespace": toReg(types.RegNamespace),
		"to_regrole":      toReg(types.RegRole),
		"to_regcollation": toReg(types.RegCollation),

		"pg_typeof":       Boxed(false, typeOf),
		"format_type":     Boxed(false, formatType),
		"oidvectortypes":  Strict(oidVectorTypes),
		"pg_num_nulls":    countNulls(true),
		"pg_num_nonnulls": countNulls(false),
		"pg_column_size":  Strict(columnSize),
		"pg_sleep":        Strict(pgSleep),

		"pg_is_in_recovery": constant(false),
		"pg_jit_available":  constant(false),
		"pg_trigger_depth":  fact(triggerDepth),
	}.bind()
	rowsFuncs{"pg_get_keywords": keywordRows}.bind()
}
