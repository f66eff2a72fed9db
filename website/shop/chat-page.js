// Opens the conversation that a link in an e-mail carries. The link leaves the address bar at once,
// so that nobody copies it from there, and stays in this tab alone, for a reload.

import { ofThisTab } from "/widget/memory.js";
import "/widget/support-chat.js";

const script = document.querySelector("script[data-company]");
const link = location.hash.slice(1) || ofThisTab.read("link", "");
history.replaceState(null, "", location.pathname);

const chat = document.createElement("support-chat");
chat.setAttribute("company", script.dataset.company);
if (link) {
  ofThisTab.write("link", link);
  chat.setAttribute("link", link);
}
ofThisTab.write("open", true);
document.body.append(chat);
