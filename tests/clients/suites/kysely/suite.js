'use strict'
// Kysely: the query builder, the schema builder, introspection and the migrator.
const assert = require('node:assert/strict')
const { createRequire } = require('node:module')
const { Pool } = require('pg')
const { Kysely, PostgresDialect, sql, Migrator, CompiledQuery } = createRequire(process.env.SUITE_CACHE + '/')('kysely')
const { check, done } = require('../_lib/tap')

const db = new Kysely({ dialect: new PostgresDialect({ pool: new Pool({ max: 4 }), cursor: null }) })

const migrations = {
  '001_people': {
    up: async db => {
      await db.schema.createType('species').asEnum(['cat', 'dog']).execute()
      await db.schema.createTable('person')
        .addColumn('id', 'serial', c => c.primaryKey())
        .addColumn('first_name', 'varchar(50)', c => c.notNull())
        .addColumn('gender', 'text', c => c.defaultTo('other').check(sql`gender in ('man', 'woman', 'other')`))
        .addColumn('born', 'date')
        .addColumn('created_at', 'timestamptz', c => c.defaultTo(sql`now()`).notNull())
        .addColumn('data', 'jsonb', c => c.notNull().defaultTo('{}'))
        .addColumn('tags', sql`text[]`)
        .addUniqueConstraint('name_unique', ['first_name', 'born'], c => c.nullsNotDistinct())
        .execute()
      await db.schema.createTable('pet')
        .addColumn('id', 'integer', c => c.primaryKey().generatedAlwaysAsIdentity())
        .addColumn('name', 'text', c => c.unique().notNull())
        .addColumn('owner_id', 'integer', c => c.references('person.id').onDelete('cascade'))
        .addColumn('species', sql`species`)
        .addColumn('loud', 'text', c => c.generatedAlwaysAs(sql`upper(name)`).stored())
        .execute()
      await db.schema.createIndex('pet_owner').on('pet').columns(['owner_id', 'name desc']).execute()
      await db.schema.createIndex('pet_lower').on('pet').expression(sql`lower(name)`).where('owner_id', 'is not', null).execute()
    },
    down: async db => {
      await db.schema.dropTable('pet').execute()
      await db.schema.dropTable('person').execute()
      await db.schema.dropType('species').execute()
    }
  },
  '002_more': {
    up: async db => {
      await db.schema.alterTable('person').addColumn('nick', 'text').alterColumn('gender', c => c.setNotNull()).execute()
      await db.schema.createView('cats').orReplace().as(db.selectFrom('pet').selectAll().where('species', '=', 'cat')).execute()
    },
    down: async db => {
      await db.schema.dropView('cats').execute()
      await db.schema.alterTable('person').dropColumn('nick').execute()
    }
  }
}
const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
const worked = ({ error, results }) => { if (error) throw error; return results.map(r => [r.migrationName, r.direction, r.status]) }

check('migrator: latest, twice', async () => {
  assert.deepEqual(worked(await migrator.migrateToLatest()), [['001_people', 'Up', 'Success'], ['002_more', 'Up', 'Success']])
  assert.deepEqual(worked(await migrator.migrateToLatest()), [])
})

check('migrator: two at a time wait for each other', async () => {
  await migrator.migrateDown()
  const both = await Promise.all([migrator.migrateToLatest(), new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest()])
  assert.deepEqual(both.map(worked).flat(), [['002_more', 'Up', 'Success']])
})

check('migrator: a failed one leaves nothing', async () => {
  const bad = { ...migrations, '003_bad': { up: async db => { await db.schema.createTable('never').addColumn('a', 'integer').execute(); await sql`select 1/0`.execute(db) } } }
  const { error, results } = await new Migrator({ db, provider: { getMigrations: async () => bad } }).migrateToLatest()
  assert.equal(error.code, '22012')
  assert.equal(results[0].status, 'Error')
  assert.equal((await db.introspection.getTables()).some(t => t.name === 'never'), false)
})

