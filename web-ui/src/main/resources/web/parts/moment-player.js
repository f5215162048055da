/**
 * A moment, played where the live picture was: the stretch as it was sent, with a little before and
 * after it; or its picture alone where nothing was recorded.
 */
import { clipPath } from "../server/api.js";
import { t } from "../words/i18n.js";
import { stretch } from "../words/times.js";
import { make, tell } from "./dom.js";
import { icon } from "./icon.js";

const BEFORE_S = 1.5;
const AFTER_S = 1.5;

export class MomentPlayer extends HTMLElement {
  connectedCallback() {
    this.hidden = true;
  }

  /** @param {Moment} moment */
  play(moment) {
    const words = t("moment.of", { stream: moment.stream, time: stretch(moment) });
    const picture = make("img", { src: moment.thumbnail, alt: words });
    this.replaceChildren(moment.clip ? this.#video(moment, words, picture) : picture);
    this.append(
      make(
        "div",
        { class: "bar" },
        make("p", { role: "status" }, icon("clock"), stretch(moment)),
        ...(moment.clip ? [downloadLink(moment)] : []),
        make(
          "button",
          { type: "button", class: "live", onclick: () => tell(this, "live-wanted") },
          t("moment.back"),
        ),
      ),
    );
    this.hidden = false;
  }

  stop() {
    this.querySelector("video")?.removeAttribute("src");
    this.replaceChildren();
    this.hidden = true;
  }

  /** @param {Moment} moment @param {string} words @param {HTMLImageElement} instead */
  #video(moment, words, instead) {
    const video = make("video", {
      src: clipPath(moment.stream, moment.start - BEFORE_S, moment.end + AFTER_S),
      poster: moment.thumbnail,
      "aria-label": words,
      controls: true,
      loop: true,
      playsinline: true,
      onerror: () => video.hasAttribute("src") && video.replaceWith(instead),
    });
    video.muted = true;
    video.play().catch(() => {});
    return video;
  }
}

/** @param {Moment} moment */
export function downloadLink(moment) {
  const words = t("moment.download", { time: stretch(moment) });
  return make(
    "a",
    {
      class: "quiet-button",
      href: clipPath(moment.stream, moment.start, moment.end, true),
      download: `${moment.stream}-${moment.start}.mp4`,
      "aria-label": words,
      title: words,
    },
    icon("download"),
  );
}

customElements.define("moment-player", MomentPlayer);
