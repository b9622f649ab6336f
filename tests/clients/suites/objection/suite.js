'use strict'
// Objection: models over Knex, with relations, graphs, JSON, validation and transactions.
const assert = require('node:assert/strict')
const { Model, UniqueViolationError, ForeignKeyViolationError, NotNullViolationError, ref, raw, fn } = require('objection')
const Knex = require('knex')
const { check, done } = require('../_lib/tap')

const knex = Knex({ client: 'pg', connection: { host: process.env.PGHOST, port: +process.env.PGPORT, user: process.env.PGUSER, password: process.env.PGPASSWORD, database: process.env.PGDATABASE }, pool: { min: 0, max: 4 } })
Model.knex(knex)

class Person extends Model {
  static tableName = 'persons'
  static jsonAttributes = ['address']
  static jsonSchema = { type: 'object', required: ['name'], properties: { id: { type: 'integer' }, name: { type: 'string', minLength: 1 }, age: { type: ['integer', 'null'] }, address: { type: 'object', properties: { city: { type: 'string' } } }, tags: { type: 'array' } } }
  static get relationMappings () {
    return {
      pets: { relation: Model.HasManyRelation, modelClass: Animal, join: { from: 'persons.id', to: 'animals.ownerId' } },
      movies: { relation: Model.ManyToManyRelation, modelClass: Movie, join: { from: 'persons.id', through: { from: 'persons_movies.personId', to: 'persons_movies.movieId', extra: ['role'] }, to: 'movies.id' } },
      parent: { relation: Model.BelongsToOneRelation, modelClass: Person, join: { from: 'persons.parentId', to: 'persons.id' } },
      children: { relation: Model.HasManyRelation, modelClass: Person, join: { from: 'persons.id', to: 'persons.parentId' } }
    }
  }

  static modifiers = { grown (q) { q.where('age', '>', 17) } }
  $beforeUpdate () { this.updatedAt = '2025-01-02T03:04:05.000Z' }
}
class Animal extends Model {
  static tableName = 'animals'
  static relationMappings = () => ({ owner: { relation: Model.BelongsToOneRelation, modelClass: Person, join: { from: 'animals.ownerId', to: 'persons.id' } } })
}
class Movie extends Model { static tableName = 'movies' }

check('the schema, by migrations', async () => {
  const migrationSource = {
    getMigrations: async () => ['1_persons', '2_rest'],
    getMigrationName: (m) => m,
    getMigration: async (m) => m === '1_persons'
      ? { up: (k) => k.schema.createTable('persons', (t) => { t.increments(); t.integer('parentId').references('persons.id').onDelete('SET NULL').index(); t.string('name').notNullable(); t.integer('age'); t.jsonb('address'); t.specificType('tags', 'text[]'); t.timestamp('updatedAt') }), down: (k) => k.schema.dropTable('persons') }
      : { up: async (k) => { await k.schema.createTable('animals', (t) => { t.bigIncrements(); t.integer('ownerId').references('persons.id').onDelete('CASCADE'); t.string('name').unique(); t.enu('species', ['dog', 'cat'], { useNative: true, enumName: 'species' }) }).createTable('movies', (t) => { t.uuid('id').primary().defaultTo(k.fn.uuid()); t.string('title').notNullable() }).createTable('persons_movies', (t) => { t.integer('personId').references('persons.id').onDelete('CASCADE'); t.uuid('movieId').references('movies.id').onDelete('CASCADE'); t.string('role'); t.primary(['personId', 'movieId']) }) }, down: async (k) => { await k.schema.dropTable('persons_movies').dropTable('movies').dropTable('animals'); await k.raw('drop type species') } }
  }
  assert.deepEqual((await knex.migrate.latest({ migrationSource }))[1], ['1_persons', '2_rest'])
  await knex.migrate.rollback({ migrationSource }, true)
  await knex.migrate.latest({ migrationSource })
})

check('a graph goes in with one call', async () => {
  const g = await Person.query().insertGraph({ '#id': 'ada', name: 'Ada', age: 36, address: { city: 'London', zip: 1 }, tags: ['a', 'b,c'], pets: [{ name: 'Rex', species: 'dog' }, { name: 'Tom', species: 'cat' }], movies: [{ title: 'Engines', role: 'herself' }], children: [{ name: 'Byron', age: 5, movies: [{ title: 'Bees' }] }] }, { allowRefs: true })
  assert.equal(g.id, 1)
  assert.match(g.movies[0].id, /^[0-9a-f-]{36}$/)
  assert.equal(g.children[0].parentId, 1)
})

