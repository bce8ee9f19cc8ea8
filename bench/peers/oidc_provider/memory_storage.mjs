// oidc-provider's own in-memory adapter on a store that forgets nothing: its own holds 1,000 entries,
// fewer than there are codes.
import MemoryAdapter from 'oidc-provider/lib/adapters/memory_adapter.js';

class Store {
  #entries = new Map();

  get(key) {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expires <= Date.now()) {
      this.#entries.delete(key);
      return undefined;
    }
    return entry.value;
  }

  set(key, value, { maxAge = Infinity } = {}) {
    this.#entries.set(key, { value, expires: Date.now() + maxAge });
  }

  delete(key) {
    return this.#entries.delete(key);
  }

  clear() {
    this.#entries.clear();
  }
}

export default async function memoryStorage() {
  const store = new Store();
  return {
    adapter: (model) => new MemoryAdapter(model, store),
    // What was left of the load before is only work for the garbage collector.
    prepare: async (work) => {
      store.clear();
      await work();
    },
  };
}
