// A link to a confirmation page, marked with data-dialog, opens that page's content as a dialog.
// Anything unexpected falls back to simply going there.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-dialog]");
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  event.preventDefault();
  try {
    await open(link);
  } catch {
    location.assign(link.href);
  }
});

async function open(link) {
  const answer = await fetch(link.href, {
    credentials: "same-origin",
    headers: { Accept: "text/html" },
  });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const card = page.querySelector("main .card");
  if (!answer.ok || answer.redirected || !card) {
    throw new Error("not a confirmation page");
  }
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.append(document.importNode(card, true));
  for (const form of dialog.querySelectorAll("form")) {
    if (!form.getAttribute("action")) {
      form.setAttribute("action", link.href);
    }
  }
  // The same ids may stand on the page behind: make those of the dialog its own.
  for (const element of dialog.querySelectorAll("[id]")) {
    const before = element.id;
    element.id = `dialog-${before}`;
    for (const [name, joined] of [["for", "for"], ["aria-describedby", "aria-describedby"], ["data-password-toggle", "data-password-toggle"], ["data-strength", "data-strength"]]) {
      for (const other of dialog.querySelectorAll(`[${name}="${CSS.escape(before)}"]`)) {
        other.setAttribute(joined, element.id);
      }
    }
  }
  const heading = dialog.querySelector("h1");
  if (heading) {
    heading.id ||= "dialog-heading";
    dialog.setAttribute("aria-labelledby", heading.id);
  }
  dialog.addEventListener("click", (event) => {
    const outside = event.target === dialog;
    if (outside || event.target.closest("[data-dialog-close]")) {
      event.preventDefault();
      dialog.close();
    }
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}
