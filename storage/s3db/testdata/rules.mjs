// Makes rules.tsv: node rules.mjs FOLDER, where FOLDER is s3db.js 21.6.2 unpacked (npm pack) with its lodash-es and
// fastest-validator 1.19.1 installed. Each rule has an attribute name of its own: s3db.js caches validators by attribute
// names alone, so two definitions with the same names would share the rules of the first.
const { Schema } = await import(process.argv[2] + '/dist/schema.class.js');
import fs from 'node:fs';
const T = ['', 'a', 'ab', 'abc', 'abcd', 'abcde', 'aBc', '123', '-1.5', '1e5', 'a1', 'a-1_', 'a b', '00ff', '0', 'zz', 'YQ==', 'YQ', 'a\nb', '👋', '👋👋', '👋👋👋', 'é', '日本', 'a@b', 'a@b.co', 'a.b+c@example.org', 'x y@z.de', 'https://example.org/p?q=1', 'http://x', 'ftp://x', 'https://', '4111 1111 1111 1111', '4111111111111112', '79927398713', '1.2.3', 'v1.2.3', '1.2', '+5511999887766', '12345', '55 (11) 99988-7766', '#FF8800', '#F57', 'ff8800', '#12', 'pt-BR', 'pt_br', 'en', 'eng', 'USD', 'usd', 'US', 'BR', 'BRA', '4006381333931', '96385074', '123456789', '*/5 * * * *', '0 1,2 3-4 * 5/2', '* * * *', '* * * * * *', 'red', 'green', 'blue', 'null', 'undefined'];
const N = [0, -0, 1, -1, 2, 3, 5, 6, 0.5, -0.5, 1.5, 1e21, -1e21, 9007199254740991, 1e-7];
const A = [[], ['a'], ['a', 'a'], ['a', 'b'], ['a', 'b', 'c'], ['', ''], ['x'.repeat(5)]];
const NA = [[], [1], [1, 1], [1, 2], [1, 2, 3], [0.5, -1], [2]];
const text = ['string', 'string|min:2', 'string|max:3', 'string|min:2|max:4', 'string|length:3', 'string|empty:false', 'string|min:1|empty:true', 'string|alpha', 'string|alphanum', 'string|alphadash', 'string|numeric', 'string|hex', 'string|base64', 'string|singleLine', 'string|contains:b', 'string|pattern:^[a-z]+$', 'string|pattern:b', 'string|pattern:^A|patternFlags:i', 'email', 'email|mode:precise', 'email|min:6', 'email|empty:true', 'url', 'url|empty:true', 'luhn', 'semver', 'phone', 'color', 'locale', 'currency', 'country', 'ean', 'cron', 'string|optional|min:3', 'secret|min:3'];
const num = ['number', 'number|min:1', 'number|max:1', 'number|min:-1|max:1', 'number|equal:5', 'number|notEqual:5', 'number|positive', 'number|negative', 'number|positive:true', 'money', 'money|min:-1', 'crypto', 'decimal', 'decimal:4|max:2', 'geo:lat', 'geo:lon|min:0'];
const arr = ['array|items:string', 'array|items:string|min:1', 'array|items:string|max:2', 'array|items:string|length:2', 'array|items:string|empty:false', 'array|items:string|unique', 'array|items:string|contains:a'];
const narr = ['array|items:number', 'array|items:number|min:2', 'array|items:number|unique', 'array|items:number|length:2', 'embedding:2', 'embedding'];
const obj = { 'string|enum:red,green': { type: 'string', enum: ['red', 'green'] }, 'enum|values:red,green': { type: 'enum', values: ['red', 'green'] } };
const out = ['# rule\tvalue as JSON\tthe types of fastest-validator\'s errors through s3db.js 21.6.2\'s Schema'];
for (const [rules, vals] of [[text, T], [num, N], [arr, A], [narr, NA], [Object.keys(obj), T]]) for (const r of rules) { const k = 'v' + (globalThis.n = (globalThis.n||0)+1);
  let s; try { s = new Schema({ name: 't', attributes: { [k]: obj[r] || r }, options: { allNestedObjectsOptional: true }, security: { passphrase: 'p', bcrypt: { rounds: 12 } } }); } catch (e) { console.error(r, e.message); continue; }
  for (const v of [...vals, null]) { const res = await s.validator({ [k]: v }); out.push([r, JSON.stringify(v), res === true ? '' : [...new Set(res.map(e => e.type))].sort().join(',')].join('\t')); }
}
fs.writeFileSync('rules.tsv', out.join('\n') + '\n');
console.log(out.length);
