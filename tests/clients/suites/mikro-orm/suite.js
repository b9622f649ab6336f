'use strict'
// MikroORM: entities as schemas, the unit of work, the schema generator, migrations, the query builder.
const assert = require('node:assert/strict')
const { MikroORM, EntitySchema, LockMode, QueryOrder, raw, UniqueConstraintViolationException, ForeignKeyConstraintViolationException, OptimisticLockError } = require('@mikro-orm/postgresql')
const { check, done } = require('../_lib/tap')

const Author = new EntitySchema({ name: 'Author', properties: {
  id: { type: 'integer', primary: true }, name: { type: 'string', length: 50, unique: true }, born: { type: 'date', nullable: true }, profile: { type: 'json', nullable: true },
  tags: { type: 'array', nullable: true }, score: { type: 'decimal', precision: 10, scale: 2, nullable: true }, mood: { enum: true, items: ['sad', 'ok'], nativeEnumName: 'mood', default: 'ok' },
  big: { type: 'bigint', nullable: true }, photo: { type: 'blob', nullable: true }, uid: { type: 'uuid', defaultRaw: 'gen_random_uuid()' }, version: { type: 'integer', version: true },
  createdAt: { type: 'datetime', length: 3, onCreate: () => new Date('2025-01-02T03:04:05.678Z') }, books: { kind: '1:m', entity: 'Book', mappedBy: 'author' } } })
const Book = new EntitySchema({ name: 'Book', indexes: [{ properties: ['title'] }], properties: {
  id: { type: 'bigint', primary: true }, title: { type: 'string' }, author: { kind: 'm:1', entity: 'Author', deleteRule: 'cascade' }, genres: { kind: 'm:n', entity: 'Genre', owner: true } } })
const Genre = new EntitySchema({ name: 'Genre', properties: { id: { type: 'integer', primary: true }, name: { type: 'string' }, books: { kind: 'm:n', entity: 'Book', mappedBy: 'genres' } } })

let orm
const fork = () => orm.em.fork()

check('the schema is made, and made again differs in nothing', async () => {
  orm = await MikroORM.init({ entities: [Author, Book, Genre], host: process.env.PGHOST, port: +process.env.PGPORT, user: process.env.PGUSER, password: process.env.PGPASSWORD, dbName: process.env.PGDATABASE, allowGlobalContext: true, forceUtcTimezone: true })
  await orm.schema.createSchema()
  assert.equal(await orm.schema.getUpdateSchemaSQL({ wrap: false }), '')
  assert.ok(await orm.isConnected())
})

check('entities go in with their relations, in one unit of work', async () => {
  const em = fork()
  const ada = em.create('Author', { name: 'Ada', born: '1815-12-10', profile: { a: [1, null] }, tags: ['x', 'y,z'], score: '12.50', big: '9007199254740993', photo: Buffer.from([0, 255]), mood: 'sad' })
  em.create('Book', { title: 'Notes', author: ada, genres: [em.create('Genre', { name: 'math' }), em.create('Genre', { name: 'old' })] })
  em.create('Book', { title: 'Engines', author: ada })
  em.create('Author', { name: 'Bob', mood: 'ok' })
  await em.flush()
  assert.equal(ada.id, 1)
})

check('… and come back, by every way of loading', async () => {
  for (const strategy of ['joined', 'select-in']) {
    const a = await fork().findOneOrFail('Author', { name: 'Ada' }, { populate: ['books.genres'], strategy, orderBy: { books: { title: QueryOrder.DESC } } })
    assert.deepEqual([a.born, a.profile, a.tags, a.score, a.big, [...a.photo], a.mood, a.createdAt.toISOString()], ['1815-12-10', { a: [1, null] }, ['x', 'y,z'], '12.50', 9007199254740993n, [0, 255], 'sad', '2025-01-02T03:04:05.678Z'])
    assert.match(a.uid, /^[0-9a-f-]{36}$/)
    assert.deepEqual(a.books.getItems().map((b) => [b.title, b.genres.length]), [['Notes', 2], ['Engines', 0]])
  }
})

