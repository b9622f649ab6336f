#!/usr/bin/env bash
# Measures s3db-sql with the tools of ../shared/lab (its README tells what the figures
# mean): builds the server, starts it over memory:// beside a PostgreSQL 15 of the
# lab's, and runs
#
#   scripts/lab.sh regress [SCRIPT ...]   PostgreSQL's regression scripts on both
#   scripts/lab.sh slt                    SQLite's sqllogictest sample
#
# LAB_ARGS are further flags of the tool. Differences go to $LAB_WORK/diffs.
set -euo pipefail
cd "$(dirname "$0")/.."
lab=${LAB:-$PWD/../shared/lab}
export LAB_WORK=${LAB_WORK:-${TMPDIR:-/tmp}/s3db-lab-sql}
[ -x "$lab/lab.sh" ] || { echo "the lab is not in $lab: set LAB" >&2; exit 1; }
what=${1:?regress or slt}
shift

"$lab/lab.sh" build
"$lab/lab.sh" pg start
case $what in
regress) ls -d "$LAB_WORK"/src/postgresql-15.*/src/test/regress >/dev/null 2>&1 || "$lab/lab.sh" fetch-pg ;;
slt) [ -d "$LAB_WORK/corpus/slt/test" ] || "$lab/lab.sh" unpack-slt ;;
esac
eval "$("$lab/lab.sh" env)"

go build -o "$LAB_WORK/bin/s3db-sql" ./cmd/s3db-sql
port=${PORT:-19599}
"$LAB_WORK/bin/s3db-sql" --listen "127.0.0.1:$port" --store memory:// >"$LAB_WORK/s3db-sql.log" 2>&1 &
trap 'kill %1' EXIT
until pg_isready -q -h 127.0.0.1 -p "$port"; do sleep 0.1; done
dsn=postgres://postgres@127.0.0.1:$port/s3db

case $what in
regress)
	# A reference database of this run alone: the scripts leave things behind.
	psql -q "$LAB_REF_DSN" -c 'DROP DATABASE IF EXISTS s3db_regress' -c "CREATE DATABASE s3db_regress TEMPLATE template0 LOCALE 'C'"
	mkdir -p "$LAB_WORK/diffs"
	# shellcheck disable=SC2086
	regress --dsn "$dsn" --ref "${LAB_REF_DSN%/*}/s3db_regress" --fresh schema --out "$LAB_WORK/diffs" ${LAB_ARGS-} "$@"
	;;
slt)
	# shellcheck disable=SC2086
	slt --dsn "$dsn" -q -j 2 --exclude "$LAB_WORK/corpus/slt-pg15-fails.gz" ${LAB_ARGS-} "$LAB_WORK/corpus/slt/test"
	;;
esac