check('introspection: schemas', async () => {
  const names = (await db.introspection.getSchemas()).map(s => s.name)
  for (const n of ['public', 'information_schema', 'pg_catalog']) assert.ok(names.includes(n), n)
})

check('introspection: tables, columns, types, views', async () => {
  const tables = (await db.introspection.getTables()).filter(t => ['person', 'pet', 'cats'].includes(t.name))
  assert.deepEqual(tables.map(t => [t.name, t.isView, t.schema]).sort(), [['cats', true, 'public'], ['person', false, 'public'], ['pet', false, 'public']])
  const c = (t, n) => { const { comment, ...x } = tables.find(x => x.name === t).columns.find(c => c.name === n); return x }
  assert.deepEqual(c('person', 'id'), { name: 'id', dataType: 'int4', dataTypeSchema: 'pg_catalog', isNullable: false, isAutoIncrementing: true, hasDefaultValue: true })
  assert.deepEqual(c('person', 'first_name'), { name: 'first_name', dataType: 'varchar', dataTypeSchema: 'pg_catalog', isNullable: false, isAutoIncrementing: false, hasDefaultValue: false })
  assert.deepEqual(c('person', 'tags'), { name: 'tags', dataType: '_text', dataTypeSchema: 'pg_catalog', isNullable: true, isAutoIncrementing: false, hasDefaultValue: false })
  assert.deepEqual(c('pet', 'species'), { name: 'species', dataType: 'species', dataTypeSchema: 'public', isNullable: true, isAutoIncrementing: false, hasDefaultValue: false })
  assert.deepEqual(c('pet', 'id').isNullable, false)
  assert.equal(tables.find(t => t.name === 'person').columns.map(c => c.name).join(), 'id,first_name,gender,born,created_at,data,tags,nick')
})

check('insert, returning, on conflict', async () => {
  const ada = await db.insertInto('person').values({ first_name: 'Ada', gender: 'woman', born: '1815-12-10', data: { k: 1 }, tags: ['x'] }).returning(['id', 'data', 'tags']).executeTakeFirstOrThrow()
  assert.deepEqual(ada, { id: 1, data: { k: 1 }, tags: ['x'] })
  await db.insertInto('person').values([{ first_name: 'Bob' }, { first_name: 'Eve', born: sql`current_date` }]).execute()
  const r = await db.insertInto('person').values({ first_name: 'Bob', nick: 'B' }).onConflict(oc => oc.constraint('name_unique').doUpdateSet(eb => ({ nick: eb.ref('excluded.nick') }))).executeTakeFirst()
  assert.equal(r.numInsertedOrUpdatedRows, 1n)
  await db.insertInto('pet').values([{ name: 'Tom', owner_id: 1, species: 'cat' }, { name: 'Rex', owner_id: 2, species: 'dog' }]).execute()
  await assert.rejects(db.insertInto('pet').values({ name: 'X', owner_id: 99 }).execute(), { code: '23503' })
  await assert.rejects(db.insertInto('pet').values({ id: 5, name: 'X' }).execute(), { code: '428C9' })
  await assert.rejects(db.insertInto('person').values({ first_name: 'Z', gender: 'none' }).execute(), { code: '23514', constraint: 'person_gender_check' })
})

