// How oidc-provider is set up: nothing that it does not need for the loads, opaque tokens, rotation.
import { generateKeyPairSync } from 'node:crypto';

const DAY = 86_400;
const PERSON = {
  name: 'Person 7',
  given_name: 'Person',
  family_name: '7',
  locale: 'en',
  email: 'person.7@customer.example',
  email_verified: true,
};

function privateKey(type, parameters, alg) {
  const { privateKey: key } = generateKeyPairSync(type, parameters);
  return { ...key.export({ format: 'jwk' }), alg, use: 'sig', kid: alg };
}

function client(name, secret, grantTypes, redirectUris, alg) {
  return {
    client_id: `bench-${name}`,
    client_secret: secret + name,
    grant_types: grantTypes,
    redirect_uris: redirectUris,
    response_types: redirectUris.length ? ['code'] : [],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: alg,
  };
}

// Clients and accounts are in memory on every storage: it is only tokens that are stored.
export default function settings(adapter, secret, callback, keySet) {
  const withCodes = ['authorization_code', 'refresh_token'];
  return {
    adapter,
    clients: [
      client('ES256', secret, withCodes, [callback], 'ES256'),
      client('RS256', secret, withCodes, [callback], 'RS256'),
      client('machine', secret, ['client_credentials'], [], 'RS256'),
      {
        ...client('keyed', secret, ['client_credentials'], [], 'RS256'),
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: keySet,
      },
    ],
    jwks: {
      keys: [
        privateKey('ec', { namedCurve: 'P-256' }, 'ES256'),
        privateKey('rsa', { modulusLength: 2048 }, 'RS256'),
      ],
    },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: {
      openid: ['sub'],
      profile: ['name', 'given_name', 'family_name', 'locale'],
      email: ['email', 'email_verified'],
    },
    features: {
      devInteractions: { enabled: false },
      // As by default for clients with a secret; the default tells each time that it is one.
      introspection: {
        enabled: true,
        allowedPolicy: (_context, client) => client.clientAuthMethod !== 'none',
      },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      revocation: { enabled: true },
    },
    cookies: { keys: [secret] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...PERSON }) }),
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 7200,
      AuthorizationCode: 7200,
      ClientCredentials: 7200,
      Grant: DAY,
      IdToken: 3600,
      RefreshToken: DAY,
    },
  };
}
