// Makes behaviors.tsv: node behaviors.mjs FOLDER19 FOLDER21, folders as for validations.mjs. Each line is a row of two texts and
// what the behavior's own handler makes of it: for each name in metadata the bytes of its value before the text layer, the names
// in the body, and the bytes of metadata as S3 counts them once encoded; or "refused". Both versions agree in all of them.
import fs from 'node:fs';

const editions = [];
for (const folder of process.argv.slice(2, 4)) {
  const { getBehavior } = await import(folder + '/dist/behaviors/index.js');
  const { metadataEncode } = await import(folder + '/dist/concerns/metadata-encoding.js');
  editions.push({ getBehavior, metadataEncode });
}

const utf8 = (s) => Buffer.byteLength(s);
const resource = { name: 't', version: 'v1', config: { timestamps: false }, emit() {}, schema: { map: { one: '0', two: '1' } }, logger: { debug() {}, warn() {}, info() {}, trace() {} } };

async function handled({ getBehavior, metadataEncode }, behavior, op, one, two) {
  const mapped = { 0: one, 1: two, _v: 'v1' };
  const args = { resource, data: { one, two }, mappedData: { ...mapped }, originalData: { one, two } };
  if (op === 'update') Object.assign(args, { id: 'key', data: { id: 'key', one, two }, originalData: { id: 'key', one, two } });
  let out;
  try {
    out = op === 'insert' ? await getBehavior(behavior).handleInsert(args) : await getBehavior(behavior).handleUpdate(args);
  } catch (e) {
    return 'refused';
  }
  const { mappedData, body } = out;
  const metadata = {};
  let sent = 0;
  for (const [name, value] of Object.entries(mappedData)) {
    if (name.startsWith('$') || name === '_map' || name === '_pluginMap') { if (name[0] === '$') sent += utf8(name) + 4; continue; }
    metadata[name] = utf8(String(value));
    sent += utf8(name) + utf8(metadataEncode(value).encoded);
  }
  const inBody = body ? Object.keys(JSON.parse(body)).filter((n) => n === '0' || n === '1') : [];
  return JSON.stringify([metadata, inBody, sent]);
}

const out = ['# behavior\toperation\tone\ttwo: [text, times]\tmetadata, body, bytes as sent'];
for (const behavior of ['user-managed', 'enforce-limits', 'truncate-data', 'body-overflow', 'body-only']) {
  for (const op of ['insert', 'update']) {
    for (const unit of ['x', 'é', '日', '👋', 'e\u0301', '"']) {
      const room = op === 'insert' ? 2043 : 2043 - 5; // section 8
      const sizes = new Set([1, 100, 3000]);
      for (const limit of [room - 6, room - 2, room - 2 - 14, room - 6 - 14]) { // with names or without, with the flag or without
        for (let d = -3; d <= 3; d++) sizes.add(Math.floor((limit + d) / utf8(unit)));
      }
      for (const n of [...sizes].sort((a, b) => a - b)) {
        for (const first of [['', 0], ['y', 1], ['é', 3]]) {
          const one = first[0].repeat(first[1]), two = unit.repeat(n);
          if (behavior === 'user-managed' && op === 'update') continue; // copies the document into the body: section 8
          const results = [];
          for (const e of editions) results.push(await handled(e, behavior, op, one, two));
          if (results[0] !== results[1]) throw new Error([behavior, op, unit, n, ...results].join(' '));
          out.push([behavior, op, JSON.stringify(first), JSON.stringify([unit, n]), results[1]].join('\t'));
        }
      }
    }
  }
}
fs.writeFileSync('behaviors.tsv', out.join('\n') + '\n');
console.log(out.length - 1);