check('graphs come back, by joins and by queries of their own', async () => {
  for (const how of ['withGraphFetched', 'withGraphJoined']) {
    const [p] = await Person.query()[how]('[pets(byName), movies, children.[movies]]').modifiers({ byName: (q) => q.orderBy('name') }).where('persons.name', 'Ada')
    assert.deepEqual(p.pets.map((x) => x.name).sort(), ['Rex', 'Tom'])
    assert.equal(p.movies[0].role, 'herself')
    assert.equal(p.children[0].movies[0].title, 'Bees')
    assert.deepEqual(p.tags, ['a', 'b,c'])
  }
  const r = await Animal.query().joinRelated('owner').where('owner.age', '>', 10).select('animals.name', 'owner.name as who').orderBy('animals.name')
  assert.deepEqual(r.map((x) => x.toJSON()), [{ name: 'Rex', who: 'Ada' }, { name: 'Tom', who: 'Ada' }])
})

check('where, JSON, sub-queries, aggregates, modifiers, pages, ranges', async () => {
  assert.equal((await Person.query().where(ref('address:city').castText(), 'London')).length, 1)
  assert.equal((await Person.query().whereJsonSupersetOf('address', { zip: 1 })).length, 1)
  assert.equal((await Person.query().modify('grown'))[0].name, 'Ada')
  const r = await Person.query().select('persons.name', Person.relatedQuery('pets').count().as('n'), fn.coalesce(ref('age'), 0).as('a')).orderBy('persons.id')
  assert.deepEqual(r.map((x) => [x.name, x.n, x.a]), [['Ada', '2', 36], ['Byron', '0', 5]])
  assert.deepEqual(await Person.query().orderBy('id').page(1, 1).then((p) => [p.total, p.results[0].name]), [2, 'Byron'])
  assert.equal(await Person.query().whereExists(Person.relatedQuery('movies').where('title', 'like', 'B%')).resultSize(), 1)
  assert.deepEqual(await Person.query().select(raw('sum(??)::int as s', 'age')).first().then((x) => x.s), 41)
  assert.equal((await Person.query().findByIds([1, 2])).length, 2)
  assert.equal(await Person.query().findById(99), undefined)
})

check('changes: patch, update, upsert of a graph, relate, unrelate, delete', async () => {
  assert.equal(await Person.query().patch({ age: raw('?? + 1', 'age') }).where('id', 1), 1)
  const p = await Person.query().patchAndFetchById(1, { 'address:city': 'Paris' })
  assert.deepEqual([p.age, p.address.city, p.updatedAt.toISOString()], [37, 'Paris', '2025-01-02T03:04:05.000Z'])
  await Person.query().upsertGraph({ id: 1, pets: [{ id: 1, name: 'Max' }, { name: 'Kit', species: 'cat' }] })
  assert.deepEqual((await Person.relatedQuery('pets').for(1).orderBy('name')).map((x) => x.name), ['Kit', 'Max'])
  const m = await Movie.query().insert({ title: 'Third' })
  await Person.relatedQuery('movies').for(1).relate({ id: m.id, role: 'x' })
  assert.equal(await Person.relatedQuery('movies').for(1).unrelate().where('title', 'Engines'), 1)
  assert.deepEqual(await Animal.query().delete().where('name', 'Kit').returning('name').then((r) => r.map((x) => x.name)), ['Kit'])
  assert.equal((await Animal.query().insert({ name: 'Max', species: 'dog' }).onConflict('name').merge({ species: 'cat' }).returning('*')).species, 'cat')
})

check('transactions', async () => {
  await assert.rejects(Person.transaction(async (trx) => { await Person.query(trx).insert({ name: 'lost' }); throw new Error('no') }), /no/)
  await Person.transaction(async (trx) => {
    await Person.query(trx).insert({ name: 'kept' })
    await trx.transaction(async (inner) => { await Person.query(inner).delete(); await inner.rollback() }).catch(() => {})
    assert.equal(await Person.query(trx).forUpdate().then((r) => r.length), 3)
  })
  assert.equal(await Person.query().where('name', 'lost').resultSize(), 0)
})

check('errors have their classes', async () => {
  const error = (q) => q.then(() => null, (e) => e)
  const u = await error(Animal.query().insert({ name: 'Max' }))
  assert.ok(u instanceof UniqueViolationError)
  assert.deepEqual([u.columns, u.constraint, u.table], [['name'], 'animals_name_unique', 'animals'])
  assert.ok(await error(Animal.query().insert({ name: 'z', ownerId: 99 })) instanceof ForeignKeyViolationError)
  const n = await error(Movie.query().insert({ title: null }))
  assert.ok(n instanceof NotNullViolationError)
  assert.equal(n.column, 'title')
  await assert.rejects(Person.query().insert({ name: '' }), /name: must NOT have fewer/)
})

done(async () => {
  await knex.schema.dropTable('persons_movies').dropTable('movies').dropTable('animals').dropTable('persons').dropTable('knex_migrations').dropTable('knex_migrations_lock')
  await knex.raw('drop type species')
  await knex.destroy()
})
