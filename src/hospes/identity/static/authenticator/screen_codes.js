// The accounts on this phone with their codes.
import * as accounts from "./accounts.js";
import { now } from "./clock.js";
import { button, el, icon, iconButton, notice, say, svg } from "./dom.js";
import { installHint, pushHint } from "./hints.js";
import { makeSortable } from "./order.js";
import { ago, t } from "./texts.js";
import { remaining } from "./totp.js";

const TINTS = 6;

/** Initials on one of six tints, the same for an account everywhere. */
export function avatar(account) {
  const words = accounts.nameOf(account).split(/[\s@._-]+/).filter(Boolean);
  const initials = (words[0]?.[0] || "?") + (words.length > 1 ? words[1][0] : "");
  const tint = [...account.email].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
  return el(
    "span",
    { class: `avatar avatar--tint-${tint % TINTS}`, "aria-hidden": "true" },
    initials.toUpperCase(),
  );
}

const lastUse = (account) => (account.usedAt ? t("used_ago", { when: ago(account.usedAt) }) : t("never_used"));

/** "123 456": in two groups the eye keeps it. */
const grouped = (code) => {
  const half = Math.ceil(code.length / 2);
  return `${code.slice(0, half)}\u2009${code.slice(half)}`;
};

function ring() {
  const arc = svg("circle", { class: "ring__arc", cx: 18, cy: 18, r: 15, pathLength: 100 });
  const seconds = el("span", { class: "ring__seconds numeric" });
  const node = el(
    "span",
    { class: "ring", "aria-hidden": "true" },
    svg("svg", { viewBox: "0 0 36 36" }, svg("circle", { class: "ring__ground", cx: 18, cy: 18, r: 15 }), arc),
    seconds,
  );
  return {
    node,
    update(left, period) {
      const whole = Math.ceil(left / 1000);
      seconds.textContent = String(whole);
      arc.setAttribute("stroke-dashoffset", String(100 - (100 * (whole - 1)) / (period - 1 || 1)));
      node.classList.toggle("is-short", whole <= 5);
    },
  };
}

/** One account: who, whose code, and the code itself, which a press copies. */
function card(account) {
  const name = accounts.nameOf(account);
  const head = el(
    "a",
    { class: "account__head", href: `#/account/${encodeURIComponent(account.id)}` },
    avatar(account),
    el(
      "span",
      { class: "account__who" },
      el("span", { class: "account__name" }, name),
      el("span", { class: "account__more" }, `${account.provider.name} · ${lastUse(account)}`),
    ),
    el("span", { class: "visually-hidden" }, t("details")),
    icon("chevron-right"),
  );
  if (account.removedAt) {
    return {
      node: el(
        "li",
        { class: "card account account--removed", "data-account": account.id },
        head,
        el("p", { class: "account__removed" }, icon("alert"), t("removed_short")),
      ),
      update() {},
    };
  }
  const digits = el("span", { class: "account__digits numeric" });
  const seconds = ring();
  let shown = "";
  const press = async () => {
    try {
      await navigator.clipboard.writeText(shown);
      say(t("code_copied"));
    } catch {
      getSelection().selectAllChildren(digits);
      say(t("code_marked"));
    }
    accounts.noteUsed(account.id).catch(() => {});
  };
  const copy = el(
    "button",
    { type: "button", class: "account__code", on: { click: press } },
    digits,
    seconds.node,
  );
  return {
    node: el("li", { class: "card account", "data-account": account.id }, head, copy),
    async update() {
      const { code, left } = await accounts.code(account);
      seconds.update(left, account.period);
      if (code === shown) return;
      shown = code;
      digits.textContent = grouped(code);
      // Digit by digit, or a screen reader says one large number.
      copy.setAttribute("aria-label", t("copy_code", { name, code: [...code].join(" ") }));
    },
  };
}

function empty(app) {
  return el(
    "div",
    { class: "stack" },
    el(
      "div",
      { class: "empty" },
      el("span", { class: "empty__icon" }, icon("shield")),
      el("h2", { class: "empty__title" }, t("empty_heading")),
      el("p", { class: "empty__text" }, t("empty_text")),
      button(t("add_account"), () => app.go("add"), { kind: "primary", sign: "plus" }),
    ),
    installHint(),
  );
}

export async function codesScreen(app) {
  const all = await accounts.all();
  if (!all.length) return { title: t("codes_heading"), node: empty(app) };

  const cards = all.map(card);
  const list = el("ul", { class: "accounts", role: "list" }, cards.map(({ node }) => node));
  const update = () => Promise.all(cards.map((one) => one.update()));
  await update();
  let timer = 0;
  const tick = () => {
    // In step with the seconds, so that the ring and every other clock agree.
    timer = setTimeout(() => update().then(tick, app.fail), remaining(now(), 1) + 5);
  };
  tick();

  const order = all.length > 1 ? iconButton("chevrons", t("reorder"), () => reorder()) : null;
  const heading = [
    el("div", { class: "app-head__actions" }, order, iconButton("plus", t("add_account"), () => app.go("add"))),
  ];
  const node = el("div", { class: "stack" }, list, await pushHint(app), installHint());

  function reorder() {
    clearTimeout(timer);
    const sortable = makeSortable(all);
    node.replaceChildren(
      notice("info", "info", t("reorder_help")),
      sortable.list,
      button(
        t("order_keep"),
        async () => {
          await accounts.reorder(sortable.ids());
          app.refresh();
          say(t("order_kept"), { quiet: true });
        },
        { kind: "primary button--wide", sign: "check" },
      ),
    );
    order.hidden = true;
    sortable.list.querySelector("button:not(:disabled)")?.focus();
  }

  return { title: t("codes_heading"), heading, node, leave: () => clearTimeout(timer) };
}
