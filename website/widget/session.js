// Who is writing, and the token that stands for it. An anonymous visitor's token is kept in
// the browser; a signed-in customer's never is: the next person on a shared device may be
// somebody else, and the page brings a new identity with each load.

import { lasting } from "./memory.js";

export class Session {
  #api;
  #identity;
  #opened = null;

  constructor(api, identity) {
    this.#api = api;
    this.#identity = identity;
    this.who = identity ? `customer:${subject(identity)}` : "anonymous";
  }

  get met() {
    return lasting.read(`met:${this.who}`, false);
  }

  async open() {
    if (!this.#opened) {
      const arrival = { page: location.href.slice(0, 2000), locale: navigator.language };
      if (this.#identity) arrival.identity = this.#identity;
      else arrival.token = lasting.read("token");
      this.#opened = await this.#api.post("session", arrival);
      if (!this.#identity) lasting.write("token", this.#opened.token);
      lasting.write(`met:${this.who}`, true);
    }
    return this.#opened;
  }

  forget() {
    this.#opened = null;
  }
}

// Only names the place in the browser's memory; the server alone decides whom to believe.
function subject(identity) {
  try {
    const claims = identity.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return String(JSON.parse(atob(claims)).sub);
  } catch {
    return "unknown";
  }
}
