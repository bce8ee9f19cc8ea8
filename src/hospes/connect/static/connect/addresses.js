// Address rows: adds and removes them in place. Without scripts the page comes back with a row more.
for (const group of document.querySelectorAll("[data-addresses]")) {
  const template = group.querySelector("template");
  const rows = group.querySelector("[data-rows]");
  const more = group.querySelector("[data-more]");

  const renumber = () => {
    const all = rows.querySelectorAll("[data-row]");
    all.forEach((row, index) => {
      const input = row.querySelector("input");
      input.id = index === 0 ? group.dataset.addresses : `${group.dataset.addresses}_${index + 1}`;
      input.setAttribute("aria-label", group.dataset.label.replace("0", String(index + 1)));
      row.querySelector("[data-remove]").hidden = all.length === 1;
    });
  };

  more.addEventListener("click", (event) => {
    event.preventDefault();
    rows.append(template.content.cloneNode(true));
    renumber();
    rows.lastElementChild.querySelector("input").focus();
  });

  rows.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) {
      return;
    }
    const row = button.closest("[data-row]");
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    renumber();
    next?.querySelector("input").focus();
  });

  renumber();
}
