// Quick entry: Enter stores, and the cursor is already back in an empty field. What the server has not said yes to stays in
// this browser, each note under its own key, and is sent again by itself, with the same key: it stands once. Two tabs are two
// pairs of hands on the same notes.
"use strict";
(() => {
  const form = document.querySelector("form[data-noting]");
  const place = `thuiswijk-notes-${form.dataset.noting}:`;
  const draft = `${place}draft`;
  const text = form.elements.text;
  const waiting = document.querySelector("[data-waiting]");
  const many = document.querySelector("[data-many]");
  const AGAIN = 4000;
  const PATIENCE = 30000; // ms until a try counts as lost
  const loose = new Map(); // what this browser refuses to keep lives as long as the page
  let busy = false;

  const nameOf = (note) => place + note.fields.key;
  const read = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
  const keep = (note) => {
    try { localStorage.setItem(nameOf(note), JSON.stringify(note)); loose.delete(nameOf(note)); } catch { loose.set(nameOf(note), note); }
  };
  const drop = (note) => {
    loose.delete(nameOf(note));
    try { localStorage.removeItem(nameOf(note)); } catch { /* then it was never kept */ }
  };
  const kept = () => {
    let names = [];
    try { names = Object.keys(localStorage).filter((name) => name.startsWith(place)); } catch { /* private window */ }
    const notes = new Map([...names.map((name) => [name, read(name)]), ...loose]);
    return [...notes.values()].filter((note) => note?.fields).sort((one, other) => one.at - other.at);
  };
  // What another tab has dealt with meanwhile stays dealt with.
  const settle = (note, said) => { if (loose.has(nameOf(note)) || read(nameOf(note))) keep({ ...note, ...said }); };

  const show = () => {
    const notes = kept();
    waiting.hidden = !notes.length;
    waiting.replaceChildren(...notes.map((note) => {
      const row = document.createElement("li"), box = document.createElement("div");
      const words = document.createElement("p"), why = document.createElement("p");
      words.className = "said__words"; words.dir = "auto"; words.textContent = note.fields.text;
      why.className = "meta"; why.textContent = note.refused || note.trouble || "Wordt bewaard…";
      if (note.refused || note.trouble) why.setAttribute("role", "alert");
      box.append(words, why);
      if (note.refused) {
        const back = document.createElement("button");
        back.type = "button"; back.className = "utrecht-button utrecht-button--secondary-action button--small"; back.textContent = "Verbeter";
        back.addEventListener("click", () => mend(note));
        row.append(box, back);
      } else row.append(box);
      return row;
    }));
  };

  const newKey = () => crypto.randomUUID?.() || "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (sign) => (sign ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (sign / 4)))).toString(16));

  const mend = (note) => {
    const typed = text.value.trim();
    for (const [name, value] of Object.entries(note.fields)) if (name !== "key") form.elements[name].value = value;
    if (typed) text.value = `${note.fields.text} ${typed}`;
    form.elements.key.value = newKey();
    keepDraft(); drop(note); show(); text.focus();
  };

  const add = () => {
    const fields = Object.fromEntries(new FormData(form));
    delete fields.csrfmiddlewaretoken;
    keep({ fields, at: Date.now() });
    text.value = ""; form.elements.card.value = ""; form.elements.addressed_to.value = ""; form.elements.key.value = newKey();
    many.textContent = "";
    forgetDraft(); show(); text.focus();
  };

  const send = async () => {
    const note = kept().find((one) => !one.refused);
    if (busy || !note) return;
    busy = true;
    let sent = false;
    const giveUp = new AbortController();
    const clock = setTimeout(() => giveUp.abort(), PATIENCE);
    try {
      const body = new URLSearchParams({ ...note.fields, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
      const answer = await fetch(location.pathname, { method: "POST", body, headers: { "HX-Request": "true" }, signal: giveUp.signal });
      const words = await answer.text();
      if (answer.ok && answer.headers.get("Content-Type").startsWith("text/plain")) { settle(note, { refused: words }); sent = true; }
      else if (answer.ok && !answer.redirected && words.includes('id="genoteerd"')) {
        drop(note);
        document.getElementById("genoteerd").outerHTML = words;
        sent = true;
      } else if (answer.redirected || answer.status === 403) settle(note, { trouble: "Nog niet bewaard: u bent uitgelogd. Ververs de pagina en log in. De tekst blijft hier staan." });
      else settle(note, { trouble: "Nog niet bewaard: de server antwoordt niet goed. Wij proberen het vanzelf opnieuw." });
    } catch { settle(note, { trouble: "Nog niet bewaard: geen verbinding. Wij proberen het vanzelf opnieuw." }); }
    clearTimeout(clock);
    busy = false; show();
    if (sent) send();
  };

  const keepDraft = () => { try { sessionStorage.setItem(draft, text.value); } catch { /* private window */ } };
  const forgetDraft = () => { try { sessionStorage.removeItem(draft); } catch { /* idem */ } };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (text.value.trim()) { add(); send(); } else text.focus();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.repeat) return;
    event.preventDefault();
    form.requestSubmit();
  });
  text.addEventListener("input", keepDraft);
  for (const sign of ["online", "focus"]) addEventListener(sign, send);
  addEventListener("storage", show);
  setInterval(send, AGAIN);
  try { text.value ||= sessionStorage.getItem(draft) || ""; } catch { /* idem */ }
  // Another question, and still the same one who speaks.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-question]");
    if (!link) return;
    const to = new URLSearchParams(link.search);
    to.set("van", form.elements.said_by.value);
    link.search = to;
  });
  text.addEventListener("paste", (event) => {
    const lines = event.clipboardData.getData("text").trim().split("\n").length;
    if (lines > 1) many.textContent = "U plakte meer regels. Hier wordt dat één inbreng. Is iedere regel een inbreng? Kies dan onderaan “Plak veel regels tegelijk”.";
  });
  form.elements.question.addEventListener("change", (event) => {
    document.querySelector("h1").textContent = event.target.selectedOptions[0].textContent;
  });
  show(); send(); text.focus();
})();
