'use strict'
// postgres.js: everything in pipelined extended queries, types fetched from pg_type.
const assert = require('node:assert/strict')
const { pipeline } = require('node:stream/promises')
const { Readable } = require('node:stream')
const postgres = require('postgres')
const { check, done } = require('../_lib/tap')

const notices = []
const options = { max: 4, onnotice: n => notices.push(n.message), idle_timeout: 30, connection: { application_name: 'suite' } }
const sql = postgres(options)

check('connect: parameters of the start-up message', async () => {
  const [row] = await sql`select current_setting('application_name') as app, current_database() as db`
  assert.deepEqual({ ...row }, { app: 'suite', db: process.env.PGDATABASE })
})

check('types: what comes back', async () => {
  const [r] = await sql`select 1::int2 as s, 2::int4 as i, 3::int8 as l, 1.5::float8 as d, 1.25::numeric as n, true as b, 'x'::text as t,
    '2024-02-29'::date as day, '2024-02-29 12:00+00'::timestamptz as at, '{"a":[1]}'::json as j, '{"b":null}'::jsonb as jb, '\\x0102'::bytea as y,
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid as u, null::int as z, 7::oid as o, '1 day'::interval as v`
  assert.deepEqual({ ...r }, {
    s: 1, i: 2, l: '3', d: 1.5, n: '1.25', b: true, t: 'x', day: new Date('2024-02-29T00:00:00Z'), at: new Date('2024-02-29T12:00:00Z'),
    j: { a: [1] }, jb: { b: null }, y: Buffer.from([1, 2]), u: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', z: null, o: 7, v: '1 day'
  })
})

check('types: parameters are described, then sent', async () => {
  const at = new Date('2024-01-02T03:04:05.678Z')
  const [r] = await sql`select ${1}::int as i, ${'2'}::text as t, ${true}::bool as b, ${at}::timestamptz as at, ${Buffer.from('hi')}::bytea as y,
    ${{ a: [1, 'x'] }}::jsonb as j, ${null}::int as z, ${[1, 2, 3]}::int[] as a, ${['a', 'b"c', '']}::text[] as ta, ${9007199254740993n}::int8 as l, ${1.5}::float8 as d`
  assert.deepEqual({ ...r }, { i: 1, t: '2', b: true, at, y: Buffer.from('hi'), j: { a: [1, 'x'] }, z: null, a: [1, 2, 3], ta: ['a', 'b"c', ''], l: '9007199254740993', d: 1.5 })
})

check('types: arrays of every kind, by the array types of pg_type', async () => {
  const [r] = await sql`select '{1,-2}'::int4[] as i, '{{1,2},{3,4}}'::int8[] as m, '{t,f}'::bool[] as b, '{2024-01-01}'::date[] as d,
    array['{"a":1}'::jsonb] as j, '{}'::text[] as e, array['\\x01'::bytea] as y, '{1.5}'::numeric[] as n`
  assert.deepEqual({ ...r }, { i: [1, -2], m: [['1', '2'], ['3', '4']], b: [true, false], d: [new Date('2024-01-01T00:00:00Z')], j: [{ a: 1 }], e: [], y: [Buffer.from([1])], n: ['1.5'] })
})

check('types: sql.typed, sql.array, sql.json and types of one\'s own', async () => {
  const mine = postgres({ ...options, types: { bigint: postgres.BigInt, rect: { to: 603, from: [603], serialize: ({ a, b }) => `(${a}),(${b})`, parse: x => x } } })
  const [r] = await mine`select 12345678901234567890::numeric::text as n, 9007199254740993::int8 as l, ${sql.array([1, 2])}::int[] as a, ${mine.json([1, { b: 2 }])} as j, ${mine.typed('5', 23)} as t`
  assert.deepEqual({ ...r }, { n: '12345678901234567890', l: 9007199254740993n, a: [1, 2], j: [1, { b: 2 }], t: 5 })
  await mine.end()
})

