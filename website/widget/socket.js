// The chat over a WebSocket. `run` ends when the socket does; what it throws says why.

const WELCOME_MS = 5_000;
const QUIET_MS = 25_000;
const PONG_MS = 6_000;

export class SocketBlocked extends Error {}

export class Socket {
  #socket;
  #heardAt = 0;
  #watch = 0;

  constructor(address, token, known, onFrame) {
    this.address = address;
    this.token = token;
    this.known = known;
    this.onFrame = onFrame;
  }

  // Resolves when an open socket has closed. Rejects with SocketBlocked where it never opened,
  // or with the server's error frame where that came instead of the welcome.
  run() {
    return new Promise((resolve, reject) => {
      let refusal = null;
      let welcome = false;
      try {
        this.#socket = new WebSocket(this.address);
      } catch (error) {
        reject(new SocketBlocked(String(error)));
        return;
      }
      const patience = setTimeout(() => this.#socket.close(), WELCOME_MS);
      this.#socket.onopen = () => {
        this.#put({ type: "hello", token: this.token, ...this.known });
      };
      this.#socket.onmessage = (event) => {
        const frame = JSON.parse(event.data);
        this.#heardAt = Date.now();
        if (frame.type === "welcome") {
          welcome = true;
          clearTimeout(patience);
          this.#watch = setInterval(() => this.#check(), 5_000);
        }
        if (frame.type === "error" && !welcome) refusal = frame;
        else this.onFrame(frame);
      };
      this.#socket.onclose = () => {
        clearTimeout(patience);
        clearInterval(this.#watch);
        if (refusal) reject(refusal);
        else if (welcome) resolve();
        else reject(new SocketBlocked("The socket did not open"));
      };
    });
  }

  async send(frame) {
    this.#put(frame);
  }

  // Asks at once whether the connection still lives, after a sleep or a change of network.
  probe() {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const asked = Date.now();
    this.#put({ type: "ping" });
    setTimeout(() => {
      if (this.#heardAt < asked) this.stop();
    }, PONG_MS);
  }

  stop() {
    // A dead network never completes the closing handshake, so nobody waits for it.
    const closed = this.#socket?.onclose;
    if (this.#socket) {
      this.#socket.onclose = null;
      this.#socket.onmessage = null;
      this.#socket.close();
    }
    closed?.();
  }

  #check() {
    if (Date.now() - this.#heardAt > QUIET_MS) this.probe();
  }

  #put(frame) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}
