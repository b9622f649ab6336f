'use strict'
// Sequelize: sync, associations, queries, introspection, migrations by umzug.
const assert = require('node:assert/strict')
const { Sequelize, DataTypes, Op, QueryTypes, UniqueConstraintError, ForeignKeyConstraintError, ValidationError, literal, fn, col } = require('sequelize')
const { Umzug, SequelizeStorage } = require('umzug')
const { check, done } = require('../_lib/tap')

const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE } = process.env
const db = new Sequelize(PGDATABASE, PGUSER, PGPASSWORD, { host: PGHOST, port: PGPORT, dialect: 'postgres', logging: process.env.SUITE_LOG ? console.error : false, pool: { max: 4 } })
const qi = db.getQueryInterface()

const Everything = db.define('Everything', {
  str: DataTypes.STRING, str10: { type: DataTypes.STRING(10), allowNull: false, defaultValue: 'd' }, bin: DataTypes.STRING.BINARY, txt: DataTypes.TEXT, ch: DataTypes.CHAR(3), ci: DataTypes.TEXT,
  int: DataTypes.INTEGER, small: DataTypes.SMALLINT, big: DataTypes.BIGINT, flt: DataTypes.FLOAT, real: DataTypes.REAL, dbl: DataTypes.DOUBLE, dec: DataTypes.DECIMAL(10, 2),
  bool: { type: DataTypes.BOOLEAN, defaultValue: true }, at: DataTypes.DATE, at3: DataTypes.DATE(3), day: DataTypes.DATEONLY, tm: DataTypes.TIME, now: { type: DataTypes.DATE, defaultValue: DataTypes.NOW },
  uuid: { type: DataTypes.UUID, defaultValue: DataTypes.UUIDV4 }, blob: DataTypes.BLOB, js: DataTypes.JSON, jsb: DataTypes.JSONB, en: DataTypes.ENUM('a', 'b'), ens: DataTypes.ARRAY(DataTypes.ENUM('x', 'y')),
  ints: DataTypes.ARRAY(DataTypes.INTEGER), strs: DataTypes.ARRAY(DataTypes.TEXT), matrix: DataTypes.ARRAY(DataTypes.ARRAY(DataTypes.DECIMAL)),
  ip: DataTypes.INET, net: DataTypes.CIDR, mac: DataTypes.MACADDR, r: DataTypes.RANGE(DataTypes.INTEGER), rd: DataTypes.RANGE(DataTypes.DATE), ts: DataTypes.TSVECTOR,
  virt: { type: DataTypes.VIRTUAL, get () { return this.str + '!' } }
}, { comment: 'of every type', indexes: [{ fields: ['str'] }, { unique: true, fields: ['int', 'big'] }, { fields: ['jsb'], using: 'gin' }, { fields: [{ name: 'at', order: 'DESC' }], where: { bool: true } }, { fields: [fn('lower', col('txt'))], name: 'on_lower' }] })

const User = db.define('User', { name: { type: DataTypes.STRING, unique: true }, email: { type: DataTypes.STRING, validate: { isEmail: true } }, born: { type: DataTypes.DATEONLY, field: 'birth_day' } }, { paranoid: true })
const Profile = db.define('Profile', { bio: DataTypes.TEXT })
const Post = db.define('Post', { title: DataTypes.STRING, likes: { type: DataTypes.INTEGER, defaultValue: 0 } })
const Tag = db.define('Tag', { label: { type: DataTypes.STRING, primaryKey: true } }, { timestamps: false })
User.hasOne(Profile, { onDelete: 'CASCADE' })
Profile.belongsTo(User)
User.hasMany(Post, { as: 'posts', foreignKey: { name: 'authorId', allowNull: false } })
Post.belongsTo(User, { as: 'author', foreignKey: 'authorId' })
Post.belongsToMany(Tag, { through: 'PostTags' })
Tag.belongsToMany(Post, { through: 'PostTags' })
User.belongsTo(User, { as: 'boss', foreignKey: 'bossId' })

check('authenticate, version', async () => {
  await db.authenticate()
  assert.match(await db.databaseVersion(), /^15\./)
})

check('sync, again, and with alter', async () => {
  await db.sync()
  await db.sync()
  for (const m of Object.values(db.models)) if (m !== Everything) await m.sync({ alter: true })
  const two = db.define('Everything2', { str: DataTypes.STRING, dec: { type: DataTypes.DECIMAL(10, 2), defaultValue: 1 }, en: DataTypes.ENUM('a', 'b'), jsb: DataTypes.JSONB }, { indexes: [{ fields: ['str'] }], tableName: 'two' })
  await two.sync()
  await two.sync({ alter: true })
  await two.drop({})
})

