'use strict'
// node-postgres (pg) with pg-cursor, pg-query-stream and pg-copy-streams.
const assert = require('node:assert/strict')
const { once } = require('node:events')
const { pipeline } = require('node:stream/promises')
const { Readable } = require('node:stream')
const pg = require('pg')
const Cursor = require('pg-cursor')
const QueryStream = require('pg-query-stream')
const { from: copyFrom, to: copyTo } = require('pg-copy-streams')
const { check, done } = require('../_lib/tap')

const client = new pg.Client({ application_name: 'suite', options: '-c search_path=public' })
const one = async (text, values) => Object.values((await client.query(text, values)).rows[0])[0]

check('connect: parameters of the start-up message', async () => {
  await client.connect()
  assert.equal(await one('show application_name'), 'suite')
  assert.equal(await one('show search_path'), 'public')
  assert.ok(client.processID > 0)
})

check('connect: settings of a connection string', async () => {
  const { PGHOST, PGPORT, PGUSER, PGDATABASE } = process.env
  const c = new pg.Client(`postgres://${PGUSER}@${PGHOST}:${PGPORT}/${PGDATABASE}?application_name=url&statement_timeout=5000&lock_timeout=4000&idle_in_transaction_session_timeout=3000`)
  await c.connect()
  const { rows } = await c.query(`select name, setting from pg_settings
    where name in ('application_name', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') order by name`)
  assert.deepEqual(rows.map(r => r.setting), ['url', '3000', '4000', '5000'])
  await c.end()
})

check('connect: a database that is not there', async () => {
  const c = new pg.Client({ database: 'no such database' })
  await assert.rejects(c.connect(), { code: '3D000', severity: 'FATAL' })
})

