/**
 * Plays a stream's live.ws in a video element, through Media Source Extensions.
 *
 * Fires "playing" when pictures move, and "lost" with a reason as its detail when this way does not
 * work: then something else must show the stream. It goes on trying until it is closed.
 */
import { streamPath, wordsOf } from "./api.js";

const DELAY_FIRST_MS = 500;
const DELAY_MAX_MS = 8000;
const BEHIND_MAX_S = 2.5;
const BEHIND_WANTED_S = 0.15;
const BEHIND_HURRY_S = 0.35;
const KEPT_S = 20;
const NO_STREAM = 4404;

export class LiveVideo extends EventTarget {
  #video;
  #stream = "";
  /** @type {WebSocket | undefined} */
  #socket;
  /** @type {MediaSource | undefined} */
  #source;
  /** @type {SourceBuffer | undefined} */
  #buffer;
  #mimeType = "";
  /** @type {{mimeType?: string, bytes?: ArrayBuffer}[]} */
  #waiting = [];
  #delay = DELAY_FIRST_MS;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {{time: number, at: number} | undefined} */
  #arrived;
  #leastAge = Infinity;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    super();
    this.#video = video;
    video.addEventListener("playing", () => this.dispatchEvent(new Event("playing")));
    video.addEventListener("error", () => this.#fail("the browser cannot decode it"));
  }

  static isPossible() {
    return "MediaSource" in window;
  }

  /** @param {string} stream */
  open(stream) {
    this.close();
    this.#stream = stream;
    this.#connect();
  }

  close() {
    clearTimeout(this.#timer);
    this.#stream = "";
    this.#socket?.close();
    this.#socket = undefined;
    this.#reset();
  }

  /** Seconds from when the source sent the picture that is shown; undefined while none is. */
  behind() {
    if (!this.#arrived || this.#video.paused) {
      return undefined;
    }
    const shownAt = this.#arrived.at + (this.#video.currentTime - this.#arrived.time) * 1000;
    return Math.max(0, (Date.now() - shownAt - this.#leastAge) / 1000);
  }

  #connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const address = `${scheme}://${location.host}${streamPath(this.#stream)}/live.ws`;
    const socket = new WebSocket(address, "onlooker.v1");
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => {
      if (socket === this.#socket) {
        this.#heard(data);
      }
    });
    socket.addEventListener("close", ({ code }) => {
      if (socket === this.#socket && code !== NO_STREAM) {
        this.#timer = setTimeout(() => this.#connect(), this.#delay);
        this.#delay = Math.min(DELAY_MAX_MS, this.#delay * 2);
      }
    });
    this.#socket = socket;
  }

  /** @param {ArrayBuffer | string} data */
  #heard(data) {
    if (data instanceof ArrayBuffer) {
      this.#delay = DELAY_FIRST_MS;
      this.#append({ bytes: data });
      return;
    }
    const event = JSON.parse(data);
    switch (event.type) {
      case "live.track":
        this.#begin(event.mimeType);
        break;
      case "live.time":
        this.#arrived = { time: event.time, at: Date.parse(event.arrivedAt) };
        this.#leastAge = Math.min(this.#leastAge, Date.now() - this.#arrived.at);
        break;
      case "live.unplayable":
        this.#fail(event.reason);
        break;
    }
  }

  /** @param {string} mimeType */
  #begin(mimeType) {
    if (!MediaSource.isTypeSupported(mimeType)) {
      this.#fail(`this browser cannot play ${mimeType}`);
      return;
    }
    if (!this.#source) {
      this.#mimeType = mimeType;
      this.#source = new MediaSource();
      this.#source.addEventListener("sourceopen", () => this.#opened(), { once: true });
      this.#video.src = URL.createObjectURL(this.#source);
      this.#video.play().catch(() => {});
    } else if (mimeType !== this.#mimeType) {
      this.#mimeType = mimeType;
      this.#append({ mimeType });
    }
  }

  #opened() {
    URL.revokeObjectURL(this.#video.src);
    const buffer = this.#source?.addSourceBuffer(this.#mimeType);
    this.#buffer = buffer;
    buffer?.addEventListener("updateend", () => {
      this.#follow();
      this.#next();
    });
    this.#next();
  }

  /** @param {{mimeType?: string, bytes?: ArrayBuffer}} part */
  #append(part) {
    if (this.#source) {
      this.#waiting.push(part);
      this.#next();
    }
  }

  #next() {
    if (!this.#buffer || this.#buffer.updating || this.#waiting.length === 0) {
      return;
    }
    try {
      const kept = this.#video.currentTime - KEPT_S;
      const { buffered } = this.#buffer;
      if (buffered.length > 0 && kept - buffered.start(0) > KEPT_S) {
        this.#buffer.remove(0, kept);
        return;
      }
      const part = this.#waiting.shift();
      if (part?.mimeType) {
        this.#buffer.changeType(part.mimeType);
        this.#next();
      } else if (part?.bytes) {
        this.#buffer.appendBuffer(part.bytes);
      }
    } catch (failure) {
      this.#fail(wordsOf(failure));
    }
  }

  /** Keeps near the newest picture, and jumps over holes. */
  #follow() {
    const video = this.#video;
    const buffered = this.#buffer?.buffered;
    if (!buffered || buffered.length === 0) {
      return;
    }
    const start = buffered.start(buffered.length - 1);
    const end = buffered.end(buffered.length - 1);
    const behind = end - video.currentTime;
    if (video.currentTime < start || behind < 0 || behind > BEHIND_MAX_S) {
      video.currentTime = Math.max(start, end - BEHIND_WANTED_S);
    }
    video.playbackRate = behind > BEHIND_HURRY_S ? 1.1 : 1;
    if (video.paused && !document.hidden) {
      video.play().catch(() => {});
    }
  }

  /** @param {string} reason */
  #fail(reason) {
    this.#reset();
    this.dispatchEvent(new CustomEvent("lost", { detail: reason }));
  }

  #reset() {
    this.#waiting = [];
    this.#buffer = undefined;
    this.#source = undefined;
    this.#arrived = undefined;
    this.#leastAge = Infinity;
    this.#video.removeAttribute("src");
  }
}
