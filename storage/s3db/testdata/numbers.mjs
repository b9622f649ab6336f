// Makes numbers.tsv: node numbers.mjs FOLDER > numbers.tsv, where FOLDER is s3db.js 21.6.2 unpacked (npm pack).
const { encodeDecimal } = await import(process.argv[2] + '/dist/concerns/base62.js');
let seed=12345; const rnd=()=>{seed=(seed*1103515245+12345)%2147483648; return seed/2147483648};
const vals=[0,1,-1,9,10,35,36,61,62,63,0.5,-0.5,0.1,1/3,2/3,100.05,19.99,1e-6,1e-7,1.5e-7,5e-324,1e15,1e16,1e20,1e21,1.5e22,1.7976931348623157e308,9007199254740991,9007199254740992,-9007199254740993,123456789.123456,Math.PI,-Math.E,0.1+0.2,1e300,2.5e-300];
for(let i=0;i<150;i++){ vals.push((rnd()-0.5)*Math.pow(10,Math.floor(rnd()*30-8))); vals.push(Math.floor((rnd()-0.5)*Math.pow(10,rnd()*16))); }
console.log('# value\tbase62.encodeDecimal of s3db.js 21.6.2\tNumber.toString(36) of Node '+process.version);
for(const v of vals) console.log([v, encodeDecimal(v), v.toString(36)].join('\t'));
