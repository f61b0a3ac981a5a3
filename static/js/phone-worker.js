/* Shows the phone page where there is no network. VERSION and FILES stand above, written by the server.
 *
 * It answers pages and their few files, by GET. It never answers a POST: what one says is kept and sent by phone.js.
 */
"use strict";

const STORE = `bestanden-${VERSION}`;
const PAGES = "bladzijden"; // phone.js knows this name as well
const PATIENCE = 10000; // ms after which a page that we have goes before a network that does not answer
const AWAY = `<!doctype html><html lang="nl"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Geen verbinding</title><h1>Geen verbinding</h1>
<p>Deze bladzijde kan nu niet komen. Wat u opschreef, staat nog op uw telefoon. Ga terug, of probeer het straks opnieuw.</p></html>`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidyUp().then(() => self.clients.claim()));
});

/* Pages are fetched anew before the files go that the old ones ask for; without a network everything stays. */
async function tidyUp() {
  const pages = await caches.open(PAGES);
  const old = (await caches.keys()).filter((name) => name.startsWith("bestanden-") && name !== STORE);
  if (old.length === 0) return;
  try {
    for (const request of await pages.keys()) {
      const answer = await fetch(request.url);
      await (answer.ok ? pages.put(request.url, answer) : pages.delete(request));
    }
    await Promise.all(old.map((name) => caches.delete(name)));
  } catch { /* next time */ }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (request.mode === "navigate" && /^\/b\/[^/]+\/(wie\/)?$/.test(url.pathname)) event.respondWith(fetchPage(request, url));
  else if (url.origin === location.origin && url.pathname.startsWith("/static/")) event.respondWith(fetchFile(request));
});

async function fetchPage(request, url) {
  const pages = await caches.open(PAGES);
  const known = await pages.match(url.pathname);
  let clock = 0;
  const tooLong = new Promise((resolve) => {
    if (known) clock = setTimeout(resolve, PATIENCE, known.clone());
  });
  try {
    const answer = await Promise.race([tooLong, fetchAndKeep(pages, request, url)]);
    clearTimeout(clock);
    return answer;
  } catch {
    return known || new Response(AWAY, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
  }
}

async function fetchAndKeep(pages, request, url) {
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) await pages.put(url.pathname, answer.clone());
  return answer;
}

async function fetchFile(request) {
  return (await caches.match(request)) || fetch(request);
}
