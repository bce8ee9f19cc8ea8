// Tells at once that a picture is too large, before it is uploaded in vain.
for (const form of document.querySelectorAll("form[data-picture-megabytes]")) {
  const input = form.querySelector('input[type="file"]');
  const limit = Number(form.dataset.pictureMegabytes) * 1024 * 1024;
  input.addEventListener("change", () => {
    const [file] = input.files;
    input.setCustomValidity(file && file.size > limit ? form.dataset.pictureTooLarge : "");
    input.reportValidity();
  });
  form.addEventListener("submit", (event) => {
    const { submitter } = event;
    if (submitter?.formNoValidate || submitter?.formAction.endsWith("/remove")) return;
    if (!input.reportValidity()) event.preventDefault();
  });
}
