# What people do with this repository. Tests that need PostgreSQL 15 or an S3
# server skip where they are missing; .ci/run installs them.

GO ?= go

.PHONY: help run build test clients faults interop lint bench update differential regress slt tpch pgbench s3dbjs micro catalog

help:
	@echo 'make run      start the server on the embedded store, ./s3db-data'
	@echo 'make build    build bin/s3db-sql'
	@echo 'make test     all tests'
	@echo 'make clients  every client of tests/clients/suites, on s3db-sql and PostgreSQL 15: passed of total'
	@echo 'make faults   servers killed at every request, three servers behind a bad network: all of it, for minutes (ARGS="-seed N")'
	@echo 'make interop N=…  s3db.js and s3db-sql on one S3 server: N of 5 behaviors for each value, N times as long at once'
	@echo 'make lint     gofmt, go vet, staticcheck and the rules of the house (internal/lint)'
	@echo 'make differential N=…  random statements on s3db-sql and PostgreSQL 15, N seeds of 500 (SEED=… the first)'
	@echo 'make regress  PostgreSQL 15 regression SCRIPTS=… on s3db-sql and PostgreSQL (needs ../shared/lab)'
	@echo 'make slt      the sample of sqllogictest (needs ../shared/lab)'
	@echo 'make micro    microbenchmarks: parse, plan, kernels, encode'
	@echo 'make tpch     TPC-H beside PostgreSQL 15; writes its part of docs/benchmarks.md'
	@echo 'make pgbench  pgbench -S beside PostgreSQL 15; writes its part of docs/benchmarks.md'
	@echo 'make catalog  what clients ask of the system catalogs, beside PostgreSQL 15; writes its part of docs/benchmarks.md'
	@echo 'make s3dbjs   the work of s3db.js beside it on one S3 server; writes its part of docs/benchmarks.md'
	@echo 'make bench    ours beside the AWS SDK on one S3 server; writes docs/benchmarks.md'
	@echo 'make update   write expected results anew, from PostgreSQL 15 where it decides'

run:
	$(GO) run ./cmd/s3db-sql $(ARGS)

build:
	$(GO) build -trimpath -o bin/s3db-sql ./cmd/s3db-sql

# The packages share the machine with the servers that they start.
test:
	$(GO) test -timeout 15m ./...

clients:
	@rm -f /tmp/s3db-sql-clients; $(GO) test ./tests/clients -count=1 -run TestSuites -suites.table /tmp/s3db-sql-clients; \
		status=$$?; cat /tmp/s3db-sql-clients; exit $$status

faults:
	$(GO) test ./tests/faults -count=1 -v -timeout 0 -long $(ARGS)

interop:
	$(GO) test ./tests/interop -count=1 -v -timeout 0 -size $(if $(filter command line,$(origin N)),$(N),5) $(ARGS)

lint:
	@test -z "$$(gofmt -l .)" || { echo 'gofmt would change:'; gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 -checks 'SA*,U1000,-SA4016' ./...
	$(GO) test ./internal/lint

N ?= 200
SEED ?= 1000
differential:
	$(GO) test ./tests/differential -count=1 -v -timeout 0 -run TestRandom -seed $(SEED) -seeds $(N) $(ARGS)

SCRIPTS ?= boolean text varchar char int2 int4 int8 float4 float8 numeric date time timestamp timestamptz interval uuid json \
	jsonb jsonpath arrays enum case select select_into select_distinct select_having select_implicit subselect union join \
	aggregates groupingsets window with limit insert insert_conflict update delete returning prepare portals random regex \
	strings expressions tsearch
regress:
	scripts/lab.sh regress $(SCRIPTS)

slt:
	scripts/lab.sh slt

# What the stages of a statement cost, without a server: parse, bind, plan, the
# kernels of expressions, operators, rows from and to their objects.
micro:
	$(GO) test -run '^$$' -bench . ./sql/parser ./sql/planner/... ./sql/types ./sql/funcs ./sql/exec ./storage/s3db

tpch:
	$(GO) test ./bench/tpch -count=1 -v -timeout 0 -tpch -write ../../docs/benchmarks.md $(ARGS)

catalog:
	$(GO) test ./bench/catalog -count=1 -v -timeout 0 -catalog -write ../../docs/benchmarks.md $(ARGS)

s3dbjs:
	$(GO) test ./bench/s3dbjs -count=1 -v -timeout 0 -s3dbjs -write ../../docs/benchmarks.md $(ARGS)
pgbench:
	$(GO) test ./bench/pgbench -count=1 -v -timeout 0 -pgbench -write ../../docs/benchmarks.md $(ARGS)

bench:
	$(GO) test ./bench -count=1 -v -timeout 30m -run TestSideBySide -write ../docs/benchmarks.md $(ARGS)

update:
	$(GO) test ./config -update
	$(GO) test ./tests/sqllogic -run TestPostgres -update
