// Keys. The device's AES key and each account's signing key are made here and are not
// extractable: not even this app can read them out, only use them.
import * as store from "./store.js";

const encoder = new TextEncoder();

export const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

export const fromBase64url = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

/** Return the device's key, made at the first call. */
export async function deviceKey() {
  const kept = await store.setting("deviceKey");
  if (kept) return kept;
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  // Two tabs may get here at once; both go on with the one that was kept first.
  return store.settle("deviceKey", fresh);
}

/** Seal `text`; it opens only on this device and only for the same `context`. */
export async function seal(text, context) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: encoder.encode(context) },
    await deviceKey(),
    encoder.encode(text),
  );
  return { iv, data };
}

/** Open what `seal` gave. Rejects where key, context or data do not belong together. */
export async function open({ iv, data }, context) {
  const text = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv, additionalData: encoder.encode(context) },
    await deviceKey(),
    data,
  );
  return new TextDecoder().decode(text);
}

/** Make an account's signing key; return it and its public half as a JWK (RFC 7517). */
export async function signingKey() {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
    "sign",
    "verify",
  ]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { privateKey: pair.privateKey, publicKey: { kty, crv, x, y } };
}

/** Sign these lines: ECDSA with SHA-256, raw r‖s as base64url. */
export async function sign(privateKey, lines) {
  const message = encoder.encode(lines.join("\n"));
  return base64url(
    await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, message),
  );
}
