// What the browser keeps over a reload. Where it keeps nothing (private windows, blocked
// storage), the chat works all the same until the page is left.

const PREFIX = "heard:";

export class Memory {
  #storage;
  #spare = new Map();

  constructor(storage) {
    this.#storage = storage;
  }

  read(key, otherwise = null) {
    try {
      const kept = this.#storage().getItem(PREFIX + key);
      return kept === null ? otherwise : JSON.parse(kept);
    } catch {
      return this.#spare.has(key) ? this.#spare.get(key) : otherwise;
    }
  }

  write(key, value) {
    try {
      this.#storage().setItem(PREFIX + key, JSON.stringify(value));
    } catch {
      this.#spare.set(key, value);
    }
  }

  forget(key) {
    this.#spare.delete(key);
    try {
      this.#storage().removeItem(PREFIX + key);
    } catch {
      return;
    }
  }
}

// Reading the property itself throws where storage is blocked.
export const lasting = new Memory(() => globalThis.localStorage);
export const ofThisTab = new Memory(() => globalThis.sessionStorage);
