'use strict'
// Knex: the schema builder with every column type, migrations, seeds, queries.
const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { check, done } = require('../_lib/tap')

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'knex-'))
const write = (file, text) => {
  fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
  fs.writeFileSync(path.join(folder, file), text)
}
const knex = require('knex')({
  client: 'pg',
  connection: { user: process.env.PGUSER, host: process.env.PGHOST, port: process.env.PGPORT, database: process.env.PGDATABASE, password: process.env.PGPASSWORD },
  pool: { min: 0, max: 4 },
  migrations: { directory: path.join(folder, 'migrations') },
  seeds: { directory: path.join(folder, 'seeds') }
})

check('schema builder: every column type', async () => {
  await knex.schema.createTable('everything', t => {
    t.increments('id')
    t.integer('an_integer').unsigned()
    t.tinyint('a_tinyint')
    t.smallint('a_smallint')
    t.mediumint('a_mediumint')
    t.bigInteger('a_bigint')
    t.text('a_text')
    t.string('a_string', 40).notNullable().defaultTo('it\'s')
    t.float('a_float')
    t.double('a_double')
    t.decimal('a_decimal', 10, 3)
    t.boolean('a_boolean').defaultTo(false)
    t.date('a_date')
    t.datetime('a_datetime', { precision: 3 })
    t.time('a_time')
    t.timestamp('a_timestamp').defaultTo(knex.fn.now())
    t.timestamp('a_plain_timestamp', { useTz: false })
    t.binary('a_binary')
    t.enu('an_enu', ['a', 'b'])
    t.enu('a_native_enu', ['x', 'y'], { useNative: true, enumName: 'native_enu' })
    t.json('a_json')
    t.jsonb('a_jsonb').defaultTo('{"a": 1}')
    t.uuid('a_uuid').defaultTo(knex.fn.uuid())
    t.specificType('an_array', 'text[]')
    t.specificType('an_interval', 'interval')
    t.timestamps(true, true)
    t.comment('the comment of a table')
    t.integer('commented').comment('the comment of a column')
    t.check('?? > 0', ['an_integer'], 'is_positive')
    t.index(['a_text', 'a_date'], 'text_and_date')
    t.unique(['a_bigint'])
    t.index('a_jsonb', 'on_jsonb', 'gin')
    t.index(['a_smallint'], 'partial', { predicate: knex.whereNotNull('a_smallint') })
  })
  const info = await knex('everything').columnInfo()
  assert.deepEqual(Object.fromEntries(Object.entries(info).map(([k, v]) => [k, v.type])), {
    id: 'integer', an_integer: 'integer', a_tinyint: 'smallint', a_smallint: 'smallint', a_mediumint: 'integer', a_bigint: 'bigint', a_text: 'text', a_string: 'character varying',
    a_float: 'real', a_double: 'double precision', a_decimal: 'numeric', a_boolean: 'boolean', a_date: 'date', a_datetime: 'timestamp with time zone', a_time: 'time without time zone',
    a_timestamp: 'timestamp with time zone', a_plain_timestamp: 'timestamp without time zone', a_binary: 'bytea', an_enu: 'text', a_native_enu: 'USER-DEFINED', a_json: 'json', a_jsonb: 'jsonb',
    a_uuid: 'uuid', an_array: 'ARRAY', an_interval: 'interval', created_at: 'timestamp with time zone', updated_at: 'timestamp with time zone', commented: 'integer'
  })
  assert.deepEqual([info.a_string.maxLength, info.a_string.nullable], [40, false])
  assert.match(info.a_string.defaultValue, /^'it''s'/)
  assert.equal(info.id.defaultValue, "nextval('everything_id_seq'::regclass)")
})

check('a row of every type', async () => {
  const at = new Date('2024-01-02T03:04:05.678Z')
  const row = {
    an_integer: 1, a_tinyint: 2, a_smallint: 3, a_mediumint: 4, a_bigint: '5', a_text: 't', a_string: 's', a_float: 1.5, a_double: 2.5, a_decimal: '3.125', a_boolean: true,
    a_datetime: at, a_time: '01:02:03', a_timestamp: at, a_binary: Buffer.from([1, 2]), an_enu: 'a', a_native_enu: 'y', a_json: { j: [1] }, a_jsonb: { k: null },
    a_uuid: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', an_array: ['a', 'b']
  }
  const [back] = await knex('everything').insert(row).returning('*')
  for (const [k, v] of Object.entries(row)) assert.deepEqual(back[k], v, k)
  assert.equal(back.id, 1)
  await assert.rejects(knex('everything').insert({ an_enu: 'c' }), { code: '23514' })
  await assert.rejects(knex('everything').insert({ an_integer: -1 }), { code: '23514', constraint: 'is_positive' })
})

