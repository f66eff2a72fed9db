// The button that opens the chat, with the count of new messages.

import { el, icon, icons } from "./dom.js";
import { words } from "./words.js";

export class LauncherView {
  #count = el("span", { class: "count", hidden: true });

  constructor({ onOpen }) {
    this.node = el(
      "button",
      { type: "button", class: "launcher", onclick: onOpen },
      icon(icons.chat),
      el("span", {}, words.launcher),
      this.#count,
    );
    this.count(0);
  }

  count(unread) {
    this.#count.hidden = unread === 0;
    this.#count.textContent = unread > 9 ? "9+" : String(unread);
    // The visible word comes first, so that speaking it presses the button.
    const what = unread ? words.openWithNew(unread) : words.open;
    this.node.setAttribute("aria-label", `${words.launcher}. ${what}`);
  }
}
