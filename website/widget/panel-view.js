// The open chat: header, who answers, the conversation, the survey, the composer.

import { BannerView } from "./banner-view.js";
import { ComposerView } from "./composer-view.js";
import { el, icon, icons } from "./dom.js";
import { EmailView } from "./email-view.js";
import { LeftView } from "./left-view.js";
import { LogView } from "./log-view.js";
import { SurveyView } from "./survey-view.js";
import { words } from "./words.js";

const LARGEST_BYTES = 5_000_000;
const KEPT_MS = 10_000; // until the browser has read what is saved
const QUIET_MS = 600; // what passes sooner is not worth a line

export class PanelView {
  #chat;
  #company;
  #named;
  #title = el("h2", { class: "title" });
  #timers = new Map();

  constructor(chat, { company, server, onClose }) {
    this.#chat = chat;
    this.#company = company;
    this.#named = company !== "";
    this.log = new LogView(server, {
      onRetry: (clientId) => chat.retry(clientId),
      onSuggestion: (payload) => this.#suggested(payload),
      onFile: (id, title) => this.#openFile(id, title),
    });
    this.banner = new BannerView({
      onPerson: () => chat.askForPerson(),
      onEmail: () => this.email.open(),
      onBack: () => chat.backToAssistant(),
    });
    this.email = new EmailView({
      onAddress: (address) => chat.leaveAddress(address),
      onKnown: () => chat.useKnownAddress(),
      onDismiss: () => this.focus(),
    });
    this.left = new LeftView({
      onTake: () => chat.takeAlong(),
      onLeave: () => chat.leaveBehind(),
    });
    this.survey = new SurveyView({
      onRate: (kind, score) => chat.rate(kind, score),
      onWhy: (text) => chat.tellWhy(text),
      onFollowUp: (wanted) => chat.wantsFollowUp(wanted),
      onDismiss: () => chat.dismissSurvey(),
      onDone: () => this.log.note(words.surveySaved),
    });
    this.composer = new ComposerView({
      onSend: (text) => this.#say(text),
      onFile: (file) => this.#sendFile(file),
    });
    this.node = this.#frame(onClose);
    this.name(company);
    this.log.introduce(company, true);
    this.#listen();
  }

  name(company) {
    this.#company = company;
    this.#title.textContent = words.title(company);
    this.node.setAttribute("aria-label", words.panel(company));
    this.survey.name(company);
  }

  // On a touch screen the field would bring up the keyboard over what there is to read.
  focus() {
    if (matchMedia("(pointer: coarse)").matches) this.node.focus({ preventScroll: true });
    else this.composer.focus();
  }

  shown() {
    this.log.toEnd();
  }

  #frame(onClose) {
    const close = el(
      "button",
      { type: "button", class: "close", "aria-label": words.close, title: words.close, onclick: onClose },
      icon(icons.close),
    );
    return el(
      "section",
      { class: "panel", role: "dialog", lang: "en", tabindex: "-1" },
      el("div", { class: "header" }, this.#title, close),
      this.banner.node,
      this.email.node,
      this.left.node,
      this.log.node,
      this.survey.node,
      this.composer.node,
    );
  }

  #listen() {
    const on = (name, then) => this.#chat.addEventListener(name, ({ detail }) => then(detail));
    on("session", (session) => this.#met(session));
    on("bad-address", (text) => this.email.refused(text));
    on("left", ({ left, customer }) => this.left.show(left, customer) && this.focus());
    on("reset", () => this.#anew());
    on("message", (message) => this.log.add(message));
    on("changed", (message) => this.log.change(message));
    on("entry", (entry) => this.log.show(entry));
    on("notice", (text) => this.log.note(text));
    on("status", (status) => this.#status(status));
    on("state", (state) => this.#state(state));
  }

  #say(text) {
    this.#chat.say(text);
    this.log.toEnd();
  }

  async #sendFile(file) {
    if (file.size > LARGEST_BYTES) {
      this.log.note(words.fileTooLarge(file.name));
      return;
    }
    this.log.line("file", words.sendingFile(file.name));
    try {
      await this.#chat.sendFile(file);
    } catch (error) {
      this.log.note(words.fileNotSent(file.name, error.code ? error.message : ""));
    }
    this.log.line("file", "");
  }

  async #openFile(id, title) {
    try {
      const address = URL.createObjectURL(await this.#chat.openFile(id));
      el("a", { href: address, download: title.replace(/, [^,]*$/, "") }).click();
      setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
    } catch (error) {
      this.log.note(error.code ? error.message : words.fileNotRead);
    }
  }

  #suggested(payload) {
    this.#say(payload);
    this.focus();
  }

  #met({ company, email, by_email: byEmail }) {
    this.banner.offersEmail(byEmail);
    this.email.known(byEmail, email);
    if (this.#named || company === this.#company) return;
    this.name(company);
    this.log.introduce(company, false);
  }

  #anew() {
    this.log.clear();
    this.log.introduce(this.#company, true);
  }

  #state(state) {
    const lost = [this.banner.show(state), this.email.show(state), this.survey.show(state.survey)];
    if (lost.includes(true)) this.focus();
    this.composer.takesFiles(["queue", "agent", "callback"].includes(state.responder));
    this.#soon("thinking", state.thinking ? words.thinking : "");
  }

  #status({ name, text }) {
    if (name === "refused") this.#soon("link", text);
    else if (name === "again") this.#soon("link", navigator.onLine ? words.connectingAgain : words.offline);
    else this.#soon("link", "");
  }

  // Shows a passing line once it has held for a moment; removes it at once.
  #soon(kind, text) {
    clearTimeout(this.#timers.get(kind));
    if (text) this.#timers.set(kind, setTimeout(() => this.log.line(kind, text), QUIET_MS));
    else this.log.line(kind, "");
  }
}
