'use strict'
// pg.js OPTIONS: node-postgres with the options of a Client as JSON (ca, cert and key of ssl are files).
const fs = require('node:fs')
const { Client } = require('pg')

async function main () {
  const options = JSON.parse(process.argv[2])
  for (const file of ['ca', 'cert', 'key']) {
    if (options.ssl && options.ssl[file]) options.ssl[file] = fs.readFileSync(options.ssl[file], 'utf8')
  }
  const c = new Client(options)
  await c.connect()
  const { rows: [r] } = await c.query("SELECT ssl, version, current_user AS who, coalesce(client_dn, '') AS dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
  console.log(r.ssl, r.version, r.who, r.dn)
  const big = await c.query("SELECT repeat('x', 1000) AS x FROM generate_series(1, 3000)")
  if (big.rows.length !== 3000) throw new Error(big.rows.length)
  await c.end()
}
main().catch(e => { console.error(e.code, e.message); process.exit(1) })
