// An adapter of oidc-provider for PostgreSQL: a table for each model with the indices that it is
// looked up by, one prepared statement for each operation, a pool of connections.
import pg from 'pg';

const CONNECTIONS = 10;
const BY_GRANT = [
  'AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode',
  'BackchannelAuthenticationRequest',
];
const OTHERS = [
  'Session', 'Client', 'ClientCredentials', 'Grant', 'InitialAccessToken', 'Interaction',
  'PushedAuthorizationRequest', 'RegistrationAccessToken', 'ReplayDetection',
];
const COLUMNS = { Session: 'uid', DeviceCode: 'user_code' };

const tableOf = (model) => `oidc_${model.replace(/(?<!^)[A-Z]/g, '_$&').toLowerCase()}`;

function statementsCreating(model) {
  const table = tableOf(model);
  const indices = [COLUMNS[model], BY_GRANT.includes(model) ? 'grant_id' : undefined];
  return [
    `CREATE TABLE ${table} (
      id text PRIMARY KEY, payload json NOT NULL, grant_id text, user_code text, uid text,
      expires_at bigint, consumed_at integer)`,
    ...indices.filter(Boolean).map((column) => `CREATE INDEX ON ${table} (${column})`),
  ];
}

function seconds() {
  return Math.floor(Date.now() / 1000);
}

class PostgresAdapter {
  constructor(model, pools) {
    this.model = model;
    this.table = tableOf(model);
    this.pools = pools;
  }

  // A statement with a name is prepared once on each connection.
  #run(name, text, values) {
    return this.pools.current.query({ name: `${this.table}_${name}`, text, values });
  }

  async #payload(name, column, value) {
    const { rows } = await this.#run(
      name, `SELECT payload, consumed_at FROM ${this.table} WHERE ${column} = $1`, [value],
    );
    if (!rows.length) return undefined;
    const [{ payload, consumed_at: consumed }] = rows;
    return consumed === null ? payload : { ...payload, consumed };
  }

  async upsert(id, payload, expiresIn) {
    await this.#run(
      'upsert',
      `INSERT INTO ${this.table} (id, payload, grant_id, user_code, uid, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id,
         user_code = excluded.user_code, uid = excluded.uid, expires_at = excluded.expires_at`,
      [
        id, JSON.stringify(payload), payload.grantId, payload.userCode, payload.uid,
        expiresIn ? seconds() + expiresIn : null,
      ],
    );
  }

  find(id) {
    return this.#payload('find', 'id', id);
  }

  findByUid(uid) {
    return this.#payload('find_by_uid', 'uid', uid);
  }

  findByUserCode(userCode) {
    return this.#payload('find_by_user_code', 'user_code', userCode);
  }

  async consume(id) {
    await this.#run(
      'consume', `UPDATE ${this.table} SET consumed_at = $2 WHERE id = $1`, [id, seconds()],
    );
  }

  async destroy(id) {
    await this.#run('destroy', `DELETE FROM ${this.table} WHERE id = $1`, [id]);
  }

  async revokeByGrantId(grantId) {
    await this.#run('revoke', `DELETE FROM ${this.table} WHERE grant_id = $1`, [grantId]);
  }
}

export default async function postgresStorage(url) {
  const serving = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  for (const model of [...BY_GRANT, ...OTHERS]) {
    for (const statement of statementsCreating(model)) await serving.query(statement);
  }
  const pools = { current: serving };
  return {
    adapter: (model) => new PostgresAdapter(model, pools),
    // What is prepared need not survive a power cut; what is measured is as durable as ever.
    prepare: async (work) => {
      pools.current = new pg.Pool({
        connectionString: url, max: CONNECTIONS, options: '-c synchronous_commit=off',
      });
      try {
        await work();
      } finally {
        await pools.current.end();
        pools.current = serving;
      }
    },
  };
}
