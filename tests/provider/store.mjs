// What oidc-provider remembers, in memory, a store for each provider so that none knows another's codes.
export class Store {
  #rows = new Map();
  #sweepAt = 1000;

  constructor() {
    const rows = this.#rows;
    const sweep = () => this.#sweep();
    const live = (row) => (row && row.until > Date.now() ? row.value : undefined);
    /** The interface that oidc-provider asks for. */
    this.adapter = class {
      constructor(model) {
        this.model = model;
      }

      async upsert(id, value, seconds) {
        sweep();
        rows.set(`${this.model}:${id}`, { value, until: Date.now() + (seconds ?? 3600) * 1000 });
      }

      async find(id) {
        return live(rows.get(`${this.model}:${id}`));
      }

      async findByUid(uid) {
        for (const [key, row] of rows)
          if (key.startsWith(`${this.model}:`) && row.value.uid === uid) return live(row);
        return undefined;
      }

      async findByUserCode() {
        return undefined;
      }

      async consume(id) {
        rows.get(`${this.model}:${id}`).value.consumed = Math.floor(Date.now() / 1000);
      }

      async destroy(id) {
        rows.delete(`${this.model}:${id}`);
      }

      async revokeByGrantId(grant) {
        for (const [key, row] of rows) if (row.value.grantId === grant) rows.delete(key);
      }
    };
  }

  /** Now and then, so that a long run does not grow for ever. */
  #sweep() {
    if (this.#rows.size < this.#sweepAt) return;
    for (const [key, row] of this.#rows) if (row.until <= Date.now()) this.#rows.delete(key);
    this.#sweepAt = Math.max(1000, 2 * this.#rows.size);
  }
}
