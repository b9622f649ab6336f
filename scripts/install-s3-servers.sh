#!/bin/sh
# Installs the two S3 servers that the tests run against, versitygw and MinIO,
# from the Go module proxy into a cache outside the repository, once. Nothing of
# theirs is linked into s3db-sql: they run as separate programs.
#
#   scripts/install-s3-servers.sh [versitygw] [minio]      default: both
#
# S3DB_TEST_BIN  where to put them; default: the user's cache folder, s3db-sql/bin
#
# A cold build of both takes some five minutes of CPU; it runs at low priority.
set -eu

versitygw_module=github.com/versity/versitygw/cmd/versitygw@v1.8.0
minio_module=github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c

bin=${S3DB_TEST_BIN:-${XDG_CACHE_HOME:-$HOME/.cache}/s3db-sql/bin}
mkdir -p "$bin"

# install NAME MODULE: a marker names the version that is there.
install() {
	if [ -x "$bin/$1" ] && [ "$(cat "$bin/$1.version" 2>/dev/null)" = "$2" ]; then
		echo "$1: there already ($bin/$1)"
		return
	fi
	echo "$1: building $2"
	# Outside any module, and without the flags of ours.
	(cd "$bin" && GOFLAGS= GOWORK=off GOBIN="$bin" nice -n 19 go install "$2")
	echo "$2" >"$bin/$1.version"
	echo "$1: $bin/$1"
}

[ $# -gt 0 ] || set -- versitygw minio
for server in "$@"; do
	case $server in
	versitygw) install versitygw $versitygw_module ;;
	minio) install minio $minio_module ;;
	*)
		echo "install-s3-servers.sh: unknown server $server" >&2
		exit 2
		;;
	esac
done
