/**
 * The live picture of one stream. It stays, greyed, while the source is away, with what is known of
 * the trouble. Until its video plays, and where it cannot be played, it shows single pictures
 * (MJPEG), and where that fails single snapshots.
 */
import { streamPath } from "../server/api.js";
import { LiveVideo } from "../server/live-video.js";
import { t } from "../words/i18n.js";
import { gives, troubleReason, troubleWords } from "../words/states.js";
import { seconds } from "../words/times.js";
import { make, write } from "./dom.js";

const SNAPSHOT_EVERY_MS = 1000;
const DESCRIBE_EVERY_MS = 1000;

export class LivePicture extends HTMLElement {
  /** @type {Stream | undefined} */
  #stream;
  #resting = false;
  #snapshotTimer = 0;
  #describeTimer = 0;
  #image = make("img", { alt: "" });
  #headline = make("strong");
  #reason = make("span", { lang: "en" });
  #overlay = make("div", { class: "overlay", role: "status" }, this.#headline, this.#reason);
  #video = make("video", { hidden: true, playsinline: true });
  #badge = make("p", { class: "badge", hidden: true });
  #live = new LiveVideo(this.#video);
  #restart = () => this.restart();

  connectedCallback() {
    this.replaceChildren(this.#image, this.#video, this.#overlay, this.#badge);
    this.#video.muted = true;
    this.#image.onerror = () => {
      if (this.#image.src) {
        this.#snapshots();
      }
    };
    this.#live.addEventListener("playing", () => this.#moves());
    this.#live.addEventListener("lost", () => this.#pictures());
    document.addEventListener("visibilitychange", this.#restart);
    this.#describeTimer = window.setInterval(() => this.#describe(), DESCRIBE_EVERY_MS);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#restart);
    clearInterval(this.#describeTimer);
    this.#live.close();
    this.#noPictures();
  }

  /** @param {Stream} stream */
  show(stream) {
    const wasAway = !gives(this.#stream);
    const changed = stream.id !== this.#stream?.id;
    this.#stream = stream;
    this.#describe();
    if (changed || (wasAway && gives(stream))) {
      this.restart();
    }
  }

  /** Leaves the place to a moment, and comes back. @param {boolean} resting */
  rest(resting) {
    this.#resting = resting;
    this.hidden = resting;
    this.restart();
  }

  /** Opens the picture anew, or closes it while nobody looks. */
  restart() {
    this.#live.close();
    if (this.#stream && !this.#resting && !document.hidden) {
      this.#pictures();
      if (LiveVideo.isPossible()) {
        this.#live.open(this.#stream.id);
      }
    } else {
      this.#noPictures();
      this.#video.hidden = true;
    }
  }

  /** Single pictures, without the video. */
  #pictures() {
    if (this.#stream) {
      clearInterval(this.#snapshotTimer);
      this.#video.hidden = true;
      this.#image.hidden = false;
      this.#image.src = `${streamPath(this.#stream.id)}/live.mjpeg?t=${Date.now()}`;
    }
  }

  #noPictures() {
    clearInterval(this.#snapshotTimer);
    this.#image.hidden = true;
    this.#image.removeAttribute("src");
  }

  #moves() {
    this.#noPictures();
    this.#video.hidden = false;
    this.#describe();
  }

  #snapshots() {
    clearInterval(this.#snapshotTimer);
    this.#image.hidden = true;
    this.#snapshotTimer = window.setInterval(async () => {
      const next = new Image();
      next.src = `${streamPath(this.#stream?.id ?? "")}/snapshot.jpg?t=${Date.now()}`;
      try {
        await next.decode();
        this.#image.src = next.src;
        this.#image.hidden = false;
      } catch {
        // nothing to show yet; the next turn tries again
      }
    }, SNAPSHOT_EVERY_MS);
  }

  #describe() {
    const stream = this.#stream;
    if (!stream) {
      return;
    }
    const good = gives(stream);
    this.classList.toggle("lost", !good);
    this.#overlay.hidden = good;
    write(this.#headline, good ? "" : troubleWords(stream));
    write(this.#reason, good ? "" : troubleReason(stream));
    this.#image.alt = t("picture.of", { stream: stream.id });
    this.#video.setAttribute("aria-label", this.#image.alt);
    this.#badge.hidden = stream.state !== "running";
    write(this.#badge, this.#badgeWords());
  }

  #badgeWords() {
    const behind = this.#video.hidden ? undefined : this.#live.behind();
    return behind === undefined
      ? t("picture.sampled")
      : t("picture.live", { delay: seconds(Math.round(behind * 10) / 10) });
  }
}

customElements.define("live-picture", LivePicture);
