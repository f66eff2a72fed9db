// Keeps the chat connected: a socket where one opens, plain HTTP where none does, again and
// again with growing pauses. Says how it stands: "connecting", "open", "again", "refused".

import { Refused } from "./api.js";
import { Polling } from "./polling.js";
import { Socket, SocketBlocked } from "./socket.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const ANEW = new Set(["no_pass", "unknown_conversation"]);

export class Link {
  #api;
  #session;
  #chat;
  #transport = null;
  #pauses = 0;
  #running = false;
  #open = false;
  #wake = () => {};
  #ears = new AbortController();

  // `chat` is told: opened(session), known, frame(frame), status(name, text).
  constructor(api, session, chat) {
    this.#api = api;
    this.#session = session;
    this.#chat = chat;
  }

  start() {
    if (this.#running) return;
    this.#running = true;
    const { signal } = this.#ears;
    globalThis.addEventListener("online", () => this.hurry(), { signal });
    document.addEventListener("visibilitychange", () => this.#awake(), { signal });
    this.#run();
  }

  stop() {
    this.#running = false;
    this.#ears.abort();
    this.#transport?.stop();
    this.#wake();
  }

  // Connects anew, as the session now says.
  anew() {
    this.#pauses = 0;
    this.#transport?.stop();
  }

  // Tries again now instead of after the pause.
  hurry() {
    this.#pauses = 0;
    this.#wake();
    if (this.#open) this.#transport.probe(); // before that, the welcome is waited for anyway
  }

  // What has a key and comes before the welcome is left to the chat: it sends all that waits,
  // oldest first, once it is connected, and nothing may overtake that.
  async send(frame) {
    if (!this.#open) {
      this.hurry();
      if (frame.client_id) return;
    }
    const transport = this.#transport;
    try {
      await transport?.send(frame);
    } catch {
      transport.stop();
    }
  }

  #awake() {
    if (document.visibilityState === "visible") this.hurry();
  }

  async #run() {
    this.#chat.status("connecting");
    while (this.#running) {
      try {
        await this.#connect();
      } catch (error) {
        if (this.#running) this.#failed(error);
      }
      if (!this.#running) return;
      await this.#pause();
    }
  }

  async #connect() {
    const opened = await this.#session.open();
    if (!this.#running) return;
    this.#chat.opened(opened);
    try {
      const address = this.#api.socketAddress;
      await this.#over(new Socket(address, opened.token, this.#chat.known, this.#hear));
    } catch (error) {
      if (!(error instanceof SocketBlocked)) throw error;
      await this.#over(new Polling(this.#api, opened.token, this.#chat.known, this.#hear));
    }
    if (this.#running) this.#chat.status("again");
  }

  async #over(transport) {
    this.#transport = transport;
    try {
      await transport.run();
    } finally {
      transport.stop();
      this.#transport = null;
      this.#open = false;
    }
  }

  #hear = (frame) => {
    if (!this.#running) return;
    if (frame.type === "welcome") {
      this.#pauses = 0;
      this.#open = true;
      this.#chat.status("open");
    }
    this.#chat.frame(frame);
  };

  #failed(error) {
    if (ANEW.has(error.code)) this.#session.forget();
    const passing = error.passing ?? error.code === "out_of_order";
    const refused = error.code && !ANEW.has(error.code) && !passing;
    const text = error instanceof Refused ? error.message : error.text;
    this.#chat.status(refused ? "refused" : "again", refused ? text : "");
    if (refused) this.#pauses = Infinity;
  }

  #pause() {
    const growing = FIRST_PAUSE_MS * 2 ** Math.min(this.#pauses, 10);
    const ms = Math.min(LONGEST_PAUSE_MS, growing) * (0.75 + Math.random() / 2);
    this.#pauses += 1;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