check('schema builder: alter tables', async () => {
  await knex.schema.alterTable('everything', t => {
    t.renameColumn('a_text', 'renamed')
    t.dropColumn('a_time')
    t.string('added', 10)
    t.bigInteger('an_integer').alter()
    t.dropNullable('a_smallint')
    t.setNullable('a_string')
    t.dropIndex([], 'partial')
    t.dropUnique(['a_bigint'])
    t.dropChecks('is_positive')
  })
  const info = await knex('everything').columnInfo()
  assert.deepEqual([info.renamed.type, info.a_time, info.added.maxLength, info.an_integer.type, info.a_smallint.nullable, info.a_string.nullable],
    ['text', undefined, 10, 'bigint', false, true])
  assert.equal(await knex.schema.hasColumn('everything', 'renamed'), true)
  assert.equal(await knex.schema.hasColumn('everything', 'a_text'), false)
  assert.equal(await knex.schema.hasTable('everything'), true)
  assert.equal(await knex.schema.hasTable('nothing'), false)
})

check('schema builder: alter types with data', async () => {
  await knex.schema.createTable('changing', t => { t.increments(); t.string('n').defaultTo('1') })
  await knex('changing').insert([{ n: '1' }, { n: '22' }])
  await knex.schema.alterTable('changing', t => { t.text('n').notNullable().defaultTo('0').alter() })
  await knex.schema.raw('alter table changing alter n drop default, alter n type int using n::int')
  assert.deepEqual(await knex('changing').pluck('n'), [1, 22])
})

check('schema builder: foreign keys, primary keys, views, schemas', async () => {
  await knex.schema.createSchemaIfNotExists('extra')
  await knex.schema.withSchema('extra').createTable('teams', t => { t.increments(); t.string('name').unique() })
  await knex.schema.createTable('members', t => {
    t.uuid('id').primary({ constraintName: 'members_key' }).defaultTo(knex.raw('gen_random_uuid()'))
    t.integer('team_id').references('id').inTable('extra.teams').onDelete('CASCADE').onUpdate('SET NULL').index()
    t.string('name')
  })
  await knex.schema.createTable('pairs', t => { t.integer('a'); t.integer('b'); t.primary(['a', 'b']) })
  await knex.schema.createTable('pair_users', t => { t.integer('x'); t.integer('y'); t.foreign(['x', 'y'], 'pair_fk').references(['a', 'b']).inTable('pairs') })
  await knex.schema.alterTable('pair_users', t => t.dropForeign([], 'pair_fk'))
  await knex.schema.createView('member_names', v => { v.columns(['name']); v.as(knex('members').select('name')) })
  await knex.schema.createViewOrReplace('member_names', v => { v.columns(['name']); v.as(knex('members').select('name').whereNotNull('name')) })
  await knex.schema.createMaterializedView('member_count', v => { v.columns(['n']); v.as(knex('members').count('*')) })
  await knex.schema.refreshMaterializedView('member_count')
  assert.deepEqual(await knex('member_count'), [{ n: '0' }])
  await knex.schema.dropMaterializedView('member_count')
  await knex.schema.renameTable('pairs', 'couples')
  await knex.schema.createTableLike('couples2', 'couples')
  assert.equal(await knex.schema.hasTable('couples2'), true)
  await knex.schema.dropTableIfExists('couples2')
})

check('queries: insert, returning, joins, aggregates', async () => {
  const teams = await knex.withSchema('extra').insert([{ name: 'red' }, { name: 'blue' }]).into('teams').returning(['id', 'name'])
  assert.deepEqual(teams, [{ id: 1, name: 'red' }, { id: 2, name: 'blue' }])
  await knex('members').insert([{ team_id: 1, name: 'Ada' }, { team_id: 1, name: 'Bob' }, { team_id: 2, name: 'Eve' }, { team_id: null, name: 'Lone' }])
  const rows = await knex('members as m').leftJoin('extra.teams as t', 't.id', 'm.team_id').select('t.name as team').count({ n: '*' }).groupBy('t.name')
    .having(knex.raw('count(*) > ?', [0])).orderBy([{ column: 'n', order: 'desc' }, { column: 'team', nulls: 'first' }])
  assert.deepEqual(rows, [{ team: 'red', n: '2' }, { team: null, n: '1' }, { team: 'blue', n: '1' }])
  assert.deepEqual(await knex('members').max('name as last').first(), { last: 'Lone' })
})