check('a row of every type comes back', async () => {
  const at = new Date('2024-02-29T12:34:56.789Z')
  const row = {
    str: 'añ\'"\\', str10: 'ten', bin: Buffer.from('b'), txt: 't'.repeat(10000), ch: 'abc', int: -5, small: 7, big: '9007199254740993', flt: 1.5, real: 2.5, dbl: 1e100, dec: '12.50',
    bool: false, at, at3: at, day: '2024-02-29', tm: '01:02:03', uuid: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', blob: Buffer.from([0, 1, 255]), js: { a: [1, null] }, jsb: { b: { c: 'x' } }, en: 'b', ens: ['x', 'y'],
    ints: [1, 2], strs: ['a"b', 'c,d'], ip: '10.0.0.1', net: '10.0.0.0/8', mac: '08:00:2b:01:02:03'
  }
  const { id } = await Everything.create({ ...row, r: [1, 5], rd: [at, null], matrix: [['1.5'], ['2']], ts: 'a fat cat' })
  const back = await Everything.findByPk(id)
  for (const [k, v] of Object.entries(row)) assert.deepEqual(back[k], v, k)
  assert.deepEqual(back.r, [{ value: 1, inclusive: true }, { value: 5, inclusive: false }])
  assert.deepEqual([back.rd[0].value, back.rd[1].value], [at, null])
  assert.equal(back.ts, "'a' 'cat' 'fat'")
  assert.equal(back.virt, row.str + '!')
  assert.ok(back.createdAt instanceof Date)
})

check('queries by json, arrays, ranges, full text', async () => {
  const n = (where) => Everything.count({ where })
  assert.equal(await n({ 'jsb.b.c': 'x' }), 1)
  assert.equal(await n({ jsb: { b: { c: 'y' } } }), 0)
  assert.equal(await n({ jsb: { [Op.contains]: { b: {} } } }), 1)
  assert.equal(await n({ ints: { [Op.contains]: [1] } }), 1)
  assert.equal(await n({ ints: { [Op.overlap]: [2, 9] } }), 1)
  assert.equal(await n({ r: { [Op.contains]: 3 } }), 1)
  assert.equal(await n({ r: { [Op.overlap]: [5, 9] } }), 0)
  assert.equal(await n({ ts: { [Op.match]: fn('to_tsquery', 'fat & cat') } }), 1)
  assert.equal(await n({ str: { [Op.iLike]: 'AÑ%' } }), 0)
  assert.equal(await n({ str: { [Op.regexp]: '^a' } }), 1)
  assert.equal(await n({ str: { [Op.like]: { [Op.any]: ['x%', 'a%'] } } }), 1)
  assert.equal(await n({ int: { [Op.between]: [-9, 0] }, [Op.or]: [{ en: 'a' }, { en: 'b' }] }), 1)
})

check('create, bulkCreate, update, increment, upsert, findOrCreate, destroy', async () => {
  const ada = await User.create({ name: 'Ada', email: 'ada@x.org', born: '1815-12-10' })
  assert.equal(ada.id, 1)
  const users = await User.bulkCreate([{ name: 'Bob', bossId: 1 }, { name: 'Eve', bossId: 1 }], { returning: true })
  assert.deepEqual(users.map(u => u.id), [2, 3])
  const [n, rows] = await User.update({ email: 'b@x.org' }, { where: { name: 'Bob' }, returning: true })
  assert.deepEqual([n, rows[0].email], [1, 'b@x.org'])
  const [u, created] = await User.findOrCreate({ where: { name: 'New' }, defaults: { email: 'n@x.org' } })
  assert.deepEqual([u.name, created], ['New', true])
  assert.equal((await User.findOrCreate({ where: { name: 'New' } }))[1], false)
  const [up] = await User.upsert({ name: 'New', email: 'up@x.org' }, { conflictFields: ['name'] })
  assert.equal(up.email, 'up@x.org')
  await User.bulkCreate([{ name: 'New', email: 'bulk@x.org' }], { updateOnDuplicate: ['email'], conflictAttributes: ['name'] })
  assert.equal((await User.findOne({ where: { name: 'New' } })).email, 'bulk@x.org')
  const post = await Post.create({ title: 'T', authorId: 1 })
  await post.increment('likes', { by: 3 })
  assert.equal((await post.reload()).likes, 3)
  assert.equal(await Post.destroy({ where: { id: post.id } }), 1)
})

check('paranoid: soft delete and restore', async () => {
  await User.destroy({ where: { name: 'New' } })
  assert.equal(await User.count(), 3)
  assert.equal(await User.count({ paranoid: false }), 4)
  await User.restore({ where: { name: 'New' } })
  await User.destroy({ where: { name: 'New' }, force: true })
  assert.equal(await User.count({ paranoid: false }), 3)
})

