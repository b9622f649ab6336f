'use strict'
// Drizzle: drizzle-kit pushes a schema, finds nothing more to do, reads it back and
// migrates; drizzle-orm queries it.
const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { Pool } = require('pg')
const { drizzle } = require('drizzle-orm/node-postgres')
const { migrate } = require('drizzle-orm/node-postgres/migrator')
const { sql, eq, and, or, desc, inArray, like, isNull, count, sum, gt, arrayContains, exists } = require('drizzle-orm')
const { check, done } = require('../_lib/tap')
const schema = require('./schema')
const { users, posts, tags, everything, orders, authors } = schema

const pool = new Pool({ max: 4 })
const db = drizzle(pool, { schema })
const cache = process.env.SUITE_CACHE
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drizzle-'))
const { PGHOST, PGPORT, PGUSER, PGDATABASE } = process.env
const url = `postgres://${PGUSER}@${PGHOST}:${PGPORT}/${PGDATABASE}`

// kit runs drizzle-kit, which wants its packages above the folder it runs in.
function kit (...args) {
  return new Promise((resolve, reject) => execFile(process.execPath, [path.join(cache, 'node_modules/drizzle-kit/bin.cjs'), ...args],
    { cwd: cache, env: { ...process.env, NODE_PATH: path.join(cache, 'node_modules') }, timeout: 50_000 },
    (error, stdout, stderr) => error ? reject(new Error(stdout + stderr + error.message)) : resolve(stdout + stderr)))
}

const config = path.join(folder, 'drizzle.config.json')
const out = path.join(folder, 'out')
fs.writeFileSync(config, JSON.stringify({ dialect: 'postgresql', schema: path.join(__dirname, 'schema.js'), out, dbCredentials: { url }, schemaFilter: ['public', 'sales'] }))

check('drizzle-kit push makes the schema', async () => {
  await kit('push', '--force', '--config', config)
  assert.equal((await pool.query("select count(*)::int as n from pg_tables where schemaname in ('public', 'sales')")).rows[0].n, 5)
})

check('drizzle-kit push again finds no changes', async () => {
  assert.match(await kit('push', '--force', '--verbose', '--config', config), /No changes detected/)
})

check('drizzle-kit introspect reads it back', async () => {
  await kit('introspect', '--config', config)
  const text = fs.readFileSync(path.join(out, 'schema.ts'), 'utf8')
  for (const want of ['pgEnum("mood"', 'serial().primaryKey()', 'varchar({ length: 50 }).notNull()', 'generatedAlwaysAsIdentity', 'numeric({ precision: 10', 'index("posts_author")', 'onDelete("cascade")', 'check("named"', 'pgView("authors"', 'primaryKey({ columns: [table.postId, table.label]', 'generatedAlwaysAs(']) {
    assert.ok(text.includes(want), want + ' is not in\n' + text)
  }
})

check('a row of every type comes back', async () => {
  const ts = new Date('2024-02-29T12:34:56.789Z')
  const row = {
    i: 1, s: 2, b: 3, bool: false, t: 'añ', v: 'v', c: 'abc', n: '12.50', r: 1.5, d: 2.5, j: { a: [1] }, jb: { b: null }, tm: '01:02:03', ts, tz: '2024-02-29 12:34:56.789+00', day: '2024-02-29', iv: '1 day',
    pt: [1, 2.5], u: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', ip: '10.0.0.1', net: '10.0.0.0/8', mac: '08:00:2b:01:02:03', ints: [1, 2], texts: ['a"b', 'c,d'], matrix: [[1, 2], [3, 4]], moods: ['sad', 'ok']
  }
  const [back] = await db.insert(everything).values(row).returning()
  assert.deepEqual(back, { id: 1, gen: 'AÑ'.replace('Ñ', 'ñ'), ...row })
  const [defaults] = await db.insert(everything).values({}).returning()
  assert.deepEqual([defaults.i, defaults.bool, defaults.t, defaults.jb, defaults.texts], [7, true, "it's", { a: 1 }, null])
  assert.equal((await db.select().from(everything).where(arrayContains(everything.ints, [2]))).length, 1)
})

check('insert, upsert, update, delete', async () => {
  const [ada] = await db.insert(users).values({ name: 'Ada', email: 'a@x', mood: 'happy' }).returning({ id: users.id, mood: users.mood })
  assert.deepEqual(ada, { id: 1, mood: 'happy' })
  await db.insert(users).values([{ name: 'Bob', email: 'b@x', bossId: 1 }, { name: 'Eve', email: 'e@x', bossId: 1 }])
  await db.insert(users).values({ name: 'Bob 2', email: 'b@x' }).onConflictDoUpdate({ target: users.email, set: { name: sql`excluded.name` } })
  await db.insert(users).values({ name: 'none', email: 'b@x' }).onConflictDoNothing()
  assert.deepEqual(await db.update(users).set({ name: 'Bobby' }).where(eq(users.email, 'b@x')).returning({ name: users.name }), [{ name: 'Bobby' }])
  await db.insert(posts).values([{ title: 'One', authorId: 1, views: 0n }, { title: 'Two', authorId: 1, views: 5n }, { title: 'Three', authorId: 2, views: 0n }])
  await db.insert(tags).values([{ postId: 1, label: 'x' }, { postId: 1, label: 'y' }])
  await db.insert(orders).values({ total: '9.99' })
  assert.equal((await db.delete(orders).returning()).length, 1)
  await assert.rejects(db.insert(users).values({ name: '' }), e => (e.cause || e).code === '23514' && (e.cause || e).constraint === 'named')
  await assert.rejects(db.insert(tags).values({ postId: 99, label: 'z' }), e => (e.cause || e).code === '23503')
})

