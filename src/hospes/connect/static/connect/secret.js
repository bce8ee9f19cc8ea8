// The secret is on this page only: leaving by accident is asked about first.
const done = document.querySelector("[data-secret-kept]");
const ask = (event) => event.preventDefault();

if (done) {
  addEventListener("beforeunload", ask);
  done.addEventListener("click", () => removeEventListener("beforeunload", ask));
}
// A page brought back from the history must not show it either.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.replace(done?.href ?? "/");
  }
});
