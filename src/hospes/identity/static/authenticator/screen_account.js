// One account's details: names, the provider, when it was linked and used, and how it ends.
import * as accounts from "./accounts.js";
import { call } from "./api.js";
import { button, confirm, el, field, icon, notice, say } from "./dom.js";
import * as store from "./store.js";
import { moment, t } from "./texts.js";

const fact = (name, value) => [el("dt", {}, name), el("dd", {}, value)];

export async function accountScreen(app, id) {
  const account = await store.account(id);
  if (!account) {
    return {
      title: t("account_gone"),
      to: "codes",
      node: notice("info", "info", t("account_gone_text")),
    };
  }
  const facts = el(
    "dl",
    { class: "facts" },
    ...fact(t("fact_account"), account.email),
    ...fact(t("fact_provider"), account.provider.name),
    ...fact(t("fact_address"), new URL(account.provider.issuer).host),
    ...fact(t("fact_phone"), account.deviceName),
    ...fact(t("fact_linked"), moment(account.linkedAt)),
    ...fact(t("fact_used"), account.usedAt ? moment(account.usedAt) : t("never_used")),
  );
  return {
    title: accounts.nameOf(account),
    to: "codes",
    node: el(
      "div",
      { class: "stack" },
      account.removedAt ? notice("warning", "alert", t("removed_text", { provider: account.provider.name })) : null,
      el("section", { class: "card" }, facts),
      account.removedAt ? null : names(app, account),
      account.removedAt ? forget(app, account) : ending(account),
    ),
  };
}

function names(app, account) {
  const form = el(
    "form",
    { class: "card stack", novalidate: true, "aria-label": t("names_heading") },
    el("h2", {}, t("names_heading")),
    field({
      id: "label",
      label: t("label_account"),
      help: t("label_account_help"),
      input: { value: account.label, placeholder: account.name || account.email, maxlength: 60, autocomplete: "off" },
    }),
    field({
      id: "device",
      label: t("label_device"),
      help: t("label_device_help"),
      input: { value: account.deviceName, maxlength: 60, autocomplete: "off" },
    }),
    el("div", { class: "form-actions" }, el("button", { class: "button button--primary", type: "submit" }, t("save"))),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const device = form.elements.device.value.trim();
    await accounts.rename(account.id, form.elements.label.value);
    let said = t("saved");
    if (device && device !== account.deviceName) {
      try {
        const body = { name: device };
        await call("PATCH", "1/devices/current", { token: await accounts.token(account), body });
        await store.changeAccount(account.id, { deviceName: device });
      } catch {
        // The name of the phone is kept by the provider; the other one is saved all the same.
        said = t("device_not_saved");
      }
    }
    app.refresh();
    say(said);
  });
  return form;
}

/** A link ends on the web, where it is asked for the password. */
const ending = (account) =>
  el(
    "section",
    { class: "card stack" },
    el("h2", {}, t("unlink_heading")),
    el("p", { class: "muted" }, t("unlink_text", { provider: account.provider.name })),
    el(
      "a",
      { class: "button", href: `${account.provider.issuer}/settings/two-step` },
      t("unlink_go"),
      icon("external"),
    ),
  );

const forget = (app, account) =>
  button(
    t("forget"),
    async () => {
      const sure = await confirm({
        heading: t("forget_heading", { name: accounts.nameOf(account) }),
        text: t("forget_text"),
        yes: t("forget"),
        no: t("cancel"),
      });
      if (!sure) return;
      await accounts.forget(account.id);
      say(t("forgotten"));
      app.go("codes");
    },
    { kind: "danger", sign: "trash" },
  );
