// The conversation as this page knows it: what is confirmed, what is on its way, who answers.
// Views listen to its events: session, left, reset, message, changed, entry, state, status, notice.

import { Link } from "./link.js";
import { lasting } from "./memory.js";
import { Outbox, newKey } from "./outbox.js";
import { Session } from "./session.js";

const PATIENCE_MS = 12_000;
const SEEN_AFTER_MS = 150; // several messages at once are confirmed at once
const OF_ADDRESS = new Set(["bad_address", "no_known_address", "nobody_to_answer"]);
const WITH_ASSISTANT = {
  responder: "bot",
  position: null,
  wait: null,
  agent: null,
  survey: null,
  thinking: false,
  email: null,
  email_asked: false,
};

export class Chat extends EventTarget {
  lastSeq = 0;
  lastChange = 0;
  state = WITH_ASSISTANT;
  #api;
  #session;
  #outbox;
  #link;
  #conversation = null;
  #waiting = new Map(); // client_id -> entry with its status: sending, late, refused
  #wish = null;
  #unread = 0;
  #confirming = 0;

  constructor(api, identity, link) {
    super();
    this.#api = api;
    this.#session = new Session(api, identity, link);
    this.#outbox = new Outbox(this.#session.who);
    this.#link = new Link(api, this.#session, this);
  }

  // True where this visitor has chatted before, so that news may wait.
  get met() {
    return this.#session.met || this.#outbox.entries.length > 0;
  }

  // The messages that this page has, and how far it knows what was changed in them since.
  get known() {
    return { after: this.lastSeq, changes: this.lastChange };
  }

  get unread() {
    return this.#unread;
  }

  start() {
    for (const entry of this.#outbox.entries) this.#track(entry);
    this.#link.start();
  }

  stop() {
    this.#link.stop();
    clearTimeout(this.#confirming);
    for (const entry of this.#waiting.values()) clearTimeout(entry.timer);
  }

  say(text) {
    const entry = this.#outbox.add(text);
    this.#track(entry);
    this.#link.send({ type: "say", client_id: entry.client_id, text });
  }

  // Sends a file to the people who answer. Rejects with the server's refusal.
  async sendFile(file) {
    const { token } = await this.#session.open();
    await this.#api.sendFile(file, newKey(), token);
  }

  async openFile(id) {
    const { token } = await this.#session.open();
    return this.#api.file(id, token);
  }

  retry(clientId) {
    const entry = this.#waiting.get(clientId);
    if (!entry) return;
    this.#mark(entry, "sending");
    this.#link.send({ type: "say", client_id: clientId, text: entry.text });
  }

  askForPerson() {
    this.#wish ??= newKey();
    this.#link.send({ type: "person", client_id: this.#wish });
  }

  backToAssistant() {
    this.#wish = null;
    this.#link.send({ type: "back" });
  }

  leaveAddress(address) {
    this.#link.send({ type: "email", address });
  }

  useKnownAddress() {
    this.#link.send({ type: "email", known: true });
  }

  rate(kind, score) {
    this.#link.send({ type: "rate", kind, score });
  }

  tellWhy(text) {
    this.#link.send({ type: "why", text });
  }

  wantsFollowUp(wanted) {
    this.#link.send({ type: "follow_up", wanted });
  }

  dismissSurvey() {
    this.#link.send({ type: "dismiss" });
  }

  async takeAlong() {
    try {
      await this.#session.takeAlong();
    } catch (error) {
      if (!error.code) return; // the network: it can be pressed again
      this.leaveBehind();
      this.#tell("notice", error.message);
      return;
    }
    this.#link.anew();
  }

  leaveBehind() {
    this.#session.leaveBehind();
    this.#tell("left", { left: false });
  }

  markRead() {
    if (this.lastSeq) lasting.write(this.#readKey, this.lastSeq);
    this.#unread = 0;
  }

  // Called by the link.

  opened(session) {
    if (this.#conversation !== session.conversation) {
      if (this.#conversation) this.#tell("reset");
      this.#conversation = session.conversation;
      this.lastSeq = 0;
      this.lastChange = 0;
      this.#unread = 0;
    }
    this.#tell("session", session);
    this.#tell("left", session);
  }

  status(name, text = "") {
    this.#tell("status", { name, text });
  }

  frame(frame) {
    if (frame.type === "message") this.#heard(frame);
    else if (frame.type === "changed") this.#altered(frame);
    else if (frame.type === "ack") this.#acknowledged(frame.client_id);
    else if (frame.type === "error") this.#refused(frame);
    else if (frame.type === "state") this.#changed(frame);
    else if (frame.type === "welcome") {
      this.#changed(frame);
      this.#sendAgain();
    }
  }

  #heard(message) {
    if (message.seq <= this.lastSeq) return;
    this.lastSeq = message.seq;
    const news = message.author !== "customer" && !message.deleted;
    if (news && message.seq > lasting.read(this.#readKey, 0)) {
      this.#unread += 1;
    }
    if (message.author === "agent") this.#confirmSoon();
    this.#tell("message", message);
    if (message.client_id) this.#settle(message.client_id);
  }

  #altered(message) {
    this.lastChange = message.change;
    this.#tell("changed", message);
  }

  // Agents see that an answer has arrived, and it need not go out by e-mail.
  #confirmSoon() {
    clearTimeout(this.#confirming);
    const confirm = () => this.#link.send({ type: "seen", seq: this.lastSeq });
    this.#confirming = setTimeout(confirm, SEEN_AFTER_MS);
  }

  #acknowledged(clientId) {
    if (clientId === this.#wish) this.#wish = null;
    else this.#settle(clientId);
  }

  #refused({ code, text, client_id: clientId }) {
    const entry = this.#waiting.get(clientId);
    if (entry) {
      entry.reason = text;
      this.#mark(entry, "refused");
      return;
    }
    if (clientId === this.#wish) this.#wish = null;
    if (OF_ADDRESS.has(code)) this.#tell("bad-address", text);
    else if (code !== "not_waiting" && code !== "no_survey") this.#tell("notice", text);
  }

  #changed({ type, ...state }) {
    this.state = state;
    this.#tell("state", this.state);
  }

  #sendAgain() {
    for (const { client_id, text, status } of this.#waiting.values()) {
      if (status !== "refused") this.#link.send({ type: "say", client_id, text });
    }
    if (this.#wish) this.#link.send({ type: "person", client_id: this.#wish });
  }

  #track(entry) {
    this.#waiting.set(entry.client_id, entry);
    this.#mark(entry, "sending");
  }

  #mark(entry, status) {
    entry.status = status;
    clearTimeout(entry.timer);
    if (status === "sending") entry.timer = setTimeout(() => this.#late(entry), PATIENCE_MS);
    this.#tell("entry", entry);
  }

  #late(entry) {
    this.#mark(entry, "late");
    this.#link.hurry();
  }

  #settle(clientId) {
    this.#outbox.remove(clientId);
    const entry = this.#waiting.get(clientId);
    if (!entry) return;
    this.#waiting.delete(clientId);
    this.#mark(entry, "sent");
  }

  get #readKey() {
    return `read:${this.#conversation}`;
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
