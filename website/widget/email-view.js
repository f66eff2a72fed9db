// Where the answer goes when one does not wait: an e-mail address, typed or the account's own.

import { el, icon, icons } from "./dom.js";
import { words } from "./words.js";

export class EmailView {
  #known = "";
  #possible = false;
  #shown = { responder: "bot", email: null, asked: false };
  #on;

  constructor(on) {
    this.#on = on; // { onAddress, onKnown, onDismiss }
    this.node = el("section", {
      class: "by-email",
      "aria-label": words.email.title,
      hidden: true,
      onkeydown: (event) => this.#pressed(event),
    });
  }

  // Whether answers can go out by e-mail, and the account's address, shortened, if there is one.
  known(possible, address) {
    this.#possible = possible;
    this.#known = address ?? "";
  }

  open() {
    this.node.replaceChildren(...this.#parts().filter(Boolean));
    this.node.hidden = false;
    this.node.querySelector("button.known, input").focus();
  }

  // Opens by itself where an address is asked for. Returns true where it held the focus and is gone.
  show({ responder, email, email_asked: asked }) {
    const before = this.#shown;
    this.#shown = { responder, email, asked };
    if (this.#possible && asked && !before.asked && !email) {
      this.node.replaceChildren(...this.#parts().filter(Boolean));
      this.node.hidden = false;
      return false;
    }
    const over = email !== before.email || (before.asked && !asked) || !withPerson(responder);
    return over && this.#close();
  }

  refused(text) {
    const line = this.node.querySelector(".wrong");
    if (!line) return;
    line.textContent = text;
    line.scrollIntoView({ block: "nearest" });
    const field = this.node.querySelector("input");
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }

  #parts() {
    const dismiss = () => this.#dismissed();
    return [
      el(
        "button",
        { type: "button", class: "dismiss", "aria-label": words.email.dismiss, onclick: dismiss },
        icon(icons.close),
      ),
      el("p", { class: "statement" }, words.email.title),
      el("p", { class: "where" }, words.email.what(this.#shown.responder)),
      this.#knownAddress(),
      this.#form(),
    ];
  }

  #knownAddress() {
    if (!this.#known) return null;
    const use = words.email.use(this.#known);
    return el("button", { type: "button", class: "primary known", onclick: this.#on.onKnown }, use);
  }

  #form() {
    return el(
      "form",
      { novalidate: true, onsubmit: (event) => this.#submitted(event) },
      el("label", { for: "address" }, this.#known ? words.email.another : words.email.address),
      el(
        "div",
        { class: "field" },
        el("input", {
          id: "address",
          type: "email",
          autocomplete: "email",
          maxlength: "254",
          "aria-describedby": "address-wrong",
        }),
        el("button", { class: this.#known ? "plain" : "primary" }, words.email.send),
      ),
      el("p", { id: "address-wrong", class: "wrong", role: "alert" }),
    );
  }

  #submitted(event) {
    event.preventDefault();
    const address = event.target.querySelector("input").value.trim();
    if (address) this.#on.onAddress(address);
    else this.refused(words.email.empty);
  }

  #pressed(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation(); // the form alone closes, not the chat around it
    this.#dismissed();
  }

  #dismissed() {
    if (this.#close()) this.#on.onDismiss();
  }

  #close() {
    const focused = this.node.querySelector(":focus") !== null;
    this.node.hidden = true;
    this.node.replaceChildren();
    return focused;
  }
}

function withPerson(responder) {
  return responder !== "bot" && responder !== "closed";
}
