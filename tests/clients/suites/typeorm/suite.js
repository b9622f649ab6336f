'use strict'
// TypeORM: entities of every column type, synchronize without a second
// difference, relations, the query builder, migrations.
require('reflect-metadata')
const assert = require('node:assert/strict')
const orm = require('typeorm')
const { DataSource, EntitySchema, In, Like, ILike, Between, IsNull, Not, Raw, ArrayContains, MoreThan, JsonContains, QueryFailedError, Table, TableColumn, TableIndex, TableForeignKey, TableUnique, TableCheck } = orm
const { check, done } = require('../_lib/tap')

process.noDeprecation = true // it sends queries while others run

const types = {
  an_int: 'int', an_int2: 'int2', an_int8: 'int8', a_smallint: 'smallint', a_bigint: 'bigint', a_numeric: { type: 'numeric', precision: 10, scale: 3 }, a_decimal: 'decimal', a_real: 'real',
  a_double: 'double precision', a_float8: 'float8', a_text: 'text', a_varchar: { type: 'varchar', length: 20 }, a_char: { type: 'char', length: 3 }, a_character_varying: 'character varying',
  a_citextless: { type: 'varchar', default: 'its' }, a_bytea: 'bytea', a_date: 'date', a_time: 'time', a_timetz: { type: 'timetz', precision: 3 }, a_timestamp: { type: 'timestamp', precision: 3 },
  a_timestamptz: 'timestamp with time zone', an_interval: 'interval', a_bool: { type: 'bool', default: true }, an_enum: { type: 'enum', enum: ['a', 'b'], default: 'a' },
  some_enums: { type: 'enum', enum: ['x', 'y'], array: true, default: [] }, a_point: 'point', a_cidr: 'cidr', an_inet: 'inet', a_macaddr: 'macaddr', a_bit: { type: 'bit', length: 4 }, a_varbit: 'varbit',
  a_uuid: 'uuid', a_json: 'json', a_jsonb: { type: 'jsonb', default: { a: 1 } }, an_int_array: { type: 'int', array: true }, a_text_array: { type: 'text', array: true, default: () => "'{}'" }, an_int4range: 'int4range',
  a_tstzrange: 'tstzrange', a_daterange: 'daterange', a_numrange: 'numrange', a_tsvector: 'tsvector', a_simple_array: 'simple-array', a_simple_json: 'simple-json', a_now: { type: 'timestamptz', default: () => 'now()' },
  a_default_int: { type: 'int', default: -5 }, a_default_text: { type: 'text', default: 'ab' },
  a_stored: { type: 'text', generatedType: 'STORED', asExpression: 'lower(a_text)' }
}
const columns = Object.fromEntries(Object.entries(types).map(([k, t]) => [k, { nullable: true, ...(typeof t === 'string' ? { type: t } : t) }]))

