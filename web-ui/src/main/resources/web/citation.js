/** A cited moment: its picture and its time; a click shows the picture large. */
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
        "aria-label": `Seen at ${when}; show the picture`,
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
    make("img", { src: citation.thumbnail, alt: `What was seen: ${caption}` }),
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
