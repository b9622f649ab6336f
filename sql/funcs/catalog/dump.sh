#!/bin/sh
# Rewrites the catalog files from a running PostgreSQL: PSQL names the client
# and its connection options.
set -e
cd "$(dirname "$0")"
q() { ${PSQL:-psql -h 127.0.0.1 -p 5999 -U postgres} -X -A -t -F "$(printf '\t')" -c "$1"; }
q "
select p.oid,
  p.proname || '(' || coalesce((select string_agg(t.typname, ',' order by o) from unnest(p.proargtypes) with ordinality u(a,o) join pg_type t on t.oid=a),'') || ')',
  p.prokind::text || case when p.proisstrict then 's' else '-' end || p.provolatile::text || case when p.proretset then 'r' else '-' end || case when p.proleakproof then 'l' else '-' end,
  p.prorettype, p.proargtypes::text, p.provariadic,
  array_to_string(p.proallargtypes,' '), array_to_string(p.proargmodes,''),
  array_to_string(p.proargnames,',',''),
  replace(coalesce(pg_get_expr(p.proargdefaults,0),''), E'\n',' '),
  case when l.lanname in ('internal','c') then p.prosrc else '' end,
  coalesce(d.description,''), p.procost, p.prorows, p.prolang, p.proparallel, p.prosupport::oid
from pg_proc p join pg_language l on l.oid=p.prolang
left join pg_description d on d.objoid=p.oid and d.classoid='pg_proc'::regclass and d.objsubid=0
where p.pronamespace='pg_catalog'::regnamespace and p.oid < 16384
order by p.oid" > pg_proc.tsv
q "
select o.oid, o.oprname, o.oprleft, o.oprright, o.oprresult, o.oprcode::oid, o.oprcom, o.oprnegate,
  case when o.oprcanhash then 'h' else '-' end || case when o.oprcanmerge then 'm' else '-' end,
  coalesce(d.description,''), o.oprrest::oid, o.oprjoin::oid
from pg_operator o
left join pg_description d on d.objoid=o.oid and d.classoid='pg_operator'::regclass and d.objsubid=0
where o.oid < 16384 order by o.oid" > pg_operator.tsv
q "select oid, castsource, casttarget, castfunc, castcontext, castmethod from pg_cast where oid < 16384 order by oid" > pg_cast.tsv
q "
select aggfnoid::oid, aggkind, aggnumdirectargs from pg_aggregate where aggfnoid < 16384 order by 1" > pg_aggregate.tsv
q "select word, catcode, barelabel, catdesc, baredesc from pg_get_keywords() order by 1" > pg_keywords.tsv
