// Quick entry: Enter stores, and the cursor is already back in an empty field. What the server has not said yes to stays in
// this browser, and is sent again by itself, with the same key: it stands once.
"use strict";
(() => {
  const form = document.querySelector("form[data-noting]");
  const place = `thuiswijk-notes-${form.dataset.noting}`;
  const draft = `${place}-draft`;
  const text = form.elements.text;
  const waiting = document.querySelector("[data-waiting]");
  const AGAIN = 4000;
  let busy = false;

  const read = () => { try { return JSON.parse(localStorage.getItem(place)) || []; } catch { return []; } };
  let queue = read();
  const keep = () => {
    try { queue.length ? localStorage.setItem(place, JSON.stringify(queue)) : localStorage.removeItem(place); } catch { /* private window */ }
    show();
  };

  const show = () => {
    waiting.hidden = !queue.length;
    waiting.replaceChildren(...queue.map((note) => {
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
    queue = queue.filter((other) => other !== note);
    if (text.value.trim()) add();
    for (const [name, value] of Object.entries(note.fields)) if (name !== "key") form.elements[name].value = value;
    form.elements.key.value = newKey();
    keep(); text.focus();
  };

  const add = () => {
    const fields = Object.fromEntries(new FormData(form));
    delete fields.csrfmiddlewaretoken;
    queue.push({ fields });
    text.value = ""; form.elements.card.value = ""; form.elements.addressed_to.value = ""; form.elements.key.value = newKey();
    forget(); keep(); text.focus();
  };

  const send = async () => {
    const note = queue.find((one) => !one.refused);
    if (busy || !note) return;
    busy = true;
    let sent = false;
    try {
      const body = new URLSearchParams({ ...note.fields, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
      const answer = await fetch(location.pathname, { method: "POST", body, headers: { "HX-Request": "true" } });
      const words = await answer.text();
      if (answer.ok && answer.headers.get("Content-Type").startsWith("text/plain")) { note.refused = words; sent = true; }
      else if (answer.ok && !answer.redirected && words.includes('id="genoteerd"')) {
        queue = queue.filter((other) => other !== note);
        document.getElementById("genoteerd").outerHTML = words;
        sent = true;
      } else if (answer.redirected || answer.status === 403) note.trouble = "Nog niet bewaard: u bent uitgelogd. Ververs de pagina en log in. De tekst blijft hier staan.";
      else note.trouble = "Nog niet bewaard: de server antwoordt niet goed. Wij proberen het vanzelf opnieuw.";
    } catch { note.trouble = "Nog niet bewaard: geen verbinding. Wij proberen het vanzelf opnieuw."; }
    busy = false; keep();
    if (sent) send();
  };

  const forget = () => { try { sessionStorage.removeItem(draft); } catch { /* private window */ } };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (text.value.trim()) { add(); send(); } else text.focus();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.repeat) return;
    event.preventDefault();
    form.requestSubmit();
  });
  text.addEventListener("input", () => { try { sessionStorage.setItem(draft, text.value); } catch { /* idem */ } });
  for (const sign of ["online", "focus"]) addEventListener(sign, send);
  setInterval(send, AGAIN);
  try { text.value ||= sessionStorage.getItem(draft) || ""; } catch { /* idem */ }
  form.elements.question.addEventListener("change", (event) => {
    document.querySelector("h1").textContent = event.target.selectedOptions[0].textContent;
  });
  keep(); send(); text.focus();
})();
