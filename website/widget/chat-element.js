// <support-chat>: the launcher and the panel, and which of them is shown.
// Attributes: identity (the company's JWT for its signed-in customer), company (the name shown),
// server (the chat's address; otherwise where this script came from), link (what a link in an e-mail
// carries: it opens that conversation).

import { Api } from "./api.js";
import { Chat } from "./chat.js";
import { LauncherView } from "./launcher-view.js";
import { ofThisTab } from "./memory.js";
import { PanelView } from "./panel-view.js";
import { sheet, styled } from "./styles.js";

export class SupportChat extends HTMLElement {
  static observedAttributes = ["identity", "company", "link"];

  #chat = null;
  #panel = null;
  #launcher = null;

  connectedCallback() {
    if (!this.shadowRoot) {
      this.attachShadow({ mode: "open" });
      this.shadowRoot.adoptedStyleSheets = [sheet];
      this.shadowRoot.addEventListener("keydown", (event) => this.#key(event));
    }
    styled.then(() => this.isConnected && this.#begin());
  }

  disconnectedCallback() {
    this.#chat?.stop();
    this.#chat = null;
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#chat || before === now) return;
    if (name === "company") this.#panel.name(now ?? "");
    else this.#begin();
  }

  open({ focus = true } = {}) {
    ofThisTab.write("open", true);
    this.#panel.node.hidden = false;
    this.#launcher.node.hidden = true;
    this.#panel.shown();
    this.#chat.markRead();
    this.#launcher.count(0);
    this.#chat.start();
    if (focus) this.#panel.focus();
  }

  close() {
    ofThisTab.forget("open");
    this.#panel.node.hidden = true;
    this.#launcher.node.hidden = false;
    this.#launcher.node.focus();
  }

  // Begins anew as whoever the page says is signed in now.
  #begin() {
    this.#chat?.stop();
    const server = this.getAttribute("server") || new URL(import.meta.url).origin;
    this.#chat = new Chat(
      new Api(server),
      this.getAttribute("identity"),
      this.getAttribute("link"),
    );
    this.#panel = new PanelView(this.#chat, {
      company: this.getAttribute("company") ?? "",
      server,
      onClose: () => this.close(),
    });
    this.#launcher = new LauncherView({ onOpen: () => this.open() });
    this.#panel.node.hidden = true;
    this.shadowRoot.replaceChildren(this.#panel.node, this.#launcher.node);
    this.#chat.addEventListener("message", () => this.#news());
    if (ofThisTab.read("open", false)) this.open({ focus: false });
    else if (this.#chat.met) this.#chat.start();
  }

  #news() {
    if (this.#panel.node.hidden) this.#launcher.count(this.#chat.unread);
    else this.#chat.markRead();
  }

  #key(event) {
    if (event.key !== "Escape" || this.#panel.node.hidden || event.isComposing) return;
    event.stopPropagation();
    this.close();
  }
}
