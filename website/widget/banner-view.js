// Who answers now, and the one thing to do about it: fetch a person, or go back.

import { el, icon, icons } from "./dom.js";
import { words } from "./words.js";

export class BannerView {
  #text = el("p", { class: "who" });
  #person;
  #back;

  constructor({ onPerson, onBack }) {
    this.#person = el(
      "button",
      { type: "button", class: "act person", onclick: onPerson },
      icon(icons.person),
      words.talkToPerson,
    );
    this.#back = el(
      "button",
      { type: "button", class: "act back", hidden: true, onclick: onBack },
      words.backToAssistant,
    );
    this.node = el("div", { class: "banner" }, this.#text, this.#person, this.#back);
    this.show({ responder: "bot" });
  }

  // Returns true where the pressed button is gone, and the focus with it.
  show({ responder, position, agent }) {
    const texts = {
      bot: words.assistantAnswers,
      queue: words.waiting(position),
      agent: words.personAnswers(agent),
      callback: words.byEmail,
      closed: words.ended,
    };
    const focused = this.node.querySelector(":focus");
    this.node.dataset.responder = responder;
    this.#text.textContent = texts[responder];
    this.#person.hidden = !["bot", "closed"].includes(responder);
    this.#back.hidden = responder !== "queue";
    return focused?.hidden ?? false;
  }
}
