// What the phone keeps: one IndexedDB database, two stores. Seeds and tokens are sealed before
// they come here; keys are CryptoKey objects that nobody can read out.
const NAME = "hospes-authenticator";
const VERSION = 1;

/** The browser refuses to keep anything: a private window, or storage switched off. */
export class StorageDenied extends Error {
  constructor(cause) {
    super("storage denied", { cause });
    this.name = "StorageDenied";
  }
}

let opened;

function open() {
  opened ||= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      // Each version adds to the one before; nothing is ever dropped.
      request.result.createObjectStore("accounts", { keyPath: "id" });
      request.result.createObjectStore("settings");
    };
    request.onsuccess = () => {
      // A newer app in another tab must be able to bring the database up to date.
      request.result.onversionchange = () => {
        request.result.close();
        opened = undefined;
      };
      request.result.onclose = () => {
        opened = undefined;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  }).catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

/**
 * Run `work(store)` in one transaction and return what the request it returns gave.
 * Resolves when the transaction is complete, that is, when the data is kept.
 */
async function within(name, mode, work) {
  try {
    const transaction = (await open()).transaction(name, mode);
    const request = work(transaction.objectStore(name));
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  } catch (error) {
    throw new StorageDenied(error);
  }
}

export const allAccounts = () => within("accounts", "readonly", (store) => store.getAll());
export const account = (id) => within("accounts", "readonly", (store) => store.get(id));
export const putAccount = (value) => within("accounts", "readwrite", (store) => store.put(value));
export const dropAccount = (id) => within("accounts", "readwrite", (store) => store.delete(id));

/** Change some fields of an account; nothing happens where it is gone meanwhile. */
export const changeAccount = (id, changes) =>
  within("accounts", "readwrite", (store) => {
    const request = store.get(id);
    request.onsuccess = () => {
      if (request.result) store.put({ ...request.result, ...changes });
    };
    return request;
  });

/** Change several accounts at once, all or none: `changes` is a Map from id to fields. */
export const changeAccounts = (changes) =>
  within("accounts", "readwrite", (store) => {
    for (const [id, fields] of changes) {
      const request = store.get(id);
      request.onsuccess = () => {
        if (request.result) store.put({ ...request.result, ...fields });
      };
    }
  });

export const setting = (name) => within("settings", "readonly", (store) => store.get(name));
export const putSetting = (name, value) =>
  within("settings", "readwrite", (store) => store.put(value, name));

/** Keep `value` unless there is one already; return the one that is kept. */
export const settle = (name, value) =>
  within("settings", "readwrite", (store) => {
    const request = store.get(name);
    request.onsuccess = () => {
      if (request.result === undefined) store.put(value, name);
    };
    return request;
  }).then((kept) => kept ?? value);

/** Forget everything, keys included. */
export async function erase() {
  await within("accounts", "readwrite", (store) => store.clear());
  await within("settings", "readwrite", (store) => store.clear());
}
