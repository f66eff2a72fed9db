// Who answers now, and the one thing to do about it: fetch a person, or go back.

import { el, icon, icons } from "./dom.js";
import { words } from "./words.js";

export class BannerView {
  #text = el("p", { class: "who" });
  #choice = el("p", { class: "else", hidden: true }, words.choice);
  #person;
  #email;
  #byEmail = false;
  #state = { responder: "bot" };
  #back;

  constructor({ onPerson, onEmail, onBack }) {
    this.#person = el(
      "button",
      { type: "button", class: "act person", onclick: onPerson },
      icon(icons.person),
      words.talkToPerson,
    );
    this.#email = el(
      "button",
      { type: "button", class: "act email", hidden: true, onclick: onEmail },
      words.answerByEmail,
    );
    this.#back = el(
      "button",
      { type: "button", class: "act back", hidden: true, onclick: onBack },
      words.backToAssistant,
    );
    this.node = el(
      "div",
      { class: "banner" },
      this.#text,
      this.#choice,
      this.#person,
      this.#email,
      this.#back,
    );
    this.show({ responder: "bot" });
  }

  // Whether answers can go out by e-mail.
  offersEmail(offers) {
    this.#byEmail = offers;
    this.show(this.#state);
  }

  // Returns true where the pressed button is gone, and the focus with it.
  show(state) {
    this.#state = state;
    const { responder, position, wait, agent, email } = state;
    const texts = {
      bot: words.assistantAnswers,
      queue: words.waiting(position, wait),
      agent: words.personAnswers(agent),
      callback: words.byEmail(email),
      closed: words.ended,
    };
    const focused = this.node.querySelector(":focus");
    this.node.dataset.responder = responder;
    this.#text.textContent = texts[responder];
    this.#choice.hidden = responder !== "queue";
    this.#person.hidden = !["bot", "closed"].includes(responder);
    const withPerson = ["queue", "agent", "callback"].includes(responder);
    this.#email.hidden = Boolean(email) || !this.#byEmail || !withPerson;
    this.#back.hidden = !["queue", "callback"].includes(responder);
    return focused?.hidden ?? false;
  }
}