check('select: joins, aggregates, subqueries, CTE, set operations, view', async () => {
  const n = await db.select({ name: users.name, n: count(posts.id), v: sum(posts.views) }).from(users).leftJoin(posts, eq(posts.authorId, users.id)).groupBy(users.id).orderBy(desc(count(posts.id)), users.name)
  assert.deepEqual(n, [{ name: 'Ada', n: 2, v: '5' }, { name: 'Bobby', n: 1, v: '0' }, { name: 'Eve', n: 0, v: null }])
  const sq = db.$with('sq').as(db.select({ id: posts.authorId }).from(posts).where(gt(posts.views, 1n)))
  assert.deepEqual(await db.with(sq).select({ name: users.name }).from(users).where(inArray(users.id, db.select({ id: sq.id }).from(sq))), [{ name: 'Ada' }])
  assert.deepEqual(await db.select({ name: users.name }).from(users).where(and(or(like(users.name, 'A%'), isNull(users.bossId)), exists(db.select().from(posts).where(eq(posts.authorId, users.id))))), [{ name: 'Ada' }])
  const { union } = require('drizzle-orm/pg-core')
  assert.deepEqual(await union(db.select({ v: users.name }).from(users), db.select({ v: posts.title }).from(posts)).orderBy(sql`name`).limit(2).offset(1), [{ v: 'Bobby' }, { v: 'Eve' }])
  assert.deepEqual(await db.select().from(authors).orderBy(authors.name), [{ name: 'Ada' }, { name: 'Bobby' }])
  assert.equal(await db.$count(users), 3)
  assert.deepEqual(await db.selectDistinctOn([posts.authorId], { id: posts.id }).from(posts).orderBy(posts.authorId, desc(posts.id)), [{ id: 2 }, { id: 3 }])
})

check('relational queries: lateral joins and json aggregation', async () => {
  const r = await db.query.users.findMany({ columns: { name: true }, with: { posts: { columns: { title: true, views: true }, with: { tags: true }, orderBy: [posts.id] }, boss: { columns: { name: true } } }, orderBy: [users.id] })
  assert.deepEqual(r[0], { name: 'Ada', posts: [{ title: 'One', views: 0n, tags: [{ postId: 1, label: 'x' }, { postId: 1, label: 'y' }] }, { title: 'Two', views: 5n, tags: [] }], boss: null })
  assert.deepEqual(r[2], { name: 'Eve', posts: [], boss: { name: 'Ada' } })
  assert.equal((await db.query.posts.findFirst({ where: eq(posts.title, 'Three'), with: { author: true } })).author.name, 'Bobby')
})

check('prepared statements, transactions, savepoints', async () => {
  const byId = db.select({ name: users.name }).from(users).where(eq(users.id, sql.placeholder('id'))).prepare('by_id')
  assert.deepEqual([await byId.execute({ id: 1 }), await byId.execute({ id: 3 })], [[{ name: 'Ada' }], [{ name: 'Eve' }]])
  await assert.rejects(db.transaction(async tx => { await tx.delete(tags); tx.rollback() }), /Rollback/)
  await db.transaction(async tx => {
    await tx.transaction(async t => { await t.delete(tags); t.rollback() }).catch(() => {})
    assert.equal(await tx.$count(tags), 2)
    assert.equal((await tx.select().from(users).where(eq(users.id, 1)).for('update', { skipLocked: true })).length, 1)
  }, { isolationLevel: 'read committed' })
})

check('migrations', async () => {
  const m = path.join(folder, 'migrations')
  fs.mkdirSync(path.join(m, 'meta'), { recursive: true })
  fs.writeFileSync(path.join(m, '0000_first.sql'), 'CREATE TABLE "migrated" ("id" serial PRIMARY KEY NOT NULL);\n--> statement-breakpoint\nALTER TABLE "migrated" ADD COLUMN "a" text;')
  fs.writeFileSync(path.join(m, 'meta/_journal.json'), JSON.stringify({ version: '7', dialect: 'postgresql', entries: [{ idx: 0, version: '7', when: 1700000000000, tag: '0000_first', breakpoints: true }] }))
  await migrate(db, { migrationsFolder: m })
  await migrate(db, { migrationsFolder: m })
  assert.equal((await db.execute(sql`select * from drizzle.__drizzle_migrations`)).rows.length, 1)
  assert.deepEqual((await db.execute(sql`select * from migrated`)).fields.map(f => f.name), ['id', 'a'])
})

done(async () => { await pool.end(); fs.rmSync(folder, { recursive: true }) })
