// The work of s3dbjs_test.go by s3db.js: one step of it in a process, whose result is a line
// of JSON on stdout: {rows, ms, cpu, again, requests: {GET: n, …}}; cpu is the process's time
// in ms, again the time that the same took a second time.
//
// Go runs it as text (node --input-type=module -e) in the folder where the library is
// installed, with LOCATION, STEP, ROWS and GETS in the environment.

import diagnostics from 'node:diagnostics_channel';
import http from 'node:http';

// The library leaves answers with a body unread, and each keeps its socket: the AWS SDK's
// 50 would be used up, and deleteMany wait for ever.
Object.defineProperty(http.Agent.prototype, 'maxSockets', { get: () => Infinity, set() {} });

const { S3db } = await import('s3db.js/lite');

const { LOCATION, STEP } = process.env;
const rows = Number(process.env.ROWS);
const gets = Number(process.env.GETS);

let requests = {};
let inFlight = 0;
let lastEvent = 0; // when a request began or ended
const ended = () => { inFlight--; lastEvent = performance.now(); };
diagnostics.subscribe('http.client.request.start', ({ request }) => {
  const query = request.path.split('?')[1] ?? '';
  const kind = query.includes('list-type') ? 'LIST' : request.method === 'POST' ? 'DELETE BATCH' : request.method;
  requests[kind] = (requests[kind] ?? 0) + 1;
  inFlight++;
  lastEvent = performance.now();
});
diagnostics.subscribe('http.client.response.finish', ended);
diagnostics.subscribe('http.client.request.error', ended);

// settled waits for what goes on in the background, where s3db.js writes partitions, and
// says when it ended. An answer that the library leaves unread never ends.
async function settled() {
  const from = performance.now();
  const idle = () => performance.now() - Math.max(lastEvent, from);
  while (idle() < (inFlight > 0 ? 500 : 30)) await new Promise((wake) => setTimeout(wake, 5));
  return lastEvent;
}

// abandoned waits until no request has begun or ended for two seconds: the promise of
// 21.6.2's deleteMany may never be kept, though everything is deleted.
async function abandoned() {
  do await new Promise((wake) => setTimeout(wake, 100)); while (lastEvent === 0 || performance.now() - lastEvent < 2000);
}

const id = (i) => String(i).padStart(8, '0');
const all = Array.from({ length: rows }, (_, i) => id(i));
const document = (i) => ({ id: id(i), name: `name ${i}`, n: i % 100, country: `C${i % 10}`, note: 'x'.repeat(150) });

const steps = {
  async insert(r) { await r.insertMany(all.map((_, i) => document(i))); return rows; },
  async get(r) { for (let i = 0; i < gets; i++) await r.get(id(i)); return gets; },
  async getMany(r) { return (await r.getMany(all.slice(0, gets))).length; },
  async partition(r) { return (await r.list({ partition: 'byCountry', partitionValues: { country: 'C3' }, limit: rows })).length; },
  async count(r) { return r.count(); },
  async filter(r) { return (await r.query({ n: 42 })).length; },
  async list(r) { return (await r.list({ limit: rows })).length; },
  async delete(r) { await Promise.race([r.deleteMany(all), abandoned()]); return rows; },
};

const db = new S3db({
  connectionString: LOCATION, logLevel: 'silent', exitOnSignal: false,
  // The AWS SDK's own HTTP handler: the library's gives two listings at once one answer.
  clientOptions: { httpClientOptions: { useReckerHandler: false } },
});
await db.connect();
const resource = db.resources.bench ?? await db.createResource({
  name: 'bench', behavior: 'body-overflow',
  attributes: { name: 'string', n: 'number|integer', country: 'string', note: 'string' },
  partitions: { byCountry: { fields: { country: 'string' } } },
});
await settled();

async function measured() {
  requests = {};
  const begin = performance.now();
  const used = process.cpuUsage();
  const count = await steps[STEP](resource);
  const answered = performance.now();
  const last = await settled();
  const { user, system } = process.cpuUsage(used);
  return { rows: count, cpu: (user + system) / 1000, ms: (STEP === 'delete' ? lastEvent : Math.max(answered, last)) - begin, requests };
}

const first = await measured();
if (STEP !== 'insert' && STEP !== 'delete') first.again = (await measured()).ms;
process.stdout.write(`\n${JSON.stringify(first)}\n`);
await db.disconnect();
process.exit(0);
