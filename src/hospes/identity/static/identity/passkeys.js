// Passkeys. A form marked data-passkey asks its data-options for a question, has the browser's
// passkey answer it, and brings the answer along in its field when it is sent. Without scripts, or
// in a browser without passkeys, the form's button stays hidden and the page's other ways remain.
const known = typeof PublicKeyCredential === "function" && Boolean(navigator.credentials);
// A question that waits in the list of suggestions is renewed before it is too old.
const RENEWED_AT = 0.8;

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const decoded = (options) => {
  const named = (list) => list?.map((item) => ({ ...item, id: bytes(item.id) }));
  const result = { ...options, challenge: bytes(options.challenge) };
  if (options.user) result.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) result.excludeCredentials = named(options.excludeCredentials);
  if (options.allowCredentials) result.allowCredentials = named(options.allowCredentials);
  return result;
};

const encoded = (credential) => {
  const { response } = credential;
  const result = {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: text(response.clientDataJSON) },
  };
  if (response.attestationObject) {
    result.response.attestationObject = text(response.attestationObject);
    result.response.transports = response.getTransports?.() ?? [];
  } else {
    result.response.authenticatorData = text(response.authenticatorData);
    result.response.signature = text(response.signature);
    if (response.userHandle) result.response.userHandle = text(response.userHandle);
  }
  return JSON.stringify(result);
};

class Trouble extends Error {}

async function question(form) {
  let response;
  try {
    response = await fetch(form.dataset.options, {
      method: "POST",
      redirect: "manual",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value }),
    });
  } catch {
    throw new Trouble(form.querySelector("[data-passkey-status]").dataset.trouble);
  }
  if (response.type === "opaqueredirect" || response.status === 410 || response.status === 403) {
    // Signed out, or confirmed too long ago: the page itself leads to where that is done.
    location.reload();
    throw new Trouble("");
  }
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new Trouble(form.querySelector("[data-passkey-status]").dataset.trouble);
  }
  if (answer.result !== "success") throw new Trouble(answer.error.description);
  return decoded(answer.data);
}

function arm(form) {
  const button = form.querySelector("[data-passkey-button]");
  const status = form.querySelector("[data-passkey-status]");
  const field = form.elements.passkey;
  let waiting = null;
  let renewal = 0;

  const failure = form.querySelector("[data-passkey-failure]");
  const say = (words) => {
    status.textContent = words ?? "";
    if (failure) failure.hidden = true;
  };

  const fail = (words) => {
    if (!failure || !words) {
      say(words);
      return;
    }
    say("");
    failure.querySelector("[data-passkey-words]").textContent = words;
    failure.hidden = false;
  };

  const send = (credential) => {
    field.value = encoded(credential);
    form.submit();
  };

  async function suggest() {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    if (document.hidden) return;
    const controller = new AbortController();
    waiting = controller;
    try {
      const publicKey = await question(form);
      if (controller.signal.aborted) return;
      renewal = setTimeout(() => {
        if (waiting !== controller) return;
        controller.abort();
        waiting = null;
        suggest();
      }, publicKey.timeout * RENEWED_AT);
      send(
        await navigator.credentials.get({
          publicKey,
          mediation: "conditional",
          signal: controller.signal,
        }),
      );
    } catch {
      // Not offered, or given up for the button: the page works without it.
      if (waiting === controller) waiting = null;
    }
  }

  async function ask() {
    clearTimeout(renewal);
    waiting?.abort();
    const controller = new AbortController();
    waiting = controller;
    button.disabled = true;
    say(status.dataset.waiting);
    try {
      const publicKey = await question(form);
      const request = { publicKey, signal: controller.signal };
      const credential =
        form.dataset.passkey === "create"
          ? await navigator.credentials.create(request)
          : await navigator.credentials.get(request);
      send(credential);
    } catch (error) {
      waiting = null;
      button.disabled = false;
      if (error instanceof Trouble) {
        fail(error.message);
        return;
      }
      fail(error.name === "InvalidStateError" ? status.dataset.known : status.dataset.cancelled);
      if ("conditional" in form.dataset) suggest();
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // Not sent yet: the page must not think so.
    event.stopPropagation();
    ask();
  });
  form.hidden = false;
  button.hidden = false;
  // A page that comes back out of the browser's memory can be used again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  if ("conditional" in form.dataset) {
    suggest();
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && waiting === null) suggest();
    });
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (known) arm(form);
  else form.querySelector("[data-passkey-status]").textContent =
    form.querySelector("[data-passkey-status]").dataset.unsupported ?? "";
}
