// The pages work without this. With it: rows of a form are added without loading
// the page anew, names of actors are suggested while one types, and a quote can
// be taken from an article's text with the mouse.
"use strict";
(() => {
  // On a narrow screen the filters begin folded.
  const filters = document.querySelector("details.filters");
  if (filters && window.matchMedia("(max-width: 56rem)").matches) filters.open = false;

  // Add and remove rows: send the form as the button would, take the new form.
  const swap = async (form, button) => {
    const data = new FormData(form, button);
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(data), credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(form.id);
    if (!fresh) throw new Error("no form in the answer");
    form.replaceWith(fresh);
    wire(fresh);
    const focus = fresh.querySelector("[data-fresh] input:not([type=hidden]), [data-fresh] select");
    if (focus) focus.focus();
  };

  const suggest = (input) => {
    const list = document.createElement("datalist");
    list.id = "suggest-" + input.id;
    input.after(list);
    input.setAttribute("list", list.id);
    let timer;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const prefix = input.value.trim();
        if (!prefix) return;
        const answer = await fetch("/suggest/actors?prefix=" + encodeURIComponent(prefix), { credentials: "same-origin" });
        if (!answer.ok || prefix !== input.value.trim()) return;
        const page = new DOMParser().parseFromString("<select>" + (await answer.text()) + "</select>", "text/html");
        list.replaceChildren(...[...page.querySelectorAll("option")].map((o) => {
          const option = document.createElement("option");
          option.value = o.value;
          option.label = o.value + " (" + o.textContent + ")";
          return option;
        }));
      }, 150);
    });
  };

  // The quote field that was last in focus gets what is selected in a text.
  let quote = null;
  const wire = (form) => {
    form.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-row]");
      if (!button) return;
      event.preventDefault();
      swap(form, button).catch(() => { button.removeAttribute("data-row"); button.click(); });
    });
    form.querySelectorAll("input[data-actor]").forEach(suggest);
    form.querySelectorAll("textarea[data-quote]").forEach((field) => {
      field.addEventListener("focus", () => { quote = field.id; });
    });
    form.querySelectorAll("textarea[data-text], div[data-text]").forEach((text) => {
      const take = () => {
        const selected = text.value !== undefined ? text.value.slice(text.selectionStart, text.selectionEnd) : String(document.getSelection());
        const field = quote && document.getElementById(quote);
        if (field && selected.trim().length > 2) field.value = selected;
      };
      text.addEventListener("mouseup", take);
      text.addEventListener("keyup", (event) => { if (event.shiftKey) take(); });
    });
  };
  document.querySelectorAll("form[data-rows]").forEach(wire);
})();