check('queries: operators, relations, JSON, arrays, counts, pages', async () => {
  const em = fork()
  assert.equal(await em.count('Author', { books: { genres: { name: { $in: ['math'] } } } }), 1)
  assert.equal(await em.count('Author', { $or: [{ name: { $like: 'B%' } }, { born: { $lt: '1900-01-01' } }] }), 2)
  assert.equal(await em.count('Author', { tags: { $contains: ['x'] } }), 1)
  assert.equal(await em.count('Author', { profile: { a: { $ne: null } } }), 1)
  const [rows, total] = await em.findAndCount('Book', {}, { limit: 1, offset: 1, orderBy: { title: 'asc' } })
  assert.deepEqual([rows[0].title, total], ['Notes', 2])
  assert.equal((await em.find('Author', { [raw('lower(name)')]: 'ada' })).length, 1)
})

check('the query builder: joins, groups, sub-queries, upserts', async () => {
  const em = fork()
  const rows = await em.createQueryBuilder('Author', 'a').select(['a.name', raw('count(b.id)::int as n')]).leftJoin('a.books', 'b').groupBy('a.name').orderBy({ 'a.name': 'asc' }).execute()
  assert.deepEqual(rows.map((r) => [r.name, r.n]), [['Ada', 2], ['Bob', 0]])
  await em.upsert('Author', { name: 'Bob', mood: 'ok', score: '3.00', createdAt: new Date() })
  assert.equal((await em.createQueryBuilder('Author').where({ score: { $gt: 1 } }).getResultList()).length, 2)
  assert.equal(await em.nativeUpdate('Book', { title: 'Notes' }, { title: 'Remarks' }), 1)
  assert.deepEqual(await em.getConnection().execute('select title from book order by title'), [{ title: 'Engines' }, { title: 'Remarks' }])
})

check('changes are found and written, versions checked', async () => {
  const em = fork()
  const a = await em.findOneOrFail('Author', 1, { populate: ['books'] })
  a.profile = { a: 2 }
  a.books.removeAll()
  await em.flush().catch((e) => assert.match(e.message, /null|not-null|required/i))
  const other = fork()
  const b = await other.findOneOrFail('Author', 1)
  b.mood = 'ok'
  await other.flush()
  const stale = await other.findOneOrFail('Author', 1)
  await fork().getConnection().execute('update author set version = version + 1 where id = 1')
  stale.mood = 'sad'
  await assert.rejects(other.flush(), OptimisticLockError)
})

check('transactions, savepoints, locks', async () => {
  await assert.rejects(fork().transactional(async (em) => { em.create('Genre', { name: 'lost' }); await em.flush(); throw new Error('no') }), /no/)
  await fork().transactional(async (em) => {
    em.create('Genre', { name: 'kept' })
    await em.transactional(async (inner) => { inner.create('Genre', { name: 'lost' }); await inner.flush(); throw new Error('no') }).catch(() => {})
    await em.findOne('Author', 1, { lockMode: LockMode.PESSIMISTIC_WRITE })
  })
  assert.deepEqual((await fork().find('Genre', {}, { orderBy: { id: 'asc' } })).map((g) => g.name), ['math', 'old', 'kept'])
})

check('errors have their classes', async () => {
  const em = fork()
  em.create('Author', { name: 'Ada', mood: 'ok' })
  await assert.rejects(em.flush(), UniqueConstraintViolationException)
  await assert.rejects(fork().insert('Book', { title: 'x', author: 99 }), ForeignKeyConstraintViolationException)
})

check('the schema follows the entities', async () => {
  await orm.em.getConnection().execute('alter table genre add column gone int; create index book_extra on book (author_id, title)')
  const sql = await orm.schema.getUpdateSchemaSQL({ wrap: false })
  assert.match(sql, /drop column "gone"/)
  assert.match(sql, /drop index "book_extra"/)
  await orm.schema.updateSchema()
  assert.equal(await orm.schema.getUpdateSchemaSQL({ wrap: false }), '')
})

check('the schema goes', async () => {
  await orm.schema.dropSchema({ dropMigrationsTable: true })
  assert.deepEqual(await orm.em.getConnection().execute("select 1 from information_schema.tables where table_schema = 'public'"), [])
})

done(async () => orm && orm.close(true))
