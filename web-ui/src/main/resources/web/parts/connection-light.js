/** Says when the page has lost Onlooker; silent while all is well. */
import { t } from "../words/i18n.js";

export class ConnectionLight extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", "status");
  }

  /** @param {boolean} isOpen */
  set(isOpen) {
    this.textContent = isOpen ? "" : t("server.away");
  }
}

customElements.define("connection-light", ConnectionLight);
