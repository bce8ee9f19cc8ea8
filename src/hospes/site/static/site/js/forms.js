// Forms: the summary of errors gets the focus, passwords can be shown, a form is sent once.
document.querySelector("[data-error-summary]")?.focus();

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-password-toggle]");
  const field = button && document.getElementById(button.dataset.passwordToggle);
  if (field) {
    const show = field.type === "password";
    field.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
    field.focus();
  }
});

// A browser keeps a password field's text only while it is one: hide it again before sending.
document.addEventListener("submit", (event) => {
  for (const button of event.target.querySelectorAll('[data-password-toggle][aria-pressed="true"]')) {
    document.getElementById(button.dataset.passwordToggle).type = "password";
    button.setAttribute("aria-pressed", "false");
  }
  if (event.target.method === "post") {
    if (event.target.dataset.sent) {
      event.preventDefault();
      return;
    }
    event.target.dataset.sent = "yes";
  }
});

// Coming back with the back button, the form may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
  }
});

// A hint by length alone, made here; the server judges strength when the form is sent.
document.addEventListener("input", (event) => {
  const hint = document.querySelector(`[data-strength="${CSS.escape(event.target.id ?? "")}"]`);
  if (!hint) {
    return;
  }
  const { minimum, short, fair, good, strong } = hint.dataset;
  const over = [...event.target.value].length - Number(minimum);
  const empty = event.target.value === "";
  const [value, words] =
    empty ? [0, ""]
    : over < 0 ? [1, short]
    : over < 4 ? [2, fair]
    : over < 8 ? [3, good]
    : [4, strong];
  hint.classList.toggle("is-active", !empty);
  hint.querySelector("meter").value = value;
  const said = hint.querySelector(".strength__words");
  if (said.textContent !== words) {
    said.textContent = words;
  }
});