const Everything = new EntitySchema({
  name: 'Everything', tableName: 'everything', columns: { id: { type: 'int', primary: true, generated: 'increment' }, ...columns },
  indices: [{ name: 'on_text', columns: ['a_text'] }, { columns: ['an_int', 'a_date'], unique: true }, { columns: ['a_uuid'], where: 'a_uuid IS NOT NULL' }],
  checks: [{ name: 'positive', expression: 'an_int > 0' }], uniques: [{ columns: ['a_varchar'] }]
})
const User = new EntitySchema({
  name: 'User',
  columns: { id: { type: 'uuid', primary: true, generated: 'uuid' }, name: { type: String, unique: true }, email: { type: String, nullable: true, comment: 'where to write' }, createdAt: { type: 'timestamptz', createDate: true }, updatedAt: { type: 'timestamptz', updateDate: true }, deletedAt: { type: 'timestamptz', deleteDate: true, nullable: true }, version: { type: 'int', version: true } },
  relations: { posts: { type: 'one-to-many', target: 'Post', inverseSide: 'author', cascade: true }, profile: { type: 'one-to-one', target: 'Profile', inverseSide: 'user', cascade: true } }
})
const Profile = new EntitySchema({
  name: 'Profile', columns: { id: { type: Number, primary: true, generated: 'identity' }, bio: { type: 'text' } },
  relations: { user: { type: 'one-to-one', target: 'User', joinColumn: true, onDelete: 'CASCADE', inverseSide: 'profile' } }
})
const Post = new EntitySchema({
  name: 'Post', columns: { id: { type: Number, primary: true, generated: true }, title: { type: String }, views: { type: 'bigint', default: 0 } },
  relations: { author: { type: 'many-to-one', target: 'User', inverseSide: 'posts', onDelete: 'SET NULL', nullable: true }, tags: { type: 'many-to-many', target: 'Tag', joinTable: true, cascade: true } }
})
const Tag = new EntitySchema({ name: 'Tag', columns: { label: { type: String, primary: true } } })
const Category = new EntitySchema({
  name: 'Category', columns: { id: { type: Number, primary: true, generated: true }, name: { type: String } }, trees: [{ type: 'materialized-path' }],
  relations: { parent: { type: 'many-to-one', target: 'Category', treeParent: true }, children: { type: 'one-to-many', target: 'Category', treeChildren: true, inverseSide: 'parent' } }
})
const Titles = new EntitySchema({ name: 'Titles', type: 'view', expression: 'SELECT "title", "views" FROM "post"', columns: { title: { type: String }, views: { type: 'bigint' } } })

const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE } = process.env
const options = { type: 'postgres', host: PGHOST, port: Number(PGPORT), username: PGUSER, password: PGPASSWORD, database: PGDATABASE, uuidExtension: 'pgcrypto', installExtensions: false, entities: [Everything, User, Profile, Post, Tag, Category, Titles], migrationsTransactionMode: 'each', logging: !!process.env.SUITE_LOG }
const db = new DataSource(options)
const repo = (name) => db.getRepository(name)

check('initialize, synchronize', async () => {
  await db.initialize()
  await db.synchronize()
})

check('synchronize again: no difference', async () => {
  const { upQueries } = await db.driver.createSchemaBuilder().log()
  assert.deepEqual(upQueries.map(q => q.query), [])
  await db.synchronize()
})

check('a row of every type comes back', async () => {
  const at = new Date('2024-02-29T12:34:56.789Z')
  const row = {
    an_int: 1, an_int2: 2, an_int8: '3', a_smallint: 4, a_bigint: '9007199254740993', a_numeric: '1.250', a_decimal: '1.5', a_real: 1.5, a_double: 2.5, a_float8: 1e100, a_text: 'Añ', a_varchar: 'v', a_char: 'abc',
    a_bytea: Buffer.from([0, 255]), a_date: '2024-02-29', a_time: '01:02:03', a_timetz: '01:02:03+02', a_timestamp: at, a_timestamptz: at, a_bool: false, an_enum: 'b', some_enums: ['x', 'y'], a_cidr: '10.0.0.0/8',
    an_inet: '10.0.0.1', a_macaddr: '08:00:2b:01:02:03', a_bit: '1010', a_varbit: '101', a_uuid: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', a_json: { a: [1] }, a_jsonb: { b: null }, an_int_array: [1, 2], a_text_array: ['a"b', 'c,d'],
    an_int4range: '[1,5)', a_daterange: '[2024-01-01,2024-02-01)', a_numrange: '[1.5,2.5]', a_tsvector: "'a' 'b'", a_simple_array: ['p', 'q'], a_simple_json: { s: 1 }
  }
  const saved = await repo('Everything').save({ ...row })
  assert.equal(saved.a_stored, 'añ')
  const back = await repo('Everything').findOneBy({ id: saved.id })
  for (const [k, v] of Object.entries(row)) assert.deepEqual(back[k], v, k)
  assert.deepEqual([back.a_default_int, back.a_default_text, back.a_citextless], [-5, 'ab', 'its'])
})

