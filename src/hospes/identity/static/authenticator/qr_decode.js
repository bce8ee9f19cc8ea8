// From the modules of a QR code to its text (ISO/IEC 18004), up to version 20; a link needs 7.
// Order of the levels in all tables: L, M, Q, H.
export const LARGEST_VERSION = 20;
const PER_BLOCK = [
  [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28],
  [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26],
  [13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30],
  [17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28],
];
const BLOCKS = [
  [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8],
  [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16],
  [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20],
  [1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25],
];
// The two bits of the format say M, L, H, Q.
const LEVEL_OF_BITS = [1, 0, 3, 2];
const FORMAT_MASK = 0x5412;
const FORMAT_GENERATOR = 0x537;
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

export const alignmentPositions = (version) => {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const found = [6];
  for (let at = version * 4 + 10; found.length < count; at -= step) found.splice(1, 0, at);
  return found;
};

function formats() {
  return Array.from({ length: 32 }, (_, value) => {
    let rest = value << 10;
    for (let bit = 14; bit >= 10; bit -= 1) if (rest & (1 << bit)) rest ^= FORMAT_GENERATOR << (bit - 10);
    return ((value << 10) | rest) ^ FORMAT_MASK;
  });
}
const FORMATS = formats();

const ones = (value) => {
  let count = 0;
  for (let rest = value; rest; rest &= rest - 1) count += 1;
  return count;
};

/** Return {level, mask} of the format's two copies, or null where neither is near a valid one. */
function readFormat(dark, size) {
  const first = [];
  for (let i = 0; i < 6; i += 1) first.push([8, i]);
  first.push([8, 7], [8, 8], [7, 8]);
  for (let i = 9; i < 15; i += 1) first.push([14 - i, 8]);
  const second = [];
  for (let i = 0; i < 8; i += 1) second.push([size - 1 - i, 8]);
  for (let i = 8; i < 15; i += 1) second.push([8, size - 15 + i]);
  let best = { distance: 4, value: -1 };
  for (const places of [first, second]) {
    const bits = places.reduce((sum, [x, y], i) => sum | (dark(x, y) ? 1 << i : 0), 0);
    for (const [value, valid] of FORMATS.entries()) {
      const distance = ones(bits ^ valid);
      if (distance < best.distance) best = { distance, value };
    }
  }
  if (best.value < 0) return null;
  return { level: LEVEL_OF_BITS[best.value >> 3], mask: best.value & 7 };
}

/** Mark the modules that hold no data. */
function reserved(version) {
  const size = version * 4 + 17;
  const map = new Uint8Array(size * size);
  const fill = (x, y, width, height) => {
    for (let j = y; j < y + height; j += 1) map.fill(1, j * size + x, j * size + x + width);
  };
  fill(0, 0, 9, 9);
  fill(size - 8, 0, 8, 9);
  fill(0, size - 8, 9, 8);
  fill(0, 6, size, 1);
  fill(6, 0, 1, size);
  const centres = alignmentPositions(version);
  const last = centres.length - 1;
  for (const [i, x] of centres.entries()) {
    for (const [j, y] of centres.entries()) {
      const corner = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
      if (!corner) fill(x - 2, y - 2, 5, 5);
    }
  }
  if (version >= 7) {
    fill(size - 11, 0, 3, 6);
    fill(0, size - 11, 6, 3);
  }
  return map;
}

/** Read the codewords in their zigzag, unmasked. */
function codewords(dark, version, mask) {
  const size = version * 4 + 17;
  const skip = reserved(version);
  const found = [];
  let held = 0;
  let bits = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      for (let j = 0; j < 2; j += 1) {
        const x = right - j;
        const upward = ((right + 1) & 2) === 0;
        const y = upward ? size - 1 - step : step;
        if (skip[y * size + x]) continue;
        held = (held << 1) | (dark(x, y) !== MASKS[mask](x, y) ? 1 : 0);
        bits += 1;
        if (bits === 8) {
          found.push(held);
          held = 0;
          bits = 0;
        }
      }
    }
  }
  return found;
}

// ---- Reed-Solomon over GF(256), polynomial 0x11d ----------------------------------------------

const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let i = 0, value = 1; i < 255; i += 1) {
  EXP[i] = EXP[i + 255] = value;
  LOG[value] = i;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}
const times = (a, b) => (a && b ? EXP[LOG[a] + LOG[b]] : 0);
const over = (a, b) => (a ? EXP[LOG[a] + 255 - LOG[b]] : 0);
/** Evaluate a polynomial, lowest power first. */
const at = (polynomial, x) => polynomial.reduceRight((sum, value) => times(sum, x) ^ value, 0);

