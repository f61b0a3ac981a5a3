// The beamer: keys, a bar that hides itself, hiding one answer, and a word when the line is broken. All of it works without.
"use strict";
(() => {
  const AWAKE = 4000;
  let keys = true;
  try { keys = localStorage.getItem("thuiswijk-keys") !== "off"; } catch { /* a browser that keeps nothing */ }

  const offerKeys = () => {
    const box = document.querySelector("[data-keys]");
    if (!box) return; // a screen without keys
    box.closest("[hidden]")?.removeAttribute("hidden");
    box.checked = keys;
    document.body.classList.toggle("has-keys", keys);
  };

  let asleep;
  const wake = () => {
    document.body.classList.add("is-awake");
    clearTimeout(asleep);
    asleep = setTimeout(() => document.body.classList.remove("is-awake"), AWAKE);
  };

  document.body.classList.add("can-hide");
  for (const sign of ["pointermove", "pointerdown", "keydown"]) document.addEventListener(sign, wake, { passive: true });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys]")) return;
    keys = event.target.checked;
    try { localStorage.setItem("thuiswijk-keys", keys ? "on" : "off"); } catch { /* idem */ }
    offerKeys();
  });

  document.addEventListener("keydown", (event) => {
    if (!keys || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector("dialog[open]") || event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const button = document.querySelector(`[data-press="${CSS.escape(event.key.toLowerCase())}"]`);
    if (button) { event.preventDefault(); button.click(); }
  });

  // Hidden from the hall at once, while one chooses why.
  const dialog = document.getElementById("verberg");
  let veiled;
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".answer__hide");
    if (!link || !dialog?.showModal) return;
    event.preventDefault();
    veiled = link.closest(".answer");
    veiled.classList.add("answer--veiled");
    dialog.querySelector("form").action = dialog.querySelector("[data-other]").href = link.href;
    dialog.returnValue = "";
    dialog.showModal();
  });
  dialog?.addEventListener("close", () => veiled?.classList.remove("answer--veiled"));

  const say = (words) => { document.querySelector("[data-trouble]").textContent = words; };
  document.addEventListener("htmx:sendError", () => say("Geen verbinding. Wij proberen het vanzelf opnieuw."));
  const SIGNED_OUT = "U bent uitgelogd. Ververs de pagina om weer in te loggen.";
  document.addEventListener("htmx:responseError", (event) => {
    const isOut = event.detail.xhr.status === 401;
    say(isOut ? SIGNED_OUT : "De server antwoordt niet goed. Wij proberen het vanzelf opnieuw.");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    // Another page (one that asks for a second factor) is no news. What stands stays, and says so.
    if (event.detail.serverResponse.includes("id=\"stand\"")) return;
    event.detail.shouldSwap = false;
    if (event.detail.xhr.status === 200) say(SIGNED_OUT);
  });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.xhr.status === 204) say(""); });
  // A poll that was under way when a key changed the screen: what it brings is of before, and its place is gone.
  const mindPoll = () => document.getElementById("stand").addEventListener("htmx:beforeOnLoad", (event) => {
    if (!event.target.isConnected) event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", () => { offerKeys(); mindPoll(); });
  offerKeys();
  mindPoll();
  wake();
})();