check('repository: save, find by operators, upsert, counters, remove', async () => {
  const users = repo('User')
  await users.save([{ name: 'Ada', email: 'a@x' }, { name: 'Bob' }, { name: 'Eve' }])
  const names = async (where) => (await users.find({ where, order: { name: 'ASC' } })).map(u => u.name)
  assert.deepEqual(await names({ name: In(['Ada', 'Eve']) }), ['Ada', 'Eve'])
  assert.deepEqual(await names([{ name: Like('B%') }, { email: Not(IsNull()) }]), ['Ada', 'Bob'])
  assert.deepEqual(await names({ name: ILike('%A%') }), ['Ada'])
  assert.deepEqual(await names({ name: Between('B', 'F') }), ['Bob', 'Eve'])
  assert.deepEqual(await names({ name: Raw(a => `length(${a}) = :n`, { n: 3 }), version: MoreThan(0) }), ['Ada', 'Bob', 'Eve'])
  assert.equal(await repo('Everything').countBy({ an_int_array: ArrayContains([2]) }), 1)
  assert.equal(await repo('Everything').countBy({ a_jsonb: JsonContains({ b: null }) }), 1)
  await users.upsert([{ name: 'Ada', email: 'new@x' }], { conflictPaths: ['name'], skipUpdateIfNoValuesChanged: true })
  assert.equal((await users.findOneByOrFail({ name: 'Ada' })).email, 'new@x')
  const eve = await users.findOneByOrFail({ name: 'Eve' })
  eve.email = 'e@x'
  await users.save(eve)
  assert.equal((await users.findOneByOrFail({ name: 'Eve' })).version, 2)
  await users.softRemove(eve)
  assert.deepEqual([await users.count(), await users.count({ withDeleted: true })], [2, 3])
  await users.restore(eve.id)
  assert.deepEqual(await users.findAndCount({ take: 1, skip: 1, order: { name: 'DESC' }, select: { name: true } }), [[{ name: 'Bob' }], 3].map((x, i) => i ? x : [Object.assign(Object.create(null), { name: 'Bob' })]).map((x, i) => i ? x : x.map(o => ({ ...o }))))
})

check('relations: cascade, eager joins, pagination over joins', async () => {
  const ada = await repo('User').findOneByOrFail({ name: 'Ada' })
  ada.profile = { bio: 'first' }
  ada.posts = [{ title: 'One', tags: [{ label: 'x' }, { label: 'y' }] }, { title: 'Two' }]
  await repo('User').save(ada)
  const full = await repo('User').findOne({ where: { name: 'Ada' }, relations: { profile: true, posts: { tags: true } }, order: { posts: { title: 'ASC', tags: { label: 'DESC' } } } })
  assert.equal(full.profile.bio, 'first')
  assert.deepEqual(full.posts.map(p => [p.title, p.tags.map(t => t.label)]), [['One', ['y', 'x']], ['Two', []]])
  const page = await repo('User').find({ relations: { posts: true }, order: { name: 'ASC' }, take: 2 })
  assert.deepEqual(page.map(u => [u.name, u.posts.length]), [['Ada', 2], ['Bob', 0]])
  assert.equal((await repo('Post').find({ where: { tags: { label: 'x' }, author: { name: 'Ada' } } })).length, 1)
  assert.deepEqual((await repo('Post').find({ loadRelationIds: true, order: { id: 'ASC' } })).map(p => p.author), [ada.id, ada.id])
})

