// What stays around every screen: bar, navigation, and what is shown when nothing else can be.
import { button, el, icon, notice, say } from "./dom.js";
import { StorageDenied } from "./store.js";
import { t } from "./texts.js";

const TABS = [
  ["codes", "shield", "tab_codes"],
  ["requests", "bell", "tab_requests"],
  ["settings", "settings", "tab_settings"],
];
// Which tab a screen belongs to; the others stand on their own.
const BELONGS = { codes: "codes", account: "codes", requests: "requests", settings: "settings" };

const main = () => document.getElementById("main");

/** A way back, above the heading of a screen that has one. */
const back = (to) => el("a", { class: "app-back", href: `#/${to}` }, icon("arrow-left"), t("back"));

export const frame = {
  build(app) {
    const nav = document.getElementById("tabs");
    nav.setAttribute("aria-label", t("navigation"));
    nav.replaceChildren(
      ...TABS.map(([name, sign, words]) =>
        el("a", { href: `#/${name}`, class: "app-tab", "data-tab": name }, icon(sign), el("span", {}, t(words))),
      ),
    );
    const waiting = document.getElementById("waiting");
    waiting.replaceChildren(
      icon("bell"),
      el("span", { "data-words": true }),
      button(t("request_look"), () => app.go("requests"), { kind: "small" }),
    );
  },

  show(name, { title, lead = "", to = "", node, heading = [] }) {
    for (const tab of document.querySelectorAll("[data-tab]")) {
      if (tab.dataset.tab === BELONGS[name]) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    main().className = `app-main app-main--${name}`;
    main().replaceChildren(
      ...[
        to ? back(to) : null,
        el("header", { class: "app-head" }, el("h1", { tabindex: -1 }, title), ...heading),
        lead ? el("p", { class: "lead" }, lead) : null,
        node,
      ].filter(Boolean),
    );
    document.documentElement.classList.add("is-ready");
  },

  /** Bring the reader to the new screen's heading. */
  focus() {
    scrollTo(0, 0);
    main().querySelector("h1")?.focus({ preventScroll: true });
  },
};

/** Tell that the provider cannot be reached; codes go on without it. */
export function showConnection(offline) {
  const place = document.getElementById("connection");
  const words = offline ? t("no_network") : "";
  if (place.textContent !== words) place.textContent = words;
}

/** What waits: a number at the tab on every screen, and a bar on all that do not show requests. */
export function showWaiting(app, name) {
  const count = app.requests.length;
  const words = count > 1 ? t("requests_wait", { count }) : t("request_waits");
  const bar = document.getElementById("waiting");
  const hidden = !count || name === "requests";
  const told = bar.querySelector("[data-words]");
  const news = !hidden && (bar.hidden || told.textContent !== words);
  told.textContent = words;
  bar.hidden = hidden;
  if (news) say(words, { quiet: true });
  const tab = document.querySelector("[data-tab=requests]");
  const shown = tab.querySelector(".app-tab__count");
  if (shown && Number(shown.dataset.count) === count) return;
  shown?.remove();
  if (count) {
    const mark = el("span", { "aria-hidden": "true" }, String(count));
    tab.append(el("span", { class: "app-tab__count", "data-count": count }, mark, el("span", { class: "visually-hidden" }, words)));
  }
}

/** The last resort: plain words instead of an empty screen. */
export function boundary(error) {
  const denied = error instanceof StorageDenied;
  console.error(error);
  const title = denied ? t("storage_heading") : t("broken_heading");
  frame.show("broken", {
    title,
    node: el(
      "div",
      { class: "stack" },
      notice(denied ? "warning" : "danger", "alert", denied ? t("storage_text") : t("broken_text")),
      denied ? el("p", { class: "muted" }, t("storage_hint")) : el("p", { class: "muted" }, t("broken_kept")),
      button(t("reload"), () => location.reload(), { kind: "primary", sign: "refresh" }),
    ),
  });
  document.title = `${title} – ${t("app_name")}`;
  frame.focus();
}
