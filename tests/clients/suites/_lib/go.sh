#!/bin/sh
# What suites in Go share; called in the suite's folder.
#
#   go.sh prepare     builds the suite into $SUITE_CACHE
#   go.sh needs       succeeds where it is built, from these sources
#   go.sh run
set -eu
case $1 in
prepare) go build -trimpath -o "$SUITE_CACHE/suite" . ;;
needs) [ -x "$SUITE_CACHE/suite" ] && [ -z "$(find . ../_lib/tapgo -name '*.go' -newer "$SUITE_CACHE/suite")" ] ;;
run) exec "$SUITE_CACHE/suite" ;;
esac