check('query builder', async () => {
  const qb = repo('Post').createQueryBuilder('p').leftJoin('p.author', 'a').select('a.name', 'name').addSelect('COUNT(*)', 'n').groupBy('a.name').having('COUNT(*) > :min', { min: 1 })
  assert.deepEqual(await qb.getRawMany(), [{ name: 'Ada', n: '2' }])
  await repo('Post').createQueryBuilder().update().set({ views: () => 'views + 10' }).where('title = :t', { t: 'One' }).returning('*').execute()
  await repo('Post').increment({ title: 'One' }, 'views', 1)
  const sub = await repo('Post').createQueryBuilder('p').where(q => 'p.id IN ' + q.subQuery().select('q.id').from('Post', 'q').where('q.views > 5').getQuery()).getMany()
  assert.deepEqual(sub.map(p => [p.title, p.views]), [['One', '11']])
  const r = await db.createQueryBuilder().insert().into('Tag').values([{ label: 'x' }, { label: 'z' }]).orIgnore().returning('label').execute()
  assert.deepEqual(r.raw, [{ label: 'z' }])
  assert.equal((await db.createQueryBuilder().delete().from('Tag').where({ label: 'z' }).execute()).affected, 1)
  assert.deepEqual(await repo('Titles').find({ order: { title: 'ASC' } }).then(v => v.map(t => ({ ...t }))), [{ title: 'One', views: '11' }, { title: 'Two', views: '0' }])
  const cte = await db.createQueryBuilder().addCommonTableExpression('SELECT 1 AS a UNION SELECT 2', 'c').select('SUM(a)', 's').from('c', 'c').getRawOne()
  assert.deepEqual(cte, { s: '3' })
  assert.equal(await repo('User').createQueryBuilder('u').innerJoinAndSelect('u.posts', 'p').distinctOn(['u.name']).orderBy('u.name').getMany().then(x => x.length), 1)
})

check('trees', async () => {
  const trees = db.getTreeRepository('Category')
  const root = await trees.save({ name: 'root' })
  const child = await trees.save({ name: 'child', parent: root })
  await trees.save({ name: 'leaf', parent: child })
  const [t] = await trees.findTrees()
  assert.equal(t.children[0].children[0].name, 'leaf')
  assert.equal((await trees.findAncestors(await trees.findOneBy({ name: 'leaf' }))).length, 3)
  assert.equal(await trees.countDescendants(root), 3)
})