check('select: joins, json aggregation, exists, case, window', async () => {
  const { jsonArrayFrom, jsonObjectFrom } = require('kysely/helpers/postgres')
  const rows = await db.selectFrom('person as p').select(eb => ['first_name',
    jsonArrayFrom(eb.selectFrom('pet').select(['pet.name', 'pet.loud']).whereRef('pet.owner_id', '=', 'p.id')).as('pets'),
    jsonObjectFrom(eb.selectFrom('pet').select('name').whereRef('pet.owner_id', '=', 'p.id').limit(1)).as('first'),
    eb.case().when('p.id', '=', 1).then('one').else('other').end().as('which'),
    eb.fn.agg('row_number').over(ob => ob.orderBy('p.first_name', 'desc')).as('n'),
    sql`${sql.ref('p.data')} ->> 'k'`.as('k')]).orderBy('p.id').execute()
  assert.deepEqual(rows[0], { first_name: 'Ada', pets: [{ name: 'Tom', loud: 'TOM' }], first: { name: 'Tom' }, which: 'one', n: '3', k: '1' })
  assert.deepEqual(rows[2].pets, [])
  const owners = await db.selectFrom('person').innerJoin('pet', 'pet.owner_id', 'person.id').select(['first_name', 'pet.name as pet']).where(eb => eb.or([eb('species', '=', 'cat'), eb.exists(eb.selectFrom('pet').select('id').where('name', '=', 'nobody'))])).execute()
  assert.deepEqual(owners, [{ first_name: 'Ada', pet: 'Tom' }])
  const ctes = await db.with('c', q => q.selectFrom('pet').select(eb => eb.fn.countAll().as('n')).groupBy('species')).selectFrom('c').select(eb => eb.fn.sum('n').as('s')).executeTakeFirst()
  assert.deepEqual(ctes, { s: '2' })
  assert.deepEqual(await db.selectFrom('person').select('id').distinctOn('gender').orderBy('gender').orderBy('id').execute(), [{ id: 2 }, { id: 1 }])
})

check('update, delete, merge', async () => {
  const u = await db.updateTable('pet').from('person').set({ name: sql`pet.name || '!'` }).whereRef('pet.owner_id', '=', 'person.id').where('first_name', '=', 'Ada').executeTakeFirst()
  assert.equal(u.numUpdatedRows, 1n)
  await db.mergeInto('pet as t').using('person as s', 't.owner_id', 's.id').whenMatchedAnd('s.id', '=', 2).thenDelete().whenMatched().thenUpdateSet({ name: 'Merged' }).execute()
  assert.deepEqual(await db.selectFrom('pet').select(['name', 'loud']).execute(), [{ name: 'Merged', loud: 'MERGED' }])
  assert.equal((await db.deleteFrom('person').using('pet').whereRef('pet.owner_id', '=', 'person.id').returning('person.id').execute()).length, 1)
  assert.deepEqual(await db.selectFrom('pet').selectAll().execute(), [])
})

check('transactions, savepoints', async () => {
  await assert.rejects(db.transaction().setIsolationLevel('read committed').execute(async t => { await t.deleteFrom('person').execute(); throw new Error('back') }), /back/)
  assert.equal((await db.selectFrom('person').selectAll().execute()).length, 2)
  const t = await db.startTransaction().execute()
  await t.insertInto('pet').values({ name: 'One' }).execute()
  const s = await t.savepoint('s').execute()
  await s.insertInto('pet').values({ name: 'Two' }).execute()
  const back = await s.rollbackToSavepoint('s').execute()
  await back.commit().execute()
  assert.deepEqual(await db.selectFrom('pet').select('name').execute(), [{ name: 'One' }])
})

check('explain, raw queries', async () => {
  assert.ok((await db.selectFrom('pet').selectAll().explain('json')).length)
  assert.deepEqual((await db.executeQuery(CompiledQuery.raw('select $1::int as v', [3]))).rows, [{ v: 3 }])
  assert.deepEqual((await sql`select ${[1, 2]}::int[] as a, ${sql.lit('l')} as l`.execute(db)).rows, [{ a: [1, 2], l: 'l' }])
})

check('migrator: down to nothing', async () => {
  assert.deepEqual(worked(await migrator.migrateTo('001_people')), [['002_more', 'Down', 'Success']])
  assert.deepEqual(worked(await migrator.migrateDown()), [['001_people', 'Down', 'Success']])
  assert.deepEqual((await db.introspection.getTables()).filter(t => t.schema === 'public' && !/^kysely/.test(t.name)), [])
})

done(() => db.destroy())
