// One-time codes: RFC 6238 over RFC 4226, computed by the browser's own HMAC.
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const HASHES = { SHA1: "SHA-1", SHA256: "SHA-256", SHA512: "SHA-512" };

/** Decode base32 (RFC 4648 §6), in either case, with or without padding. */
export function fromBase32(text) {
  const bytes = [];
  let bits = 0;
  let held = 0;
  for (const letter of text.toUpperCase().replace(/[\s=-]/g, "")) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) throw new RangeError("not base32");
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return Uint8Array.from(bytes);
}

/** Make the key of a seed; it cannot be read out again. */
export async function hmacKey(base32, algorithm = "SHA1") {
  const seed = fromBase32(base32);
  const key = await crypto.subtle.importKey(
    "raw",
    seed,
    { name: "HMAC", hash: HASHES[algorithm] },
    false,
    ["sign"],
  );
  seed.fill(0);
  return key;
}

/** Return the code of the step that `milliseconds` (Unix time) lies in. */
export async function codeAt(key, milliseconds, { digits = 6, period = 30 } = {}) {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(milliseconds / 1000 / period)));
  const mac = new DataView(await crypto.subtle.sign("HMAC", key, counter.buffer));
  const offset = mac.getUint8(mac.byteLength - 1) & 0xf;
  const value = mac.getUint32(offset) & 0x7fffffff;
  return String(value % 10 ** digits).padStart(digits, "0");
}

/** Return how many milliseconds the code of that moment stays. */
export const remaining = (milliseconds, period = 30) =>
  period * 1000 - (milliseconds % (period * 1000));
