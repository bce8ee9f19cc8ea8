// An application in JavaScript. It reads one JSON line per step and answers with one.
import { createInterface } from "node:readline";
import * as client from "openid-client";

const kept = {};

async function discover(server, id, secret) {
  // Plain http is for the server on this machine alone.
  const auth = kept.own
    ? client.PrivateKeyJwt({ key: kept.own.privateKey, kid: "own" })
    : secret ? client.ClientSecretBasic(secret) : client.None();
  return client.discovery(new URL(server), id, undefined, auth, {
    execute: [client.allowInsecureRequests],
  });
}

// The key that tokens are bound to, where one was made.
async function bind() {
  if (!kept.pair) return {};
  kept.bound = { DPoP: client.getDPoPHandle(kept.config, kept.pair) };
  return { dpop_jkt: await kept.bound.DPoP.calculateThumbprint() };
}

const steps = {
  async keys({ alg }) {
    kept.own = await client.randomDPoPKeyPair(alg, { extractable: true });
    kept.pair = await client.randomDPoPKeyPair(alg, { extractable: true });
    const { key_ops, ext, ...jwk } = await crypto.subtle.exportKey("jwk", kept.own.publicKey);
    return { ...jwk, kid: "own" };
  },
  async begin({ server, id, secret, callback }) {
    kept.config = await discover(server, id, secret);
    const bound = await bind();
    kept.verifier = client.randomPKCECodeVerifier();
    kept.state = client.randomState();
    kept.nonce = client.randomNonce();
    const url = client.buildAuthorizationUrl(kept.config, {
      redirect_uri: callback,
      scope: "openid profile email offline_access",
      prompt: "consent",
      code_challenge: await client.calculatePKCECodeChallenge(kept.verifier),
      code_challenge_method: "S256",
      state: kept.state,
      nonce: kept.nonce,
      ...bound,
    });
    return { url: url.href, metadata: kept.config.serverMetadata() };
  },
  async finish({ url }) {
    const tokens = await client.authorizationCodeGrant(kept.config, new URL(url), {
      pkceCodeVerifier: kept.verifier,
      expectedState: kept.state,
      expectedNonce: kept.nonce,
      idTokenExpected: true,
    }, undefined, kept.bound);
    return { tokens, claims: tokens.claims() };
  },
  async userinfo({ token, sub }) {
    return client.fetchUserInfo(kept.config, token, sub, kept.bound);
  },
  async refresh({ token }) {
    const tokens = await client.refreshTokenGrant(kept.config, token, undefined, kept.bound);
    return { tokens, claims: tokens.claims() ?? null };
  },
  async introspect({ token }) {
    return client.tokenIntrospection(kept.config, token);
  },
  async revoke({ token }) {
    await client.tokenRevocation(kept.config, token);
    return {};
  },
  async ask({ hint, message }) {
    kept.asked = await client.initiateBackchannelAuthentication(kept.config, {
      scope: "openid email",
      login_hint: hint,
      binding_message: message,
    });
    return kept.asked;
  },
  async answer() {
    const tokens = await client.pollBackchannelAuthenticationGrant(kept.config, kept.asked);
    return { tokens, claims: tokens.claims() };
  },
  async machine({ server, id, secret }) {
    kept.config = await discover(server, id, secret);
    await bind();
    return client.clientCredentialsGrant(kept.config, undefined, kept.bound);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { step, ...values } = JSON.parse(line);
  let answer;
  try {
    answer = { value: await steps[step](values) };
  } catch (error) {
    answer = { error: error.error ?? error.code ?? error.name, message: String(error.message) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
