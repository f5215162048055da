/**
 * The WebSocket, opened again for ever when it closes, and its session resumed where the server
 * still holds it: what was said meanwhile comes again, nothing twice. One whose other side is gone
 * without a word, as after a sleep, is noticed by its silence.
 *
 * Fires "fresh" when a new session begins (subscribe then), "resumed" when the old one goes on,
 * "closed", and "event" with each server event as its detail.
 */
const DELAY_FIRST_MS = 400;
const DELAY_MAX_MS = 8000;
const LOOK_EVERY_MS = 1000;
const QUIET_MS = 10_000;
const PATIENCE_MS = 5000;

export class LiveSocket extends EventTarget {
  /** @type {WebSocket | undefined} */
  #socket;
  #delay = DELAY_FIRST_MS;
  #session = "";
  #offered = "";
  #resuming = false;
  #seq = 0;
  #heardAt = 0;
  #askedAt = 0;

  constructor() {
    super();
    setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** What another page needs to go on with the session. */
  get place() {
    return { session: this.#session, seq: this.#seq };
  }

  /** Goes on with the session of the page before, once connected.
   * @param {{session: string, seq: number}} place */
  goOn({ session, seq }) {
    this.#session = session;
    this.#seq = seq;
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/ws`, "onlooker.v1");
    this.#socket = socket;
    this.#heardAt = Date.now();
    socket.addEventListener("open", () => {
      this.#delay = DELAY_FIRST_MS;
      this.#resuming = this.#session !== "";
      if (this.#resuming) {
        this.send({ type: "session.resume", session_id: this.#session, last_seq: this.#seq });
      }
    });
    socket.addEventListener("message", ({ data }) => {
      if (socket === this.#socket) {
        this.#heardAt = Date.now();
        this.#heard(JSON.parse(data));
      }
    });
    socket.addEventListener("close", () => this.#ended(socket));
  }

  /** @param {WebSocket} socket */
  #ended(socket) {
    if (socket !== this.#socket) {
      return; // given up already
    }
    this.#socket = undefined;
    this.dispatchEvent(new Event("closed"));
    setTimeout(() => this.connect(), this.#delay * (0.7 + 0.6 * Math.random()));
    this.#delay = Math.min(DELAY_MAX_MS, this.#delay * 2);
  }

  /** Asks a connection that is quiet, and gives it up when it stays so. */
  #look() {
    const socket = this.#socket;
    const now = Date.now();
    if (!socket || now - this.#heardAt < QUIET_MS) {
      return;
    }
    if (this.isOpen && this.#askedAt <= this.#heardAt) {
      this.#askedAt = now;
      this.send({ type: "ping" });
    } else if (!this.isOpen || now - this.#askedAt > PATIENCE_MS) {
      this.#ended(socket);
      socket.close();
    }
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** @param {Record<string, unknown>} event */
  send(event) {
    this.#socket?.send(JSON.stringify(event));
  }

  /** @param {ServerEvent} event */
  #heard(event) {
    if (event.type === "session.created") {
      this.#offered = event.session_id;
      this.dispatchEvent(new CustomEvent("event", { detail: event }));
      if (!this.#resuming) {
        this.#begin(event.seq);
      }
      return;
    }
    if (this.#resuming) {
      this.#resuming = false;
      if (event.type === "error" && event.cause?.type === "session.resume") {
        this.#begin(event.seq);
        return;
      }
      this.dispatchEvent(new Event("resumed"));
    }
    if (event.seq > this.#seq) {
      this.#seq = event.seq;
      this.dispatchEvent(new CustomEvent("event", { detail: event }));
    }
  }

  /** @param {number} seq of the event that began it */
  #begin(seq) {
    this.#session = this.#offered;
    this.#seq = seq;
    this.dispatchEvent(new Event("fresh"));
  }
}
