// Answering a request: what is signed, and what the provider said to it.
import * as accounts from "./accounts.js";
import { call } from "./api.js";
import * as vault from "./vault.js";

/** The lines a phone signs. The number is empty where none was asked for, and for a refusal. */
export const lines = (issuer, challenge, answer, number = "") => [
  "hospes-push-v1",
  issuer,
  challenge.uuid,
  challenge.nonce,
  answer,
  number,
];

const path = (challenge) => `2fa/push/challenges/${encodeURIComponent(challenge.uuid)}`;

const signature = (account, challenge, answer, number) =>
  vault.sign(account.privateKey, lines(account.provider.issuer, challenge, answer, number));

/** Say YES; rejects with an ApiError. */
export async function approve(account, challenge, number = "") {
  const body = { signature: await signature(account, challenge, "approve", number) };
  if (challenge.number_required) body.number = number;
  await call("PATCH", path(challenge), { token: await accounts.token(account), body });
  await accounts.noteUsed(account.id);
}

/** Say NO; without the challenge's nonce unsigned, which the provider takes as well. */
export async function refuse(account, challenge) {
  const body = challenge.nonce
    ? { signature: await signature(account, challenge, "refuse") }
    : {};
  await call("DELETE", path(challenge), { token: await accounts.token(account), body });
  await accounts.noteUsed(account.id);
}

/** Return the open request of an account, or null. */
export const open = async (account) =>
  call("GET", "2fa/push/challenges", { token: await accounts.token(account) });
