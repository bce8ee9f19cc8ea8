// The documentation of the API: a search over the endpoints, and forms that try the reading ones.

const search = document.querySelector("[data-docs-search]");
const found = document.querySelector("[data-docs-found]");
const token = document.querySelector("[data-docs-token]");
const articles = [...document.querySelectorAll("[data-docs-words]")];
const base = document.querySelector("[data-api]").dataset.api;

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = new Set(
    articles
      .filter((each) => words.every((word) => each.dataset.docsWords.toLowerCase().includes(word)))
      .map((each) => each.dataset.docsItem),
  );
  for (const item of document.querySelectorAll("[data-docs-item]")) {
    item.hidden = !shown.has(item.dataset.docsItem);
  }
  for (const group of document.querySelectorAll("[data-docs-group]")) {
    group.hidden = !group.querySelector("[data-docs-item]:not([hidden])");
  }
  found.textContent = words.length ? `${shown.size} of ${articles.length} endpoints` : "";
}

search.addEventListener("input", filter);
// The browser puts back what was typed before.
filter();

function address(form) {
  let path = form.dataset.docsTry;
  const query = new URLSearchParams();
  for (const input of form.querySelectorAll("input[name]")) {
    const value = input.value.trim();
    if (input.dataset.in === "path") {
      path = path.replace(`{${input.name}}`, encodeURIComponent(value));
    } else if (value) {
      query.append(input.name, value);
    }
  }
  const words = query.toString();
  return base + path + (words ? `?${words}` : "");
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("[data-docs-try]");
  if (!form) {
    return;
  }
  event.preventDefault();
  const status = form.querySelector("[data-docs-status]");
  const body = form.querySelector("[data-docs-answer]");
  if (!token.value.trim()) {
    status.textContent = "Paste a token first, at the top of the page.";
    token.focus();
    return;
  }
  status.textContent = "Sending …";
  body.hidden = true;
  try {
    const answer = await fetch(address(form), {
      headers: { Authorization: `Bearer ${token.value.trim()}` },
      credentials: "omit",
      cache: "no-store",
    });
    const text = await answer.text();
    status.textContent = `${answer.status} ${answer.statusText}`;
    try {
      body.textContent = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      body.textContent = text;
    }
    body.hidden = false;
  } catch {
    status.textContent = "No answer came. Check the connection, and the token for stray characters.";
  }
});
