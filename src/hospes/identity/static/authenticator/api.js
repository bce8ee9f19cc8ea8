// The provider's JSON interface. Nothing of it is ever kept in a cache.
import { learn } from "./clock.js";

const TIMEOUT = 12_000;

/** A refusal, by its code; `offline` where no answer came at all. */
export class ApiError extends Error {
  constructor(code, { status = 0, error = {}, wait = 0 } = {}) {
    super(code);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.error = error;
    this.wait = wait;
  }
}

/** Ask the provider; return the answer's `data`. */
export async function call(method, path, { token = "", body = undefined } = {}) {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT);
  let response;
  let answer;
  try {
    response = await fetch(`/api/${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      // The token says who asks; the browser's sign-ins are no business of this app.
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: abort.signal,
    });
    answer = await response.json().catch(() => ({}));
  } catch {
    throw new ApiError("offline");
  } finally {
    clearTimeout(timer);
  }
  learn(response.headers.get("Date"));
  if (response.ok && answer.result === "success") return answer.data;
  throw new ApiError(answer.error?.code || fallback(response.status), {
    status: response.status,
    error: answer.error || {},
    wait: Number(response.headers.get("Retry-After")) || 0,
  });
}

function fallback(status) {
  return { 401: "not_authorized", 404: "not_found", 410: "expired", 429: "too_many_requests" }[status]
    || "unexpected";
}
