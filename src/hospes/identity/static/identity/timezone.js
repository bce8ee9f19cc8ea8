// The sign-up form's hidden field gets the browser's time zone, so that times are right at once.
for (const field of document.querySelectorAll("[data-timezone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
