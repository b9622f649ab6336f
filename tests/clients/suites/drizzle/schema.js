'use strict'
// What drizzle-kit pushes and the suite queries.
const p = require('drizzle-orm/pg-core')
const { sql, relations } = require('drizzle-orm')

exports.mood = p.pgEnum('mood', ['sad', 'ok', 'happy'])
exports.sales = p.pgSchema('sales')
exports.users = p.pgTable('users', {
  id: p.serial('id').primaryKey(),
  name: p.varchar('name', { length: 50 }).notNull(),
  email: p.text('email').unique(),
  mood: exports.mood('mood').default('ok'),
  bossId: p.integer('boss_id').references(() => exports.users.id),
  createdAt: p.timestamp('created_at', { withTimezone: true }).defaultNow().notNull()
}, t => [p.index('users_name').on(t.name), p.uniqueIndex('users_lower').on(sql`lower(${t.email})`), p.check('named', sql`${t.name} <> ''`)])
exports.posts = p.pgTable('posts', {
  id: p.integer('id').primaryKey().generatedAlwaysAsIdentity(),
  title: p.text('title').notNull(),
  views: p.bigint('views', { mode: 'bigint' }),
  authorId: p.integer('author_id').notNull().references(() => exports.users.id, { onDelete: 'cascade' })
}, t => [p.index('posts_author').on(t.authorId.desc())])
exports.tags = p.pgTable('tags', { postId: p.integer('post_id').notNull().references(() => exports.posts.id), label: p.text('label').notNull() }, t => [p.primaryKey({ columns: [t.postId, t.label] })])
exports.everything = p.pgTable('everything', {
  id: p.bigserial('id', { mode: 'number' }).primaryKey(),
  i: p.integer('i').default(7), s: p.smallint('s'), b: p.bigint('b', { mode: 'number' }), bool: p.boolean('bool').default(true), t: p.text('t').default("it's"), v: p.varchar('v', { length: 9 }), c: p.char('c', { length: 3 }),
  n: p.numeric('n', { precision: 10, scale: 2 }), r: p.real('r'), d: p.doublePrecision('d'), j: p.json('j'), jb: p.jsonb('jb').default({ a: 1 }), tm: p.time('tm'), ts: p.timestamp('ts', { precision: 3 }),
  tz: p.timestamp('tz', { withTimezone: true, mode: 'string' }), day: p.date('day'), iv: p.interval('iv'), pt: p.point('pt'), u: p.uuid('u').defaultRandom(), ip: p.inet('ip'), net: p.cidr('net'), mac: p.macaddr('mac'),
  ints: p.integer('ints').array(), texts: p.text('texts').array(), matrix: p.integer('matrix').array().array(), gen: p.text('gen').generatedAlwaysAs(sql`upper(t)`), moods: exports.mood('moods').array()
})
exports.orders = exports.sales.table('orders', { id: p.uuid('id').defaultRandom().primaryKey(), total: p.numeric('total').notNull() })
exports.authors = p.pgView('authors').as(q => q.selectDistinct({ name: exports.users.name }).from(exports.users).innerJoin(exports.posts, sql`${exports.posts.authorId} = ${exports.users.id}`))

exports.usersRelations = relations(exports.users, ({ many, one }) => ({ posts: many(exports.posts), boss: one(exports.users, { fields: [exports.users.bossId], references: [exports.users.id] }) }))
exports.postsRelations = relations(exports.posts, ({ one, many }) => ({ author: one(exports.users, { fields: [exports.posts.authorId], references: [exports.users.id] }), tags: many(exports.tags) }))
exports.tagsRelations = relations(exports.tags, ({ one }) => ({ post: one(exports.posts, { fields: [exports.tags.postId], references: [exports.posts.id] }) }))
