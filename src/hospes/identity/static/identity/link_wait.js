// Goes on by itself as soon as a phone took the code; without scripts there is a link for it.
const EVERY = 1500;
const card = document.querySelector("[data-link-wait]");

async function ask() {
  let state = "waiting";
  try {
    const response = await fetch(card.dataset.stateUrl, {
      cache: "no-store",
      redirect: "error",
      headers: { Accept: "application/json" },
    });
    if (response.ok) state = (await response.json()).state;
  } catch {
    // Interrupted; the next question may get through.
  }
  if (state === "waiting") setTimeout(ask, EVERY);
  else location.replace(card.dataset.doneUrl);
}

if (card) {
  const status = card.querySelector("[data-link-status]");
  status.textContent = status.dataset.waiting;
  ask();
}
