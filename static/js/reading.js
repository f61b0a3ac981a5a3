// The chapters of the reading page are folded. A link to one, or to something in it, unfolds it; printing unfolds all of them.
"use strict";
(() => {
  const chapters = [...document.querySelectorAll(".document section > details")];
  const unfold = (anchor) => {
    const target = document.getElementById(anchor); // our anchors have nothing to decode
    const chapter = target?.closest(".document section > details");
    if (!chapter) return;
    chapter.open = true;
    target.scrollIntoView();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest('.document a[href^="#"]');
    if (link) unfold(link.hash.slice(1)); // also where the address already ends so
  });
  addEventListener("hashchange", () => unfold(location.hash.slice(1)));
  unfold(location.hash.slice(1));

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = chapters.filter((chapter) => !chapter.open);
    for (const chapter of folded) chapter.open = true;
  });
  addEventListener("afterprint", () => {
    for (const chapter of folded) chapter.open = false;
  });

  const button = document.querySelector("[data-unfold]");
  button.addEventListener("click", () => {
    for (const chapter of chapters) chapter.open = true;
  });
  button.parentElement.hidden = false;
})();
