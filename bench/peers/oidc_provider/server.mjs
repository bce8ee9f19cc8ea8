// Serves oidc-provider. A line of JSON on standard input asks for codes or tokens in a file, and is
// answered with a line; when standard input ends, so does the server.
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

import Provider from 'oidc-provider';

import memoryStorage from './memory_storage.mjs';
import postgresStorage from './postgres_storage.mjs';
import settings from './settings.mjs';

const { PORT, DATABASE_URL, CLIENT_SECRET, CALLBACK, KEY_SET } = process.env;
// Standard output is for the answers.
console.info = console.error;
const PEOPLE = 100;
const LANES = 32;

const storage = DATABASE_URL ? await postgresStorage(DATABASE_URL) : await memoryStorage();
const provider = new Provider(
  `http://127.0.0.1:${PORT}`, settings(storage.adapter, CLIENT_SECRET, CALLBACK, JSON.parse(KEY_SET)),
);
const models = {
  code: provider.AuthorizationCode,
  access: provider.AccessToken,
  refresh: provider.RefreshToken,
};

// As the provider itself would after somebody agreed.
async function issue(kind, client, number, challenge) {
  const accountId = `person.${number % PEOPLE}`;
  const scope = `openid profile email${kind === 'refresh' ? ' offline_access' : ''}`;
  const grant = new provider.Grant({ clientId: client.clientId, accountId });
  grant.addOIDCScope(scope);
  const about = {
    accountId, client, scope, grantId: await grant.save(), gty: 'authorization_code', claims: {},
  };
  const signedIn = { authTime: Math.floor(Date.now() / 1000) - 60, nonce: 'n-0S6_WzA2Mj' };
  const asked = {
    redirectUri: CALLBACK, codeChallenge: challenge, codeChallengeMethod: 'S256',
  };
  const more = { code: { ...signedIn, ...asked }, access: {}, refresh: signedIn }[kind];
  return new models[kind]({ ...about, ...more }).save();
}

async function prepare({ kind, client: id, count, challenge, file }) {
  const client = await provider.Client.find(id);
  const values = new Array(count);
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const number = next;
      next += 1;
      values[number] = await issue(kind, client, number, challenge);
    }
  };
  await storage.prepare(() => Promise.all(Array.from({ length: LANES }, lane)));
  await writeFile(file, `${values.join('\n')}\n`);
}

provider.on('server_error', (_context, error) => console.error(error));
provider.listen(Number(PORT), '127.0.0.1', () => console.log('ready'));
for await (const line of createInterface({ input: process.stdin })) {
  await prepare(JSON.parse(line));
  console.log('prepared');
}
process.exit();
