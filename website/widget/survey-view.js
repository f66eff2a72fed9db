// The survey after a conversation has ended: the rating first, then why.

import { el, icon, icons } from "./dom.js";
import { words } from "./words.js";

export class SurveyView {
  #step = null;
  #company = "";
  #on;

  constructor(on) {
    this.#on = on; // { onRate, onWhy, onDismiss }
    this.node = el("section", { class: "survey", "aria-label": words.survey, hidden: true });
  }

  name(company) {
    this.#company = company;
    const statement = this.node.querySelector(".statement");
    if (statement) statement.textContent = words.rateStatement(company);
  }

  // Shows the step "ces" or "why", or nothing. Returns true where it held the focus and lost it.
  show(survey) {
    const step = survey?.step ?? null;
    if (step === this.#step) return false;
    const focused = this.node.querySelector(":focus") !== null;
    this.#step = step;
    this.node.hidden = step === null;
    this.node.replaceChildren(...this.#parts(step));
    if (focused && step) this.node.querySelector("input, textarea").focus();
    return focused && !step;
  }

  #parts(step) {
    if (step === null) return [];
    const close = el(
      "button",
      { type: "button", class: "dismiss", "aria-label": words.dismiss, onclick: this.#on.onDismiss },
      icon(icons.close),
    );
    return [close, step === "ces" ? this.#rating() : this.#reason()];
  }

  #rating() {
    const choices = [1, 2, 3, 4, 5, 6, 7].map((value) =>
      el(
        "label",
        { class: "choice" },
        el("input", {
          type: "radio",
          name: "ces",
          value: String(value),
          required: true,
          "aria-label": label(value),
        }),
        el("span", { "aria-hidden": "true" }, String(value)),
      ),
    );
    return el(
      "form",
      { onsubmit: (event) => this.#rated(event) },
      el(
        "fieldset",
        {},
        el("legend", { class: "statement" }, words.rateStatement(this.#company)),
        el("div", { class: "scale" }, ...choices),
        el(
          "p",
          { class: "ends", "aria-hidden": "true" },
          el("span", {}, words.disagree),
          el("span", {}, words.agree),
        ),
      ),
      el("div", { class: "row" }, el("button", { class: "primary" }, words.rate)),
    );
  }

  #reason() {
    return el(
      "form",
      { onsubmit: (event) => this.#told(event) },
      el("label", { for: "why", class: "statement" }, words.why),
      el("textarea", { id: "why", rows: "3", maxlength: "4000" }),
      el(
        "div",
        { class: "row" },
        el("button", { type: "button", class: "plain", onclick: this.#on.onDismiss }, words.skip),
        el("button", { class: "primary" }, words.sendAnswer),
      ),
    );
  }

  #rated(event) {
    event.preventDefault();
    this.#on.onRate(Number(new FormData(event.target).get("ces")));
  }

  #told(event) {
    event.preventDefault();
    const text = this.node.querySelector("textarea").value.trim();
    if (text) this.#on.onWhy(text);
    else this.#on.onDismiss();
  }
}

function label(value) {
  if (value === 1) return `1, ${words.disagree}`;
  if (value === 7) return `7, ${words.agree}`;
  return String(value);
}
