// The service worker: the app without network, and requests that arrive while it is closed.
// It answers from its cache only what belongs to this version of the app. Nothing under /api ever
// passes through it.
import * as accounts from "./accounts.js";
import * as answers from "./answers.js";
import * as store from "./store.js";
import * as vault from "./vault.js";
import { call } from "./api.js";

const PREFIX = "authenticator-";
const SHELL = "/authenticator/";

/** Begin; called while the worker's script is first evaluated, as browsers demand of listeners. */
export function start({ version, files, pictures, languages }) {
  const name = `${PREFIX}${version}`;
  const known = new Set(files);
  const base = `/authenticator/app/${version}/`;

  async function install() {
    const cache = await caches.open(name);
    await cache.addAll(files);
    // Not from the HTTP cache, and of this very version: of a fleet half updated, one node may
    // have answered the worker and another the page.
    const shell = await fetch(SHELL, { cache: "reload", credentials: "same-origin" });
    if (!shell.ok || !(await shell.clone().text()).includes(`data-version="${version}"`)) {
      await caches.delete(name);
      throw new Error("the page is of another version");
    }
    await cache.put(SHELL, shell);
  }

  async function activate() {
    for (const other of await caches.keys()) {
      if (other.startsWith(PREFIX) && other !== name) await caches.delete(other);
    }
    await self.clients.claim();
  }

  async function kept(key, request) {
    const cache = await caches.open(name);
    return (await cache.match(key)) || fetch(request);
  }

  self.addEventListener("install", (event) => event.waitUntil(install()));
  self.addEventListener("activate", (event) => event.waitUntil(activate()));
  self.addEventListener("message", (event) => {
    if (event.data?.type === "take-over") self.skipWaiting();
  });
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) return;
    if (request.mode === "navigate") {
      if (url.pathname === SHELL) event.respondWith(kept(SHELL, request));
    } else if (known.has(url.pathname)) {
      event.respondWith(kept(url.pathname, request));
    }
  });

  // ---- requests -------------------------------------------------------------------------------

  async function words() {
    const chosen = await store.setting("language").catch(() => "");
    const language = languages.includes(chosen) ? chosen : languages[0];
    const found = await kept(`${base}texts/${language}.json`, `${base}texts/${language}.json`);
    const told = await found.json();
    return (key, values = {}) =>
      told[key].replace(/\{(\w+)\}/g, (whole, part) => String(values[part] ?? whole));
  }

  const show = (title, options) =>
    self.registration.showNotification(title, {
      icon: pictures.icon,
      badge: pictures.badge,
      ...options,
    });

  const openWindows = () =>
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((all) =>
      all.filter((client) => new URL(client.url).pathname === SHELL),
    );

  async function tell(message) {
    for (const client of await openWindows()) client.postMessage(message);
  }

  async function arrived(data) {
    const t = await words();
    if (data?.type === "2fa:push_challenge:approval") {
      const asked = data.purpose === "request";
      const what = [data.account, data.application, asked ? "" : data.place].filter(Boolean).join(" · ");
      await tell({ type: "look" });
      await show(t(asked ? "notify_approval_heading" : "notify_heading"), {
        body: what,
        tag: data.uuid,
        renotify: true,
        requireInteraction: true,
        timestamp: Date.now(),
        data: { uuid: data.uuid, userId: String(data.user_id), expiresAt: data.expires_at, asked },
        actions: [
          { action: "yes", title: t("notify_yes") },
          { action: "no", title: t("notify_no") },
        ],
      });
    } else if (data?.type === "2fa:method_removed") {
      await accounts.noteRemoved(String(data.method_id)).catch(() => {});
      await tell({ type: "removed" });
      await show(t("notify_removed"), {
        body: t("notify_removed_text", { account: data.account }),
        tag: `removed-${data.method_id}`,
      });
    } else {
      // Browsers demand that every push shows something.
      await show(t("app_name"), { body: t("notify_other"), tag: "other" });
    }
  }

  /** Refuse from the notification itself: the only answer that needs no number. */
  async function refuse({ uuid, userId, asked }) {
    const t = await words();
    const all = await accounts.all();
    let state = "notify_not_refused";
    for (const account of all.filter((one) => one.accountId === userId && !one.removedAt)) {
      try {
        // The open request's nonce lets the answer be signed.
        const open = await answers.open(account).catch(() => null);
        await answers.refuse(account, open?.uuid === uuid ? open : { uuid });
        state = "notify_refused";
        break;
      } catch (error) {
        if (error.code === "expired" || error.code === "already_processed") state = "notify_over";
      }
    }
    await tell({ type: "look" });
    await show(t(state), {
      body: t(state === "notify_refused" ? (asked ? "notify_refused_request_text" : "notify_refused_text") : "notify_open"),
      tag: uuid,
      silent: true,
      data: { uuid },
    });
  }

  async function openAt(uuid) {
    const [client] = await openWindows();
    if (client) {
      client.postMessage({ type: "look", open: true });
      await client.focus();
    } else {
      await self.clients.openWindow(uuid ? `${SHELL}#request=${encodeURIComponent(uuid)}` : SHELL);
    }
  }

  self.addEventListener("push", (event) => {
    let data = null;
    try {
      data = event.data?.json();
    } catch {
      // Not ours; something is shown all the same.
    }
    event.waitUntil(arrived(data));
  });

  self.addEventListener("notificationclick", (event) => {
    const { notification, action } = event;
    notification.close();
    const { uuid = "", userId, asked } = notification.data || {};
    event.waitUntil(action === "no" && userId ? refuse({ uuid, userId, asked }) : openAt(uuid));
  });

  async function subscribeAgain(event) {
    const living = (await accounts.all()).filter((account) => !account.removedAt);
    if (!living.length) return;
    const key = await call("GET", "2fa/push/key", { token: await accounts.token(living[0]) });
    const fresh =
      event.newSubscription ||
      (await self.registration.pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: vault.fromBase64url(key.vapid_public_key),
      }));
    const { endpoint, keys } = fresh.toJSON();
    for (const account of living) {
      const body = { push: { endpoint, keys } };
      const token = await accounts.token(account);
      await call("PATCH", "1/devices/current", { token, body }).catch(() =>
        store.changeAccount(account.id, { push: null }),
      );
    }
  }

  self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(subscribeAgain(event)));
}
