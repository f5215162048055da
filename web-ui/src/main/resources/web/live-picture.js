/**
 * The live picture of one stream. It stays, greyed, while the source is away, with what is known of
 * the trouble; without a stream it asks for one. Until its video plays, and where it cannot be
 * played, it shows sampled pictures (MJPEG), and where that fails single snapshots.
 */
import { streamPath } from "./api.js";
import { make, tell } from "./dom.js";
import { LiveVideo } from "./live-video.js";
import { STATE_WORDS } from "./stream-tabs.js";
import { ago, clock, media } from "./times.js";

const SNAPSHOT_EVERY_MS = 1000;

class LivePicture extends HTMLElement {
  #stream;
  #timer;
  #image = make("img", { alt: "" });
  #overlay = make("div", { class: "overlay", role: "status" });
  #video = make("video", { hidden: true });
  #live = new LiveVideo(this.#video);
  #frame = make("div", { class: "frame" }, this.#image, this.#video, this.#overlay);
  #caption = make("figcaption");

  connectedCallback() {
    this.replaceChildren(make("figure", {}, this.#frame, this.#caption));
    this.#video.muted = true;
    this.#image.addEventListener("error", () => this.#image.src && this.#snapshots());
    this.#live.addEventListener("playing", () => this.#moves());
    this.#live.addEventListener("lost", () => this.#pictures());
    document.addEventListener("visibilitychange", () => this.restart());
    setInterval(() => this.#stream && this.#describe(), 10000);
  }

  show(stream) {
    const changed = stream?.id !== this.#stream?.id;
    const wasAway = !this.#gives(this.#stream);
    this.#stream = stream;
    this.#describe();
    if (changed || (wasAway && this.#gives(stream))) {
      this.restart();
    }
  }

  /** Newer figures of the stream that is shown. */
  progress(stream) {
    this.#stream = stream;
    this.#describe();
  }

  /** Opens the picture anew, or closes it while nobody looks. */
  restart() {
    this.#live.close();
    if (this.#stream && !document.hidden) {
      this.#pictures();
      if (LiveVideo.isPossible()) {
        this.#live.open(this.#stream.id);
      }
    } else {
      this.#noPictures();
      this.#video.hidden = true;
    }
  }

  /** Sampled pictures, without the video. */
  #pictures() {
    clearInterval(this.#timer);
    this.#video.hidden = true;
    this.#image.hidden = false;
    this.#image.src = `${streamPath(this.#stream.id)}/live.mjpeg?t=${Date.now()}`;
  }

  #noPictures() {
    clearInterval(this.#timer);
    this.#image.hidden = true;
    this.#image.removeAttribute("src");
  }

  #moves() {
    this.#noPictures();
    this.#video.hidden = false;
  }

  #snapshots() {
    clearInterval(this.#timer);
    this.#image.hidden = true;
    this.#timer = setInterval(async () => {
      const next = new Image();
      next.src = `${streamPath(this.#stream.id)}/snapshot.jpg?t=${Date.now()}`;
      try {
        await next.decode();
        this.#image.src = next.src;
        this.#image.hidden = false;
      } catch {
        // nothing to show yet; the next turn tries again
      }
    }, SNAPSHOT_EVERY_MS);
  }

  #gives(stream) {
    return stream?.state === "running" || stream?.state === "ended";
  }

  #describe() {
    const stream = this.#stream;
    const good = this.#gives(stream);
    this.#frame.classList.toggle("lost", !good);
    this.#overlay.hidden = good;
    this.#caption.hidden = !stream;
    if (!stream) {
      this.#overlay.replaceChildren(...this.#nothingYet());
      return;
    }
    this.#image.alt = `Live picture of ${stream.id}`;
    this.#video.setAttribute("aria-label", this.#image.alt);
    if (!good) {
      this.#say(this.#headline(stream), stream.reason ?? "");
    }
    this.#caption.replaceChildren(
      make("b", {}, stream.id),
      make("span", { class: "grow" }, this.#line(stream)),
      make(
        "button",
        { type: "button", class: "text", onclick: () => tell(this, "stream-unwanted", stream.id) },
        "Remove",
      ),
    );
  }

  #headline(stream) {
    switch (stream.state) {
      case "initialising":
        return "Connecting to the source";
      case "restarting":
        return `The source has been away for ${ago(stream.since)}; trying again`;
      case "error":
        return "The source cannot be watched";
      default:
        return STATE_WORDS[stream.state] ?? stream.state;
    }
  }

  #line(stream) {
    const state = `${STATE_WORDS[stream.state] ?? stream.state} since ${clock(stream.since)}`;
    const seen = stream.storedThrough;
    const behind = this.#gives(stream) ? this.#live.behind() : undefined;
    return [
      state,
      seen === undefined ? "" : `${media(seen)} remembered`,
      behind === undefined ? "" : `picture ${behind.toFixed(1)} s behind`,
    ].filter(Boolean).join(" · ");
  }

  /** Changes the words only when they differ, so that screen readers say them once. */
  #say(headline, reason) {
    const [strong, span] = this.#overlay.children;
    if (strong?.textContent !== headline || span?.textContent !== reason) {
      this.#overlay.replaceChildren(make("strong", {}, headline), make("span", {}, reason));
    }
  }

  #nothingYet() {
    if (this.#overlay.querySelector("button")) {
      return this.#overlay.childNodes;
    }
    return [
      make("strong", {}, "Nothing is being watched yet"),
      make("span", {}, "Add a camera, a web stream, a webcam or a video file."),
      make("p", {}, make(
        "button",
        { type: "button", class: "primary", onclick: () => tell(this, "stream-wanted") },
        "Add a stream",
      )),
    ];
  }
}

customElements.define("live-picture", LivePicture);
