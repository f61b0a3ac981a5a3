// The board: what is ticked can be dragged to a theme. The bar below the list does the same, by keyboard and without this.
"use strict";
(() => {
  const form = () => document.querySelector(".board__form");
  const over = (event) => event.target.closest?.(".board__theme[data-theme]");
  const button = (...names) => names.map((name) => document.getElementById(name)).find(Boolean);
  const boxes = () => [...form().querySelectorAll("input[name=contributions]")];
  let dragged = false;

  const offerAll = () => {
    const all = document.querySelector(".said__all");
    if (!all) return;
    all.hidden = false;
    all.querySelector("input").checked = boxes().every((box) => box.checked);
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) for (const box of boxes()) box.checked = event.target.checked;
    else if (event.target.name === "contributions") document.querySelector("[data-all]").checked = boxes().every((box) => box.checked);
  });
  document.addEventListener("htmx:afterSwap", offerAll);
  offerAll();

  document.addEventListener("dragstart", (event) => {
    const box = event.target.closest?.(".said--choose > li")?.querySelector("input[type=checkbox]");
    if (!box) return;
    // As in any list of files: who drags something that is not ticked, drags that alone.
    if (!box.checked) for (const other of boxes()) other.checked = other === box;
    dragged = true;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    document.body.classList.add("is-dragging");
  });
  document.addEventListener("dragover", (event) => {
    const theme = dragged && over(event);
    if (!theme || theme.hasAttribute("aria-current") || !(theme.dataset.theme ? button("move", "place") : button("take_out"))) return;
    event.preventDefault();
    theme.classList.add("board__theme--over");
  });
  document.addEventListener("dragleave", (event) => over(event)?.classList.remove("board__theme--over"));
  document.addEventListener("dragend", () => { dragged = false; document.body.classList.remove("is-dragging"); });
  document.addEventListener("drop", (event) => {
    const theme = dragged && over(event);
    if (!theme) return;
    event.preventDefault();
    theme.classList.remove("board__theme--over");
    const where = theme.dataset.theme;
    const choice = form().elements.theme;
    // A colleague may have made this theme after the list to choose from was drawn.
    if (where && ![...choice.options].some((option) => option.value === where)) choice.add(new Option(theme.firstElementChild.textContent.trim(), where));
    if (where) choice.value = where;
    (where ? button("move", "place") : button("take_out")).click();
  });
})();
