// Looks again while something is being made; without scripts there is a link for it.
const SECONDS = 3;
setTimeout(() => {
  if (document.visibilityState === "visible") location.reload();
  else document.addEventListener("visibilitychange", () => location.reload(), { once: true });
}, SECONDS * 1000);
