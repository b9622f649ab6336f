#!/bin/sh
# Rewrites the data files from a running PostgreSQL 15: PSQL names the client
# and its connection options.
set -e
cd "$(dirname "$0")"
q() { ${PSQL:-psql -h 127.0.0.1 -p 5999 -U postgres} -X -A -t -F "$(printf '\t')" -P "null=${NULL-}" -c "$1"; }

# columns SCHEMA: one line per column of the schema's tables and views, and one
# with attnum 0 per relation, whose last field is the array type of its rows.
columns() { q "
select c.relname, 0 as attnum, c.relkind::text, c.oid::text, c.reltype::text, coalesce(d.description, ''),
  (select t.typarray::text from pg_type t where t.oid = c.reltype)
from pg_class c left join pg_description d on d.objoid = c.oid and d.classoid = 'pg_class'::regclass and d.objsubid = 0
where c.relnamespace = '$1'::regnamespace and c.relkind in ('r', 'v')
union all
select c.relname, a.attnum, a.attname, t.typname,
  case when a.attnotnull then 'n' else '-' end, a.attcollation::text, ''
from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_type t on t.oid = a.atttypid
where c.relnamespace = '$1'::regnamespace and c.relkind in ('r', 'v') and a.attnum > 0 and not a.attisdropped
order by 1, 2" | sed 's/\t$//'; }
columns pg_catalog > columns.tsv
columns information_schema > ../../infoschema/columns.tsv

q "
select oid, typinput::oid, typoutput::oid, typreceive::oid, typsend::oid, typmodin::oid, typmodout::oid, typanalyze::oid, typsubscript::oid
from pg_type where typnamespace = 'pg_catalog'::regnamespace and typrelid = 0 order by oid" > type_functions.tsv
q "
select c.oid, am.amname, c.opcname, c.opcfamily, c.opcintype, c.opcdefault, c.opckeytype
from pg_opclass c join pg_am am on am.oid = c.opcmethod where c.oid < 16384 order by 1" > ../../opclass/opclasses.tsv
q "
select f.oid, am.amname, f.opfname from pg_opfamily f join pg_am am on am.oid = f.opfmethod
where f.oid < 16384 order by 1" > ../../opclass/opfamilies.tsv
q "
select oid, amopfamily, amoplefttype, amoprighttype, amopstrategy, amopopr, amopmethod, amoppurpose, amopsortfamily
from pg_amop where oid < 16384 order by 1" > ../../opclass/amops.tsv
q "
select oid, amprocfamily, amproclefttype, amprocrighttype, amprocnum, amproc::oid
from pg_amproc where oid < 16384 order by 1" > ../../opclass/amprocs.tsv
q "select aggfnoid::oid, aggtransfn::oid, aggfinalfn::oid, aggcombinefn::oid, aggserialfn::oid, aggdeserialfn::oid,
  aggmtransfn::oid, aggminvtransfn::oid, aggmfinalfn::oid, aggsortop, aggtranstype, coalesce(agginitval, E'\\\\N'), coalesce(aggminitval, E'\\\\N'),
  aggfinalextra, aggmfinalextra, aggfinalmodify, aggmfinalmodify, aggmtranstype, aggtransspace, aggmtransspace
from pg_aggregate where aggfnoid < 16384 order by 1" > aggregates.tsv
q "select name from pg_timezone_names where name !~ '^(posix/|right/|localtime|Factory|posixrules)' order by name" > timezones.txt
# What pg_get_viewdef gives for the system's views, plain and pretty, in COPY's text format.
q "copy (select n.nspname || '.' || c.relname, pg_get_viewdef(c.oid), pg_get_viewdef(c.oid, true)
from pg_class c join pg_namespace n on n.oid = relnamespace where relkind = 'v' and c.oid < 16384 order by 1) to stdout" > views.tsv
q "select fktable::oid, fkcols, pktable::oid, pkcols, is_array, is_opt from pg_get_catalog_foreign_keys() order by fktable::text, fkcols" > foreign_keys.tsv
for t in sql_features sql_parts sql_implementation_info sql_sizing; do
  NULL='\N' q "select '$t', * from information_schema.$t order by 2"
done | sed '/^sql_features\tX/s/\tYES\t/\tNO\t/' > ../../infoschema/standard.tsv # there is no XML
