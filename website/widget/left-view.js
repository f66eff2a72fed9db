// After signing in: whether what was written on this device before comes along.

import { el } from "./dom.js";
import { words } from "./words.js";

export class LeftView {
  #text = el("p", { class: "statement" });

  constructor({ onTake, onLeave }) {
    this.node = el(
      "section",
      { class: "left-chat", "aria-label": words.left, hidden: true },
      this.#text,
      el(
        "div",
        { class: "row" },
        el("button", { type: "button", class: "plain", onclick: onLeave }, words.leaveBehind),
        el("button", { type: "button", class: "primary", onclick: onTake }, words.takeAlong),
      ),
    );
  }

  // Returns true where it held the focus and is gone.
  show(left, customer) {
    const focused = this.node.querySelector(":focus") !== null;
    this.#text.textContent = words.continueAs(customer);
    this.node.hidden = !left;
    return focused && !left;
  }
}
