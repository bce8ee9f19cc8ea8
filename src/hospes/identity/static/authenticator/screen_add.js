// Linking this phone to an account, and the backup codes that come with the first link.
import * as accounts from "./accounts.js";
import { button, el, fault, field, icon, notice, say } from "./dom.js";
import * as device from "./device.js";
import { installHint } from "./hints.js";
import * as push from "./push.js";
import { locale, t } from "./texts.js";

/** The two ways: on this phone, or with a code that a computer shows. */
export async function addScreen(app) {
  const host = location.host;
  // The very words of the web page.
  const web = { activate: t("web_activate"), add: t("web_add"), set_up: t("web_set_up"), authenticator: t("app_name") };
  return {
    title: t("add_heading"),
    to: "codes",
    node: el(
      "div",
      { class: "stack" },
      installHint(),
      el(
        "section",
        { class: "card way" },
        icon("phone"),
        el(
          "div",
          { class: "stack stack--close" },
          el("h2", {}, t("add_here_heading")),
          el("p", { class: "muted" }, t("add_here_text")),
          el("a", { class: "button button--primary", href: "/2fa/authorize" }, t("add_here_go")),
        ),
      ),
      el(
        "section",
        { class: "card way" },
        icon("device"),
        el(
          "div",
          { class: "stack stack--close" },
          el("h2", {}, t("add_computer_heading")),
          el(
            "ol",
            { class: "app-steps" },
            el("li", {}, t("add_computer_1", { address: `${host}/settings/two-step` })),
            el("li", {}, t("add_computer_2", web)),
            el("li", {}, t("add_computer_3")),
          ),
          button(t("continue"), () => app.go("scan/now"), { sign: "camera" }),
          button(t("type_instead"), () => app.go("type"), { kind: "quiet" }),
        ),
      ),
    ),
  };
}

// Crockford's base32 has no I, L, O or U; who types one means the digit that looks like it.
const ALIKE = { I: "1", L: "1", O: "0" };

/** Return the typed code as XXXXX-XXXXX, or "" where it cannot be one. */
export function readCode(typed) {
  const letters = typed
    .toUpperCase()
    .replace(/[\s-]/g, "")
    .replace(/[ILO]/g, (letter) => ALIKE[letter]);
  return /^[0-9A-HJKMNP-TV-Z]{10}$/.test(letters) ? `${letters.slice(0, 5)}-${letters.slice(5)}` : "";
}

export async function typeScreen(app) {
  const form = el(
    "form",
    { class: "card stack", novalidate: true },
    field({
      id: "code",
      label: t("type_label"),
      help: t("type_help"),
      input: {
        class: "code-input",
        maxlength: 16,
        autocomplete: "off",
        autocapitalize: "characters",
        spellcheck: "false",
        enterkeyhint: "go",
      },
    }),
    el(
      "div",
      { class: "form-actions" },
      el("button", { class: "button button--primary", type: "submit" }, t("continue")),
    ),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const go = form.querySelector("[type=submit]");
    if (go.disabled) return;
    const code = readCode(form.elements.code.value);
    if (!code) {
      fault(form, "code", t("type_wrong"));
      return;
    }
    fault(form, "code", "");
    go.disabled = true;
    let told;
    try {
      // Asked before the screen changes, so that a slip is mended where it was made.
      told = await accounts.preview({ code });
    } catch (error) {
      if (error.name !== "ApiError") throw error;
      fault(form, "code", t(REASONS[error.code] || "link_failed"));
      return;
    } finally {
      go.disabled = false;
    }
    // Whoever went elsewhere meanwhile is not brought back.
    if (!form.isConnected) return;
    app.secret = { code };
    app.told = told;
    app.go("link");
  });
  return {
    title: t("type_heading"),
    to: "add",
    node: form,
    shown: () => form.elements.code.focus(),
  };
}

const REASONS = {
  link_unknown: "link_unknown",
  link_expired: "link_expired",
  link_used: "link_used",
  expired: "link_expired",
  not_found: "link_unknown",
  offline: "link_offline",
  too_many_requests: "link_too_many",
};

function refused(app, error) {
  const words = REASONS[error.code];
  if (!words && error.name !== "ApiError") throw error;
  return {
    title: t("link_refused_heading"),
    to: "add",
    node: el(
      "div",
      { class: "stack" },
      notice("warning", "alert", t(words || "link_failed")),
      error.code === "offline" || !words
        ? button(t("try_again"), () => app.go("link"), { kind: "primary", sign: "refresh" })
        : button(t("link_again"), () => app.go("add"), { kind: "primary" }),
    ),
  };
}

