// Small helpers around the document. Nothing here takes HTML from a string.
const SVG = "http://www.w3.org/2000/svg";

/** Make an element: `props` are attributes, `on` listeners, `class` its classes. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (value === true) {
      node.setAttribute(name, "");
    } else {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Draw an icon of the page's sprite; it is decoration. */
export const icon = (name) =>
  svg(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": "true", focusable: "false" },
    svg("use", { href: `#i-${name}` }),
  );

export const button = (label, press, { kind = "", sign = "", ...props } = {}) =>
  el(
    "button",
    { type: "button", class: `button${kind ? ` button--${kind}` : ""}`, on: { click: press }, ...props },
    sign ? icon(sign) : null,
    el("span", {}, label),
  );

export const iconButton = (sign, label, press, props = {}) =>
  el(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, on: { click: press }, ...props },
    icon(sign),
  );

export const notice = (kind, sign, ...content) =>
  el(
    "div",
    { class: `notice notice--${kind}` },
    icon(sign),
    el("div", {}, ...content.map((part) => (typeof part === "string" ? el("p", {}, part) : part))),
  );

/** A labelled text field; `input` holds further attributes of the input. */
export function field({ id, label, help = "", input = {} }) {
  return el(
    "div",
    { class: "field" },
    el("label", { class: "field__label", for: id }, label),
    help ? el("p", { class: "field__help", id: `${id}-help` }, help) : null,
    el("input", { id, name: id, type: "text", "aria-describedby": help ? `${id}-help` : null, ...input }),
    el("div", { class: "field__errors", id: `${id}-error`, role: "alert" }),
  );
}

/** Show what is wrong with a field, and go there; "" takes it away. */
export function fault(root, id, words) {
  const input = root.querySelector(`#${id}`);
  const place = root.querySelector(`#${id}-error`);
  place.replaceChildren(...(words ? [icon("alert"), el("span", {}, words)] : []));
  place.classList.toggle("is-shown", Boolean(words));
  const help = root.querySelector(`#${id}-help`) ? `${id}-help` : "";
  input.setAttribute("aria-describedby", [help, words ? `${id}-error` : ""].filter(Boolean).join(" "));
  if (words) {
    input.setAttribute("aria-invalid", "true");
    input.focus();
    input.select();
  } else {
    input.removeAttribute("aria-invalid");
  }
}

/** Say something to screen readers and, for a short while, on the screen. */
export function say(words, { quiet = false } = {}) {
  document.getElementById("announce").textContent = words;
  if (quiet) return;
  const place = document.getElementById("toast");
  place.textContent = words;
  place.classList.add("is-shown");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => place.classList.remove("is-shown"), 4000);
}

/** Ask before something that cannot be undone; resolves to true or false. */
export function confirm({ heading, text, yes, no, danger = true }) {
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: "dialog", "aria-labelledby": "dialog-heading" });
    const close = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      close(false);
    });
    dialog.append(
      el(
        "div",
        { class: "card stack" },
        el("h2", { id: "dialog-heading" }, heading),
        el("p", {}, text),
        el(
          "div",
          { class: "form-actions" },
          button(yes, () => close(true), { kind: danger ? "danger" : "primary" }),
          button(no, () => close(false)),
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