const types = [
  // SQL type, text of the value, what pg makes of it
  ['boolean', 'true', true],
  ['smallint', '-32768', -32768],
  ['integer', '2147483647', 2147483647],
  ['bigint', '9223372036854775807', '9223372036854775807'],
  ['oid', '4294967295', 4294967295],
  ['real', '1.5', 1.5],
  ['double precision', '1e-300', 1e-300],
  ['double precision', 'NaN', NaN],
  ['double precision', '-Infinity', -Infinity],
  ['numeric', '12345678901234567890.123456789', '12345678901234567890.123456789'],
  ['numeric(10,2)', '1.005', '1.01'],
  ['text', 'añ日本\n\t\'"\\', 'añ日本\n\t\'"\\'],
  ['varchar(3)', 'abc', 'abc'],
  ['char(5)', 'ab', 'ab   '],
  ['bytea', '\\x00ff10', Buffer.from([0, 255, 16])],
  ['uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['json', '{"a": [1, 2.5, null, "x"]}', { a: [1, 2.5, null, 'x'] }],
  ['jsonb', '{"b": {"c": true}}', { b: { c: true } }],
  ['date', '2024-02-29', new Date(2024, 1, 29)],
  ['timestamp', '2024-02-29 12:34:56.789', new Date(2024, 1, 29, 12, 34, 56, 789)],
  ['timestamptz', '2024-02-29 12:34:56.789+02', new Date('2024-02-29T10:34:56.789Z')],
  ['timestamptz', 'infinity', Infinity],
  ['time', '12:34:56.789', '12:34:56.789'],
  ['timetz', '12:34:56+02', '12:34:56+02'],
  ['interval', '1 year 2 mons 3 days 04:05:06.7', { years: 1, months: 2, days: 3, hours: 4, minutes: 5, seconds: 6, milliseconds: 700 }],
  ['point', '(1,2.5)', { x: 1, y: 2.5 }],
  ['inet', '192.168.0.1/24', '192.168.0.1/24'],
  ['cidr', '10.0.0.0/8', '10.0.0.0/8'],
  ['macaddr', '08:00:2b:01:02:03', '08:00:2b:01:02:03'],
  ['bit(4)', '1010', '1010'],
  ['int4range', '[1,5)', '[1,5)'],
  ['tsvector', "'a' 'b'", "'a' 'b'"],
  ['integer[]', '{1,NULL,3}', [1, null, 3]],
  ['integer[]', '{{1,2},{3,4}}', [[1, 2], [3, 4]]],
  ['bigint[]', '{1,9223372036854775807}', ['1', '9223372036854775807']],
  ['text[]', '{a,"b c","d\\"e",NULL,"NULL"}', ['a', 'b c', 'd"e', null, 'NULL']],
  ['boolean[]', '{t,f}', [true, false]],
  ['double precision[]', '{1.5,2}', [1.5, 2]],
  ['numeric[]', '{1.10,2}', [1.1, 2]],
  ['bytea[]', '{"\\\\x01"}', [Buffer.from([1])]],
  ['jsonb[]', '{"{\\"a\\": 1}"}', [{ a: 1 }]],
  ['timestamptz[]', '{"2024-01-01 00:00:00+00"}', [new Date('2024-01-01T00:00:00Z')]],
  ['uuid[]', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']]
]
for (const [type, text, value] of types) {
  check(`type ${type}: ${JSON.stringify(text)} by both protocols, out and in again`, async () => {
    const plain = (v) => v && v.constructor && v.constructor.name === 'PostgresInterval' ? { ...v } : v
    const simple = await one(`select ${pg.escapeLiteral(text)}::${type} as v`)
    assert.deepEqual(plain(simple), value)
    const extended = await one(`select $1::${type} as v`, [text])
    assert.deepEqual(plain(extended), value)
    if (value === Infinity || type === 'point') return // pg can't send what it made of them
    const again = await one(`select $1::${type} as v`, [/^jsonb?$/.test(type) ? JSON.stringify(extended) : extended])
    assert.deepEqual(plain(again), value)
  })
}

check('NULL of every type', async () => {
  for (const [type] of types) assert.equal(await one(`select $1::${type} as v`, [null]), null, type)
})

check('binary results', async () => {
  // Those that pg reads right: it takes -32768 for -4161, and a timestamp for UTC.
  const { rows } = await client.query({
    text: `select true as b, 7::int2 as s, 70000 as i, 5000000000::int8 as l, 1.5::float4 as f, -2.25::float8 as d, 12.5::numeric as n,
      'añ' as t, '\\x00ff'::bytea as y, array[1, null, 3] as a, null::int as z, '2024-01-01 00:00:00.25+00'::timestamptz as w`,
    binary: true
  })
  assert.deepEqual(rows, [{ b: true, s: 7, i: 70000, l: '5000000000', f: 1.5, d: -2.25, n: '12.5', t: 'añ', y: Buffer.from([0, 255]), a: [1, null, 3], z: null, w: new Date('2024-01-01T00:00:00.250Z') }])
})

check('type parsers of one\'s own, for a query and for all', async () => {
  const upper = { getTypeParser: (oid, format) => v => `${oid}:${format}:${v}` }
  const { rows } = await client.query({ text: 'select 1::int8 as a, now()::date is null as b', types: upper })
  assert.deepEqual(rows, [{ a: '20:text:1', b: '16:text:f' }])
  pg.types.setTypeParser(pg.types.builtins.INT8, BigInt)
  assert.equal(await one('select 9223372036854775807::int8'), 9223372036854775807n)
  pg.types.setTypeParser(pg.types.builtins.INT8, v => v)
})

check('JavaScript values as parameters', async () => {
  const { rows } = await client.query(
    'select $1::int as i, $2::text as t, $3::jsonb as o, $4::int[] as a, $5::timestamptz as d, $6::bytea as b, $7::boolean as f, $8::bigint as n, $9::text as u',
    [42, 'x', { k: [1] }, [1, 2], new Date(0), Buffer.from('hi'), false, 12345678901234567890n % 1000n, undefined])
  assert.deepEqual(rows, [{ i: 42, t: 'x', o: { k: [1] }, a: [1, 2], d: new Date(0), b: Buffer.from('hi'), f: false, n: '890', u: null }])
  const custom = { toPostgres: () => 'mine' }
  assert.equal(await one('select $1::text', [custom]), 'mine')
})

check('fields of a result: names, types, table, column', async () => {
  await client.query('create table fields (id int primary key, name varchar(10), price numeric(8,2))')
  const { fields } = await client.query('select name, id, price, id + 1 as next from fields')
  const oid = await one("select 'fields'::regclass::oid")
  assert.deepEqual(fields.map(f => [f.name, f.dataTypeID, f.dataTypeModifier, f.dataTypeSize, f.tableID, f.columnID]), [
    ['name', 1043, 14, -1, oid, 2], ['id', 23, -1, 4, oid, 1], ['price', 1700, 524294, -1, oid, 3], ['next', 23, -1, 4, 0, 0]])
})

check('rowMode array, columns of the same name', async () => {
  const r = await client.query({ text: 'select 1 as a, 2 as a, 3', rowMode: 'array' })
  assert.deepEqual(r.rows, [[1, 2, 3]])
})

check('commands and row counts', async () => {
  const run = async (sql) => { const r = await client.query(sql); return [r.command, r.rowCount] }
  assert.deepEqual(await run("insert into fields values (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)"), ['INSERT', 3])
  assert.deepEqual(await run("update fields set name = 'z' where id > 1"), ['UPDATE', 2])
  assert.deepEqual(await run('delete from fields where id = 1'), ['DELETE', 1])
  assert.deepEqual(await run('select * from fields'), ['SELECT', 2])
  assert.deepEqual(await run('truncate fields'), ['TRUNCATE', null])
  assert.deepEqual(await run('create table made as select 1 as a'), ['SELECT', 1])
})

check('several statements in a query: a result for each', async () => {
  const rs = await client.query("select 1 as a; create temp table multi (a int); insert into multi values (1), (2); select * from multi; ;")
  assert.deepEqual(rs.map(r => [r.command, r.rowCount]), [['SELECT', 1], ['CREATE', null], ['INSERT', 2], ['SELECT', 2]])
})

check('several statements are one transaction', async () => {
  await assert.rejects(client.query('insert into multi values (3); select 1/0; insert into multi values (4)'), { code: '22012' })
  assert.equal(await one('select count(*)::int from multi'), 2)
})

check('an empty query', async () => {
  const r = await client.query('')
  assert.deepEqual([r.command, r.rows], [null, []])
})

check('named statements: prepared once, other values', async () => {
  const q = (v) => client.query({ name: 'double', text: 'select $1::int * 2 as v', values: [v] })
  assert.equal((await q(1)).rows[0].v, 2)
  assert.equal((await q(21)).rows[0].v, 42)
  const { rows } = await client.query("select statement, parameter_types::text, from_sql from pg_prepared_statements where name = 'double'")
  assert.deepEqual(rows, [{ statement: 'select $1::int * 2 as v', parameter_types: '{integer}', from_sql: false }])
  await assert.rejects(client.query({ name: 'double', text: 'select 1' }), /must be unique/)
})

check('a named statement that fails to parse can be tried again', async () => {
  await assert.rejects(client.query({ name: 'later', text: 'select * from comes_later', values: [] }), { code: '42P01' })
  await client.query('create table comes_later (a int)')
  assert.deepEqual((await client.query({ name: 'later', text: 'select * from comes_later', values: [] })).rows, [])
})

check('a named statement survives DDL that keeps its columns; another result type is 0A000', async () => {
  const q = () => client.query({ name: 'star', text: 'select a from comes_later' })
  await q()
  await client.query('alter table comes_later add column b text default \'x\'')
  await client.query('insert into comes_later values (7)')
  assert.deepEqual((await q()).rows, [{ a: 7 }])
  await client.query('alter table comes_later alter column a type text')
  await assert.rejects(q(), { code: '0A000', message: 'cached plan must not change result type' })
})

check('errors have PostgreSQL\'s fields', async () => {
  await client.query(`create table parent (id int primary key);
    create table child (id int primary key, p int not null references parent, n int constraint positive check (n > 0), u text unique)`)
  const rejects = (sql, values, want) => assert.rejects(client.query(sql, values), want)
  await rejects('selec 1', [], { code: '42601', position: '1', severity: 'ERROR', message: 'syntax error at or near "selec"' })
  await rejects('select nope from child', [], { code: '42703', position: '8' })
  await rejects('select * from nope', [], { code: '42P01', position: '15' })
  await rejects('insert into child values (1, 1)', [], { code: '23503', constraint: 'child_p_fkey', table: 'child', schema: 'public', detail: 'Key (p)=(1) is not present in table "parent".' })
  await rejects('insert into child (id) values (1)', [], { code: '23502', column: 'p', table: 'child', detail: 'Failing row contains (1, null, null, null).' })
  await client.query('insert into parent values (1)')
  await rejects('insert into child values (1, 1, 0)', [], { code: '23514', constraint: 'positive' })
  await client.query("insert into child values (1, 1, 1, 'u')")
  await rejects("insert into child values (2, 1, 1, 'u')", [], { code: '23505', constraint: 'child_u_key', detail: 'Key (u)=(u) already exists.' })
  await rejects('select $1::int', ['x'], { code: '22P02', message: 'invalid input syntax for type integer: "x"', where: /unnamed portal parameter \$1/ })
  await rejects('select 1/$1::int', [0], { code: '22012' })
  await rejects('select $1', [], { code: '42P02' })
  await rejects('select $1::int + $2', [1], { code: '08P01' })
  await rejects("do $$begin raise exception 'mine' using errcode = 'P0123', detail = 'd', hint = 'h', column = 'c', table = 't', schema = 's', constraint = 'k', datatype = 'ty'; end$$", undefined,
    { code: 'P0123', message: 'mine', detail: 'd', hint: 'h', column: 'c', table: 't', schema: 's', constraint: 'k', dataType: 'ty' })
  assert.equal(await one('select 1'), 1)
})

check('notices', async () => {
  const notices = []
  const on = n => notices.push([n.severity, n.code, n.message, n.hint])
  client.on('notice', on)
  await client.query('drop table if exists not_there')
  await client.query("do $$begin raise notice 'n %', 1 using hint = 'h'; raise warning 'w'; raise info 'i'; raise debug 'd'; end$$")
  client.off('notice', on)
  assert.deepEqual(notices, [
    ['NOTICE', '00000', 'table "not_there" does not exist, skipping', undefined],
    ['NOTICE', '00000', 'n 1', 'h'], ['WARNING', '01000', 'w', undefined], ['INFO', '00000', 'i', undefined]])
})

check('transactions: commit, rollback, savepoints, the failed block', async () => {
  await client.query('create table tx (a int primary key)')
  await client.query('begin')
  await client.query('insert into tx values (1)')
  await client.query('savepoint s')
  await assert.rejects(client.query('insert into tx values (1)'), { code: '23505' })
  await assert.rejects(client.query('select 1'), { code: '25P02' })
  await client.query('rollback to savepoint s')
  await client.query('insert into tx values (2)')
  await client.query('release savepoint s')
  await client.query('commit')
  await client.query('begin isolation level read committed')
  await client.query('delete from tx')
  assert.equal(await one('select count(*)::int from tx'), 0)
  await client.query('rollback')
  assert.equal(await one('select count(*)::int from tx'), 2)
  await client.query('begin read only')
  await assert.rejects(client.query('delete from tx'), { code: '25006' })
  await client.query('rollback')
})

check('queries queue up', async () => {
  process.noDeprecation = true
  const rs = await Promise.all(Array.from({ length: 50 }, (_, i) => client.query('select $1::int as v', [i])))
  assert.deepEqual(rs.map(r => r.rows[0].v), Array.from({ length: 50 }, (_, i) => i))
})

check('large values and many parameters', async () => {
  const big = 'é'.repeat(1_000_000)
  assert.equal(await one('select $1::text', [big]), big)
  const bytes = Buffer.alloc(3_000_000, 7)
  assert.ok(bytes.equals(await one('select $1::bytea', [bytes])))
  const n = 20_000
  const list = Array.from({ length: n }, (_, i) => `$${i + 1}::int`)
  assert.equal(await one(`select sum(v)::int from unnest(array[${list}]) v`, Array.from({ length: n }, () => 1)), n)
  const { rows } = await client.query('select g, repeat(\'x\', 100) as x from generate_series(1, 20000) g')
  assert.equal(rows.length, 20_000)
  assert.equal(rows[19_999].g, 20_000)
})

check('1600 columns', async () => {
  const { rows } = await client.query('select ' + Array.from({ length: 1600 }, (_, i) => `${i} as c${i}`).join())
  assert.equal(Object.keys(rows[0]).length, 1600)
})

check('LISTEN and NOTIFY, from another client and from itself', async () => {
  const other = new pg.Client()
  await other.connect()
  const heard = []
  const all = new Promise(resolve => client.on('notification', n => {
    heard.push([n.channel, n.payload, n.processId])
    if (heard.length === 3) resolve()
  }))
  await client.query('listen "My channel"')
  await other.query('begin')
  await other.query("notify \"My channel\", 'one'")
  await other.query("select pg_notify('My channel', 'two')")
  await other.query('commit')
  await client.query("notify \"My channel\", 'three'")
  await all
  await client.query('unlisten *')
  await other.query("notify \"My channel\", 'unheard'")
  await client.query('select 1')
  assert.deepEqual(heard, [['My channel', 'one', other.processID], ['My channel', 'two', other.processID], ['My channel', 'three', client.processID]])
  client.removeAllListeners('notification')
  await other.end()
})

check('pg_cancel_backend through a second connection', async () => {
  const cancelled = assert.rejects(client.query('select pg_sleep(20)'), { code: '57014', message: 'canceling statement due to user request' })
  const other = new pg.Client()
  await other.connect()
  for (let n = 0; !n;) {
    const r = await other.query("select from pg_stat_activity where pid = $1 and state = 'active' and query like '%pg_sleep%'", [client.processID])
    n = r.rowCount
  }
  await other.query('select pg_cancel_backend($1)', [client.processID])
  await cancelled
  await other.end()
  assert.equal(await one('select 1'), 1)
})

check('CancelRequest, as the driver sends it', async () => {
  const running = client.query('select pg_sleep(20)')
  const rejected = assert.rejects(running, { code: '57014' })
  await new Promise(resolve => setTimeout(resolve, 100))
  const connection = new pg.Connection()
  connection.on('connect', () => connection.cancel(client.processID, client.secretKey))
  connection.on('error', () => {})
  connection.connect(Number(process.env.PGPORT), process.env.PGHOST)
  await rejected
  connection.end()
})

check('statement_timeout', async () => {
  const c = new pg.Client({ statement_timeout: 50 })
  await c.connect()
  await assert.rejects(c.query('select pg_sleep(5)'), { code: '57014', message: 'canceling statement due to statement timeout' })
  assert.equal((await c.query('select 1 as a')).rows[0].a, 1)
  await c.end()
})

check('a terminated session tells its client', async () => {
  const c = new pg.Client()
  await c.connect()
  const failed = once(c, 'error')
  c.on('error', () => {}) // then that the connection is gone
  await client.query('select pg_terminate_backend($1)', [c.processID])
  const [e] = await failed
  assert.equal(e.code, '57P01')
})

check('a pool: clients wait, are used again, and see each other\'s commits', async () => {
  const pool = new pg.Pool({ max: 4 })
  await pool.query('create table pooled (i int primary key)')
  await Promise.all(Array.from({ length: 40 }, (_, i) => pool.query('insert into pooled values ($1)', [i])))
  assert.equal((await pool.query('select count(*)::int as n from pooled')).rows[0].n, 40)
  assert.ok(pool.totalCount <= 4)
  const a = await pool.connect()
  const b = await pool.connect()
  await a.query('begin')
  await a.query('delete from pooled')
  assert.equal((await b.query('select count(*)::int as n from pooled')).rows[0].n, 40)
  await a.query('commit')
  assert.equal((await b.query('select count(*)::int as n from pooled')).rows[0].n, 0)
  a.release()
  b.release(true)
  await pool.end()
})

check('advisory locks between sessions', async () => {
  const other = new pg.Client()
  await other.connect()
  await client.query('select pg_advisory_lock(42)')
  assert.equal((await other.query('select pg_try_advisory_lock(42) as got')).rows[0].got, false)
  const waiting = other.query('select pg_advisory_lock(42)')
  await client.query('select pg_advisory_unlock(42)')
  await waiting
  await other.end()
})

// pg-cursor
check('pg-cursor reads by pieces and closes early', async () => {
  const cursor = client.query(new Cursor('select g as v from generate_series(1, $1) g', [1000]))
  assert.deepEqual((await cursor.read(3)).map(r => r.v), [1, 2, 3])
  assert.equal((await cursor.read(500)).length, 500)
  await cursor.close()
  assert.equal(await one('select 1'), 1)
})

check('pg-cursor to the end, as arrays, and beyond', async () => {
  const cursor = client.query(new Cursor('values (1, 2), (3, 4)', [], { rowMode: 'array' }))
  assert.deepEqual(await cursor.read(10), [[1, 2], [3, 4]])
  assert.deepEqual(await cursor.read(10), [])
  await cursor.close()
})

check('two cursors in a transaction, one after the other\'s close', async () => {
  await client.query('begin')
  const a = client.query(new Cursor('select generate_series(1, 10) as v'))
  assert.equal((await a.read(4)).length, 4)
  await a.close()
  const b = client.query(new Cursor('select generate_series(1, 10) as v'))
  assert.equal((await b.read(20)).length, 10)
  await b.close()
  await client.query('commit')
})

check('pg-cursor: an error while reading', async () => {
  const cursor = client.query(new Cursor('select 10 / (5 - g) as v from generate_series(1, 10) g'))
  await assert.rejects(async () => { while ((await cursor.read(1)).length); }, { code: '22012' })
  assert.equal(await one('select 1'), 1)
})

check('DECLARE and FETCH', async () => {
  await client.query('begin')
  await client.query('declare c scroll cursor for select g from generate_series(1, 10) g')
  assert.deepEqual((await client.query('fetch 2 from c')).rows.map(r => r.g), [1, 2])
  assert.deepEqual((await client.query('fetch last from c')).rows.map(r => r.g), [10])
  assert.deepEqual((await client.query('fetch backward 2 from c')).rows.map(r => r.g), [9, 8])
  await client.query('close c')
  await client.query('commit')
})

// pg-query-stream
check('pg-query-stream: rows with back-pressure', async () => {
  let n = 0; let sum = 0
  const stream = client.query(new QueryStream('select g as v from generate_series(1, $1) g', [20000], { batchSize: 500, highWaterMark: 500 }))
  for await (const row of stream) { n++; sum += row.v }
  assert.deepEqual([n, sum], [20000, 200010000])
})

check('pg-query-stream: destroyed in the middle, the connection lives on', async () => {
  const stream = client.query(new QueryStream('select generate_series(1, 100000) as v', [], { batchSize: 10 }))
  for await (const row of stream) if (row.v === 25) break
  assert.equal(await one('select 2'), 2)
})

check('pg-query-stream: an error comes out of the stream', async () => {
  const stream = client.query(new QueryStream('select 1 / (3 - g) from generate_series(1, 5) g', [], { batchSize: 1 }))
  await assert.rejects(async () => { for await (const _ of stream); }, { code: '22012' })
})

// pg-copy-streams
check('COPY FROM STDIN: text', async () => {
  await client.query('create table copied (id int primary key, name text, n numeric)')
  const rows = Array.from({ length: 5000 }, (_, i) => `${i}\tname ${i}\\ttab\t${i % 3 ? i / 4 : '\\N'}\n`)
  const into = client.query(copyFrom('copy copied from stdin'))
  await pipeline(Readable.from(rows), into)
  assert.equal(into.rowCount, 5000)
  assert.deepEqual((await client.query('select * from copied where id in (1, 3) order by id')).rows, [{ id: 1, name: 'name 1\ttab', n: '0.25' }, { id: 3, name: 'name 3\ttab', n: null }])
})

check('COPY TO STDOUT: text, csv, a query', async () => {
  const read = async (sql) => {
    const stream = client.query(copyTo(sql))
    const chunks = []
    for await (const c of stream) chunks.push(c)
    return [Buffer.concat(chunks).toString(), stream.rowCount]
  }
  const [all, n] = await read('copy copied to stdout')
  assert.deepEqual([n, all.split('\n').length, all.slice(0, 25)], [5000, 5001, '0\tname 0\\ttab\t\\N\n1\tname 1'])
  assert.deepEqual(await read("copy (select 1 as a, 'x,y' as b, null as c, 'q\"q' as d) to stdout (format csv, header)"), ['a,b,c,d\n1,"x,y",,"q""q"\n', 1])
})

check('COPY FROM STDIN: csv with a header and lines within fields', async () => {
  await client.query('create table csv (a int, b text)')
  const into = client.query(copyFrom('copy csv from stdin (format csv, header match, null \'-\')'))
  await pipeline(Readable.from(['a,b\n1,"two\nlines ""q"""\n', '2,-\n', '3,\n']), into)
  assert.deepEqual((await client.query('select * from csv order by a')).rows, [{ a: 1, b: 'two\nlines "q"' }, { a: 2, b: null }, { a: 3, b: '' }])
})

check('COPY: binary there and back', async () => {
  await client.query('create table copied2 (like copied)')
  const out = client.query(copyTo('copy copied to stdout (format binary)'))
  const chunks = []
  for await (const c of out) chunks.push(c)
  const into = client.query(copyFrom('copy copied2 from stdin (format binary)'))
  await pipeline(Readable.from(chunks), into)
  assert.equal(await one('select count(*)::int from (select * from copied except select * from copied2) x'), 0)
})

check('COPY FROM STDIN: errors tell the line, and nothing is kept', async () => {
  const into = client.query(copyFrom('copy csv from stdin (format csv)'))
  await assert.rejects(pipeline(Readable.from(['7,x\n', 'eight,y\n']), into),
    { code: '22P02', where: 'COPY csv, line 2, column a: "eight"', message: 'invalid input syntax for type integer: "eight"' })
  assert.equal(await one('select count(*)::int from csv'), 3)
  const two = client.query(copyFrom('copy csv from stdin'))
  await assert.rejects(pipeline(Readable.from(['1\t2\t3\n']), two), { code: '22P04', message: 'extra data after last expected column' })
})

check('COPY FROM STDIN: the client gives up', async () => {
  const into = client.query(copyFrom('copy csv from stdin'))
  await assert.rejects(pipeline(Readable.from((function * () { yield '9\tx\n'; throw new Error('no more') })()), into))
  assert.equal(await one('select count(*)::int from csv'), 3)
})

check('end', async () => {
  await client.end()
  await assert.rejects(client.query('select 1'))
})

done()
