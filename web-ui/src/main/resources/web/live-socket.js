/**
 * The WebSocket, opened again for ever when it closes.
 *
 * Fires "open", "closed", and "event" with each server event as its detail.
 */
const DELAY_FIRST_MS = 400;
const DELAY_MAX_MS = 8000;

export class LiveSocket extends EventTarget {
  #socket;
  #delay = DELAY_FIRST_MS;

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/ws`, "onlooker.v1");
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#delay = DELAY_FIRST_MS;
      this.dispatchEvent(new Event("open"));
    });
    socket.addEventListener("message", (message) => {
      this.dispatchEvent(new CustomEvent("event", { detail: JSON.parse(message.data) }));
    });
    socket.addEventListener("close", () => {
      this.dispatchEvent(new Event("closed"));
      setTimeout(() => this.connect(), this.#delay * (0.7 + 0.6 * Math.random()));
      this.#delay = Math.min(DELAY_MAX_MS, this.#delay * 2);
    });
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  send(event) {
    this.#socket.send(JSON.stringify(event));
  }
}
