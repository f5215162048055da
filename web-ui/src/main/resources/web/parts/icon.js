/** The page's few drawings, of one weight, on a grid of 24. */
import { draw } from "./dom.js";

const PATHS = {
  add: "M12 5v14M5 12h14",
  ask: "M4 5h16v11H9l-5 4z",
  auto: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  beside: "M4 6h7v12H4zM13 6h7v12h-7z",
  clock: "M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16M12 8v4l3 2",
  close: "M6 6l12 12M18 6L6 18",
  dark: "M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  light: "M12 8.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4",
  play: "M8 5l11 7-11 7z",
  remove: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  search: "M10.5 5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11M14.5 14.5L20 20",
  system: "M4 18v-5M9.3 18V6M14.6 18v-8M20 18v-3",
  whole: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
};

/** @param {keyof typeof PATHS} name */
export function icon(name) {
  return draw(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    draw("path", { d: PATHS[name] }),
  );
}