check('associations: include, nested, through, required, separate', async () => {
  const ada = await User.findByPk(1)
  await ada.createProfile({ bio: 'first' })
  await ada.createPost({ title: 'One' })
  const two = await ada.createPost({ title: 'Two' })
  await Tag.bulkCreate([{ label: 'x' }, { label: 'y' }])
  await two.setTags(['x', 'y'])
  const full = await User.findOne({ where: { name: 'Ada' }, include: [Profile, { model: Post, as: 'posts', include: [Tag] }], order: [[{ model: Post, as: 'posts' }, 'title', 'ASC'], [{ model: Post, as: 'posts' }, Tag, 'label', 'DESC']] })
  assert.equal(full.Profile.bio, 'first')
  assert.deepEqual(full.posts.map(p => [p.title, p.Tags.map(t => t.label)]), [['One', []], ['Two', ['y', 'x']]])
  const tagged = await Post.findAll({ include: [{ model: Tag, where: { label: 'x' } }, { model: User, as: 'author' }] })
  assert.deepEqual(tagged.map(p => [p.title, p.author.name]), [['Two', 'Ada']])
  const page = await User.findAndCountAll({ include: [{ model: Post, as: 'posts' }], distinct: true, limit: 2, order: ['id'] })
  assert.deepEqual([page.count, page.rows.map(r => r.posts.length)], [3, [2, 0]])
  const separate = await User.findAll({ include: [{ model: Post, as: 'posts', separate: true, limit: 1, order: ['title'] }, { model: User, as: 'boss' }], order: ['id'] })
  assert.deepEqual(separate.map(u => [u.name, u.posts.length, u.boss && u.boss.name]), [['Ada', 1, null], ['Bob', 0, 'Ada'], ['Eve', 0, 'Ada']])
  assert.equal(await ada.countPosts(), 2)
})

check('aggregates, group, having, raw, replacements, bind', async () => {
  const r = await Post.findAll({ attributes: ['authorId', [fn('COUNT', col('id')), 'n'], [literal('sum(likes)'), 's']], group: 'authorId', having: literal('count(*) > 1'), raw: true })
  assert.deepEqual(r, [{ authorId: 1, n: '2', s: '0' }])
  assert.deepEqual(await db.query('select :a::int as a, $1', { replacements: { a: 1 }, type: QueryTypes.SELECT }).catch(e => e.parent.code), '42P02')
  assert.deepEqual(await db.query('select $a::int as a, $b::text as b', { bind: { a: 1, b: 'x' }, type: QueryTypes.SELECT }), [{ a: 1, b: 'x' }])
  assert.equal(await Post.max('title'), 'Two')
})

check('errors become Sequelize\'s', async () => {
  await assert.rejects(User.create({ name: 'Ada' }), (e) => { assert.ok(e instanceof UniqueConstraintError); assert.deepEqual(e.fields, { name: 'Ada' }); return true })
  await assert.rejects(Post.create({ title: 'x', authorId: 99 }), (e) => { assert.ok(e instanceof ForeignKeyConstraintError); assert.deepEqual([e.table, e.index], ['Posts', 'Posts_authorId_fkey']); return true })
  await assert.rejects(User.create({ name: 'V', email: 'no' }), ValidationError)
  await assert.rejects(db.query('select nope'), { name: 'SequelizeDatabaseError' })
})

check('transactions: managed, rolled back, savepoints, locks, isolation', async () => {
  await assert.rejects(db.transaction(async transaction => { await Post.destroy({ where: {}, transaction }); throw new Error('back') }), /back/)
  assert.equal(await Post.count(), 2)
  await db.transaction(async t => {
    await db.transaction({ transaction: t }, async s => { await Tag.destroy({ where: {}, transaction: s }); throw new Error('s') }).catch(() => {})
    assert.equal(await Tag.count({ transaction: t }), 2)
    assert.equal((await Post.findAll({ lock: t.LOCK.UPDATE, skipLocked: true, transaction: t })).length, 2)
  })
  await db.transaction({ isolationLevel: Sequelize.Transaction.ISOLATION_LEVELS.READ_COMMITTED }, t => Tag.count({ transaction: t }))
})

