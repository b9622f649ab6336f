'use strict'
// The Test Anything Protocol for suites in JavaScript.
//
//   check('what it shows', async () => { assert … })
//   done(async () => { close what is open })
//
// Checks run one after another, in the order they are written, once done is called.

const checks = []

function check (name, body) { checks.push({ name, body }) }

// A check that hangs is a failure of its own, not of the whole suite.
const limit = 60_000

function expire (name) {
  let timer
  const promise = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${name}: still running after ${limit} ms`)), limit)
  })
  return { promise, clear: () => clearTimeout(timer) }
}

async function run (i, { name, body }) {
  const late = expire(name)
  try {
    await Promise.race([body(), late.promise])
    console.log(`ok ${i} - ${name}`)
    return true
  } catch (e) {
    console.log(`not ok ${i} - ${name}`)
    const cause = e.parent || e.cause || e.driverError || e
    const text = [e.stack || String(e), cause.message, cause.code, e.query || e.sql].filter(Boolean).join('\n')
    for (const line of text.split('\n')) console.log('#', line)
    return false
  } finally {
    late.clear()
  }
}

async function done (close = async () => {}) {
  let failed = 0
  for (const [i, c] of checks.entries()) {
    if (!await run(i + 1, c)) failed++
  }
  await close().catch((e) => { failed++; console.log('# close:', e.stack) })
  console.log(`1..${checks.length}`)
  process.exit(failed ? 1 : 0)
}

module.exports = { check, done }
