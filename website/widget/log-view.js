// The conversation: one live region to which messages are added as they come.

import { bubble, delivery } from "./bubble.js";
import { el, icon, icons } from "./dom.js";
import { words } from "./words.js";

const NEAR_PX = 80;

export class LogView {
  #list = el("div", {
    class: "log",
    role: "log",
    tabindex: "0",
    "aria-label": words.conversation,
  });
  #jump = el(
    "button",
    { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd() },
    icon(icons.down),
    words.newMessages,
  );
  #own = new Map(); // client_id -> node
  #placed = new Map(); // seq -> node
  #lines = new Map(); // kind -> node
  #following = true;
  #top = 0;
  #server;
  #onRetry;
  #onSuggestion;
  #onFile;

  constructor(server, { onRetry, onSuggestion, onFile }) {
    this.#onFile = onFile;
    this.#server = server;
    this.#onRetry = onRetry;
    this.#onSuggestion = onSuggestion;
    this.#list.addEventListener("scroll", () => {
      // Only the customer scrolls up; room that shrinks does not mean they have left the end.
      const up = this.#list.scrollTop < this.#top;
      this.#top = this.#list.scrollTop;
      if (up || this.#atEnd) this.#following = this.#atEnd;
      if (this.#atEnd) this.#jump.hidden = true;
    });
    // The survey, the keyboard of a phone or a zoom make the room smaller: the end stays in view.
    new ResizeObserver(() => this.#following && this.toEnd()).observe(this.#list);
    this.node = el("div", { class: "log-frame" }, this.#list, this.#jump);
  }

  // The assistant's introduction, and what one may ask it.
  introduce(company, starters) {
    const intro = bubble({ author: "bot", text: words.intro(company) });
    intro.classList.add("intro");
    intro.querySelector(".bubble").append(el("span", { class: "hint" }, words.introPerson));
    const old = this.#list.querySelector(".intro");
    if (old) old.replaceWith(intro);
    else this.#list.prepend(intro);
    if (starters) this.#suggest(words.starters.map((text) => ({ title: text, payload: text })));
  }

  clear() {
    this.#list.replaceChildren();
    this.#own.clear();
    this.#placed.clear();
    this.#lines.clear();
  }

  add(message) {
    const stays = this.#following;
    this.#clearSuggestions();
    const node = this.#own.get(message.client_id) ?? bubble(message, this.#server, this.#onFile);
    if (message.client_id) this.#own.set(message.client_id, node);
    this.#placed.set(message.seq, node);
    this.#place(node);
    const answers = (message.buttons ?? []).filter(({ payload }) => payload);
    if (answers.length) this.#suggest(answers);
    this.#follow(stays || message.author === "customer");
  }

  // Shows a message anew, where it stands, that its author has edited or deleted.
  change(message) {
    const stays = this.#following;
    const node = bubble(message, this.#server, this.#onFile);
    this.#placed.get(message.seq)?.replaceWith(node);
    this.#placed.set(message.seq, node);
    if (stays) this.toEnd();
  }

  // Shows an own message that is on its way, or how its delivery stands now.
  show(entry) {
    let node = this.#own.get(entry.client_id);
    if (!node) {
      node = bubble({ author: "customer", text: entry.text, at: entry.at });
      node.classList.add("unplaced");
      this.#own.set(entry.client_id, node);
      this.#clearSuggestions();
      this.#list.insertBefore(node, this.#firstLine);
      this.#follow(true);
    }
    const stays = this.#following;
    node.classList.toggle("sending", entry.status !== "sent");
    const focused = node.querySelector(".retry")?.matches(":focus");
    node.querySelector(".delivery")?.remove();
    const line = delivery(entry, this.#onRetry);
    if (line) node.append(line);
    if (focused) (node.querySelector(".retry") ?? this.#list).focus();
    this.#follow(stays);
  }

  // A passing line at the end: "thinking", "link". An empty text removes it.
  line(kind, text) {
    const old = this.#lines.get(kind);
    if (old?.textContent === text) return;
    old?.remove();
    this.#lines.delete(kind);
    if (!text) return;
    const stays = this.#following;
    const node = el("p", { class: `passing ${kind}` }, text);
    this.#lines.set(kind, node);
    this.#list.append(node);
    this.#follow(stays);
  }

  // A line of the page's own, which stays.
  note(text) {
    this.#list.insertBefore(el("p", { class: "line" }, text), this.#firstUnplaced);
    this.#follow(true);
  }

  toEnd() {
    this.#following = true;
    this.#jump.hidden = true;
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  // Confirmed messages come in order; own ones whose place is not known yet stay behind them.
  #place(node) {
    const first = this.#firstUnplaced;
    node.classList.remove("unplaced");
    if (node !== first) this.#list.insertBefore(node, first);
  }

  #suggest(buttons) {
    const node = el("div", { class: "suggestions", role: "group", "aria-label": words.suggestions });
    for (const { title, payload } of buttons) {
      const press = () => this.#onSuggestion(payload);
      node.append(el("button", { type: "button", class: "suggestion", onclick: press }, title));
    }
    this.#list.insertBefore(node, this.#firstUnplaced);
  }

  #clearSuggestions() {
    this.#list.querySelector(".suggestions")?.remove();
  }

  get #firstUnplaced() {
    return this.#list.querySelector(".unplaced") ?? this.#firstLine;
  }

  get #firstLine() {
    return this.#list.querySelector(".passing");
  }

  get #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  #follow(stays) {
    if (stays) this.toEnd();
    else this.#jump.hidden = false;
  }
}
