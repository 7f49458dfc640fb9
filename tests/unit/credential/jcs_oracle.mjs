// Compares our canonical JSON with Node's: JSON.stringify prints numbers and strings as RFC 8785 asks, and sort() orders by UTF-16 code units.
// Usage: node jcs_oracle.mjs PATH-OF-JCS_FILTER
import {spawnSync} from 'node:child_process';

const canonical = v =>
	Array.isArray(v) ? '[' + v.map(canonical).join(',') + ']'
	: v && typeof v === 'object' ? '{' + Object.keys(v).sort().map(k => JSON.stringify(k) + ':' + canonical(v[k])).join(',') + '}'
	: JSON.stringify(v);

let seed = 20260811n; // splitmix64, so that a failure can be repeated
function random64() {
	seed = (seed + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
	let z = seed;
	z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
	z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
	return z ^ (z >> 31n);
}
const below = n => Number(random64() % BigInt(n));

const view = new DataView(new ArrayBuffer(8));
const toDouble = bits => (view.setBigUint64(0, bits), view.getFloat64(0));
const toHex = v => (view.setFloat64(0, v), view.getBigUint64(0).toString(16).padStart(16, '0'));

const doubles = [];
for (let e = 0n; e < 2047n; e++) // every power of two with its neighbours, subnormal ones too
	for (const d of [-1n, 0n, 1n])
		if ((e << 52n) + d >= 0n) doubles.push(toDouble((e << 52n) + d));
for (let i = 0n; i < 52n; i++) doubles.push(toDouble(1n << i));
for (let i = 0; i < 100000; i++) doubles.push(toDouble(random64()));
for (let i = 0; i < 20000; i++) doubles.push(below(1e9) / 10 ** below(12), below(2 ** 40) * 10 ** below(12), Number(`${below(1000)}e${below(600) - 320}`));
const finite = doubles.filter(Number.isFinite);

const alphabet = ['a', 'B', '0', '"', '\\', '/', '\n', '\u0001', '\u007f', '\u0080', 'ö', '€', '\u2028', '\ud7ff', '\ue000', '\ufb33', '\uffff', '😀', '\u{10000}', '\u{10ffff}'];
const text = () => Array.from({length: below(5)}, () => alphabet[below(alphabet.length)]).join('');
function value(depth) {
	switch (below(depth > 4 ? 4 : 6)) {
	case 0: return text();
	case 1: return finite[below(finite.length)];
	case 2: return below(1000) - 500;
	case 3: return [true, false, null][below(3)];
	case 4: return Array.from({length: below(5)}, () => value(depth + 1));
	default: return Object.fromEntries(Array.from({length: below(7)}, () => [text(), value(depth + 1)]));
	}
}
const documents = Array.from({length: 5000}, () => value(0));

const input = finite.map(v => 'd' + toHex(v)).concat(documents.map(v => 'j' + JSON.stringify(v))).join('\n') + '\n';
const run = spawnSync(process.argv[2], {input, maxBuffer: 1 << 28, encoding: 'utf8'});
if (run.status !== 0) throw new Error(`${process.argv[2]} ended with ${run.status ?? run.signal}: ${run.stderr}`);
const lines = run.stdout.split('\n');
const expected = finite.map(v => JSON.stringify(v)).concat(documents.map(canonical));
if (lines.length !== expected.length + 1) throw new Error(`${lines.length - 1} lines instead of ${expected.length}`);
let wrong = 0;
expected.forEach((want, i) => {
	if (lines[i] !== want && wrong++ < 10) console.error(`${lines[i]}\ninstead of\n${want}\n`);
});
console.log(`${finite.length} numbers and ${documents.length} documents compared, ${wrong} differ`);
process.exit(wrong ? 1 : 0);
