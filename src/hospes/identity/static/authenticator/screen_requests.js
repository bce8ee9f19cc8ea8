// A sign-in asks: is that you? YES with the number that the browser shows, or NO.
// An application asks: do you approve? Its message is what the person compares.
import * as accounts from "./accounts.js";
import * as answers from "./answers.js";
import { now } from "./clock.js";
import { button, el, fault, field, icon, notice, say } from "./dom.js";
import { pushHint } from "./hints.js";
import { moment, t } from "./texts.js";
import { avatar } from "./screen_codes.js";

const isRequest = (challenge) => challenge.purpose === "request";
const meaning = (challenge) => {
  if (!isRequest(challenge)) return t("no_meaning");
  const words = challenge.message ? "approval_meaning" : "approval_meaning_bare";
  return t(words, { application: challenge.application });
};
const clockOf = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

async function quiet(app) {
  return {
    title: t("requests_heading"),
    node: el(
      "div",
      { class: "stack" },
      el(
        "div",
        { class: "empty" },
        el("span", { class: "empty__icon" }, icon("bell")),
        el("h2", { class: "empty__title" }, t("no_request")),
        el("p", { class: "empty__text" }, t("no_request_text")),
      ),
      await pushHint(app),
    ),
  };
}

export async function requestsScreen(app) {
  const living = app.requests.filter(({ challenge }) => challenge.expires_at * 1000 > now());
  const open = living.find(({ sure }) => sure) || living[0];
  if (open) return ask(app, { ...open, over: false, sending: false });
  return { ...(await quiet(app)), changed: () => app.requests.length && app.go("requests") };
}

function ask(app, request) {
  const { account, challenge } = request;
  const body = el("div", { class: "stack", "data-busy": true });
  const left = el("span", { class: "numeric" });
  const next = el("div", { class: "stack stack--close" });
  const among = el("div", { role: "status" });
  const timer = setInterval(tick, 1000);

  function tick() {
    const seconds = Math.max(0, Math.round(challenge.expires_at - now() / 1000));
    left.textContent = clockOf(seconds);
    if (seconds === 0 && !request.over && !request.sending) finish("expired");
  }

  function finish(state) {
    clearInterval(timer);
    request.over = true;
    // A key or link that does not serve is no answer: another link of the account may give one.
    if (state !== "vanished") app.poller.forget(challenge.uuid, ["bad_signature", "removed"].includes(state) ? account : null);
    app.requests = app.requests.filter((other) => other.challenge.uuid !== challenge.uuid);
    clearNotification(challenge.uuid);
    outcome(body, state === "vanished" ? "already_processed" : state, request, next);
    offer();
  }

  /** After the answer: what waits next comes first. */
  function offer() {
    const waits = app.requests.length > 0;
    if (next.dataset.waits === String(waits)) return;
    next.dataset.waits = String(waits);
    const codes = button(t("to_codes"), () => app.go("codes"), { kind: `${waits ? "quiet" : "primary"} button--wide` });
    const look = button(t("request_next"), () => app.go("requests"), { kind: "primary button--wide", sign: "bell" });
    next.replaceChildren(...(waits ? [look, codes] : [codes]));
  }

  /** Two requests look alike: say which one this is, and what tells them apart. */
  function place() {
    const count = app.requests.length;
    const at = app.requests.findIndex((other) => other.challenge.uuid === challenge.uuid);
    const words = count > 1 && at >= 0 ? t("request_position", { position: at + 1, count }) : "";
    if (among.dataset.words === words) return;
    among.dataset.words = words;
    const advice = challenge.number_required ? "request_compare_number" : "request_compare";
    among.replaceChildren(...(words ? [notice("warning", "alert", el("p", {}, el("strong", {}, words)), t(advice))] : []));
  }

  async function send(answer, number) {
    request.sending = true;
    for (const one of body.querySelectorAll("button")) one.disabled = true;
    try {
      if (answer === "approve") await answers.approve(account, challenge, number);
      else await answers.refuse(account, challenge);
      finish(answer === "approve" ? "approved" : "refused");
    } catch (error) {
      for (const one of body.querySelectorAll("button")) one.disabled = false;
      failed(error, answer);
    } finally {
      request.sending = false;
    }
  }

  async function failed(error, answer) {
    const { code } = error;
    if (code === "wrong_number") {
      const tries = error.error.tries_left ?? 0;
      if (tries > 0) fault(body, "number", t("wrong_number", { tries }));
      else finish("wrong_number");
    } else if (code === "device_removed") {
      await accounts.noteRemoved(account.id);
      finish("removed");
    } else if (["bad_signature", "expired", "already_processed"].includes(code)) {
      finish(code);
    } else if (code === "not_found") {
      finish("already_processed");
    } else {
      // The answer did not arrive, as far as we know: the request stays, to be answered again.
      const place = body.querySelector("[data-fault]");
      const words = { offline: "answer_offline", not_authorized: "answer_not_let_in" }[code];
      place.replaceChildren(notice("warning", "alert", t(words || "answer_failed")));
      if (answer === "approve") body.querySelector("#number")?.focus();
    }
  }

  const show = (...parts) => body.replaceChildren(el("div", { "data-fault": true, role: "alert" }), among, ...parts);

  function question() {
    show(
      details(account, challenge, left),
      el(
        "div",
        { class: "answers answers--stay" },
        button(t("no"), () => send("refuse"), { sign: "close", kind: "no" }),
        button(t("yes"), () => (challenge.number_required ? askNumber() : send("approve")), {
          sign: "check",
          kind: "primary",
        }),
      ),
      el("p", { class: "muted small center" }, meaning(challenge)),
    );
  }

  function askNumber() {
    const form = el(
      "form",
      { class: "card stack number", novalidate: true },
      field({
        id: "number",
        label: t("number_label"),
        help: t("number_help", { application: challenge.application || account.provider.name }),
        input: { inputmode: "numeric", pattern: "[0-9]{2}", maxlength: 2, autocomplete: "off", enterkeyhint: "done", class: "number__input" },
      }),
      el(
        "div",
        { class: "answers" },
        el("button", { class: "button button--primary", type: "submit" }, icon("check"), t("confirm")),
        button(t("back"), question, { sign: "arrow-left" }),
      ),
      el("p", { class: "muted small center" }, t("number_warning")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const number = form.elements.number.value.trim();
      if (!/^[0-9]{2}$/.test(number)) fault(body, "number", t("number_format"));
      else {
        fault(body, "number", "");
        send("approve", number);
      }
    });
    show(form);
    form.elements.number.focus();
  }

  question();
  place();
  tick();
  return {
    title: t(isRequest(challenge) ? "approval_heading" : "request_heading"),
    node: body,
    leave: () => clearInterval(timer),
    changed() {
      const still = app.requests.some((other) => other.challenge.uuid === challenge.uuid);
      // Answered elsewhere, or withdrawn, while it is on the screen.
      // The provider drops what has run out, its clock a little before or after this one.
      const late = challenge.expires_at * 1000 - now() < 1500;
      if (!still && !request.over && !request.sending) finish(late ? "expired" : "vanished");
      if (request.over) offer();
      else place();
    },
  };
}

