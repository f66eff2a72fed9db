// Calls to the server over HTTP. A refusal carries the server's sentence and whether a
// retry can help; a network fault always can.

const TIMEOUT_MS = 10_000;
const FILE_MS = 60_000;

export class Refused extends Error {
  constructor(code, text, status) {
    super(text);
    this.code = code;
    this.status = status;
  }

  get passing() {
    return this.status === 429 || this.status >= 500;
  }
}

export class Api {
  #server;

  constructor(server) {
    this.#server = server;
  }

  get socketAddress() {
    const address = new URL("/api/chat", this.#server);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    return address.href;
  }

  post(path, body, token) {
    return this.#call(path, token, TIMEOUT_MS, null, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  get(path, query, token, waitMs, signal) {
    return this.#call(`${path}?${new URLSearchParams(query)}`, token, waitMs + TIMEOUT_MS, signal);
  }

  // The content of a file, as the server hands it out.
  async file(id, token) {
    const response = await this.#fetch(`files/${encodeURIComponent(id)}`, token, FILE_MS, null, {});
    return response.blob();
  }

  sendFile(file, clientId, token) {
    const query = new URLSearchParams({ name: file.name, client_id: clientId });
    return this.#call(`files?${query}`, token, FILE_MS, null, {
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body: file,
    });
  }

  async #call(...asked) {
    const response = await this.#fetch(...asked);
    return response.json().catch(() => ({}));
  }

  async #fetch(path, token, timeoutMs, signal, options = {}) {
    const headers = { ...options.headers };
    if (token) headers.authorization = `Bearer ${token}`;
    const giveUp = AbortSignal.timeout(timeoutMs);
    const response = await fetch(new URL(`/api/${path}`, this.#server), {
      ...options,
      headers,
      credentials: "omit",
      cache: "no-store",
      signal: signal ? either(signal, giveUp) : giveUp,
    });
    if (response.ok) return response;
    const answer = await response.json().catch(() => ({}));
    const error = answer.error ?? {};
    throw new Refused(error.code ?? "out_of_order", error.text ?? "", response.status);
  }
}

function either(...signals) {
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
  }
  return controller.signal;
}
