# The Test Anything Protocol for suites in sh.
#
#   check "what it shows" command…          it succeeds
#   fails "what it shows" PATTERN command…  it fails and says PATTERN (grep -E)
#   done_testing
#
# While TODO has a reason, what fails is known to fail on s3db-sql: it is told and
# does not fail the suite.
_count=0 _failed=0 _out=$(mktemp)
trap 'rm -f "$_out"' EXIT

_report() { # status name
	_count=$((_count + 1))
	if [ "$1" = 0 ]; then
		printf 'ok %d - %s\n' $_count "$2"
	else
		[ -n "${TODO-}" ] || _failed=$((_failed + 1))
		printf 'not ok %d - %s%s\n' $_count "$2" "${TODO:+ # TODO $TODO}"
		sed 's/^/# /' "$_out"
	fi
}

check() {
	_name=$1; shift
	"$@" >"$_out" 2>&1
	_report $? "$_name"
}

fails() {
	_name=$1 _pattern=$2; shift 2
	if "$@" >"$_out" 2>&1; then
		_report 1 "$_name"
	else
		grep -Eq "$_pattern" "$_out"
		_report $? "$_name"
	fi
}

# same NAME EXPECTED ACTUAL: two files hold the same text.
same() {
	diff -u "$2" "$3" >"$_out" 2>&1
	_report $? "$1"
}

# says NAME TEXT command…: it succeeds and prints exactly TEXT.
says() {
	_name=$1 _text=$2; shift 2
	"$@" >"$_out" 2>&1 && [ "$(cat "$_out")" = "$_text" ]
	_report $? "$_name"
}

done_testing() {
	echo "1..$_count"
	exit $((_failed > 0))
}
