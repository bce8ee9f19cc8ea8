// The app's frame: where it is, what it shows, what it does when something goes wrong.
import * as accounts from "./accounts.js";
import { boundary, frame, showConnection, showWaiting } from "./frame.js";
import { say } from "./dom.js";
import { Poller } from "./poller.js";
import * as push from "./push.js";
import { accountScreen } from "./screen_account.js";
import { addScreen, backupScreen, linkScreen, typeScreen } from "./screen_add.js";
import { codesScreen } from "./screen_codes.js";
import { requestsScreen } from "./screen_requests.js";
import { settingsScreen } from "./screen_settings.js";
import * as store from "./store.js";
import * as texts from "./texts.js";
import { settleUpdate, watchUpdates } from "./updates.js";

const { t } = texts;

const SCREENS = {
  codes: codesScreen,
  account: accountScreen,
  requests: requestsScreen,
  settings: settingsScreen,
  add: addScreen,
  // Seldom needed, and large for its reader of QR codes: fetched when it is.
  scan: async (...given) => (await import("./screen_scan.js")).scanScreen(...given),
  type: typeScreen,
  link: linkScreen,
  backup: backupScreen,
};
// While one of these is open a new request waits in a bar instead of taking the screen.
const UNDISTURBED = new Set(["link", "backup", "type", "scan"]);

const app = {
  requests: [],
  offline: false,
  // In memory only: the link at hand and the backup codes that are shown once.
  secret: null,
  backup: null,
  // What a typed code was found to link.
  told: null,
  go,
  refresh: () => draw({ focus: false }),
  poller: null,
  fail,
};

let current = { name: "", screen: null };

function go(path) {
  const hash = `#/${path}`;
  if (location.hash === hash) draw();
  else location.hash = hash;
}

/** Read the address; a link's token leaves it at once, and the history with it. */
function place() {
  const hash = location.hash;
  const link = hash.match(/^#link=([A-Za-z0-9_~.-]{8,200})$/);
  if (link) {
    app.secret = { token: link[1] };
    history.replaceState(null, "", "#/link");
    return ["link"];
  }
  if (hash.startsWith("#request=")) {
    history.replaceState(null, "", "#/requests");
    app.poller?.soon();
    return ["requests"];
  }
  const parts = hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  return SCREENS[parts[0]] ? parts : ["codes"];
}

let turn = 0;

async function draw({ focus = true } = {}) {
  settleUpdate();
  const mine = ++turn;
  const [name, argument] = place();
  try {
    const screen = await SCREENS[name](app, argument);
    if (mine !== turn) {
      screen.leave?.();
      return;
    }
    current.screen?.leave?.();
    current = { name, screen };
    frame.show(name, screen);
    document.title = `${screen.title} – ${t("app_name")}`;
    if (focus) frame.focus();
    showWaiting(app, name);
    screen.shown?.();
  } catch (error) {
    fail(error);
  }
}

function fail(error) {
  current.screen?.leave?.();
  current = { name: "", screen: null };
  boundary(error);
}

/** What nobody foresaw: without storage nothing goes on; anything else spoils one press only. */
function trouble(error) {
  if (error instanceof store.StorageDenied) fail(error);
  else {
    console.error(error);
    say(t("broken_heading"));
  }
}

function report({ requests, offline, removed }) {
  const uuids = (list) => list.map(({ challenge }) => challenge.uuid);
  const seen = uuids(app.requests);
  const fresh = uuids(requests).some((uuid) => !seen.includes(uuid));
  app.requests = requests;
  app.offline = offline;
  showConnection(offline);
  for (const account of removed) {
    say(t("removed_said", { name: accounts.nameOf(account), provider: account.provider.name }));
  }
  if (removed.length && ["codes", "account"].includes(current.name)) app.refresh();
  if (fresh && current.name !== "requests" && !UNDISTURBED.has(current.name)) go("requests");
  else if (current.name === "requests") current.screen.changed?.();
  showWaiting(app, current.name);
}

function listen() {
  addEventListener("hashchange", () => draw());
  addEventListener("error", (event) => event.error && trouble(event.error));
  addEventListener("unhandledrejection", (event) => trouble(event.reason));
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (data?.type === "look") {
      if (data.open && !UNDISTURBED.has(current.name)) go("requests");
      app.poller.soon();
    } else if (data?.type === "removed") {
      app.poller.soon();
      if (["codes", "account"].includes(current.name)) app.refresh();
    }
  });
}

async function begin() {
  const wanted = document.documentElement.lang;
  await texts.load(wanted).catch(() => texts.load("en"));
  frame.build(app);
  listen();
  watchUpdates(app);
  app.poller = new Poller(report);
  await draw({ focus: false });
  if (!current.screen) return;
  // The service worker speaks the app's language.
  await store.putSetting("language", texts.language());
  app.poller.soon();
  push.catchUp().catch(() => {});
}

begin().catch(fail);
