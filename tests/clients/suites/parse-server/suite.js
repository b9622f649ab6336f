'use strict'
// Parse Server: makes its tables and functions, and serves objects over REST.
const assert = require('node:assert/strict')
const express = require('express')
const { ParseServer } = require('parse-server')
const { check, done } = require('../_lib/tap')

const { PGHOST, PGPORT, PGUSER, PGDATABASE } = process.env
const databaseURI = `postgres://${PGUSER}@${PGHOST}:${PGPORT}/${PGDATABASE}`
let server, http, url

async function rest (method, path, body, headers = {}) {
  const r = await fetch(url + path, { method, body: body && JSON.stringify(body), headers: { 'X-Parse-Application-Id': 'suite', 'Content-Type': 'application/json', ...headers } })
  const json = await r.json()
  if (!r.ok) throw Object.assign(new Error(JSON.stringify(json)), { code: json.code })
  return json
}
const master = { 'X-Parse-Master-Key': 'master' }
const find = async (name, where, more = '') => (await rest('GET', `/classes/${name}?where=${encodeURIComponent(JSON.stringify(where))}${more}`)).results

async function start () {
  server = new ParseServer({ databaseURI, appId: 'suite', masterKey: 'master', serverURL: 'http://127.0.0.1/parse', allowClientClassCreation: true, verbose: false, silent: true, logsFolder: null })
  await server.start()
  const app = express()
  app.use('/parse', server.app)
  http = await new Promise(resolve => { const h = app.listen(0, '127.0.0.1', () => resolve(h)) })
  server.server = http // what handleShutdown closes
  url = `http://127.0.0.1:${http.address().port}/parse`
}
async function stop () {
  http.closeAllConnections()
  await server.handleShutdown()
}

check('it starts on an empty database, and again on its own', async () => {
  await start()
  await stop()
  await start()
  assert.deepEqual(await rest('GET', '/health'), { status: 'ok' })
})

let first
check('objects of every type come back', async () => {
  const fields = { text: "it's 日本", n: 1.5, yes: true, list: [1, 'two', { three: 3 }], map: { a: { b: [null] } }, at: { __type: 'Date', iso: '2024-02-29T12:34:56.789Z' } }
  first = (await rest('POST', '/classes/Thing', fields)).objectId
  const { objectId, createdAt, updatedAt, ...back } = await rest('GET', `/classes/Thing/${first}`)
  assert.deepEqual(back, fields)
})

check('a class gets new columns as they are written', async () => {
  await rest('POST', '/classes/Thing', { text: 'two', n: 2, extra: 'new', of: { __type: 'Pointer', className: 'Thing', objectId: first } })
  const schema = await rest('GET', '/schemas/Thing', null, master)
  assert.deepEqual([schema.fields.extra.type, schema.fields.of.targetClass], ['String', 'Thing'])
  await assert.rejects(rest('POST', '/classes/Thing', { n: 'a text' }), { code: 111 })
})

check('queries', async () => {
  for (let i = 0; i < 10; i++) await rest('POST', '/classes/Row', { i, tags: ['t' + i % 3], name: 'Row ' + i, deep: { v: i } })
  const n = async (where) => (await find('Row', where, '&order=i')).map(r => r.i)
  assert.deepEqual(await n({ i: { $gte: 3, $lt: 6 } }), [3, 4, 5])
  assert.deepEqual(await n({ i: { $in: [1, 9] } }), [1, 9])
  assert.deepEqual(await n({ tags: { $all: ['t2'] } }), [2, 5, 8])
  assert.deepEqual(await n({ name: { $regex: '^row 7', $options: 'i' } }), [7])
  assert.deepEqual(await n({ $or: [{ i: 0 }, { 'deep.v': 4 }] }), [0, 4])
  assert.deepEqual(await n({ nothing: { $exists: true } }), [])
  assert.equal((await rest('GET', '/classes/Row?count=1&limit=0')).count, 10)
  assert.deepEqual((await rest('GET', '/classes/Row?order=-i&skip=2&limit=2&keys=i')).results.map(r => r.i), [7, 6])
  assert.equal((await rest('GET', '/classes/Thing?include=of&where=' + encodeURIComponent('{"text":"two"}'))).results[0].of.n, 1.5)
})

check('updates: increments, arrays, nested fields, deletes', async () => {
  await rest('PUT', `/classes/Thing/${first}`, { n: { __op: 'Increment', amount: 2 }, list: { __op: 'Add', objects: ['more'] }, 'map.c': 5, text: { __op: 'Delete' } })
  const t = await rest('GET', `/classes/Thing/${first}`)
  assert.deepEqual([t.n, t.list.length, t.map, t.text], [3.5, 4, { a: { b: [null] }, c: 5 }, undefined])
  await rest('PUT', `/classes/Thing/${first}`, { list: { __op: 'AddUnique', objects: ['more', 'once'] } })
  await rest('PUT', `/classes/Thing/${first}`, { list: { __op: 'Remove', objects: ['two'] } })
  assert.deepEqual((await rest('GET', `/classes/Thing/${first}`)).list.map(v => JSON.stringify(v)).sort(), ['"more"', '"once"', '1', '{"three":3}'])
  await rest('DELETE', `/classes/Thing/${first}`)
  await assert.rejects(rest('GET', `/classes/Thing/${first}`), { code: 101 })
})

check('users: sign up, unique names, log in, access', async () => {
  const ada = await rest('POST', '/users', { username: 'ada', password: 'secret', email: 'ada@x.org' })
  await assert.rejects(rest('POST', '/users', { username: 'ada', password: 'x' }), { code: 202 })
  await assert.rejects(rest('POST', '/users', { username: 'eve', password: 'x', email: 'ada@x.org' }), { code: 203 })
  const { sessionToken } = await rest('GET', '/login?username=ada&password=secret')
  const session = { 'X-Parse-Session-Token': sessionToken }
  assert.equal((await rest('GET', '/users/me', null, session)).objectId, ada.objectId)
  await rest('POST', '/classes/Private', { v: 1, ACL: { [ada.objectId]: { read: true, write: true } } }, session)
  assert.equal((await rest('GET', '/classes/Private', null, session)).results.length, 1)
  assert.equal((await rest('GET', '/classes/Private')).results.length, 0)
})

check('schemas: fields, indexes, deletion', async () => {
  await rest('POST', '/schemas/Made', { className: 'Made', fields: { a: { type: 'String' }, b: { type: 'Number' } }, indexes: { by_a: { a: 1 } } }, master)
  await rest('PUT', '/schemas/Made', { className: 'Made', fields: { b: { __op: 'Delete' }, c: { type: 'Array' } } }, master)
  assert.deepEqual(Object.keys((await rest('GET', '/schemas/Made', null, master)).fields).sort(), ['ACL', 'a', 'c', 'createdAt', 'objectId', 'updatedAt'])
  await rest('DELETE', '/schemas/Made', null, master)
})

check('aggregates and distinct values', async () => {
  const r = await rest('GET', '/aggregate/Row?' + new URLSearchParams({ pipeline: JSON.stringify([{ $group: { _id: null, total: { $sum: '$i' }, most: { $max: '$i' } } }]) }), null, master)
  assert.deepEqual([r.results[0].total, r.results[0].most].map(Number), [45, 9])
  const d = await rest('GET', '/aggregate/Row?distinct=name', null, master)
  assert.equal(d.results.length, 10)
})

done(stop)
