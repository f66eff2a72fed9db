// Who answers now, and the one thing to do about it: fetch a person, or go back.

import { el, icon, icons } from "./dom.js";
import { words } from "./words.js";

export class BannerView {
  #text = el("p", { class: "who" });
  #choice = el("p", { class: "else", hidden: true }, words.choice);
  #person;
  #email;
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

  // Returns true where the pressed button is gone, and the focus with it.
  show({ responder, position, wait, agent, email }) {
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
    this.#email.hidden = Boolean(email) || !["queue", "agent", "callback"].includes(responder);
    this.#back.hidden = !["queue", "callback"].includes(responder);
    return focused?.hidden ?? false;
  }
}
