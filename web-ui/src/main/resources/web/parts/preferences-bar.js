/** Light, dark or as the system has it; the language; the way to the system view and back. */
import { LANGUAGES, language, speak, t } from "../words/i18n.js";
import { make, tell } from "./dom.js";
import { icon } from "./icon.js";

const THEMES = /** @type {const} */ (["auto", "light", "dark"]);
const KEPT_AS = "onlooker.theme";

export class PreferencesBar extends HTMLElement {
  #system = make(
    "button",
    {
      type: "button",
      class: "quiet-button labelled",
      "aria-label": t("system.title"),
      onclick: () => tell(this, "view-chosen", this.#inSystem ? "watch" : "system"),
    },
    icon("system"),
    make("span", {}, t("system.title")),
  );
  #theme = make("button", { type: "button", class: "quiet-button", onclick: () => this.#next() });
  #language = make(
    "select",
    { "aria-label": t("language.label"), onchange: () => speak(this.#language.value) },
    ...Object.entries(LANGUAGES).map(([code, name]) =>
      make("option", { value: code, lang: code, selected: code === language }, name),
    ),
  );
  #inSystem = false;

  connectedCallback() {
    this.replaceChildren(this.#system, this.#language, this.#theme);
    this.#show();
  }

  /** @param {string} view */
  show(view) {
    this.#inSystem = view === "system";
    this.#system.setAttribute("aria-pressed", String(this.#inSystem));
  }

  get #chosen() {
    const chosen = document.documentElement.dataset.theme;
    return THEMES.find((one) => one === chosen) ?? "auto";
  }

  #next() {
    const next = THEMES[(THEMES.indexOf(this.#chosen) + 1) % THEMES.length] ?? "auto";
    document.documentElement.dataset.theme = next;
    localStorage.setItem(KEPT_AS, next);
    this.#show();
  }

  #show() {
    const words = t("theme.label", { theme: t(`theme.${this.#chosen}`) });
    this.#theme.replaceChildren(icon(this.#chosen));
    this.#theme.setAttribute("aria-label", words);
    this.#theme.title = words;
  }
}

customElements.define("preferences-bar", PreferencesBar);