/** Correct a block in place; returns whether that was possible. */
export function correct(block, parity) {
  const length = block.length;
  const syndromes = Array.from({ length: parity }, (_, i) =>
    block.reduce((sum, value) => times(sum, EXP[i]) ^ value, 0),
  );
  if (syndromes.every((value) => value === 0)) return true;
  // Berlekamp and Massey: the shortest feedback register that makes the syndromes.
  let locator = [1];
  let before = [1];
  let errors = 0;
  let gap = 1;
  let last = 1;
  for (let n = 0; n < parity; n += 1) {
    let difference = syndromes[n];
    for (let i = 1; i <= errors; i += 1) difference ^= times(locator[i] || 0, syndromes[n - i]);
    if (difference === 0) {
      gap += 1;
      continue;
    }
    const kept = locator.slice();
    const factor = over(difference, last);
    for (let i = 0; i < before.length; i += 1) {
      locator[i + gap] = (locator[i + gap] || 0) ^ times(factor, before[i]);
    }
    for (let i = 0; i < locator.length; i += 1) locator[i] ||= 0;
    if (2 * errors <= n) {
      errors = n + 1 - errors;
      before = kept;
      last = difference;
      gap = 1;
    } else {
      gap += 1;
    }
  }
  if (errors * 2 > parity) return false;
  // Forney: the value of each error, at the places where the locator vanishes.
  const evaluator = [];
  for (let i = 0; i < errors; i += 1) {
    let sum = 0;
    for (let j = 0; j <= i; j += 1) sum ^= times(locator[j] || 0, syndromes[i - j]);
    evaluator.push(sum);
  }
  let found = 0;
  for (let power = 0; power < length; power += 1) {
    const inverse = EXP[(255 - power) % 255];
    if (at(locator, inverse) !== 0) continue;
    found += 1;
    let slope = 0;
    for (let i = 1; i < locator.length; i += 2) slope ^= times(locator[i], EXP[(LOG[inverse] * (i - 1)) % 255]);
    if (slope === 0) return false;
    block[length - 1 - power] ^= times(EXP[power], over(at(evaluator, inverse), slope));
  }
  return found === errors;
}

/** Take the interleaved blocks apart and correct them; returns the data, or null. */
function data(all, version, level) {
  const count = BLOCKS[level][version - 1];
  const parity = PER_BLOCK[level][version - 1];
  const short = Math.floor(all.length / count);
  const longOnes = all.length % count;
  const blocks = Array.from({ length: count }, () => []);
  let next = 0;
  for (let i = 0; i < short - parity + 1; i += 1) {
    for (let j = 0; j < count; j += 1) {
      if (i < short - parity || j >= count - longOnes) blocks[j].push(all[next++]);
    }
  }
  for (let i = 0; i < parity; i += 1) for (const block of blocks) block.push(all[next++]);
  const found = [];
  for (const block of blocks) {
    if (!correct(block, parity)) return null;
    found.push(...block.slice(0, -parity));
  }
  return found;
}

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** Read the segments: numbers, capitals and bytes (UTF-8), which is all that addresses need. */
function text(bytes, version) {
  let position = 0;
  const left = () => bytes.length * 8 - position;
  const take = (count) => {
    let value = 0;
    for (let i = 0; i < count; i += 1, position += 1) {
      value = (value << 1) | ((bytes[position >> 3] >> (7 - (position & 7))) & 1);
    }
    return value;
  };
  const large = version >= 10;
  const found = [];
  const put = (string) => found.push(...new TextEncoder().encode(string));
  while (left() >= 4) {
    const mode = take(4);
    if (mode === 0) break;
    if (mode === 1) {
      let count = take(large ? 12 : 10);
      for (; count >= 3; count -= 3) put(String(take(10)).padStart(3, "0"));
      if (count) put(String(take(count === 2 ? 7 : 4)).padStart(count, "0"));
    } else if (mode === 2) {
      let count = take(large ? 11 : 9);
      for (; count >= 2; count -= 2) {
        const pair = take(11);
        put(ALPHANUMERIC[Math.floor(pair / 45)] + ALPHANUMERIC[pair % 45]);
      }
      if (count) put(ALPHANUMERIC[take(6)]);
    } else if (mode === 4) {
      const count = take(large ? 16 : 8);
      if (count * 8 > left()) return null;
      for (let i = 0; i < count; i += 1) found.push(take(8));
    } else if (mode === 7) {
      // The character set that follows is told, and is UTF-8 or its part wherever it matters.
      take(8);
    } else {
      return null;
    }
  }
  const all = Uint8Array.from(found);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(all);
  } catch {
    // The standard's own character set, which some makers of codes still use.
    return new TextDecoder("iso-8859-1").decode(all);
  }
}

/** Return the text of a code: `dark(x, y)` tells its modules. Null where it is none. */
export function decode(dark, version) {
  const format = readFormat(dark, version * 4 + 17);
  if (!format) return null;
  const all = codewords(dark, version, format.mask);
  const bytes = data(all, version, format.level);
  return bytes && text(bytes, version);
}
