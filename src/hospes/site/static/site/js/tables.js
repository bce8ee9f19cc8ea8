// Selection in tables: select all, how many are selected, buttons only when something is.
for (const form of document.querySelectorAll("form[data-selection]")) {
  const boxes = () => [...form.querySelectorAll('tbody input[type="checkbox"]')];
  const all = form.querySelector("[data-select-all]");
  const bar = form.querySelector(".bulk");
  const count = form.querySelector("[data-count]");

  const show = () => {
    const every = boxes();
    const chosen = every.filter((box) => box.checked).length;
    if (all) {
      all.checked = chosen > 0 && chosen === every.length;
      all.indeterminate = chosen > 0 && chosen < every.length;
    }
    if (count) {
      count.textContent = chosen === 0 ? count.dataset.none
        : chosen === 1 ? count.dataset.one
        : count.dataset.many.replace("{n}", String(chosen));
    }
    bar?.classList.toggle("is-active", chosen > 0);
    for (const button of bar?.querySelectorAll("button") ?? []) {
      button.disabled = chosen === 0;
    }
  };

  all?.addEventListener("change", () => {
    for (const box of boxes()) {
      box.checked = all.checked;
    }
    show();
  });
  form.addEventListener("change", show);
  show();
}
