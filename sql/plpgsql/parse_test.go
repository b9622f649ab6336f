package plpgsql

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// compileOnly is a session that knows the built-in types, which is all that
// compiling asks of it.
type compileOnly struct{ pl.SPI }

func (compileOnly) Setting(string) (string, bool) { return "", false }

func (compileOnly) Notice(*pgerr.Error) {}

func (compileOnly) Relation(names []string) (*catalog.Relation, error) {
	return nil, pgerr.New(pgerr.UndefinedTable, "relation \"%s\" does not exist", strings.Join(names, "."))
}

func (compileOnly) Type(tn *parser.TypeName) (*types.Type, int32, error) {
	name := tn.Names[len(tn.Names)-1].GetString_().GetSval()
	if t := types.Builtin().ByName("pg_catalog", name); t != nil {
		return t, -1, nil
	}
	return nil, -1, pgerr.New(pgerr.UndefinedObject, "type \"%s\" does not exist", name)
}

// everything has each statement of the language.
const everything = `<<top>>
declare a int := 1; b text not null default 'x'; c constant numeric(5,2) := 2; r record; al alias for a;
  cur cursor (n int) for select n; ref refcursor;
begin
  a := a + 1; r.x := 3; top.a := 2;
  if a > 1 then null; elsif a = 0 then a := 5; else a := 6; end if;
  case a when 1, 2 then null; else null; end case;
  case when a = 1 then null; end case;
  <<l>> loop exit l when a > 3; continue; end loop l;
  while a < 3 loop a := a + 1; end loop;
  for i in reverse 10..1 by 2 loop null; end loop;
  for r in select 1 as x loop null; end loop;
  for a, b in execute 'select 1, 2' using a loop null; end loop;
  for q in cur(3) loop null; end loop;
  foreach a in array array[1,2] loop null; end loop;
  perform 1; insert into t values (a) returning a into b; select 1 into strict a;
  execute 'select $1' into a using 5;
  get diagnostics a = row_count; call p(a);
  open ref for select 1; fetch next from ref into a; move forward 2 from ref; close ref;
  open cur(n := 4); fetch absolute 2 from cur into r;
  raise notice '% %%', a using hint = 'h'; assert a = 1, 'msg';
  begin null; exception when division_by_zero or sqlstate '22000' then raise; when others then null; end;
  commit; rollback and chain;
  return;
end top;`

func TestCompileEverything(t *testing.T) {
	f, err := compileInline(compileOnly{}, everything, true)
	require.NoError(t, err)
	require.NotEmpty(t, f.body.body)
}

// TestTruncated compiles every beginning of a text, and the text without each
// of its tokens: errors, but no panics.
func TestTruncated(t *testing.T) {
	toks, err := parser.Scan(everything)
	require.NoError(t, err)
	for _, tok := range toks {
		_, err := compileInline(compileOnly{}, everything[:tok.Start], false)
		if !strings.HasSuffix(strings.TrimSpace(everything[:tok.Start]), "end top") && !strings.HasSuffix(everything[:tok.Start], "\nend ") {
			require.Error(t, err, everything[:tok.Start])
		}
		_, _ = compileInline(compileOnly{}, everything[:tok.Start]+everything[tok.End:], true)
	}
}

func TestCompileErrors(t *testing.T) {
	for _, c := range []struct{ source, message string }{
		{"begin x := 1; end", "\"x\" is not a known variable"},
		{"begin exit; end", "EXIT cannot be used outside a loop, unless it has a label"},
		{"begin continue nowhere; end", "there is no label \"nowhere\" attached to any block or loop enclosing this statement"},
		{"declare a int; a int; begin end", "duplicate declaration at or near \"a\""},
		{"declare a constant int := 1; begin a := 2; end", "variable \"a\" is declared CONSTANT"},
		{"declare a int not null; begin end", "variable \"a\" must have a default value, since it's declared NOT NULL"},
		{"begin if true then null; end", "syntax error at end of input"},
		{"begin return 1; end", "RETURN cannot have a parameter in function returning void"},
		{"begin return next 1; end", "cannot use RETURN NEXT in a non-SETOF function"},
		{"begin raise 'a %'; end", "too few parameters specified for RAISE"},
		{"begin raise nosuch; end", "unrecognized exception condition \"nosuch\""},
		{"begin perform (1; end", "mismatched parentheses at or near \";\""},
		{"begin while true null; end", "missing \"LOOP\" at end of SQL expression"},
		{"begin for x in select 1 loop null; end loop; end",
			"loop variable of loop over rows must be a record variable or list of scalar variables"},
		{"begin select 1 frm; select 1 +; end", "syntax error at end of input"},
		{"begin fetch c into x; end", "missing \"FROM or IN\" at end of SQL expression"},
		{"declare x nosuch; begin end", "type \"nosuch\" does not exist"},
	} {
		_, err := compileInline(compileOnly{}, c.source, true)
		require.Error(t, err, c.source)
		require.Equal(t, c.message, pgerr.As(err).Message, c.source)
	}
}
