// The chat over plain HTTP, where sockets are blocked: the same frames in and out.

import { Refused } from "./api.js";

const WAIT_S = 25;

export class Polling {
  #stopped = new AbortController();
  #sent = Promise.resolve();
  #seen = "";

  constructor(api, token, known, onFrame) {
    this.api = api;
    this.token = token;
    this.known = { ...known };
    this.onFrame = onFrame;
  }

  // Resolves when stopped. Rejects where the server cannot be reached or refuses.
  async run() {
    let wait = 0;
    for (;;) {
      const news = await this.#ask(wait);
      if (this.#stopped.signal.aborted) return;
      this.onFrame({ type: wait ? "state" : "welcome", ...news.state });
      for (const change of news.changed) {
        this.known.changes = change.change;
        this.onFrame(change);
      }
      for (const message of news.messages) {
        this.known.after = message.seq;
        this.onFrame(message);
      }
      this.#seen = news.version;
      wait = WAIT_S;
    }
  }

  // One after the other: requests under way together may arrive in any order. Rejects, as do all
  // later ones, where the server cannot be reached: then only the chat knows what comes first.
  send(frame) {
    if (frame.type === "seen") return this.#sent; // the next question says what has arrived
    this.#sent = this.#sent.then(() => this.#post(frame));
    return this.#sent;
  }

  probe() {}

  stop() {
    this.#stopped.abort();
  }

  async #post(frame) {
    if (this.#stopped.signal.aborted) return;
    try {
      const answer = await this.api.post(...request(frame), this.token);
      if (frame.client_id) {
        this.onFrame({ type: "ack", client_id: frame.client_id, seq: answer.seq ?? null });
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.onFrame({
        type: "error",
        code: error.code,
        text: error.message,
        client_id: frame.client_id,
      });
    }
  }

  async #ask(wait) {
    const query = { ...this.known, wait };
    if (this.#seen) query.seen = this.#seen;
    try {
      return await this.api.get("messages", query, this.token, wait * 1000, this.#stopped.signal);
    } catch (error) {
      if (this.#stopped.signal.aborted) return null;
      throw error;
    }
  }
}

function request({ type, client_id, text, kind, score, wanted, address, known }) {
  switch (type) {
    case "email":
      return ["email", known ? { known } : { address }];
    case "say":
      return ["messages", { client_id, text }];
    case "rate":
      return ["survey", { kind, score }];
    case "why":
      return ["survey", { why: text }];
    case "follow_up":
      return ["survey", { follow_up: wanted }];
    case "dismiss":
      return ["survey", { dismiss: true }];
    default:
      return [type, client_id ? { client_id } : {}];
  }
}