check('queries: where in all forms', async () => {
  const names = async (q) => (await q(knex('members')).orderBy('name').pluck('name'))
  assert.deepEqual(await names(q => q.whereIn('name', ['Ada', 'Eve'])), ['Ada', 'Eve'])
  assert.deepEqual(await names(q => q.whereNull('team_id').orWhere('name', 'like', 'B%')), ['Bob', 'Lone'])
  assert.deepEqual(await names(q => q.whereILike('name', '%A%')), ['Ada'])
  assert.deepEqual(await names(q => q.whereBetween('team_id', [2, 3])), ['Eve'])
  assert.deepEqual(await names(q => q.whereExists(knex('extra.teams').whereRaw('teams.id = members.team_id').where('name', 'blue'))), ['Eve'])
  assert.deepEqual(await names(q => q.whereNot({ name: 'Ada' }).andWhere(b => b.where('team_id', 1))), ['Bob'])
  assert.deepEqual(await names(q => q.whereIn(['team_id', 'name'], [[1, 'Bob'], [2, 'Nobody']])), ['Bob'])
})

check('queries: CTE, union, window functions, distinct on, limit and offset', async () => {
  const r = await knex.with('t', knex('members').select('name', 'team_id')).select('name').rank('place', b => b.partitionBy('team_id').orderBy('name')).from('t').orderBy('name')
  assert.deepEqual(r.map(x => [x.name, x.place]), [['Ada', '1'], ['Bob', '2'], ['Eve', '1'], ['Lone', '1']])
  const rec = await knex.withRecursive('c', ['n'], knex.raw('select 1 union all select n + 1 from c where n < ?', [4])).sum('n as s').from('c')
  assert.deepEqual(rec, [{ s: '10' }])
  assert.deepEqual(await knex('members').distinctOn('team_id').orderBy(['team_id', 'name']).pluck('name'), ['Ada', 'Eve', 'Lone'])
  assert.deepEqual(await knex('members').orderBy('name').limit(2).offset(1).pluck('name'), ['Bob', 'Eve'])
  assert.deepEqual((await knex('members').select('name').where('team_id', 2).union([knex('extra.teams').select('name')]).orderBy('name')).map(r => r.name), ['Eve', 'blue', 'red'])
})

check('queries: upsert, update with join, delete, increment', async () => {
  await knex('extra.teams').insert({ id: 1, name: 'RED' }).onConflict('id').merge()
  await knex('extra.teams').insert({ id: 9, name: 'blue' }).onConflict('name').ignore()
  assert.deepEqual(await knex('extra.teams').orderBy('id').pluck('name'), ['RED', 'blue'])
  assert.equal(await knex('members').updateFrom('extra.teams').where('teams.name', 'RED').whereRaw('members.team_id = teams.id').update({ name: knex.raw('members.name || ?', ['!']) }), 2)
  await knex('changing').increment('n', 5)
  assert.deepEqual(await knex('changing').orderBy('id').pluck('n'), [6, 27])
  assert.deepEqual(await knex('members').where('name', 'Lone').del(['name']), [{ name: 'Lone' }])
})

check('queries: json functions', async () => {
  const r = await knex('everything').jsonExtract('a_jsonb', '$.k', 'first').select(knex.jsonSet('a_jsonb', '$.k', '5')).whereJsonObject('a_jsonb', { k: null })
  assert.deepEqual(r[0].first, null)
  assert.equal((await knex('everything').whereJsonPath('a_jsonb', '$.none', '=', 5)).length, 0)
  assert.equal((await knex('everything').whereJsonSupersetOf('a_jsonb', { k: null })).length, 1)
})

