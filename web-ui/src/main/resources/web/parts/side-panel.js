/** What stands beside the picture: commentary, questions or search, one at a time. */
import { t } from "../words/i18n.js";
import { make, tell } from "./dom.js";
import { icon } from "./icon.js";

const TABS = /** @type {const} */ ([
  ["commentary", "panel.commentary", "clock"],
  ["questions", "panel.questions", "ask"],
  ["search", "panel.search", "search"],
]);

export class SidePanel extends HTMLElement {
  /** @type {Map<string, HTMLButtonElement>} */
  #tabs = new Map();
  /** @type {Map<string, HTMLElement>} */
  #panels = new Map();

  /** @param {Record<string, HTMLElement>} contents by name @param {HTMLElement} foot */
  fill(contents, foot) {
    for (const [name, key, drawing] of TABS) {
      const tab = make(
        "button",
        {
          type: "button",
          role: "tab",
          id: `tab-${name}`,
          "aria-controls": `panel-${name}`,
          onclick: () => tell(this, "panel-chosen", name),
        },
        icon(drawing),
        t(key),
      );
      const panel = make("div", {
        role: "tabpanel",
        id: `panel-${name}`,
        "aria-labelledby": `tab-${name}`,
      });
      panel.append(contents[name] ?? "");
      this.#tabs.set(name, tab);
      this.#panels.set(name, panel);
    }
    const list = make(
      "div",
      { role: "tablist", "aria-label": t("panel.label") },
      ...this.#tabs.values(),
    );
    list.addEventListener("keydown", (event) => this.#key(event));
    this.replaceChildren(list, ...this.#panels.values(), foot);
  }

  /** @param {string} chosen */
  show(chosen) {
    for (const [name, tab] of this.#tabs) {
      tab.setAttribute("aria-selected", String(name === chosen));
      tab.tabIndex = name === chosen ? 0 : -1;
      const panel = this.#panels.get(name);
      if (panel) {
        panel.hidden = name !== chosen;
      }
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const tabs = [...this.#tabs.values()];
      const at = tabs.findIndex((tab) => tab === document.activeElement);
      const next = tabs.at((at + step) % tabs.length);
      next?.focus();
      next?.click();
    }
  }
}

customElements.define("side-panel", SidePanel);
