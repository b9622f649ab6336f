// Package config reads the server's configuration: command line, environment,
// .env file, defaults, in this order of precedence. One table of options
// (options.go) makes the flags, the variables, --help, docs/config.md and the
// server's part of pg_settings.
//
// It checks values as far as their form goes. It opens nothing but the .env file
// and the passphrase file, starts nothing and knows no other package but pgerr.
// Secrets never come out of it but through Secret.Reveal.
package config
