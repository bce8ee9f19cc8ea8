// The time as the provider has it. A phone whose clock is wrong would show wrong codes, so each
// answer's Date header corrects it; without network the last correction holds.
const NOTEWORTHY = 10_000;
const NAME = "authenticator.skew";

let skew = 0;
try {
  skew = Number(localStorage.getItem(NAME)) || 0;
} catch {
  // Not kept then; the next answer tells it again.
}

/** Return the present moment in milliseconds of Unix time. */
export const now = () => Date.now() + skew;

/** Learn from an answer's Date header, which has whole seconds. */
export function learn(header) {
  const told = Date.parse(header || "");
  if (Number.isNaN(told)) return;
  const found = told + 500 - Date.now();
  skew = Math.abs(found) < NOTEWORTHY ? 0 : found;
  try {
    localStorage.setItem(NAME, String(skew));
  } catch {
    // As above.
  }
}
