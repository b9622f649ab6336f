package wire

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// settings are the parameters of a startup packet that are settings, those of
// "options" first.
func settings(p startupPacket) ([]Setting, error) {
	var first, rest []Setting
	for _, s := range p.params {
		switch {
		case s.Name == "options":
			opts, err := parseOptions(s.Value)
			if err != nil {
				return nil, err
			}
			first = append(first, opts...)
		case s.Name == "user", s.Name == "database", s.Name == "replication",
			strings.HasPrefix(s.Name, "_pq_."):
		default:
			rest = append(rest, s)
		}
	}
	return append(first, rest...), nil
}

// parseOptions reads "-c name=value" and "--name=value" (PostgreSQL
// documentation, "postgres"; process_postgres_switches). Other switches of the
// postgres program have no meaning here.
func parseOptions(s string) ([]Setting, error) {
	var out []Setting
	args := splitOptions(s)
	for i := 0; i < len(args); i++ {
		arg, assignment := args[i], ""
		switch {
		case strings.HasPrefix(arg, "--"):
			assignment = arg[2:]
		case arg == "-c" && i+1 < len(args):
			i++
			assignment = args[i]
			arg = "-c " + assignment
		case strings.HasPrefix(arg, "-c") && len(arg) > 2:
			assignment = arg[2:]
		default:
			return nil, pgerr.Fatal(pgerr.SyntaxError, "invalid command-line argument for server process: %s", arg)
		}
		name, value, ok := strings.Cut(assignment, "=")
		if !ok {
			return nil, pgerr.Fatal(pgerr.SyntaxError, "%s requires a value", arg)
		}
		out = append(out, Setting{strings.ReplaceAll(name, "-", "_"), value})
	}
	return out, nil
}

// splitOptions splits at white space; a backslash takes the next character
// literally (pg_split_opts).
func splitOptions(s string) []string {
	var args []string
	var arg strings.Builder
	inArg, escaped := false, false
	for _, r := range s {
		space := !escaped && strings.ContainsRune(" \t\n\v\f\r", r)
		switch {
		case space && inArg:
			args = append(args, arg.String())
			arg.Reset()
			inArg = false
		case space:
		case r == '\\' && !escaped:
			escaped, inArg = true, true
			continue
		default:
			arg.WriteRune(r)
			inArg = true
		}
		escaped = false
	}
	if inArg {
		args = append(args, arg.String())
	}
	return args
}
