// Makes validations.tsv: node validations.mjs FOLDER19 FOLDER21, where the folders are s3db.js 19.5.10 and 21.6.2 as
// scripts/install-s3dbjs.sh installs them (.../VERSION/node_modules/s3db.js). Each line is a definition, a document, and
// what the resource's own validator says to it in either version: "field type message" of each error. A dash stands for a
// definition that the version refuses.
import fs from 'node:fs';

const editions = [];
for (const folder of process.argv.slice(2, 4)) editions.push((await import(folder + '/dist/core/resource-validator.class.js')).ResourceValidator);

const missing = Symbol('missing');

// Values of every kind that JSON has, for the rules of every type.
const texts = ['', ' ', 'a', 'ab', 'abc', 'abcdef', 'aBc1', '12', '1.5', 'true', 'on', 'é', 'e\u0301', '日本語', '👋🏽', 'a\nb', 'a b', 'red', 'null', 'a@b.co', 'https://x.org'];
const others = [0, 1, -1, 7, 1.5, -2.5, 1e21, 9007199254740993, true, false, [], ['a'], ['a', 'ab'], ['a', 'a'], [1, 2], [1, 'x'], ['a', null], {}, { a: 'x' }, null, missing];
const formats = {
  uuid: ['550e8400-e29b-41d4-a716-446655440000', '550E8400-E29B-41D4-A716-446655440000', '550e8400-e29b-91d4-a716-446655440000', '550e8400e29b41d4a716446655440000', 'x'],
  datetime: ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00.123+02:00', '2024-02-29', '2024-13-01', 'tomorrow', 1709208000000],
  dateonly: ['2024-02-29', '2024-02-29T12:00:00Z', '2024-13-01', 'x'],
  timeonly: ['12:30', '12:30:15', '12:30:15.250', '24:00', '12:60', 'noon'],
  mac: ['AA:BB:CC:DD:EE:FF', 'aa-bb-cc-dd-ee-ff', 'aabb.ccdd.eeff', 'AA:BB:CC:DD:EE', 'zz:BB:CC:DD:EE:FF'],
  cidr: ['192.168.1.0/24', '10.0.0.0/8', '10.0.0.0/33', '300.0.0.0/8', '10.0.0.0'],
  ip4: ['192.168.1.1', '1.1.1.1'], ip6: ['::1', '2001:db8::1'],
  duration: ['PT1H30M', '1h30m', '90m', '500ms', 'P1D', 'PT', 'soon', 5400000],
};
const rules = {
  string: ['', 'min:2', 'max:2', 'min:2|max:3', 'length:2', 'empty:false', 'empty:true|min:3', 'alpha', 'alphanum', 'alphadash', 'numeric', 'hex', 'base64', 'singleLine', 'contains:b', 'pattern:^[a-z]+$', 'pattern:b.', 'pattern:^A|patternFlags:i', 'pattern:12', 'pattern:^\\p{L}+$|patternFlags:u', 'pattern:(?=a)a', 'convert', 'trim', 'trim:false|min:2', 'lowercase|pattern:^[a-z]+$', 'uppercase|pattern:^[A-Z]+$', 'padStart:4|min:4', 'min:0', 'min:x', 'alpha:false', 'required'],
  number: ['', 'min:1', 'max:1', 'min:-1|max:2', 'equal:7', 'notEqual:7', 'integer', 'positive', 'negative', 'integer|positive', 'convert:false', 'min:1.5', 'integer:false'],
  boolean: ['', 'convert:false'], bool: [''], any: [''], json: [''], object: [''], email: ['', 'min:7', 'max:5', 'normalize', 'mode:precise', 'empty:true'], url: ['', 'empty:true'],
  array: ['', 'items:string', 'items:number', 'items:boolean', 'items:email', 'items:any', 'items:string|min:1', 'items:string|max:1', 'items:string|length:1', 'items:string|empty:false', 'items:string|unique', 'items:string|contains:a', 'items:number|contains:1', 'items:string|convert', 'items:number|integer'],
  secret: ['', 'min:3', 'pattern:^a'], password: ['min:3'], money: ['', 'max:5', 'min:-2'], 'money:4': [''], crypto: [''], decimal: ['', 'min:0', 'positive'], 'decimal:3': ['integer'],
  'geo:lat': ['', 'min:0'], 'geo:lon': ['', 'max:1'], uuid: ['', 'version:4'], datetime: [''], dateonly: [''], timeonly: [''], mac: [''], cidr: [''], ip4: [''], ip6: [''], duration: [''],
  semver: [''], phone: [''], color: [''], locale: [''], currency: [''], country: [''], ean: [''], cron: [''], 'embedding:2': [''], embedding: [''],
};
const presences = ['', 'optional', 'nullable', 'optional|nullable', 'optional:false'];

