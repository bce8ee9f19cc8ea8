// Two things to do once: let the phone wake the app, and put the app on the home screen.
import * as accounts from "./accounts.js";
import { ApiError } from "./api.js";
import { button, el, icon, say } from "./dom.js";
import * as device from "./device.js";
import * as push from "./push.js";
import { t } from "./texts.js";

let installation = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  installation = event;
  for (const place of document.querySelectorAll("[data-install]")) place.replaceWith(installHint());
});
addEventListener("appinstalled", () => {
  installation = null;
  for (const place of document.querySelectorAll("[data-install]")) place.replaceChildren();
});

async function install() {
  const asked = installation;
  installation = null;
  await asked?.prompt();
}

/** How to put the app on the home screen, where that is possible and not done. */
export function installHint() {
  const place = el("div", { "data-install": true });
  if (device.isInstalled()) return place;
  const text = installation ? t("install_text") : device.isApple() ? t("install_apple") : "";
  if (!text) return place;
  place.append(
    el(
      "section",
      { class: "card hint", "aria-label": t("install_heading") },
      icon("phone"),
      el("div", { class: "stack stack--close" },
        el("h2", {}, t("install_heading")),
        el("p", { class: "muted" }, text),
        installation ? button(t("install"), install, { kind: "small" }) : null,
      ),
    ),
  );
  return place;
}

/** Press: ask for notifications, and say what came of it. */
export async function switchPush(app, on) {
  try {
    const state = await (on ? push.turnOn() : push.turnOff());
    say(t(`push_said_${state}`));
  } catch (error) {
    say(t(error instanceof ApiError && error.code === "offline" ? "push_offline" : "push_failed"));
  }
  app.refresh();
}

/** The offer to switch notifications on, while they are off. */
export async function pushHint(app) {
  const living = (await accounts.all()).some((account) => !account.removedAt);
  if (!living || (await push.state()) !== "off") return null;
  return el(
    "section",
    { class: "card hint", "aria-label": t("push_heading") },
    icon("bell"),
    el("div", { class: "stack stack--close" },
      el("h2", {}, t("push_heading")),
      el("p", { class: "muted" }, t("push_text")),
      button(t("push_turn_on"), () => switchPush(app, true), { kind: "small" }),
    ),
  );
}
