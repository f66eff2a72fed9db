// Calls to the server over HTTP. A refusal carries the server's sentence and whether a
// retry can help; a network fault always can.

const TIMEOUT_MS = 10_000;

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

  async #call(path, token, timeoutMs, signal, options = {}) {
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
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
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
