// The accounts on this phone: linking, names, order, codes.
import { call } from "./api.js";
import { now } from "./clock.js";
import * as device from "./device.js";
import * as store from "./store.js";
import * as totp from "./totp.js";
import * as vault from "./vault.js";

// Keys of the seeds in use, so that a code a second does not open a seed a second.
const hmacKeys = new Map();

const context = (id, what) => `${what}:${id}`;

/** Return all accounts in the person's order. */
export async function all() {
  const found = await store.allAccounts();
  return found.sort((a, b) => a.order - b.order || a.linkedAt - b.linkedAt);
}

/** What the person calls it: their own name for it, else the account's. */
export const nameOf = (account) => account.label || account.name || account.email;

export const preview = (secret) => call("POST", "2fa/link/preview", { body: secret });

/** Make sure that this browser keeps keys, before a link is used up. */
export async function prepare() {
  await vault.deviceKey();
}

/**
 * Link this phone: make its key, hand over the public half, keep what comes back.
 * `secret` is {token} or {code}. Returns {account, backupCodes}.
 */
export async function link(secret, { deviceName, push }) {
  const { privateKey, publicKey } = await vault.signingKey();
  const body = {
    ...secret,
    public_key: publicKey,
    device: { ...(await device.describe()), name: deviceName },
  };
  if (push) body.push = push;
  const data = await call("POST", "2fa/link", { body });
  const id = String(data.method.id);
  const present = await all();
  const value = {
    id,
    accountId: String(data.account.id),
    name: data.account.name || "",
    email: data.account.email || "",
    label: "",
    provider: data.provider,
    deviceName: data.method.name,
    order: present.length ? present[present.length - 1].order + 1 : 0,
    privateKey,
    token: await vault.seal(data.token, context(id, "token")),
    seed: await vault.seal(data.totp.secret, context(id, "seed")),
    digits: data.totp.digits,
    period: data.totp.period,
    algorithm: data.totp.algorithm || "SHA1",
    push: Boolean(push),
    linkedAt: Date.now(),
    usedAt: 0,
    removedAt: 0,
  };
  await store.putAccount(value);
  // What was removed on the web and is linked again takes its old place.
  const before = present.filter(
    (other) => other.removedAt && sameAs(other, value.accountId, value.provider.issuer),
  );
  if (before.length) {
    await store.changeAccount(id, { order: before[0].order, label: before[0].label });
    for (const other of before) await forget(other.id);
  }
  // Ask the browser not to clear this away when space runs short.
  navigator.storage?.persist?.().catch(() => {});
  return { account: await store.account(id), backupCodes: data.backup_codes || [] };
}

const sameAs = (account, accountId, issuer) =>
  account.accountId === String(accountId) && account.provider.issuer === issuer;

/** Return the living link to this account, if this phone has one already. */
export async function linked({ account, provider }) {
  const found = await all();
  return found.find((one) => !one.removedAt && sameAs(one, account.id, provider.issuer));
}

export const token = (account) => vault.open(account.token, context(account.id, "token"));

/** Return the present code of an account and the milliseconds it stays. */
export async function code(account) {
  let key = hmacKeys.get(account.id);
  if (!key) {
    const seed = await vault.open(account.seed, context(account.id, "seed"));
    key = await totp.hmacKey(seed, account.algorithm);
    hmacKeys.set(account.id, key);
  }
  const moment = now();
  return {
    code: await totp.codeAt(key, moment, account),
    left: totp.remaining(moment, account.period),
  };
}

/** Put the accounts in the order of these ids. */
export const reorder = (ids) =>
  store.changeAccounts(new Map(ids.map((id, order) => [id, { order }])));

export const rename = (id, label) => store.changeAccount(id, { label: label.trim().slice(0, 60) });
export const noteUsed = (id) => store.changeAccount(id, { usedAt: Date.now() });

/** The link was removed on the web: its name stays to be seen, its secrets go. */
export async function noteRemoved(id) {
  hmacKeys.delete(id);
  const gone = { removedAt: Date.now(), privateKey: null, token: null, seed: null };
  await store.changeAccount(id, gone);
}

/** Forget an account on this phone, with its keys. */
export async function forget(id) {
  hmacKeys.delete(id);
  await store.dropAccount(id);
}

/** Forget everything on this phone. */
export async function eraseAll() {
  hmacKeys.clear();
  await store.erase();
}
