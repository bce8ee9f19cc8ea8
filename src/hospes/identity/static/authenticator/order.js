// Bringing accounts into another order: by dragging, and by buttons for fingers and keyboards that
// do not drag.
import * as accounts from "./accounts.js";
import { el, icon, iconButton, say } from "./dom.js";
import { t } from "./texts.js";

/** Return {list, ids}: a list that can be put in order, and its order at the time. */
export function makeSortable(all) {
  const list = el("ol", { class: "card card--flush sortable", role: "list" });
  const rows = () => [...list.children];

  function move(row, by) {
    const now = rows();
    const target = now[now.indexOf(row) + by];
    if (!target) return;
    if (by < 0) target.before(row);
    else target.after(row);
    settled(row);
  }

  function settled(row) {
    const now = rows();
    for (const [index, one] of now.entries()) {
      one.querySelector("[data-up]").disabled = index === 0;
      one.querySelector("[data-down]").disabled = index === now.length - 1;
    }
    if (row) {
      say(
        t("moved", { name: row.dataset.name, position: now.indexOf(row) + 1, count: now.length }),
        { quiet: true },
      );
    }
  }

  function press(event, row, by) {
    move(row, by);
    // At an end the pressed button is switched off; the other one keeps the focus in the row.
    const button = event.currentTarget;
    (button.disabled ? row.querySelector("button:not(:disabled)") : button)?.focus();
  }

  function drag(event, row) {
    if (event.button !== 0) return;
    event.preventDefault();
    // The list keeps the pointer, and the others move around the dragged row: an element that is
    // taken out of the page for a moment loses its pointer.
    list.setPointerCapture(event.pointerId);
    row.classList.add("is-dragged");
    const follow = ({ clientY }) => {
      const now = rows();
      const place = now.indexOf(row);
      const middle = (other) => {
        const { top, height } = other.getBoundingClientRect();
        return top + height / 2;
      };
      // The nearest first, so that the others keep their order among themselves.
      for (const other of now.slice(0, place).reverse()) {
        if (clientY < middle(other)) row.after(other);
      }
      for (const other of now.slice(place + 1)) {
        if (clientY > middle(other)) row.before(other);
      }
    };
    const end = () => {
      list.removeEventListener("pointermove", follow);
      list.removeEventListener("pointerup", end);
      list.removeEventListener("pointercancel", end);
      row.classList.remove("is-dragged");
      settled(row);
    };
    list.addEventListener("pointermove", follow);
    list.addEventListener("pointerup", end);
    list.addEventListener("pointercancel", end);
  }

  for (const account of all) {
    const name = accounts.nameOf(account);
    const row = el("li", { "data-id": account.id, "data-name": name });
    row.append(
      el("span", { class: "sortable__grip", on: { pointerdown: (event) => drag(event, row) } }, icon("grip")),
      el(
        "span",
        { class: "account__who" },
        el("span", { class: "account__name" }, name),
        el("span", { class: "account__more" }, account.provider.name),
      ),
      iconButton("up", t("move_up", { name }), (event) => press(event, row, -1), { "data-up": true }),
      iconButton("chevron-down", t("move_down", { name }), (event) => press(event, row, 1), { "data-down": true }),
    );
    list.append(row);
  }
  settled();
  return { list, ids: () => rows().map((row) => row.dataset.id) };
}
