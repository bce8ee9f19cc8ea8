// Runs before anything is drawn: the chosen appearance and language, and plain words where the
// app itself does not come to run.
(() => {
  const root = document.documentElement;
  const kept = (name) => {
    try {
      return localStorage.getItem(`authenticator.${name}`) || "";
    } catch {
      return "";
    }
  };
  const theme = kept("theme") || root.dataset.theme;
  root.dataset.theme = theme;
  root.classList.add("scripts");
  const dark = document.getElementById("dark");
  dark.media = { dark: "screen", light: "not all" }[theme] || "screen and (prefers-color-scheme: dark)";
  root.lang = kept("language") || root.lang;

  // The words are on their way while the modules are still being read.
  const words = document.createElement("link");
  words.rel = "preload";
  words.as = "fetch";
  words.crossOrigin = "anonymous";
  words.href = `/authenticator/app/${root.dataset.version}/texts/${root.lang}.json`;
  document.head.append(words);

  // A module that does not load leaves the page without its app: say so.
  addEventListener("error", (event) => {
    if (event.target instanceof HTMLScriptElement) root.classList.add("is-broken");
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-reload]")) location.reload();
  });
})();
