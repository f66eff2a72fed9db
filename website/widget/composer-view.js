// Where the customer writes. Enter sends, Shift and Enter begins a new line.

import { el, icon, icons } from "./dom.js";
import { words } from "./words.js";

const LONGEST = 4000;
const WARN_AT = 3600;
const TAKEN = "image/png,image/jpeg,image/gif,image/webp,application/pdf,text/plain";

export class ComposerView {
  #field = el("textarea", {
    id: "text",
    rows: "1",
    maxlength: String(LONGEST),
    placeholder: words.placeholder,
    autocomplete: "off",
    enterkeyhint: "send",
    "aria-describedby": "left",
  });
  #left = el("p", { id: "left", class: "left" });
  #picker = el("input", { type: "file", hidden: true, accept: TAKEN });
  #attach;
  #onSend;

  constructor({ onSend, onFile }) {
    this.#onSend = onSend;
    this.#attach = el(
      "button",
      {
        type: "button",
        class: "attach",
        hidden: true,
        "aria-label": words.attach,
        title: words.attach,
        onclick: () => this.#picker.click(),
      },
      icon(icons.file),
    );
    this.#picker.addEventListener("change", () => {
      const [file] = this.#picker.files;
      if (file) onFile(file);
      this.#picker.value = "";
    });
    this.#field.addEventListener("paste", (event) => {
      const [file] = event.clipboardData.files;
      if (!file || this.#attach.hidden) return;
      event.preventDefault();
      onFile(file);
    });
    this.#field.addEventListener("input", () => this.#fit());
    this.#field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    this.node = el(
      "form",
      { class: "composer", onsubmit: (event) => this.#submitted(event) },
      el("label", { for: "text", class: "quiet" }, words.yourMessage),
      this.#attach,
      this.#picker,
      this.#field,
      el("button", { class: "send", "aria-label": words.send, title: words.send }, icon(icons.send)),
      this.#left,
    );
  }

  // Only people can read files.
  takesFiles(takes) {
    this.#attach.hidden = !takes;
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  #submitted(event) {
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.#field.value.trim();
    if (text) {
      this.#field.value = "";
      this.#fit();
      this.#onSend(text);
    }
    this.focus();
  }

  #fit() {
    const length = this.#field.value.length;
    this.#left.textContent = length >= WARN_AT ? words.charactersLeft(LONGEST - length) : "";
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight + 2}px`;
  }
}
