// Notifications: one subscription of this browser (W3C Push API), told to each linked account.
import * as accounts from "./accounts.js";
import { call } from "./api.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

export const isPossible = () =>
  "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;

async function registration() {
  return navigator.serviceWorker?.getRegistration("/authenticator/");
}

const wire = (subscription) => {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } };
};

/** Return "impossible", "denied", "off" or "on". */
export async function state() {
  if (!isPossible()) return "impossible";
  if (Notification.permission === "denied") return "denied";
  const subscription = await (await registration())?.pushManager.getSubscription();
  return subscription && Notification.permission === "granted" ? "on" : "off";
}

/** Return the subscription to hand over with a new link, or null. Never asks the person. */
export async function present() {
  if ((await state()) !== "on") return null;
  const subscription = await (await registration()).pushManager.getSubscription();
  return subscription ? wire(subscription) : null;
}

/** Ask the person, subscribe, tell every account. Call it from a press of a button only. */
export async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return state();
  const living = (await accounts.all()).filter((account) => !account.removedAt);
  const key = await call("GET", "2fa/push/key", { token: await accounts.token(living[0]) });
  const worker = await registration();
  const options = {
    userVisibleOnly: true,
    applicationServerKey: vault.fromBase64url(key.vapid_public_key),
  };
  let subscription;
  try {
    subscription = await worker.pushManager.subscribe(options);
  } catch (error) {
    // One made for an older key of the provider is in the way.
    const stale = await worker.pushManager.getSubscription();
    if (!stale) throw error;
    await stale.unsubscribe();
    subscription = await worker.pushManager.subscribe(options);
  }
  await tell(living, wire(subscription));
  return state();
}

export async function turnOff() {
  const subscription = await (await registration())?.pushManager.getSubscription();
  await tell((await accounts.all()).filter((account) => !account.removedAt), null);
  await subscription?.unsubscribe();
  return state();
}

/** Tell `push` to these accounts; what could not be told now is told at the next start. */
export async function tell(living, push) {
  for (const account of living) {
    try {
      await call("PATCH", "1/devices/current", {
        token: await accounts.token(account),
        body: { push },
      });
      await store.changeAccount(account.id, { push: Boolean(push) });
    } catch {
      await store.changeAccount(account.id, { push: null });
    }
  }
}

/** Make up for what could not be told: accounts linked or changed while out of reach. */
export async function catchUp() {
  const current = await present();
  const behind = (await accounts.all()).filter(
    (account) => !account.removedAt && account.push !== Boolean(current),
  );
  if (behind.length) await tell(behind, current);
}
