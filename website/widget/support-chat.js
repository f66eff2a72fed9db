// The one script a page needs: defines <support-chat> and, unless the page has placed one
// itself, puts it at the end of the body with the attributes of the script tag.

import { SupportChat } from "./chat-element.js";
import { notePage } from "./trail.js";

const ATTRIBUTES = ["identity", "company", "server"];

notePage();
if (!customElements.get("support-chat")) {
  customElements.define("support-chat", SupportChat);
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", insert, { once: true });
  } else {
    insert();
  }
}

function insert() {
  if (document.querySelector("support-chat")) return;
  const script = [...document.scripts].find((one) => one.src === import.meta.url);
  if (!script) return;
  const chat = document.createElement("support-chat");
  for (const name of ATTRIBUTES) {
    if (script.dataset[name]) chat.setAttribute(name, script.dataset[name]);
  }
  document.body.append(chat);
}
