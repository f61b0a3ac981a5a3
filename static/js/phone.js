/* Keeps every inbreng on the phone until the server has said yes, and sends it again until it has.
 *
 * Each one lies in localStorage under a key made here, which goes with every try: the server writes it once, however often it
 * comes. Where nothing can be kept, and without this script, the form is a plain one.
 */
"use strict";

(() => {
  const PREFIX = "inbreng:";
  const DRAFT = "aan-het-typen:";
  const LASTS = 12 * 3600 * 1000; // what was sent, refused or left half typed stays for half a day, and is then forgotten here
  const PATIENCE = 30000; // ms until a try counts as lost
  const LONGEST = 60000; // ms between two tries
  const page = document.body.dataset.page;
  const find = (id) => document.getElementById(id);
  const form = find("inbreng");
  const device = form?.elements.device.value; // of the person who holds it now: a tablet goes from hand to hand
  const asked = form && form.querySelector("[name=item]"); // `form.elements.item` is a function of the browser
  let latest = null; // the question that is open, as the server told it last
  let wait = 2000;
  let timer = 0;
  let isBusy = false;

  // --- what lies on the phone ----------------------------------------------------------------------------------------
  function newKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16)); // plain http has no randomUUID
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  function read(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null; // switched off, or not ours
    }
  }

  function keep(name, value) {
    try {
      localStorage.setItem(name, JSON.stringify(value));
      return true;
    } catch {
      return false; // full, or switched off
    }
  }

  function forget(name) {
    try {
      localStorage.removeItem(name);
    } catch { /* then it was never kept */ }
  }

  function namesOf(prefix) {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
    } catch {
      return []; // switched off
    }
  }

  function kept() {
    return namesOf(PREFIX).map(read).filter((entry) => entry && entry.fields).sort((one, other) => one.at - other.at);
  }

  function settle(entry, state, sentence = "") {
    if (read(PREFIX + entry.key)) keep(PREFIX + entry.key, { ...entry, state, sentence });
  }

  // --- sending -------------------------------------------------------------------------------------------------------
  const tokens = () => document.querySelectorAll("[name=csrfmiddlewaretoken]");

  async function renewToken() {
    const answer = await fetch(page, { headers: { Accept: "text/html" }, cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]");
    if (!fresh) throw new Error("no token");
    tokens().forEach((field) => { field.value = fresh.value; });
  }

  function post(entry) {
    const giveUp = new AbortController();
    const clock = setTimeout(() => giveUp.abort(), PATIENCE);
    const body = new URLSearchParams({ ...entry.fields, csrfmiddlewaretoken: tokens()[0].value });
    return fetch(entry.page, { method: "POST", body, headers: { Accept: "application/json" }, signal: giveUp.signal })
      .finally(() => clearTimeout(clock));
  }

  /* Sends one; answers whether it was dealt with. Anything but a clear yes or no of our own server is no answer. */
  async function sendOne(entry) {
    let answer = await post(entry);
    if (answer.status === 403) {
      await renewToken();
      answer = await post(entry);
    }
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    if (isJson && answer.ok) {
      const said = await answer.json();
      if (said.key !== entry.key) return false;
      settle(entry, said.is_late ? "late" : "saved");
      hear(said, entry);
      return true;
    }
    if (isJson && [400, 404, 413].includes(answer.status)) { // as a page, it comes from whatever stands in between
      const said = await answer.json();
      if (said.key !== null || !Array.isArray(said.errors)) return false;
      settle(entry, "refused", said.errors.join(" "));
      if ("item" in said) hear(said, entry);
      return true;
    }
    return false;
  }

  async function sendAll() {
    for (const entry of kept().filter((one) => one.state === "waiting")) {
      if (read(PREFIX + entry.key)?.state !== "waiting") continue; // another tab was first
      if (!(await sendOne(entry))) throw new Error("no answer");
      wait = 2000;
      show();
    }
  }

  async function send() {
    clearTimeout(timer);
    if (isBusy) return;
    isBusy = true;
    try {
      if (navigator.locks) await navigator.locks.request("inbreng", sendAll);
      else await sendAll();
    } catch { /* no network, or the server is away: again later */ }
    isBusy = false;
    show();
    if (kept().some((entry) => entry.state === "waiting")) {
      timer = setTimeout(send, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST);
    }
  }

  function sendNow() {
    wait = 2000;
    send();
  }

  // --- the question --------------------------------------------------------------------------------------------------
  function hear(said, entry) {
    if (entry.page !== page) return;
    latest = said;
    if (form && !form.elements.text.value.trim()) ask(said.item, said.question);
    else if (form && Number(asked.value) !== said.item) tellOfNewQuestion(said.question);
  }

  function ask(item, question) {
    asked.value = item;
    find("vraag").textContent = question || "Wat wilt u zeggen over uw wijk?";
    find("andere-vraag").hidden = true;
  }

  function tellOfNewQuestion(question) {
    const note = find("andere-vraag");
    note.textContent = `In de zaal is nu een andere vraag: “${question}” Wat u typt, hoort nog bij de vraag hierboven. Verstuur het eerst.`;
    note.hidden = false;
  }

  // --- what one is typing --------------------------------------------------------------------------------------------
  function keepDraft() {
    const { text, addressed_to: to, addressed_name: name } = form.elements;
    if (!text.value.trim()) return forget(DRAFT + page);
    const question = find("vraag").textContent;
    return keep(DRAFT + page, { at: Date.now(), device, text: text.value, item: asked.value, question, to: to.value, name: name.value });
  }

  function takeUp(draft) {
    const now = { item: Number(asked.value), question: find("vraag").textContent };
    form.elements.text.value = draft.text;
    form.elements.addressed_to.value = draft.to;
    if (!form.elements.addressed_to.value) form.elements.addressed_to.value = "";
    form.elements.addressed_name.value = draft.name;
    ask(draft.item, draft.question);
    if (Number(draft.item) !== now.item) {
      latest = now;
      tellOfNewQuestion(now.question);
    }
    const more = find("nog-iets");
    if (more) more.open = true;
    showAnother();
  }

  function showAnother() {
    const isAnother = form.elements.addressed_to.value === "anders";
    find("id_addressed_name_field").hidden = !isAnother;
    if (!isAnother) form.elements.addressed_name.value = "";
  }

  function complain(sentence) {
    const text = form.elements.text;
    find("id_text_error")?.remove();
    text.toggleAttribute("aria-invalid", false);
    if (!sentence) return;
    const error = document.createElement("p");
    error.id = "id_text_error";
    error.className = "error";
    error.textContent = sentence;
    text.before(error);
    text.setAttribute("aria-invalid", "true");
    text.setAttribute("aria-describedby", error.id);
    text.focus();
  }

  function submitted(event) {
    const fields = Object.fromEntries(new FormData(form));
    delete fields.csrfmiddlewaretoken;
    if (!fields.text.trim()) {
      event.preventDefault();
      return complain("Schrijf eerst op wat u wilt zeggen.");
    }
    fields.key = newKey();
    const entry = { key: fields.key, page, at: Date.now(), question: find("vraag").textContent, fields, state: "waiting" };
    if (!keep(PREFIX + entry.key, entry)) return undefined; // the plain form goes on
    event.preventDefault();
    complain("");
    document.querySelector(".wrong")?.remove();
    form.elements.text.value = "";
    form.elements.addressed_to.value = "";
    showAnother();
    forget(DRAFT + page);
    if (latest) ask(latest.item, latest.question);
    turnTo("daarna", "hoe-het-staat");
    show(entry.key);
    return sendNow();
  }

  function change(entry) {
    forget(PREFIX + entry.key);
    const { text, item, addressed_to: to, addressed_name: name } = entry.fields;
    const typed = form.elements.text.value.trim();
    takeUp({ text: typed ? `${typed}\n\n${text}` : text, item, question: entry.question, to, name });
    keepDraft();
    turnTo("zeggen", "id_text");
    complain(entry.sentence);
    show();
  }

  // --- what one sees -------------------------------------------------------------------------------------------------
  const WORDS = {
    waiting: "Nog niet verstuurd",
    saved: "Opgeslagen",
    late: "Bewaard voor de projectleider",
    refused: "Niet opgeslagen",
  };
  const EXPLAINED = {
    waiting: "Uw telefoon bewaart uw woorden en verstuurt ze zodra er verbinding is. U hoeft niets te doen.",
    saved: "Dank u wel.",
    late: "De bijeenkomst is al gesloten. De projectleider beslist of uw inbreng nog meetelt.",
    refused: "Kijk hieronder wat er niet klopt.",
  };
  let newest = ""; // the key of what was sent last, about which the screen after it speaks
  let told = "";

  function turnTo(id, focus) {
    const main = find("inhoud");
    main.classList.add("turning"); // the second half of a double click would land on what stands there now
    setTimeout(() => main.classList.remove("turning"), 400);
    find("zeggen").hidden = id !== "zeggen";
    find("daarna").hidden = id !== "daarna";
    find(focus).focus();
    window.scrollTo(0, 0);
  }

  function row(entry) {
    const item = document.createElement("li");
    const state = document.createElement("p");
    state.className = `state state--${entry.state}`;
    state.textContent = WORDS[entry.state] + (entry.sentence ? `. ${entry.sentence}` : "");
    const words = document.createElement("p");
    words.textContent = entry.fields.text.length > 160 ? `${entry.fields.text.slice(0, 160)}…` : entry.fields.text;
    item.append(words, state);
    if (entry.state === "refused" && form) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--quiet";
      button.textContent = "Aanpassen";
      button.addEventListener("click", () => change(entry));
      item.append(button);
    }
    return item;
  }

  function show(key = newest) {
    newest = key;
    const entries = kept().filter((entry) => entry.page === page && (!device || entry.fields.device === device));
    const open = document.activeElement?.closest("#wachtrij");
    if (!open) find("wachtrij").replaceChildren(...entries.reverse().map(row));
    find("bewaard").hidden = entries.length === 0;
    const last = entries.find((entry) => entry.key === newest);
    if (last) {
      find("hoe-het-staat").textContent = last.state === "late" ? "Bewaard" : WORDS[last.state];
      find("uitleg").textContent = EXPLAINED[last.state];
      document.querySelector("#daarna .receipt").hidden = last.state === "refused";
      if (latest?.is_paused && last.state === "saved") find("uitleg").textContent += " Het is nu even pauze.";
    }
    const waiting = entries.filter((entry) => entry.state === "waiting").length;
    const now = waiting ? `${waiting} keer inbreng nog niet verstuurd.` : last ? `${WORDS[last.state]}.` : "";
    if (now !== told) find("melding").textContent = told = now;
  }

  function forgetOld() {
    const isOld = (one) => !(Date.now() - one?.at < LASTS);
    for (const entry of kept()) {
      if (entry.state !== "waiting" && isOld(entry)) forget(PREFIX + entry.key);
    }
    for (const name of namesOf(DRAFT)) {
      if (isOld(read(name))) forget(name);
    }
  }

  // --- from here it runs ---------------------------------------------------------------------------------------------
  forgetOld();
  if (form) {
    form.addEventListener("submit", submitted);
    form.addEventListener("input", keepDraft);
    form.elements.text.addEventListener("input", () => complain(""));
    form.elements.addressed_to.addEventListener("change", showAnother);
    showAnother();
    const draft = read(DRAFT + page);
    if (draft && (draft.device || device) === device && !form.elements.text.value) takeUp(draft);
    else keepDraft(); // of who began to type before this ran
  }
  find("nog-een").addEventListener("click", () => {
    turnTo("zeggen", form ? "vraag" : "inhoud");
  });
  show();
  send();
  window.addEventListener("online", sendNow);
  window.addEventListener("pageshow", (event) => { if (event.persisted) sendNow(); });
  window.addEventListener("storage", () => show());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sendNow(); });
  window.addEventListener("load", async () => {
    if (!navigator.serviceWorker) return; // plain http: the page itself needs a network, the words do not
    try {
      await navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/b/" });
      await navigator.serviceWorker.ready;
      const pages = await caches.open("bladzijden");
      if (!(await pages.match(page))) {
        const answer = await fetch(page);
        if (answer.ok) await pages.put(page, answer); // a page that is gone is not one to keep
      }
      document.documentElement.dataset.offline = "ready";
    } catch { /* a private window: as above */ }
  });
})();
