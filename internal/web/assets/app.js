// The pages work without this. With it: rows of a form are added without loading
// the page anew, lists follow their filters at once, names of actors are
// suggested while one types, a quote can be taken from an article's text with the
// mouse, and whoever leaves a form that is not saved is asked first.
"use strict";
(() => {
  const fetchPage = async (address, options) => {
    const answer = await fetch(address, { credentials: "same-origin", ...options });
    return { answer, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
  };

  // A list follows its filters: the form is fetched as sending it would, and put
  // in place of this one; what had the focus has it again.
  let asked = 0;
  const follow = async (form) => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
    const mine = ++asked;
    form.setAttribute("aria-busy", "true");
    const { answer, page } = await fetchPage(form.action + "?" + query);
    const fresh = page.getElementById(form.id);
    if (!fresh) throw new Error("no list in the answer");
    if (mine !== asked) return;
    const focus = document.activeElement;
    const same = focus && focus.name && `[name="${CSS.escape(focus.name)}"]` + (focus.type === "checkbox" || focus.type === "radio" ? `[value="${CSS.escape(focus.value)}"]` : "");
    form.querySelectorAll("details").forEach((d, i) => {
      const other = d.id ? fresh.querySelector("#" + d.id) : fresh.querySelectorAll("details")[i];
      if (other) other.open = d.open;
    });
    form.replaceWith(fresh);
    document.title = page.title;
    history.pushState(null, "", answer.url);
    wireList(fresh);
    const again = same && fresh.querySelector(same);
    if (again) again.focus();
  };
  const wireList = (form) => {
    form.addEventListener("change", (event) => {
      if (!event.target.matches("input[type=checkbox], input[type=radio], select")) return;
      follow(form).catch(() => form.submit());
    });
  };
  document.querySelectorAll("form[data-list]").forEach((form) => {
    wireList(form);
    window.addEventListener("popstate", () => location.reload());
  });

  // Add and remove rows: send the form as the button would, take the new form. What
  // was typed into the old one meanwhile would be lost, so that nothing can be.
  const swap = async (form, button) => {
    const body = new URLSearchParams(new FormData(form, button));
    form.inert = true;
    const { page } = await fetchPage(form.action, { method: "POST", body });
    const fresh = page.getElementById(form.id);
    if (!fresh) throw new Error("no form in the answer");
    form.querySelectorAll("details[id]").forEach((d) => {
      const other = fresh.querySelector("#" + d.id);
      if (other && d.open) other.open = true;
    });
    form.replaceWith(fresh);
    wire(fresh);
    let focus = fresh.querySelector("[data-fresh] input:not([type=hidden]), [data-fresh] select, [data-fresh] textarea");
    if (button.name === "remove") {
      quote = null; // what followed has moved up
      focus = fresh.querySelector(`button[name=add][value="${button.value.replace(/\/\d+$/, "")}"]`);
    }
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

  // What a qualifier has no use for is put out of sight, and is not sent. A row
  // that is folded away is out of sight too, and is sent.
  const qualify = (select) => {
    const row = select.closest("[data-figure]");
    const show = () => {
      row.dataset.figure = select.value;
      row.querySelectorAll(".f-one, .f-between").forEach((field) => {
        const unused = getComputedStyle(field).display === "none";
        field.querySelectorAll("input").forEach((input) => { input.disabled = unused; });
      });
    };
    select.addEventListener("change", show);
    show();
  };

  // The quote field of the row in which somebody writes gets what is selected in a
  // text; one that is filled gets it only while it is itself gone to.
  let quote = null;
  const wire = (form) => {
    form.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-row]");
      if (!button) return;
      event.preventDefault();
      swap(form, button).catch(() => { form.inert = false; button.removeAttribute("data-row"); button.click(); });
    });
    form.querySelectorAll("input[data-actor]").forEach(suggest);
    form.querySelectorAll("[data-figure] select[name$='/qualifier']").forEach(qualify);
    form.addEventListener("focusin", (event) => {
      const row = event.target.closest(".rowbox, .quotebox");
      const fields = row ? [...row.querySelectorAll("textarea[data-quote]")] : [];
      if (event.target.matches("textarea[data-quote]")) quote = event.target.id;
      else if (fields.length && !fields.some((f) => f.id === quote)) quote = (fields.find((f) => !f.value) || { id: null }).id;
    });
    form.querySelectorAll("textarea[data-text], div[data-text]").forEach((text) => {
      const take = () => {
        const selected = text.value !== undefined ? text.value.slice(text.selectionStart, text.selectionEnd) : String(document.getSelection());
        const field = quote && document.getElementById(quote);
        if (!field || selected.trim().length <= 2) return;
        field.value = selected;
        const source = text.dataset.source || form.elements[text.name.replace(/text$/, "key")].value;
        const named = field.closest(".quotebox").querySelector("select[name$='/source']");
        if ([...named.options].some((o) => o.value === source)) named.value = source;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      };
      text.addEventListener("mouseup", take);
      text.addEventListener("keyup", (event) => { if (event.shiftKey) take(); });
    });
  };
  document.querySelectorAll("form[data-rows]").forEach(wire);
  document.querySelectorAll("form:not([data-rows]) input[data-actor]").forEach(suggest);

  // What was typed is not lost by a slip of the hand: leaving asks first.
  const unsaved = "form[data-rows], form[data-unsaved]";
  const ask = (event) => event.preventDefault();
  const typed = () => window.addEventListener("beforeunload", ask);
  const done = () => window.removeEventListener("beforeunload", ask);
  if (document.querySelector("form[data-rows] .errors, form[data-unsaved]")) typed();
  document.addEventListener("input", (event) => { if (event.target.closest(unsaved)) typed(); });
  document.addEventListener("submit", (event) => { if (event.target.matches(unsaved)) done(); });
  document.addEventListener("click", (event) => { if (event.target.closest("a[data-leave]")) done(); });

  // What is wrong, or to be decided, is read first.
  const errors = document.querySelector(".errors[tabindex]");
  if (errors) errors.focus();
})();
