// The frame: menus that close when one leaves them, messages that can be dismissed, copy buttons.
const menus = "details[data-menu]";

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(`${menus}[open]`)) {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  }
});

document.addEventListener("focusin", (event) => {
  for (const menu of document.querySelectorAll(`${menus}[open]`)) {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const inside = document.activeElement?.closest(`${menus}[open]`);
    for (const menu of document.querySelectorAll(`${menus}[open]`)) {
      menu.open = false;
    }
    inside?.querySelector("summary")?.focus();
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-dismiss]");
  if (button) {
    button.closest("[data-toast], .notice")?.remove();
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) {
    return;
  }
  const words = button.querySelector("span");
  const before = words.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // No permission: mark the value, so that the keyboard's copy takes it.
    const value = button.parentElement.querySelector("code");
    if (value) {
      getSelection().selectAllChildren(value);
    }
    return;
  }
  button.classList.add("is-done");
  words.textContent = button.dataset.copied;
  setTimeout(() => {
    button.classList.remove("is-done");
    words.textContent = before;
  }, 2500);
});