check('columns of a result: names, types, tables', async () => {
  await sql`create table users (id serial primary key, name text, age int, tags text[] default '{}', extra jsonb)`
  const r = await sql`select id, name, 1 as one from users`
  assert.deepEqual(r.columns.map(c => [c.name, c.type, c.number]), [['id', 23, 1], ['name', 25, 2], ['one', 23, 0]])
  assert.deepEqual([r.command, r.count], ['SELECT', 0])
})

check('dynamic helpers: insert one and many, columns', async () => {
  const [a] = await sql`insert into users ${sql({ name: 'Ada', age: 36 })} returning *`
  assert.deepEqual({ ...a }, { id: 1, name: 'Ada', age: 36, tags: [], extra: null })
  const many = [{ name: 'Bob', age: 20, x: 1 }, { name: 'Eve', age: 30, x: 2 }]
  const r = await sql`insert into users ${sql(many, 'name', 'age')}`
  assert.deepEqual([r.count, r.command], [2, 'INSERT'])
})

check('dynamic helpers: update, in, identifiers, fragments', async () => {
  await sql`update users set ${sql({ age: 21, tags: ['x', 'y'] }, 'age', 'tags')} where name = ${'Bob'}`
  const rows = await sql`select ${sql(['name', 'age'])} from ${sql('users')} where name in ${sql(['Bob', 'Eve'])} order by ${sql('name')}`
  assert.deepEqual(rows.map(r => ({ ...r })), [{ name: 'Bob', age: 21 }, { name: 'Eve', age: 30 }])
  const older = (n) => sql`and age > ${n}`
  const some = await sql`select name from users where true ${older(25)} ${[1].length ? sql`and name <> ${'Eve'}` : sql``}`
  assert.deepEqual(some.map(r => r.name), ['Ada'])
})

check('dynamic helpers: values, update from a list', async () => {
  const v = [[1, 'Ada L'], [2, 'Bobby']]
  await sql`update users set name = u.name from (values ${sql(v)}) as u(id, name) where users.id = u.id::int`
  assert.deepEqual([...await sql`select name from users order by id limit 2`.values()], [['Ada L'], ['Bobby']])
})

check('raw, values, simple, describe, unsafe', async () => {
  assert.deepEqual([...await sql`select 1, 'x'`.values()], [[1, 'x']])
  assert.deepEqual((await sql`select 1, null`.raw()).map(r => r.map(v => v && v.toString())), [['1', null]])
  const d = await sql`select name, age from users where id = ${1} and name = ${'x'}`.describe()
  assert.deepEqual([d.types, d.columns.map(c => c.name)], [[23, 25], ['name', 'age']])
  const rs = await sql`select 1 as a; select 2 as b`.simple()
  assert.deepEqual(rs.map(r => ({ ...r[0] })), [{ a: 1 }, { b: 2 }])
  assert.deepEqual((await sql.unsafe('select $1::int + 1 as v', [4])).map(r => r.v), [5])
  assert.deepEqual((await sql.unsafe('select $1::int + 1 as v', [4], { prepare: true })).map(r => r.v), [5])
})

check('many queries in a pipeline', async () => {
  const rs = await Promise.all(Array.from({ length: 500 }, (_, i) => sql`select ${i}::int as v`))
  assert.deepEqual(rs.map(r => r[0].v), Array.from({ length: 500 }, (_, i) => i))
})

check('an error in a pipeline fails its own query only', async () => {
  const rs = await Promise.allSettled([sql`select 1 as v`, sql`select 1 / ${0}::int`, sql`select 2 as v`, sql`select nope`])
  assert.deepEqual(rs.map(r => r.status === 'fulfilled' ? r.value[0].v : r.reason.code), [1, '22012', 2, '42703'])
})