/** "Link this phone to …?" – nothing is linked before the answer. */
export async function linkScreen(app) {
  const secret = app.secret;
  if (!secret) return addScreen(app);
  await accounts.prepare();
  let { told } = app;
  app.told = null;
  try {
    told = (secret.code && told) || (await accounts.preview(secret));
  } catch (error) {
    return refused(app, error);
  }
  const already = await accounts.linked(told);
  const described = await device.describe();
  const suggested = described.model || t(`device_${described.type}`, { platform: described.platform }).trim();
  const place = el("div", { role: "alert" });
  const form = el(
    "form",
    { class: "stack", novalidate: true, "data-busy": true },
    el(
      "section",
      { class: "card" },
      el(
        "dl",
        { class: "facts" },
        el("dt", {}, t("fact_account")),
        el("dd", {}, el("strong", {}, told.account.name), el("br"), told.account.email),
        el("dt", {}, t("fact_provider")),
        el("dd", {}, told.provider.name, el("br"), new URL(told.provider.issuer).host),
      ),
    ),
    already ? notice("info", "info", t("link_already")) : null,
    notice("warning", "shield", t("link_warning")),
    el(
      "section",
      { class: "card" },
      field({
        id: "device",
        label: t("label_device"),
        help: t("label_device_help"),
        input: { value: suggested, maxlength: 60, autocomplete: "off" },
      }),
    ),
    place,
    el(
      "div",
      { class: "stack stack--close" },
      el("button", { class: "button button--primary button--wide", type: "submit" }, icon("link"), t("link_go")),
      button(
        t("cancel"),
        () => {
          app.secret = null;
          app.go("codes");
        },
        { kind: "quiet button--wide" },
      ),
    ),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const go = form.querySelector("[type=submit]");
    if (go.disabled) return;
    go.disabled = true;
    try {
      const deviceName = form.elements.device.value.trim() || suggested;
      const subscription = await push.present().catch(() => null);
      const { account, backupCodes } = await accounts.link(secret, { deviceName, push: subscription });
      app.secret = null;
      delete form.dataset.busy;
      app.poller.soon();
      say(t("linked", { name: accounts.nameOf(account) }), { quiet: backupCodes.length > 0 });
      if (backupCodes.length) {
        app.backup = { account, codes: backupCodes };
        app.go("backup");
      } else {
        app.go("codes");
      }
    } catch (error) {
      if (error.name !== "ApiError") {
        app.fail(error);
        return;
      }
      go.disabled = false;
      place.replaceChildren(notice("warning", "alert", t(REASONS[error.code] || "link_failed")));
    }
  });
  return {
    title: t("link_heading", { name: told.account.name || told.account.email, provider: told.provider.name }),
    to: "add",
    node: form,
  };
}

const asText = ({ account, codes }) =>
  [
    t("backup_file_heading", { provider: account.provider.name, account: account.email }),
    t("backup_once"),
    "",
    ...codes,
    "",
    new Intl.DateTimeFormat(locale(), { dateStyle: "long" }).format(Date.now()),
    "",
  ].join("\r\n");

function download(backup) {
  const url = URL.createObjectURL(new Blob([asText(backup)], { type: "text/plain;charset=utf-8" }));
  const { name, issuer } = backup.account.provider;
  const provider = name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "");
  const file = [t("backup_file_name"), provider, new URL(issuer).hostname].filter(Boolean).join("-") + ".txt";
  el("a", { href: url, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  say(t("backup_downloaded"));
}

async function copy(backup, list) {
  try {
    await navigator.clipboard.writeText(backup.codes.join("\n"));
    say(t("backup_copied"));
  } catch {
    getSelection().selectAllChildren(list);
    say(t("code_marked"));
  }
}

/** The codes of the first activation. They are shown once and kept nowhere on the phone. */
export async function backupScreen(app) {
  const { backup } = app;
  if (!backup) {
    return { title: t("backup_heading"), to: "codes", node: notice("info", "info", t("backup_gone")) };
  }
  const list = el("ol", { class: "card backup", role: "list" }, backup.codes.map((code) => el("li", {}, el("code", {}, code))));
  return {
    title: t("backup_heading"),
    lead: t("backup_lead", { account: backup.account.email }),
    node: el(
      "div",
      { class: "stack", "data-busy": true },
      el(
        "p",
        { class: "backup__whose" },
        el("strong", {}, t("backup_file_heading", { provider: backup.account.provider.name, account: backup.account.email })),
        el("br"),
        t("backup_once"),
      ),
      list,
      el(
        "div",
        { class: "cluster backup__ways" },
        button(t("backup_download"), () => download(backup), { sign: "download" }),
        button(t("backup_print"), () => print(), { sign: "print" }),
        button(t("copy"), () => copy(backup, list), { sign: "copy" }),
      ),
      notice("warning", "lock", t("backup_keep")),
      button(
        t("backup_done"),
        () => {
          app.backup = null;
          app.go("codes");
        },
        { kind: "primary button--wide", sign: "check" },
      ),
    ),
  };
}
