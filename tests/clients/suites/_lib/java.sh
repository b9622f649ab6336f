# Sourced by suites in Java: compiles the folder's sources and the library's into
# $SUITE_CACHE when they have changed, and runs class Main with pgjdbc.
classes=${SUITE_CACHE:-/tmp/s3db-sql-suite}/classes
sources="../_lib/*.java *.java"
mkdir -p "$classes"
sum=$(cat $sources | cksum)
if [ "$(cat "$classes/sum" 2>/dev/null)" != "$sum" ]; then
	rm -f "$classes"/*.class
	javac -d "$classes" -cp /usr/share/java/postgresql.jar $sources || exit 1
	echo "$sum" >"$classes/sum"
fi
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$classes:/usr/share/java/postgresql.jar" Main