const cases = []; // [attributes, documents]
const each = (rule, values) => cases.push([{ v: rule }, values.map((v) => (v === missing ? {} : { v }))]);
for (const [type, modifiers] of Object.entries(rules)) {
  for (const m of modifiers) each([type, m].filter(Boolean).join('|'), [...texts, ...others, ...(formats[type] || [])]);
  for (const p of presences) each([type, p].filter(Boolean).join('|'), [null, missing]);
}
for (const d of ['string|default:x', 'number|default:7', 'boolean|default:true', 'string|default:x|nullable', 'string|min:3|default:x', 'string|optional|default:x']) each(d, [null, missing, 'y']);

// The same as objects, which fastest-validator sees as they are.
const objects = [
  { type: 'string', min: 2, max: 3 }, { type: 'string', length: 2, optional: true }, { type: 'string', pattern: '^a.$' }, { type: 'string', enum: ['a', 'ab', 'red'] },
  { type: 'enum', values: ['a', 'red', 7, true] }, { type: 'number', min: 1, max: 7, integer: true }, { type: 'number', convert: false }, { type: 'number', nullable: true, positive: true },
  { type: 'boolean' }, { type: 'boolean', convert: false, optional: true }, { type: 'array', items: 'string', min: 1 }, { type: 'array', items: 'number|min:2' }, { type: 'array', items: 'string|min:2', max: 2, unique: true },
  { type: 'array', enum: ['a', 'ab'] }, { type: 'array', items: { type: 'string', min: 2 } }, { type: 'array', items: { type: 'array', items: 'number' } }, { type: 'array', convert: true, items: 'string' },
  { type: 'string', default: 'x' }, { type: 'number', default: 7, min: 1 }, { type: 'array', default: ['a'], items: 'string' }, { type: 'email', empty: true }, { type: 'money', max: 5 }, { type: 'geo:lat' }, { type: 'decimal', min: 1 },
  { type: 'any' }, { type: 'object' }, { type: 'object', minProps: 1 }, { type: 'object', maxProps: 0 }, { type: 'object', props: { a: 'string|min:2' } }, { type: 'object', props: { a: 'string' }, optional: true }, { type: 'object', strict: true, props: { a: 'string' } },
  { type: 'secret', min: 3 }, { type: 'uuid' }, { type: 'mac' }, { type: 'phone' }, { type: 'color', optional: true },
  { type: 'string', min: 3, messages: { stringMin: 'At least {expected} in {field}, not {actual}!', required: 'Say {field}.', string: 'Text please' } },
  { type: 'number', max: 1, label: 'My number', messages: { numberMax: '{field} is {actual}, more than {expected}', number: 'A number!' } },
  { type: 'array', items: 'string', min: 1, messages: { arrayMin: 'Some {field}' } },
  { type: 'email', messages: { email: 'Bad mail', emailEmpty: 'No mail' } },
];
for (const o of objects) each(o, [...texts, ...others]);

// Nested objects, arrays of objects, several attributes at a time.
const people = [{ name: 'Ana', address: { city: 'Rio', zip: '123' } }, { name: 'A', address: { zip: '1234' } }, { name: 'Ana', address: null }, { name: 'Ana' }, { name: 'Ana', address: 'Rio' }, { name: 'Ana', address: [] },
  { name: 7, address: { city: 7, zip: 7, geo: { lat: 91, lon: 'x' } } }, { address: { city: '', geo: {} } }, { name: null, address: { city: null, geo: null } }, { name: 'Ana', address: { city: 'Rio', extra: 1, geo: { lat: -90, lon: 180 } } }, {}];