check('batchInsert', async () => {
  await knex.schema.createTable('many', t => { t.integer('i').primary(); t.string('s') })
  const ids = await knex.batchInsert('many', Array.from({ length: 5000 }, (_, i) => ({ i, s: `s${i}` })), 1000).returning('i')
  assert.equal(ids.length, 5000)
  await assert.rejects(knex.batchInsert('many', [{ i: 9000 }, { i: 1 }], 1), { code: '23505' })
  assert.deepEqual(await knex('many').count('* as n').first(), { n: '5000' })
})

check('streams', async () => {
  let n = 0
  for await (const _ of knex('many').stream()) n++
  assert.equal(n, 5000)
})

check('transactions: commit, rollback, nested, isolation', async () => {
  await knex.transaction(async trx => {
    await trx('many').where('i', '<', 10).del()
    await trx.transaction(async t2 => { await t2('many').del(); throw new Error('back') }).catch(e => assert.equal(e.message, 'back'))
    assert.deepEqual(await trx('many').count('* as n').first(), { n: '4990' })
  })
  const trx = await knex.transaction({ isolationLevel: 'read committed' })
  await trx('many').del()
  await trx.rollback()
  assert.deepEqual(await knex('many').count('* as n').first(), { n: '4990' })
  await knex.transaction(async t => assert.equal((await t('many').where('i', 20).forUpdate().skipLocked()).length, 1))
})

check('migrations: up, twice, status, down', async () => {
  write('migrations/20240101000000_one.js', `exports.up = k => k.schema.createTable('m1', t => { t.increments(); t.string('a') }); exports.down = k => k.schema.dropTable('m1')`)
  write('migrations/20240102000000_two.js', `exports.up = async k => { await k.schema.alterTable('m1', t => t.integer('b').index()); await k('m1').insert({ a: 'x', b: 1 }) }; exports.down = k => k.schema.alterTable('m1', t => t.dropColumn('b'))`)
  const [batch, log] = await knex.migrate.latest()
  assert.deepEqual([batch, log], [1, ['20240101000000_one.js', '20240102000000_two.js']])
  assert.deepEqual(await knex.migrate.latest(), [1, []])
  assert.equal(await knex.migrate.currentVersion(), '20240102000000')
  assert.deepEqual(await knex('m1').select('a', 'b'), [{ a: 'x', b: 1 }])
  await knex.migrate.down()
  assert.equal(await knex.schema.hasColumn('m1', 'b'), false)
  await knex.migrate.rollback(undefined, true)
  assert.equal(await knex.schema.hasTable('m1'), false)
})

check('migrations: one that fails leaves nothing; the lock keeps two out', async () => {
  write('migrations/20240103000000_bad.js', `exports.up = async k => { await k.schema.createTable('m2', t => t.increments()); await k.raw('select 1/0') }; exports.down = () => {}`)
  await assert.rejects(knex.migrate.latest(), { code: '22012' })
  assert.equal(await knex.schema.hasTable('m2'), false)
  fs.rmSync(path.join(folder, 'migrations/20240103000000_bad.js'))
  const both = await Promise.allSettled([knex.migrate.latest(), knex.migrate.latest()])
  assert.ok(both.some(r => r.status === 'fulfilled'))
  await knex.migrate.forceFreeMigrationsLock()
  assert.equal(await knex.schema.hasTable('m1'), true)
})

check('seeds', async () => {
  write('seeds/one.js', `exports.seed = async k => { await k('m1').truncate(); await k('m1').insert([{ a: 's1' }, { a: 's2' }]) }`)
  await knex.seed.run()
  await knex.seed.run()
  assert.deepEqual(await knex('m1').orderBy('id').select('id', 'a'), [{ id: 1, a: 's1' }, { id: 2, a: 's2' }])
})

check('raw, named bindings, timeout, errors', async () => {
  assert.deepEqual((await knex.raw('select :a::int + :b::int as v', { a: 1, b: 2 })).rows, [{ v: 3 }])
  await assert.rejects(knex.raw('select pg_sleep(10)').timeout(100, { cancel: true }), { name: 'KnexTimeoutError' })
  await assert.rejects(knex('nothing').select(), { code: '42P01' })
})

check('drop', async () => {
  await knex.schema.dropView('member_names')
  for (const t of ['members', 'pair_users', 'couples', 'everything', 'changing', 'many', 'm1']) await knex.schema.dropTable(t)
  await knex.schema.dropSchemaIfExists('extra', true)
  assert.equal(await knex.schema.hasTable('members'), false)
})

done(async () => { await knex.destroy(); fs.rmSync(folder, { recursive: true }) })