check('transactions, locks, isolation, savepoints', async () => {
  await assert.rejects(db.transaction(async m => { await m.delete('Post', {}).catch(() => m.createQueryBuilder().delete().from('Post').execute()); throw new Error('back') }), /back/)
  assert.equal(await repo('Post').count(), 2)
  await db.transaction('READ COMMITTED', async m => {
    assert.equal((await m.getRepository('Post').find({ lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' } })).length, 2)
    await m.transaction(async n => { await n.createQueryBuilder().delete().from('Post').execute(); throw new Error('inner') }).catch(() => {})
    assert.equal(await m.getRepository('Post').count(), 2)
  })
})

check('errors', async () => {
  await assert.rejects(repo('User').insert({ name: 'Ada' }), (e) => { assert.ok(e instanceof QueryFailedError); assert.equal(e.driverError.code, '23505'); return true })
  await assert.rejects(repo('Everything').insert({ an_int: -1 }), (e) => e.driverError.constraint === 'positive')
})

check('streams', async () => {
  const stream = await repo('Post').createQueryBuilder('p').orderBy('p.id').stream()
  const titles = []
  for await (const row of stream) titles.push(row.p_title)
  assert.deepEqual(titles, ['One', 'Two'])
})

check('query runner: introspection', async () => {
  const q = db.createQueryRunner()
  assert.equal(await q.hasTable('everything'), true)
  assert.equal(await q.hasColumn('everything', 'a_text'), true)
  assert.equal(await q.getCurrentDatabase(), PGDATABASE)
  assert.equal(await q.getCurrentSchema(), 'public')
  const t = await q.getTable('everything')
  const c = Object.fromEntries(t.columns.map(c => [c.name, c]))
  assert.deepEqual([c.a_numeric.precision, c.a_numeric.scale, c.a_varchar.length, c.a_timestamp.precision, c.an_enum.enum, c.an_int_array.isArray, c.a_stored.generatedType, c.a_stored.asExpression, c.id.isGenerated, c.id.generationStrategy],
    [10, 3, '20', 3, ['a', 'b'], true, 'STORED', 'lower(a_text)', true, 'increment'])
  assert.deepEqual(t.indices.map(i => [i.columnNames.join(), i.isUnique, i.where]).sort(), [['a_text', false, ''], ['a_uuid', false, '(a_uuid IS NOT NULL)'], ['an_int,a_date', true, '']])
  assert.deepEqual(t.checks.map(x => [x.name, x.expression]), [['positive', '(an_int > 0)']])
  assert.deepEqual(t.uniques.map(u => u.columnNames), [['a_varchar']])
  const post = await q.getTable('post')
  assert.deepEqual(post.foreignKeys.map(f => [f.columnNames.join(), f.referencedTableName, f.referencedColumnNames.join(), f.onDelete]), [['authorId', 'user', 'id', 'SET NULL']])
  await q.release()
})

check('query runner: changes of a table', async () => {
  const q = db.createQueryRunner()
  await q.createTable(new Table({ name: 'changing', columns: [{ name: 'id', type: 'int', isPrimary: true, isGenerated: true }, { name: 'a', type: 'varchar', length: '10' }, { name: 'e', type: 'enum', enum: ['p', 'q'], default: "'p'" }] }))
  await q.addColumn('changing', new TableColumn({ name: 'b', type: 'int', default: 1 }))
  await q.createIndex('changing', new TableIndex({ name: 'ix', columnNames: ['b'] }))
  await q.createUniqueConstraint('changing', new TableUnique({ name: 'uq', columnNames: ['a'] }))
  await q.createCheckConstraint('changing', new TableCheck({ name: 'ck', expression: 'b > 0' }))
  await q.createForeignKey('changing', new TableForeignKey({ name: 'fk', columnNames: ['a'], referencedTableName: 'tag', referencedColumnNames: ['label'] }))
  await q.query(`insert into changing (a) values ('x')`)
  await q.dropForeignKey('changing', 'fk')
  await q.dropCheckConstraint('changing', 'ck')
  await q.dropUniqueConstraint('changing', 'uq')
  await q.dropIndex('changing', 'ix')
  await q.renameColumn('changing', 'b', 'bb')
  await q.changeColumn('changing', 'bb', new TableColumn({ name: 'bb', type: 'int', isNullable: true, default: 2, comment: 'two' }))
  await q.changeColumn('changing', 'e', new TableColumn({ name: 'e', type: 'enum', enum: ['p', 'q', 'r'], default: "'p'" }))
  await q.query(`update changing set e = 'r'`)
  assert.deepEqual(await q.query('select * from changing'), [{ id: 1, a: 'x', e: 'r', bb: 1 }])
  await q.dropColumn('changing', 'a')
  await q.renameTable('changing', 'changed')
  await q.dropTable('changed', true)
  await q.release()
})

check('migrations: run, twice, show, revert', async () => {
  const first = class First1700000000000 { async up (q) { await q.query('CREATE TABLE migrated (id serial PRIMARY KEY, a text)'); await q.query("INSERT INTO migrated (a) VALUES ('x')") } async down (q) { await q.query('DROP TABLE migrated') } }
  const second = class Second1700000000001 { async up (q) { await q.addColumn('migrated', new TableColumn({ name: 'b', type: 'jsonb', isNullable: true })) } async down (q) { await q.dropColumn('migrated', 'b') } }
  const m = new DataSource({ ...options, entities: [], migrations: [first, second] })
  await m.initialize()
  assert.equal(await m.showMigrations(), true)
  assert.deepEqual((await m.runMigrations()).map(x => x.name), ['First1700000000000', 'Second1700000000001'])
  assert.deepEqual(await m.runMigrations(), [])
  assert.deepEqual(await m.query('select * from migrated'), [{ id: 1, a: 'x', b: null }])
  await m.undoLastMigration()
  assert.deepEqual(await m.query('select * from migrated'), [{ id: 1, a: 'x' }])
  await m.undoLastMigration()
  await m.destroy()
})

check('dropDatabase', async () => {
  await db.dropDatabase()
  assert.deepEqual(await db.query("select tablename from pg_tables where schemaname = 'public'"), [])
})

done(() => db.destroy())