for (const address of [
  { city: 'string|min:2', zip: 'string|length:3|optional', geo: { lat: 'geo:lat', lon: 'geo:lon' } },
  { $$type: 'object', city: 'string|min:2', zip: 'string|optional' }, { $$type: 'object|required', city: 'string' }, { $$type: 'object|optional', city: 'string|optional' },
  { city: { type: 'string', min: 2, messages: { required: 'Where?' } }, geo: { $$type: 'object|required', lat: 'number', lon: 'number|optional' } },
  { city: 'string', deep: { deeper: { deepest: { list: 'array|items:number', word: 'string|min:3' } } } },
]) cases.push([{ name: 'string|min:2', address }, people]);
cases.push([{ deep: { deeper: { deepest: { list: { type: 'array', items: 'number|min:1' }, word: 'string|min:3' } } } },
  [{ deep: { deeper: { deepest: { list: [1, 0, 'x'], word: 'ab' } } } }, { deep: { deeper: { deepest: {} } } }, { deep: { deeper: {} } }, { deep: { deeper: 1 } }, {}]]);
const lists = [[], [{}], [{ sku: 'abc', n: 1 }], [{ sku: 'a', n: 0 }, { sku: 'abc' }, 'x', null, { n: '2', sku: null }], [[]], 'x', { sku: 'abc', n: 1 }, null, missing, [{ sku: 'abc', n: 1, tags: ['a', 'b'], at: { city: 'Rio' } }, { sku: 'abc', n: 1.5, tags: ['', 7], at: { city: '' } }]];
for (const items of [{ type: 'object', props: { sku: 'string|length:3', n: 'number|positive' } }, { type: 'object', properties: { sku: 'string', n: 'number|integer|optional', tags: { type: 'array', items: 'string|min:1', optional: true }, at: { type: 'object', optional: true, props: { city: 'string|min:2' } } } }, 'object', { type: 'object', optional: true, props: { sku: 'string' } }]) {
  for (const more of [{}, { min: 1 }, { max: 1, optional: true }, { empty: false }]) each({ type: 'array', items, ...more }, lists);
}
cases.push([{ a: 'string|min:3', b: 'number|positive', c: 'email', d: 'array|items:string|min:1', e: { f: 'boolean', g: 'url|optional' }, h: 'uuid|optional' },
  [{ a: 'x', b: -1, c: 'no', d: [], e: { f: 'perhaps', g: 'ftp://x' }, h: 'x' }, {}, { a: 'xyz', b: 1, c: 'a@b.co', d: ['x'], e: { f: true } }, { a: 'xyz', b: 0, c: '', d: ['x'], e: {} }]]);

const out = ['# attributes\tdocument\terrors of 19.5.10\terrors of 21.6.2'];
const compiled = (Validator, attributes) => {
  try { return new Validator({ attributes: structuredClone(attributes), allNestedObjectsOptional: true, security: { passphrase: 'p', bcrypt: { rounds: 12 } }, autoEncrypt: false, autoHash: false }); } catch { return null; }
};
const verdict = async (validator, document) => {
  if (!validator) return '-';
  const { errors } = await validator.validate(validator.applyDefaults(structuredClone(document)));
  return JSON.stringify(errors.map((e) => [e.field ?? null, e.type ?? null, e.message]));
};
const seen = new Set();
for (const [attributes, documents] of cases) {
  const validators = editions.map((v) => compiled(v, attributes));
  for (const document of documents) {
    const line = [JSON.stringify(attributes), JSON.stringify(document)];
    if (seen.has(line.join('\t')) || validators.every((v) => !v)) continue;
    seen.add(line.join('\t'));
    for (const v of validators) line.push(await verdict(v, document));
    if (line[3] === line[2]) line[3] = '=';
    out.push(line.join('\t'));
  }
}
fs.writeFileSync('validations.tsv', out.join('\n') + '\n');
console.log(out.length - 1);