check('introspection: tables, columns, indexes, foreign keys, constraints', async () => {
  assert.deepEqual((await qi.showAllTables()).map(t => t.tableName || t).sort(), ['Everythings', 'PostTags', 'Posts', 'Profiles', 'Tags', 'Users'])
  const d = await qi.describeTable('Everythings')
  assert.deepEqual(Object.fromEntries(['id', 'str10', 'dec', 'at', 'en', 'ints', 'jsb', 'uuid', 'r'].map(k => [k, d[k].type])), {
    id: 'INTEGER', str10: 'CHARACTER VARYING(10)', dec: 'NUMERIC', at: 'TIMESTAMP WITH TIME ZONE', en: 'USER-DEFINED', ints: 'ARRAY', jsb: 'JSONB', uuid: 'UUID', r: 'INT4RANGE' })
  assert.deepEqual([d.id.primaryKey, d.str10.allowNull, d.str10.defaultValue, d.bool.defaultValue, d.en.special], [true, false, 'd', true, ['a', 'b']])
  const ix = await qi.showIndex('Everythings')
  assert.deepEqual(ix.map(i => [i.name, i.unique, i.primary, i.fields.map(f => f.attribute)]).sort(), [
    ['Everythings_pkey', true, true, ['id']], ['everythings_at', false, false, ['at']], ['everythings_int_big', true, false, ['int', 'big']],
    ['everythings_jsb', false, false, ['jsb']], ['everythings_str', false, false, ['str']], ['on_lower', false, false, []]].sort())
  const fk = await qi.getForeignKeyReferencesForTable('Posts')
  assert.deepEqual(fk.map(f => [f.constraintName, f.columnName, f.referencedTableName, f.referencedColumnName]), [['Posts_authorId_fkey', 'authorId', 'Users', 'id']])
  assert.ok((await qi.showConstraint('Users')).map(c => c.constraintName).includes('Users_name_key'))
  assert.ok((await qi.showAllSchemas()).length >= 0)
})

check('query interface: alter tables', async () => {
  await qi.createTable('alters', { id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true }, a: DataTypes.STRING, e: DataTypes.ENUM('p', 'q') })
  await qi.addColumn('alters', 'b', { type: DataTypes.INTEGER, defaultValue: 3, allowNull: false, comment: 'bee' })
  await qi.changeColumn('alters', 'b', { type: DataTypes.BIGINT, allowNull: true, defaultValue: 4 })
  await qi.renameColumn('alters', 'a', 'c')
  await qi.addIndex('alters', ['c'], { name: 'alters_c' })
  await qi.addConstraint('alters', { fields: ['b'], type: 'check', name: 'b_positive', where: { b: { [Op.gt]: 0 } } })
  await qi.addConstraint('alters', { fields: ['c'], type: 'unique', name: 'c_unique' })
  await db.query(`alter type "enum_alters_e" add value 'r'`)
  await qi.bulkInsert('alters', [{ c: 'x', e: 'r' }])
  assert.deepEqual((await db.query('select * from alters', { type: QueryTypes.SELECT })), [{ id: 1, c: 'x', e: 'r', b: '4' }])
  await assert.rejects(qi.bulkInsert('alters', [{ c: 'y', b: -1 }]), { name: 'SequelizeDatabaseError' })
  await qi.removeConstraint('alters', 'b_positive')
  await qi.removeIndex('alters', 'alters_c')
  await qi.removeColumn('alters', 'b')
  await qi.renameTable('alters', 'altered')
  assert.deepEqual(Object.keys(await qi.describeTable('altered')), ['id', 'c', 'e'])
  await qi.dropTable('altered')
})

check('migrations by umzug', async () => {
  const m = (name, up, down) => ({ name, up: ({ context }) => up(context), down: ({ context }) => down(context) })
  const umzug = new Umzug({
    migrations: [
      m('1-create', q => q.createTable('migrated', { id: { type: DataTypes.INTEGER, primaryKey: true } }), q => q.dropTable('migrated')),
      m('2-column', q => q.addColumn('migrated', 'extra', DataTypes.JSONB), q => q.removeColumn('migrated', 'extra'))],
    context: qi, storage: new SequelizeStorage({ sequelize: db }), logger: undefined
  })
  assert.deepEqual((await umzug.up()).map(x => x.name), ['1-create', '2-column'])
  assert.deepEqual(await umzug.up(), [])
  assert.deepEqual(Object.keys(await qi.describeTable('migrated')), ['id', 'extra'])
  await umzug.down()
  assert.deepEqual((await umzug.pending()).map(x => x.name), ['2-column'])
  await umzug.down({ to: 0 })
  assert.equal(await qi.tableExists('migrated'), false)
})

check('schemas', async () => {
  await qi.createSchema('other')
  const T = db.define('T', { a: DataTypes.INTEGER, e: DataTypes.ENUM('m', 'n') }, { schema: 'other' })
  await T.sync()
  await T.create({ a: 1, e: 'm' })
  assert.equal(await T.count(), 1)
  await T.drop()
  await qi.dropSchema('other')
})

check('truncate, drop', async () => {
  await Everything.truncate({ restartIdentity: true, cascade: true })
  assert.equal((await Everything.create({})).id, 1)
  await db.drop({})
  assert.deepEqual((await qi.showAllTables()).length, 0)
})

done(() => db.close())
