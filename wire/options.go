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

// parseOptions reads switches of the postgres program that set a parameter (PostgreSQL
// documentation, "postgres"; process_postgres_switches): "-c name=value", "--name=value"
// and letters for some of them.
func parseOptions(s string) ([]Setting, error) {
	var out []Setting
	for args := splitOptions(s); len(args) > 0; {
		var st Setting
		var err error
		if strings.HasPrefix(args[0], "--") {
			st, err = assignment("--", args[0][2:])
			args = args[1:]
		} else {
			st, args, err = letter(args)
		}
		if err != nil {
			return nil, err
		}
		if st.Name != "" {
			out = append(out, st)
		}
	}
	return out, nil
}

// assignment reads name=value, which stands after a switch.
func assignment(sw, text string) (Setting, error) {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return Setting{}, pgerr.Fatal(pgerr.SyntaxError, "%s%s requires a value", sw, text)
	}
	return Setting{strings.ReplaceAll(name, "-", "_"), value}, nil
}

// plainSwitches have no argument; those without a name are allowed and do nothing.
var plainSwitches = map[byte]Setting{
	'E': {}, 'j': {}, 'n': {}, 'T': {},
	'e': {"datestyle", "euro"}, 'F': {"fsync", "false"}, 'i': {"listen_addresses", "*"}, 'l': {"ssl", "true"},
	'O': {"allow_system_table_mods", "true"}, 'P': {"ignore_system_indexes", "true"}, 's': {"log_statement_stats", "true"},
}

// valueSwitches are parameters by the letter whose argument is their value.
var valueSwitches = map[byte]string{
	'B': "shared_buffers", 'h': "listen_addresses", 'k': "unix_socket_directories", 'N': "max_connections", 'p': "port",
	'S': "work_mem", 'W': "post_auth_delay",
}

// planSwitches are the plans that -f forbids.
var planSwitches = map[string]string{
	"s": "enable_seqscan", "i": "enable_indexscan", "o": "enable_indexonlyscan", "b": "enable_bitmapscan", "t": "enable_tidscan",
	"n": "enable_nestloop", "m": "enable_mergejoin", "h": "enable_hashjoin",
}

// letter reads a switch of one letter. Its argument is the rest of the word, or the next
// word.
func letter(args []string) (st Setting, rest []string, err error) {
	invalid := pgerr.Fatal(pgerr.SyntaxError, "invalid command-line argument for server process: %s", args[0]).
		WithHint("Try \"postgres --help\" for more information.")
	word, rest := args[0], args[1:]
	if len(word) < 2 || word[0] != '-' {
		return st, rest, invalid
	}
	if st, ok := plainSwitches[word[1]]; ok && len(word) == 2 {
		return st, rest, nil
	}
	arg := word[2:]
	if arg == "" {
		if len(rest) == 0 {
			return st, rest, invalid
		}
		arg, rest = rest[0], rest[1:]
	}
	switch name := valueSwitches[word[1]]; {
	case word[1] == 'c':
		st, err = assignment("-c ", arg)
		return st, rest, err
	case word[1] == 'f' && planSwitches[arg] != "":
		return Setting{planSwitches[arg], "false"}, rest, nil
	case name != "":
		return Setting{name, arg}, rest, nil
	}
	return st, rest, invalid
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
