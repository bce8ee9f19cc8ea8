// The service worker: putting it in place, and taking over a newer version of the app cleanly.
import { button, el, icon } from "./dom.js";
import { t } from "./texts.js";

const SCOPE = "/authenticator/";
const WORKER = `${SCOPE}sw.js`;
// The page's policy lets no string become a script; this is the one exception.
const scripts = globalThis.trustedTypes?.createPolicy("authenticator", {
  createScriptURL(url) {
    if (url !== WORKER) throw new TypeError(`not the app's worker: ${url}`);
    return url;
  },
});
const HOUR = 3_600_000;

let stale = false;

/** Go on with the version that is in charge, unless something is under way. */
export function settleUpdate() {
  if (stale && !busy()) location.reload();
}

/** Register the worker, look for newer ones, and offer them. */
export async function watchUpdates(app) {
  if (!("serviceWorker" in navigator)) return;
  let controlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The first one took charge of this very page; any later one is of another version, here or
    // in another tab.
    stale = controlled;
    controlled = true;
    settleUpdate();
  });
  let registration;
  try {
    registration = await navigator.serviceWorker.register(scripts?.createScriptURL(WORKER) ?? WORKER, {
      scope: SCOPE,
      type: "module",
      updateViaCache: "none",
    });
  } catch {
    // No network at the very first start, or a browser without module workers: the app runs, only
    // not offline. The settings screen says so.
    return;
  }
  if (!registration) return;
  app.worker = registration;
  if (registration.waiting && navigator.serviceWorker.controller) offer(registration);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && navigator.serviceWorker.controller) offer(registration);
    });
  });
  const look = () => registration.update().catch(() => {});
  setInterval(look, HOUR);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
    else takeOver(registration);
  });
}

/** Show that a newer version is ready. It comes by itself as soon as nobody is looking. */
function offer(registration) {
  const place = document.getElementById("update");
  place.replaceChildren(
    icon("refresh"),
    el("span", {}, t("update_ready")),
    button(t("update_now"), () => takeOver(registration), { kind: "small" }),
  );
  place.hidden = false;
}

function takeOver(registration) {
  if (registration.waiting && !busy()) registration.waiting.postMessage({ type: "take-over" });
}

/** Backup codes are shown once; a half-done link or answer is not cut off. */
const busy = () => document.querySelector("[data-busy]") !== null;
