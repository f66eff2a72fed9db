// Who is writing, and the token that stands for it. An anonymous visitor's token is kept in
// the browser; a signed-in customer's never is: the next person on a shared device may be
// somebody else, and the page brings a new identity with each load. Whoever signs in is asked
// before what was written on this device until then becomes theirs. A link from an e-mail opens one
// conversation for as long as the page is open, and leaves nothing behind.

import { lasting } from "./memory.js";
import { pagesBefore } from "./trail.js";

export class Session {
  #api;
  #identity;
  #link;
  #opened = null;

  constructor(api, identity, link) {
    this.#api = api;
    this.#identity = identity;
    this.#link = link;
    if (link) this.who = `link:${subject(link)}`;
    else this.who = identity ? `customer:${subject(identity)}` : "anonymous";
  }

  get met() {
    return lasting.read(`met:${this.who}`, false);
  }

  async open() {
    if (!this.#opened && this.#link) {
      this.#opened = await this.#api.post("session", { link: this.#link });
    }
    if (!this.#opened) {
      const arrival = { page: location.href.slice(0, 2000), locale: navigator.language };
      arrival.time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      arrival.pages = pagesBefore();
      arrival.token = lasting.read("token");
      if (this.#identity) arrival.identity = this.#identity;
      this.#opened = await this.#api.post("session", arrival);
      if (!this.#identity) lasting.write("token", this.#opened.token);
      lasting.write(`met:${this.who}`, true);
    }
    return this.#opened;
  }

  forget() {
    this.#opened = null;
  }

  // Goes on with what was written before signing in. Rejects with the server's refusal.
  async takeAlong() {
    const left = { token: lasting.read("token") };
    this.#opened = await this.#api.post("continue", left, this.#opened.token);
    this.leaveBehind();
  }

  // What was written before signing in is not asked for again, nor shown to anybody here.
  leaveBehind() {
    lasting.forget("token");
    lasting.forget("met:anonymous");
    this.#opened = { ...this.#opened, left: false };
  }
}

// Only names the place in the browser's memory; the server alone decides whom to believe.
function subject(identity) {
  try {
    const claims = identity.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const { sub, conversation_id: conversation } = JSON.parse(atob(claims));
    return String(sub ?? conversation);
  } catch {
    return "unknown";
  }
}
