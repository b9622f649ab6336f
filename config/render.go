package config

import (
	"fmt"
	"io"
	"strings"
)

// helpWidth is the width of --help.
const helpWidth = 80

// WriteHelp writes --help.
func WriteHelp(w io.Writer) error {
	var b strings.Builder
	b.WriteString("s3db-sql: SQL over s3db.js databases in S3, for every PostgreSQL client.\n\n" +
		"Usage: s3db-sql [serve] [options]\n")
	group := ""
	for _, o := range options {
		if o.group != group {
			group = o.group
			fmt.Fprintf(&b, "\n%s:\n", group)
		}
		fmt.Fprintf(&b, "  %s %s", o.flag(), o.kind)
		if o.def != "" {
			fmt.Fprintf(&b, "  (default %s)", o.def)
		}
		b.WriteString("\n" + wrap(o.doc, "        "))
	}
	fmt.Fprintf(&b, "\nOther:\n  --env-file FILE  (default %s)\n%s  --version\n  --help\n", defaultEnvFile,
		wrap("File of variables; its values yield to those of the environment.", "        "))
	b.WriteString("\n" + wrap("Each option is also a variable: "+options[0].flag()+" is "+options[0].env()+
		". The command line wins over the environment, the environment over the file.", ""))
	_, err := io.WriteString(w, b.String())
	return err
}

// wrap breaks text into indented lines.
func wrap(text, indent string) string {
	var b strings.Builder
	line := indent
	for _, word := range strings.Fields(text) {
		if len(line)+len(word)+1 > helpWidth && strings.TrimSpace(line) != "" {
			b.WriteString(line + "\n")
			line = indent
		}
		if line != indent {
			line += " "
		}
		line += word
	}
	return b.String() + line + "\n"
}

// WriteMarkdown writes docs/config.md.
func WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`# Configuration

<!-- Generated from config/options.go by "go test ./config -update"; do not edit. -->

Every option can be given on the command line, as a variable of the environment,
or in an ` + "`.env`" + ` file in the working directory (another file: ` + "`--env-file`" + `).
The command line wins over the environment, the environment over the file, the
file over the default.

A variable that is empty counts as not set. Sizes take the units B, kB, MB, GB
and TB (plain numbers are bytes); times us, ms, s, min, h and d (plain numbers
are seconds).
`)
	group := ""
	for _, o := range options {
		if o.group != group {
			group = o.group
			fmt.Fprintf(&b, "\n## %s\n\n| option | variable | default | |\n|---|---|---|---|\n", group)
		}
		fmt.Fprintf(&b, "| `%s %s` | `%s` | %s | %s |\n", o.flag(), strings.ReplaceAll(o.kind, "|", "\\|"), o.env(), code(o.def), markdownDoc(o))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func markdownDoc(o option) string {
	if o.secret {
		return o.doc + " Never shown."
	}
	return o.doc
}