check('errors have PostgreSQL\'s fields', async () => {
  await sql`create unique index users_name on users (name)`
  await assert.rejects(sql`insert into users (name) values ('Bobby')`, (e) => {
    assert.ok(e instanceof postgres.PostgresError)
    assert.deepEqual([e.code, e.severity, e.constraint_name, e.table_name, e.schema_name, e.detail], ['23505', 'ERROR', 'users_name', 'users', 'public', 'Key (name)=(Bobby) already exists.'])
    return true
  })
  await assert.rejects(sql`select ${'x'}::int`, { code: '22P02' })
  await assert.rejects(sql`selec`, { code: '42601', position: '1' })
  await assert.rejects(sql`select ${1}, ${sql`x`}`, { code: '42703' })
})

check('notices', async () => {
  await sql`drop table if exists not_there`
  assert.deepEqual(notices.splice(0), ['table "not_there" does not exist, skipping'])
})

check('prepared statements: used again, made again after DDL', async () => {
  const one = postgres({ ...options, max: 1 })
  const q = () => one`select * from users where id = ${1}`
  await q(); await q()
  const [{ n }] = await one`select count(*)::int as n from pg_prepared_statements where statement = 'select * from users where id = $1'`
  assert.equal(n, 1)
  await sql`alter table users add column later int default 5`
  await assert.rejects(async () => { await q(); throw Object.assign(new Error('no error'), { code: 'none' }) }, { code: /0A000|none/ })
  const [row] = await one`select * from users where id = ${1} and true`
  assert.equal(row.later, 5)
  await one.end()
})

check('without prepared statements', async () => {
  const plain = postgres({ ...options, prepare: false })
  const [r] = await plain`select ${1}::int as a, ${'b'} as b`
  assert.deepEqual({ ...r }, { a: 1, b: 'b' })
  await plain.end()
})

check('cursors', async () => {
  const seen = []
  await sql`select g as v from generate_series(1, 10) g`.cursor(4, rows => { seen.push(rows.map(r => r.v)) })
  assert.deepEqual(seen, [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]])
  let n = 0
  for await (const [row] of sql`select g as v from generate_series(1, 1000) g`.cursor()) { n = row.v; if (n === 5) break }
  assert.equal(n, 5)
  await assert.rejects(async () => { for await (const _ of sql`select 1 / (3 - g) from generate_series(1, 5) g`.cursor(1)); }, { code: '22012' })
  await sql`select generate_series(1, 10)`.cursor(2, () => sql.CLOSE)
})

check('forEach', async () => {
  const seen = []
  await sql`select g as v from generate_series(1, 5) g`.forEach(r => seen.push(r.v))
  assert.deepEqual(seen, [1, 2, 3, 4, 5])
})

check('transactions: commit, rollback, options', async () => {
  const r = await sql.begin(async sql => {
    await sql`insert into users (name) values ('T1')`
    return sql`select count(*)::int as n from users where name = 'T1'`
  })
  assert.equal(r[0].n, 1)
  await assert.rejects(sql.begin(async sql => {
    await sql`insert into users (name) values ('T2')`
    throw new Error('mine')
  }), /mine/)
  await assert.rejects(sql.begin('read only', sql => sql`insert into users (name) values ('T3')`), { code: '25006' })
  assert.equal((await sql`select from users where name in ('T2', 'T3')`).count, 0)
})

check('transactions: several queries as an array', async () => {
  const [a, b] = await sql.begin(sql => [sql`select 1 as v`, sql`select 2 as v`])
  assert.deepEqual([a[0].v, b[0].v], [1, 2])
})

check('savepoints', async () => {
  await sql.begin(async sql => {
    await sql`insert into users (name) values ('S1')`
    await sql.savepoint(async sql => {
      await sql`insert into users (name) values ('S2')`
      throw new Error('back')
    }).catch(() => {})
    await sql.savepoint('named', sql => sql`insert into users (name) values ('S3')`)
    await sql.savepoint(sql => sql`insert into users (name) values ('S1')`).catch(e => assert.equal(e.code, '23505'))
  })
  assert.deepEqual((await sql`select name from users where name like 'S_' order by 1`).map(r => r.name), ['S1', 'S3'])
})

