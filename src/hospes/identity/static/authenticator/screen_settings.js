// Notifications, language, appearance, and what this app is.
import * as accounts from "./accounts.js";
import { button, confirm, el, icon, say } from "./dom.js";
import * as device from "./device.js";
import { frame } from "./frame.js";
import { installHint, switchPush } from "./hints.js";
import * as push from "./push.js";
import * as store from "./store.js";
import * as texts from "./texts.js";

const { t } = texts;

const keep = (name, value) => {
  try {
    localStorage.setItem(`authenticator.${name}`, value);
  } catch {
    // It holds until the app is closed.
  }
};

function select(id, label, options, chosen, change) {
  return el(
    "div",
    { class: "field" },
    el("label", { class: "field__label", for: id }, label),
    el(
      "div",
      { class: "control" },
      el(
        "select",
        { id, on: { change: (event) => change(event.target.value) } },
        options.map(([value, words]) =>
          el("option", { value, selected: value === chosen, lang: id === "language" ? value : null }, words),
        ),
      ),
      icon("chevron-down"),
    ),
  );
}

async function notifications(app) {
  const state = await push.state();
  const living = (await accounts.all()).some((account) => !account.removedAt);
  const words = state === "off" && !living ? "push_no_account" : `push_is_${state}`;
  return el(
    "section",
    { class: "card stack" },
    el("h2", {}, t("push_heading")),
    el("p", { class: "muted" }, state === "impossible" && device.isApple() && !device.isInstalled() ? t("push_apple") : t(words)),
    state === "off" && living ? button(t("push_turn_on"), () => switchPush(app, true), { sign: "bell" }) : null,
    state === "on" ? button(t("push_turn_off"), () => switchPush(app, false)) : null,
  );
}

function look(app) {
  const root = document.documentElement;
  const languages = root.dataset.languages.split(" ").map((pair) => pair.split(":"));
  return el(
    "section",
    { class: "card stack" },
    el("h2", {}, t("look_heading")),
    select("language", t("language"), languages, texts.language(), async (value) => {
      try {
        await texts.load(value);
      } catch {
        say(t("language_offline"));
        return app.refresh();
      }
      keep("language", value);
      await store.putSetting("language", value);
      frame.build(app);
      await app.refresh();
      document.getElementById("language")?.focus();
      say(t("saved"), { quiet: true });
    }),
    select(
      "theme",
      t("theme"),
      ["system", "light", "dark"].map((value) => [value, t(`theme_${value}`)]),
      root.dataset.theme,
      (value) => {
        keep("theme", value);
        root.dataset.theme = value;
        document.getElementById("dark").media =
          { dark: "screen", light: "not all" }[value] || "screen and (prefers-color-scheme: dark)";
      },
    ),
  );
}

async function about(app) {
  const offline = Boolean(app.worker?.active || navigator.serviceWorker?.controller);
  return el(
    "section",
    { class: "card stack" },
    el("h2", {}, t("about_heading")),
    el("p", { class: "muted" }, t("about_text")),
    el(
      "dl",
      { class: "facts" },
      el("dt", {}, t("about_offline")),
      el("dd", {}, offline ? t("about_offline_yes") : t("about_offline_no")),
      el("dt", {}, t("about_version")),
      el("dd", {}, el("code", {}, document.documentElement.dataset.version)),
    ),
  );
}

async function erase(app) {
  const sure = await confirm({
    heading: t("erase_heading"),
    text: t("erase_text"),
    yes: t("erase_go"),
    no: t("cancel"),
  });
  if (!sure) return;
  await push.turnOff().catch(() => {});
  await accounts.eraseAll();
  await store.putSetting("language", texts.language());
  say(t("erased"));
  app.go("codes");
}

export async function settingsScreen(app) {
  const any = (await accounts.all()).length > 0;
  return {
    title: t("tab_settings"),
    node: el(
      "div",
      { class: "stack" },
      await notifications(app),
      installHint(),
      look(app),
      await about(app),
      any
        ? el(
            "section",
            { class: "card stack" },
            el("h2", {}, t("erase_title")),
            el("p", { class: "muted" }, t("erase_lead")),
            button(t("erase_go"), () => erase(app), { sign: "trash" }),
          )
        : null,
    ),
  };
}
