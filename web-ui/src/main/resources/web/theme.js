/**
 * Light or dark, before the first picture: a plain script, so that a page that is reloaded in the
 * dark does not flash. "auto" follows the system.
 */
try {
  document.documentElement.dataset.theme = localStorage.getItem("onlooker.theme") ?? "auto";
} catch {
  document.documentElement.dataset.theme = "auto";
}
