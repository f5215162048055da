/** A cited moment: its picture and its time; a click plays it, or shows the picture large. */
import { make } from "./dom.js";
import { ago, clock, media } from "./times.js";

export function citationItem(citation) {
  const when = clock(citation.startTime);
  const span = `${media(citation.start)}–${media(citation.end)}`;
  return make(
    "li",
    {},
    make(
      "button",
      {
        type: "button",
        "aria-label": `Seen at ${when}; show it`,
        title: `${span} in the stream, ${ago(citation.startTime)} ago`,
        onclick: () => enlarge(citation, `${citation.stream}, ${when}`),
      },
      make("img", { src: citation.thumbnail, alt: "", loading: "lazy" }),
      make("time", { class: "when", datetime: citation.startTime }, when),
      make("span", { class: "span" }, span),
    ),
  );
}

function enlarge(citation, caption) {
  const dialog = make(
    "dialog",
    { class: "picture", "aria-label": caption, onclose: () => dialog.remove() },
    shown(citation, `What was seen: ${caption}`),
    make(
      "form",
      { method: "dialog", class: "actions" },
      make("span", { class: "quiet" }, caption),
      make("button", {}, "Close"),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}

/** The stretch as it was sent, where that is kept and this browser plays it; else its picture. */
function shown(citation, description) {
  const picture = make("img", { src: citation.thumbnail, alt: description });
  if (!citation.clip) {
    return picture;
  }
  const video = make("video", {
    src: citation.clip,
    poster: citation.thumbnail,
    "aria-label": description,
    controls: true,
    autoplay: true,
    loop: true,
    onerror: () => video.replaceWith(picture),
  });
  return video;
}
