// Drives s3db.js for the Go tests: JSON commands on stdin, one a line, an answer
// on stdout for each, in order.
//
//   {"op": "connect", "url": …, "passphrase": …, "options": {…}}     a new connection
//   {"op": "create", "args": [{name, attributes, …}]}                createResource
//   {"op": "call", "resource": NAME, "method": "get", "args": [ID]}  any method of a resource
//   {"op": "all", "resource": NAME, "method": M, "calls": [[…], …]}  calls, some at once; their errors, "" for none
//   {"op": "resources"}                                              names of the resources
//   {"op": "remove", "key": KEY}                                     deletes an object
//   {"op": "verify", "args": [PASSWORD, HASH]}                       verifyPassword, of the library's own files
//   {"op": "settle"}                                                 wait for background requests
//
// An answer is {"ok": VALUE} or {"error": TEXT}. What JSON can't hold is marked
// as in the fixtures: {"$undefined": true}, {"$date": ISO}, {"$number": "NaN"},
// {"$bytes": BASE64}.
//
// Go runs it as text (node --input-type=module -e) in the folder where the
// library is installed, so that LIBRARY is looked up there.

import diagnostics from 'node:diagnostics_channel';
import http from 'node:http';
import readline from 'node:readline';

// 19's get asks for an object with a body twice and leaves the first answer unread,
// which keeps its socket: the AWS SDK's 50 sockets would be used up after 50 rows.
Object.defineProperty(http.Agent.prototype, 'maxSockets', { get: () => Infinity, set() {} });

const { S3db } = await import(process.env.LIBRARY);

let inFlight = 0;
diagnostics.subscribe('http.client.request.start', () => { inFlight++; });
diagnostics.subscribe('http.client.response.finish', () => { inFlight--; });
diagnostics.subscribe('http.client.request.error', () => { inFlight--; });

// A resource writes its references behind the caller's back (setImmediate). Between
// their requests it may encrypt or wait to try again, so that no request under way does
// not mean that none will follow: these methods are waited for themselves.
const background = ['createPartitionReferences', 'handlePartitionReferenceUpdates', 'deletePartitionReferences'];
let referring = 0;

function follow(resource) {
  for (const name of background) {
    const method = resource[name];
    if (!method || Object.hasOwn(resource, name)) continue;
    resource[name] = (...args) => {
      referring++;
      return Promise.resolve(method.apply(resource, args)).finally(() => { referring--; });
    };
  }
}

// versitygw refuses a PUT while a DELETE beside it takes the folder above it away, as when
// the only row of a partition moves; the library would leave the reference out for good.
const refused = 'ExistingObjectIsDirectory';
const attempts = 20;

function persist(client) {
  const put = client.putObject.bind(client);
  client.putObject = async (...args) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await put(...args);
      } catch (e) {
        if (attempt === attempts || ![e.code, e.name, e.original?.name].includes(refused)) throw e;
      }
    }
  };
}

// quiet is how long nothing must have been under way, in turns of 10 ms.
const quiet = 6;

async function settle() {
  for (let still = 0; still < quiet; still = inFlight + referring === 0 ? still + 1 : 0) {
    await new Promise((wake) => setTimeout(wake, 10));
  }
}

function mark(v) {
  if (v === undefined) return { $undefined: true };
  if (typeof v === 'number' && !Number.isFinite(v)) return { $number: String(v) };
  if (Buffer.isBuffer(v)) return { $bytes: v.toString('base64') };
  if (v instanceof Date) return { $date: v.toISOString() };
  if (Array.isArray(v)) return v.map(mark);
  if (v && typeof v === 'object') return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, mark(x)]));
  return v;
}

function unmark(v) {
  if (Array.isArray(v)) return v.map(unmark);
  if (!v || typeof v !== 'object') return v;
  if (v.$undefined) return undefined;
  if (v.$date) return new Date(v.$date);
  if ('$bytes' in v) return Buffer.from(v.$bytes, 'base64');
  return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, unmark(x)]));
}

// fanOut is how many calls of "all" go on at once.
const fanOut = 8;

let db;
const operations = {
  async connect({ url, passphrase, options }) {
    await db?.disconnect?.();
    db = new S3db({
      connectionString: url, passphrase, security: { passphrase, bcrypt: { rounds: 12 } },
      logLevel: 'silent', verbose: false, exitOnSignal: false,
      // The AWS SDK's own HTTP handler; the other one mixes up listings.
      clientOptions: { httpClientOptions: { useReckerHandler: false } },
      ...options,
    });
    await db.connect();
    persist(db.client);
    Object.values(db.resources).forEach(follow);
  },
  async create({ args }) {
    await db.createResource(...args);
    Object.values(db.resources).forEach(follow);
  },
  async call({ resource, method, args }) { return db.resources[resource][method](...args); },
  async all({ resource, method, calls }) {
    const errors = calls.map(() => '');
    let next = 0;
    const worker = async () => {
      while (next < calls.length) {
        const i = next++;
        try { await db.resources[resource][method](...calls[i]); } catch (e) { errors[i] = String(e?.message || e); }
      }
    };
    await Promise.all(Array.from({ length: fanOut }, worker));
    return errors;
  },
  async resources() { return Object.keys(db.resources).sort(); },
  async remove({ key }) { await db.client.deleteObject(key); },
  async verify({ args }) {
    const { verifyPassword } = await import(`${process.cwd()}/node_modules/s3db.js/dist/concerns/password-hashing.js`);
    return verifyPassword(...args);
  },
  settle,
};

for (const name of ['log', 'warn', 'error', 'info', 'debug']) console[name] = () => {}; // stdout is ours
process.on('unhandledRejection', () => {}); // of background work; what it should have written is tested

for await (const line of readline.createInterface({ input: process.stdin })) {
  let answer;
  try {
    const { op, ...rest } = unmark(JSON.parse(line));
    answer = { ok: mark(await operations[op](rest)) };
  } catch (e) {
    answer = { error: String(e?.message || e) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
process.exit(0);
