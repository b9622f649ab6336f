#!/bin/sh
# Rewrites builtin.tsv.gz, the rows that a PostgreSQL 15 has of its own, from a running
# one whose bootstrap superuser is $OWNER: PSQL names the client and its connection
# options. A line is the relation, then the columns that are compared, reg* types as
# oids; a line that begins with # names the columns of the relation after it.
set -e
cd "$(dirname "$0")"
q() { ${PSQL:-psql -h 127.0.0.1 -p 5999 -U postgres} -X -A -t -q -F "$(printf '\t')" -P 'null=\N' -c "$1"; }

# rows RELATION CONDITION COLUMN...: expressions are written column=expression.
rows() {
  rel=$1 where=$2 names= list=
  shift 2
  for c in "$@"; do
    names="$names	${c%%=*}" list="$list, ${c#*=}"
  done
  printf '#%s%s\n' "$rel" "$names"
  q "select '$rel'$list from pg_catalog.$rel where $where"
}

proc() { for c in "$@"; do printf '%s=%s::oid ' "$c" "$c"; done; }
ours="in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
{
rows pg_namespace "oid < 16384 and nspname !~ '^pg_toast'" oid nspname
rows pg_class "relnamespace $ours and relkind in ('r', 'v')" oid relname relnamespace reltype relowner relisshared relpersistence relkind relnatts relispopulated
rows pg_attribute "attnum > 0 and (select relnamespace $ours and relkind in ('r', 'v') from pg_class c where c.oid = attrelid)" \
  attrelid attname atttypid attlen attnum attndims atttypmod attbyval attalign attstorage attnotnull atthasdef attislocal attcollation
rows pg_type "oid < 16384 and typname !~ '^_?pg_toast'" oid typname typnamespace typowner typlen typbyval typtype typcategory typispreferred typisdefined \
  typdelim typrelid $(proc typsubscript) typelem typarray $(proc typinput typoutput typreceive typsend typmodin typmodout typanalyze) \
  typalign typstorage typnotnull typbasetype typtypmod typndims typcollation
rows pg_proc "oid < 16384" oid proname pronamespace proowner prolang procost prorows provariadic $(proc prosupport) \
  prokind prosecdef proleakproof proisstrict proretset provolatile proparallel pronargs pronargdefaults prorettype proargtypes proallargtypes \
  proargmodes proargnames
rows pg_operator "oid < 16384" oid oprname oprnamespace oprowner oprkind oprcanmerge oprcanhash oprleft oprright oprresult oprcom oprnegate $(proc oprcode oprrest oprjoin)
rows pg_cast "oid < 16384" oid castsource casttarget castfunc castcontext castmethod
rows pg_aggregate "aggfnoid < 16384" $(proc aggfnoid) aggkind aggnumdirectargs $(proc aggtransfn aggfinalfn aggcombinefn aggserialfn aggdeserialfn aggmtransfn \
  aggminvtransfn aggmfinalfn) aggfinalextra aggmfinalextra aggfinalmodify aggmfinalmodify aggsortop aggtranstype aggtransspace aggmtranstype \
  aggmtransspace agginitval aggminitval
rows pg_am true oid amname $(proc amhandler) amtype
rows pg_amop "oid < 16384" oid amopfamily amoplefttype amoprighttype amopstrategy amoppurpose amopopr amopmethod amopsortfamily
rows pg_amproc "oid < 16384" oid amprocfamily amproclefttype amprocrighttype amprocnum $(proc amproc)
rows pg_opclass "oid < 16384" oid opcmethod opcname opcnamespace opcowner opcfamily opcintype opcdefault opckeytype
rows pg_opfamily "oid < 16384" oid opfmethod opfname opfnamespace opfowner
rows pg_language true oid lanname lanowner lanispl lanpltrusted lanplcallfoid laninline lanvalidator
rows pg_range "rngtypid < 16384" rngtypid rngsubtype rngmultitypid rngcollation rngsubopc $(proc rngcanonical rngsubdiff)
rows pg_ts_config "oid < 16384" oid cfgname cfgnamespace cfgowner cfgparser
rows pg_ts_config_map "mapcfg < 16384" mapcfg maptokentype mapseqno mapdict
rows pg_ts_dict "oid < 16384" oid dictname dictnamespace dictowner dicttemplate dictinitoption
rows pg_ts_parser "oid < 16384" oid prsname prsnamespace $(proc prsstart prstoken prsend prsheadline prslextype)
rows pg_ts_template "oid < 16384" oid tmplname tmplnamespace $(proc tmplinit tmpllexize)
rows pg_tablespace true oid spcname spcowner spcoptions
rows pg_conversion "oid < 16384" oid conname connamespace conowner conforencoding contoencoding $(proc conproc) condefault
rows pg_description "objoid < 16384" objoid classoid objsubid description
} | gzip -9n > builtin.tsv.gz