check('a failed query fails the transaction', async () => {
  await assert.rejects(sql.begin(async sql => {
    await sql`select 1/0`.catch(() => {})
    await sql`select 1`
  }), { code: /22012|25P02/ })
})

check('reserve', async () => {
  const r = await sql.reserve()
  await r`create temp table mine (a int)`
  await r`insert into mine values (1)`
  assert.equal((await r`select * from mine`).count, 1)
  r.release()
})

check('COPY in and out', async () => {
  await sql`create table copied (a int, b text)`
  const into = await sql`copy copied (a, b) from stdin`.writable()
  await pipeline(Readable.from(Array.from({ length: 3000 }, (_, i) => `${i}\tvalue ${i}\n`)), into)
  assert.equal((await sql`select count(*)::int as n from copied`)[0].n, 3000)
  const chunks = []
  for await (const c of await sql`copy (select * from copied order by a limit 2) to stdout with (format csv, header)`.readable()) chunks.push(c)
  assert.equal(Buffer.concat(chunks).toString(), 'a,b\n0,value 0\n1,value 1\n')
})

check('LISTEN and NOTIFY', async () => {
  const heard = []
  let wake
  const two = new Promise(resolve => { wake = resolve })
  const { unlisten } = await sql.listen('news', payload => { heard.push(payload); if (heard.length === 2) wake() })
  await sql.notify('news', 'one')
  await sql`select pg_notify('news', ${'two'})`
  await two
  await unlisten()
  assert.deepEqual(heard, ['one', 'two'])
})

check('cancel', async () => {
  const q = sql`select pg_sleep(20)`.execute()
  setTimeout(() => q.cancel(), 200)
  await assert.rejects(q, { code: '57014' })
})

check('large values', async () => {
  const big = 'x'.repeat(5_000_000)
  const [r] = await sql`select ${big} as big, length(${big}) as n`
  assert.equal(r.n, 5_000_000)
  assert.equal(r.big, big)
})

check('enums and domains, and arrays of them', async () => {
  await sql`create type mood as enum ('sad', 'ok')`
  await sql`create domain positive as int check (value > 0)`
  await sql`create table moods (m mood, ms mood[], p positive)`
  const fresh = postgres(options) // array types are fetched when it connects
  await fresh`insert into moods ${fresh({ m: 'ok', ms: ['sad', 'ok'], p: 1 })}`
  assert.deepEqual({ ...(await fresh`select * from moods`)[0] }, { m: 'ok', ms: ['sad', 'ok'], p: 1 })
  await assert.rejects(fresh`insert into moods (m) values (${'none'})`, { code: '22P02' })
  await assert.rejects(fresh`insert into moods (p) values (${-1})`, { code: '23514' })
  await fresh.end()
})

check('transforms to camelCase and of undefined', async () => {
  const camel = postgres({ ...options, transform: { ...postgres.camel, undefined: null } })
  const [r] = await camel`select 1 as some_name, ${undefined}::int as no_value`
  assert.deepEqual({ ...r }, { someName: 1, noValue: null })
  await camel.end()
})

check('subscribe without logical replication is refused', async () => {
  const reasons = []
  const s = postgres({ ...options, publications: 'nothing' })
  await s.subscribe('*', () => {}, () => {}, () => {}).catch(e => reasons.push(e.code))
  assert.equal(reasons.length, 1)
  await s.end({ timeout: 1 })
})

check('end waits for what runs', async () => {
  const last = sql`select pg_sleep(0.1), 1 as v`
  last.execute()
  await sql.end({ timeout: 5 })
  assert.equal((await last)[0].v, 1)
  await assert.rejects(sql`select 1`, { code: 'CONNECTION_ENDED' })
})

done()
