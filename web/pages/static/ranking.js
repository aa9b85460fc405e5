/* Ranking by dragging, or by buttons: an easier way to fill in the selects of a ranked ballot, which work without
   it. Nothing is sent from here; the form sends the selects. */
"use strict";

for (const field of document.querySelectorAll("[data-ranking]")) enhance(field);

function enhance(field) {
  const options = [...field.querySelectorAll("[data-option]")].map((row) => ({
    title: row.querySelector("label").textContent,
    select: row.querySelector("select"),
    row,
  }));
  const tied = new Set(options.map((option) => option.select.value).filter(Boolean)).size
    < options.filter((option) => option.select.value).length;
  if (tied) return; // Options side by side are what this list cannot show.

  let ranked = options.filter((option) => option.select.value);
  ranked.sort((a, b) => a.select.value - b.select.value);
  let dragged = null;

  const list = element("ol", { className: "ranked" });
  list.setAttribute("aria-label", "Your ranking, best first");
  const rest = element("ul", { className: "unranked" });
  rest.setAttribute("aria-label", "Not ranked");
  const said = element("p", { className: "sr" });
  said.setAttribute("aria-live", "polite");
  const plain = element("button", { type: "button", className: "plain small", textContent: "Use the plain form instead" });
  plain.addEventListener("click", () => {
    for (const part of [list, rest, plain]) part.remove();
    for (const option of options) option.row.hidden = false;
    options[0].select.focus();
  });
  for (const option of options) option.row.hidden = true;
  field.append(list, rest, plain, said);
  draw();

  function draw() {
    for (const option of options) {
      const place = ranked.indexOf(option);
      option.select.value = place < 0 ? "" : String(place + 1);
    }
    list.replaceChildren(...ranked.map(rankedRow));
    rest.replaceChildren(...options.filter((option) => !ranked.includes(option)).map(unrankedRow));
  }

  function rankedRow(option, place) {
    const row = element("li", { draggable: true });
    row.append(
      element("span", { className: "grip", textContent: "⠿" }),
      element("bdi", { textContent: option.title }),
      button("↑", `${option.title}: up`, place === 0, () => move(option, place - 1, 0)),
      button("↓", `${option.title}: down`, place === ranked.length - 1, () => move(option, place + 1, 1)),
      button("×", `${option.title}: do not rank`, false, () => drop(option)),
    );
    row.firstChild.setAttribute("aria-hidden", "true");
    row.addEventListener("dragstart", (event) => {
      dragged = option;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", option.title);
    });
    row.addEventListener("dragover", (event) => {
      if (dragged) event.preventDefault();
    });
    row.addEventListener("drop", (event) => {
      event.preventDefault();
      if (dragged && dragged !== option) move(dragged, place);
      dragged = null;
    });
    return row;
  }

  function unrankedRow(option) {
    const row = element("li");
    row.append(element("bdi", { textContent: option.title }),
      button("Add", `Add ${option.title} to your ranking`, false, () => move(option, ranked.length)));
    return row;
  }

  function move(option, place, pressed) {
    ranked = ranked.filter((each) => each !== option);
    ranked.splice(place, 0, option);
    draw();
    said.textContent = `${option.title} is on place ${place + 1} of ${ranked.length}.`;
    const buttons = list.children[place].querySelectorAll("button");
    const wanted = buttons[pressed ?? 0];
    (wanted.disabled ? [...buttons].find((each) => !each.disabled) : wanted).focus();
  }

  function drop(option) {
    ranked = ranked.filter((each) => each !== option);
    draw();
    said.textContent = `${option.title} is not ranked.`;
    (list.querySelector("button:enabled") ?? rest.querySelector("button")).focus();
  }

  function button(text, label, disabled, pressed) {
    const made = element("button", { type: "button", textContent: text, disabled });
    made.setAttribute("aria-label", label);
    made.addEventListener("click", pressed);
    return made;
  }
}

function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}
