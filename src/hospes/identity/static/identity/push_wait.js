// Goes on by itself as soon as the phone has answered; without scripts there is a button for it.
const EVERY = 700;
const form = document.querySelector("[data-push-wait]");
const status = form?.querySelector("[data-push-status]");

const say = (word) => {
  const text = status?.dataset[word];
  if (text && status.textContent !== text) status.textContent = text;
};

async function ask() {
  let answer;
  try {
    const response = await fetch(form.dataset.stateUrl, {
      cache: "no-store",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout?.(8000),
    });
    if (!response.ok) throw new Error(response.status);
    answer = await response.json();
  } catch {
    say("trouble");
    setTimeout(ask, 3 * EVERY);
    return;
  }
  if (answer.state === "open") {
    say("waiting");
    setTimeout(ask, EVERY);
  } else if (answer.state === "approved") {
    say("approved");
    form.requestSubmit();
  } else {
    location.replace(form.dataset.againUrl);
  }
}

if (form) {
  if (status) {
    form.classList.add("is-waiting");
    ask();
  } else {
    // Approved before the page was drawn.
    form.requestSubmit();
  }
}
