// Masthead's tag: tells a conversion of a visitor who came through an ad. No cookie; the click is kept for this tab only.
// <script src="https://masthead.example/static/campaigns/tag.js" data-workspace="bakery" defer></script>
// On the page that says thank you: <script>addEventListener("load", () => masthead.convert("order-17"))</script>
(() => {
  const script = document.currentScript;
  const address = new URL(`/conversions/${encodeURIComponent(script.dataset.workspace)}/page/`, script.src);
  const came = new URLSearchParams(location.search).get("mh_click");
  if (came) sessionStorage.setItem("mh_click", came);
  window.masthead = {
    convert(reference) {
      const click = sessionStorage.getItem("mh_click");
      if (!click) return false;
      return navigator.sendBeacon(address, JSON.stringify({ reference: String(reference), click }));
    },
  };
})();
