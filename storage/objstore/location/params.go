package location

import (
	"net/url"
	"slices"
	"strings"
)

// params are the query parameters that nobody has taken yet, by our names.
type params map[string]string

// spellings are s3db.js's names of our parameters.
var spellings = map[string]string{
	"forcepathstyle": "path_style", "force_path_style": "path_style", "pathstyle": "path_style",
	"sessiontoken": "session_token",
}

func readParams(u *url.URL) (params, error) {
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, invalid("the parameters after ? are not well encoded")
	}
	p := params{}
	for given, vs := range values {
		name := strings.ToLower(given)
		if ours, ok := spellings[name]; ok {
			name = ours
		}
		if _, twice := p[name]; twice || len(vs) > 1 {
			return nil, invalid("parameter %q is given twice", name)
		}
		p[name] = vs[0]
	}
	return p, nil
}

func (p params) take(name string) string {
	v := p[name]
	delete(p, name)
	return v
}

func (p params) takeBool(name string) (value, given bool, err error) {
	if _, given = p[name]; !given {
		return false, false, nil
	}
	switch v := strings.ToLower(p.take(name)); v {
	case "true", "1", "on", "yes", "":
		return true, true, nil
	case "false", "0", "off", "no":
		return false, true, nil
	default:
		return false, true, invalid("parameter %q must be true or false", name)
	}
}

// unknown is an error naming the parameters that are left.
func (p params) unknown(scheme string) error {
	if len(p) == 0 {
		return nil
	}
	var names []string
	for name := range p {
		names = append(names, name)
	}
	slices.Sort(names)
	known := "endpoint, region, path_style, session_token"
	switch scheme {
	case "http", "https":
		known = "region, path_style, session_token"
	case "file", "memory":
		known = "none"
	}
	return invalid("unknown parameter %s (a %s location takes: %s)", strings.Join(names, ", "), scheme, known)
}
