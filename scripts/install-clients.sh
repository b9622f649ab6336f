#!/bin/sh
# Installs the clients that tests/clients/suites runs: Debian packages (as root) and
# what npm and the Go proxy have, into a cache outside the repository.
#
#   scripts/install-clients.sh [NAME…]           default: all
#
# S3DB_TEST_CLIENTS   where to put them; default: the user's cache folder,
#                     s3db-sql/clients
set -eu
cd "$(dirname "$0")/../tests/clients/suites"
cache=${S3DB_TEST_CLIENTS:-${XDG_CACHE_HOME:-$HOME/.cache}/s3db-sql/clients}

[ $# -gt 0 ] || set -- $(for run in */run; do dirname "$run"; done)

packages=$(for name in "$@"; do [ ! -f "$name/debian" ] || cat "$name/debian"; done | sort -u)
missing=$(for p in $packages; do dpkg -s "$p" >/dev/null 2>&1 || echo "$p"; done)
if [ -n "$missing" ]; then
	if [ "$(id -u)" != 0 ]; then
		echo "not root: install $(echo $missing) first" >&2
		exit 1
	fi
	export DEBIAN_FRONTEND=noninteractive
	apt-get -q update
	apt-get -q install -y --no-install-recommends $missing
fi

for name in "$@"; do
	[ -x "$name/prepare" ] || continue
	echo "$name"
	mkdir -p "$cache/$name"
	(cd "$name" && SUITE_CACHE="$cache/$name" ./prepare)
done
