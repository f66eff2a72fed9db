// The survey after a contact: a rating, then why, then whether a colleague should look at it.

import { el, icon, icons } from "./dom.js";
import { words } from "./words.js";

const SCALES = { ces: [1, 7], csat: [1, 5], nps: [0, 10] };

export class SurveyView {
  #asked = null;
  #company = "";
  #on;

  constructor(on) {
    this.#on = on; // { onRate, onWhy, onFollowUp, onDismiss, onDone }
    this.node = el("section", {
      class: "survey",
      "aria-label": words.survey,
      hidden: true,
      onkeydown: (event) => this.#pressed(event),
    });
  }

  name(company) {
    this.#company = company;
    const statement = this.node.querySelector("legend");
    if (statement) statement.textContent = words.ask[this.#asked.kind](company);
  }

  // Shows what is asked, or nothing. Returns true where it held the focus and lost it.
  show(survey) {
    const before = this.#asked;
    if (survey?.kind === before?.kind && survey?.step === before?.step) return false;
    const focused = this.node.querySelector(":focus") !== null;
    this.#asked = survey;
    this.node.hidden = !survey;
    this.node.replaceChildren(...this.#parts(survey));
    // Beyond the first step the rating is saved, however the survey ends.
    if (!survey && before.step !== "rate") this.#on.onDone();
    if (focused && survey) this.node.querySelector("input, textarea, [tabindex]").focus();
    return focused && !survey;
  }

  #parts(survey) {
    if (!survey) return [];
    const close = el(
      "button",
      { type: "button", class: "dismiss", "aria-label": words.dismiss, onclick: this.#on.onDismiss },
      icon(icons.close),
    );
    const steps = { rate: this.#rating, why: this.#reason, follow_up: this.#followUp };
    return [close, steps[survey.step].call(this, survey.kind)];
  }

  #rating(kind) {
    const [lowest, highest] = SCALES[kind];
    const [low, high] = words.ends[kind];
    const choices = [];
    for (let score = lowest; score <= highest; score += 1) {
      const end = { [lowest]: low, [highest]: high }[score];
      choices.push(choice(kind, score, end ? `${score}, ${end}` : String(score)));
    }
    return el(
      "form",
      { onsubmit: (event) => this.#rated(event, kind) },
      el(
        "fieldset",
        {},
        el("legend", { class: "statement" }, words.ask[kind](this.#company)),
        el("div", { class: `scale ${kind}` }, ...choices),
        el("p", { class: "ends", "aria-hidden": "true" }, el("span", {}, low), el("span", {}, high)),
      ),
      el("div", { class: "row" }, el("button", { class: "primary" }, words.rate)),
    );
  }

  #reason(kind) {
    return el(
      "form",
      { onsubmit: (event) => this.#told(event) },
      el("label", { for: "why", class: "statement" }, words.why[kind]),
      el("textarea", { id: "why", rows: "3", maxlength: "4000" }),
      el(
        "div",
        { class: "row" },
        el("button", { type: "button", class: "plain", onclick: () => this.#on.onWhy("") }, words.skip),
        el("button", { class: "primary" }, words.sendAnswer),
      ),
    );
  }

  // The question takes the focus, not its answers: a key pressed twice brings nobody.
  #followUp() {
    const answer = (style, text, wanted) =>
      el("button", { type: "button", class: style, onclick: () => this.#on.onFollowUp(wanted) }, text);
    return el(
      "div",
      { role: "group", tabindex: "-1", "aria-labelledby": "follow-up", class: "follow-up" },
      el("p", { id: "follow-up", class: "statement" }, words.followUp),
      el("p", { class: "where" }, words.followUpWhere),
      el(
        "div",
        { class: "row" },
        answer("plain", words.noColleague, false),
        answer("primary", words.yesColleague, true),
      ),
    );
  }

  #pressed(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation(); // the survey alone closes, not the chat around it
    this.#on.onDismiss();
  }

  #rated(event, kind) {
    event.preventDefault();
    this.#on.onRate(kind, Number(new FormData(event.target).get(kind)));
  }

  #told(event) {
    event.preventDefault();
    this.#on.onWhy(this.node.querySelector("textarea").value.trim());
  }
}

function choice(name, score, label) {
  return el(
    "label",
    { class: "choice" },
    el("input", { type: "radio", name, value: String(score), required: true, "aria-label": label }),
    el("span", { "aria-hidden": "true" }, String(score)),
  );
}
