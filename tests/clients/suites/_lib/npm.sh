#!/bin/sh
# What suites over npm share; called in the suite's folder.
#
#   npm.sh prepare     installs package-lock.json into $SUITE_CACHE, unless it is there
#   npm.sh needs       succeeds where it is
#   npm.sh run FILE    runs a suite with the packages at hand
#
# Packages' own install scripts do not run: none of the clients needs one.
set -eu
installed() { command -v node >/dev/null && cmp -s package-lock.json "$SUITE_CACHE/installed"; }

case $1 in
prepare)
	! installed || exit 0
	cp package.json package-lock.json "$SUITE_CACHE"
	(cd "$SUITE_CACHE" && npm ci --ignore-scripts --no-audit --no-fund --silent)
	cp package-lock.json "$SUITE_CACHE/installed"
	;;
needs) installed ;;
run) NODE_PATH=$SUITE_CACHE/node_modules exec node "$2" ;;
esac
