// Messages the server has not confirmed, kept over a reload. The key makes sending again safe.

import { lasting } from "./memory.js";

export class Outbox {
  #key;

  constructor(who) {
    this.#key = `unsent:${who}`;
  }

  get entries() {
    return lasting.read(this.#key, []);
  }

  add(text) {
    const entry = { client_id: newKey(), text, at: new Date().toISOString() };
    // Read and written in one go: another tab may have added its own meanwhile.
    lasting.write(this.#key, [...this.entries, entry]);
    return entry;
  }

  remove(clientId) {
    const entries = this.entries;
    const left = entries.filter((entry) => entry.client_id !== clientId);
    if (left.length === entries.length) return;
    if (left.length) lasting.write(this.#key, left);
    else lasting.forget(this.#key);
  }
}

// crypto.randomUUID exists in secure contexts only, and a test shop may run without TLS.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