function details(account, challenge, left) {
  const fact = (name, value) => (value ? [el("dt", {}, name), el("dd", {}, value)] : []);
  const where = [challenge.location, challenge.ip].filter(Boolean).join(" · ");
  return el(
    "section",
    { class: "card request" },
    el(
      "div",
      { class: "request__who" },
      avatar(account),
      el(
        "span",
        { class: "account__who" },
        el("span", { class: "account__name" }, accounts.nameOf(account)),
        el("span", { class: "account__more" }, account.email),
      ),
      el("span", { class: "request__left", title: t("fact_left") }, icon("clock"), el("span", { class: "visually-hidden" }, t("fact_left")), left),
    ),
    el(
      "dl",
      { class: "facts" },
      ...fact(t("fact_application"), challenge.application || account.provider.name),
      ...fact(t("fact_message"), challenge.message),
      // Of an application's request they would be its server's, and say nothing.
      ...(isRequest(challenge) ? [] : fact(t("fact_browser"), challenge.browser || challenge.device?.name)),
      ...(isRequest(challenge) ? [] : fact(t("fact_place"), where || t("place_unknown"))),
      ...fact(t("fact_time"), moment(challenge.created_at * 1000, { seconds: true })),
    ),
  );
}

const OUTCOMES = {
  approved: ["success", "check-circle"],
  refused: ["success", "shield"],
  expired: ["warning", "clock"],
  already_processed: ["info", "info"],
  removed: ["warning", "alert"],
  wrong_number: ["danger", "alert"],
  bad_signature: ["danger", "alert"],
};

function outcome(body, state, { account, challenge }, next) {
  const [kind, sign] = OUTCOMES[state];
  delete body.dataset.busy;
  const heading = el("h2", { class: "outcome__title", tabindex: -1 }, t(`answer_${state}`));
  const asked = isRequest(challenge);
  // Nobody gave a password for an application's request.
  const accused = !asked && (state === "refused" || state === "wrong_number");
  const own = asked && ["approved", "refused", "expired", "already_processed"].includes(state) ? "_request" : "";
  // A sign-in got as far as this with the password; whoever waited too long knows whether it was theirs.
  const doubtful = !asked && (state === "expired" || state === "already_processed");
  const change = () => el("a", { href: `${account.provider.issuer}/settings/password` }, t("refused_go"));
  body.replaceChildren(
    el(
      "section",
      { class: `card outcome outcome--${kind}` },
      el("span", { class: "outcome__sign" }, icon(sign)),
      heading,
      el("p", {}, t(`answer_${state}${own}_text`, { provider: account.provider.name, application: challenge.application })),
    ),
    ...(accused
      ? [
          notice(
            "warning",
            "lock",
            t("refused_advice"),
            change(),
          ),
        ]
      : []),
    ...(doubtful ? [el("p", { class: "muted center" }, t("not_you_advice"), " ", change())] : []),
    next,
  );
  document.querySelector("#main h1").textContent = t("requests_heading");
  heading.focus();
  say(t(`answer_${state}`), { quiet: true });
}

async function clearNotification(uuid) {
  try {
    const registration = await navigator.serviceWorker?.getRegistration("/authenticator/");
    for (const one of (await registration?.getNotifications({ tag: uuid })) || []) one.close();
  } catch {
    // Nothing to clear then.
  }
}
