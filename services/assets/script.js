// Small comforts. Every page works without them.
"use strict";

document.documentElement.classList.add("scripted");

// The moment follows its slider, and the page follows when the slider is let go.
for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  const slider = form.querySelector("input[type=range]");
  const output = form.querySelector("output");
  slider.addEventListener("input", () => { output.value = slider.value; });
  slider.addEventListener("change", () => form.requestSubmit());
}

// A box in the head of a table ticks all rows.
for (const table of document.querySelectorAll("table")) {
  const boxes = table.querySelectorAll("tbody td.check input[type=checkbox]");
  if (boxes.length < 2) continue;
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", "Select all");
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  table.querySelector("thead th").append(all);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select?.();
    await navigator.clipboard.writeText(field.value ?? field.textContent);
    button.textContent = "Copied";
  });
}

// A new customer's domain is looked up while it is typed.
const newDomain = document.querySelector("#new-customer #domain");
if (newDomain) {
  const answer = document.createElement("p");
  answer.className = "hint";
  answer.id = "availability";
  answer.setAttribute("role", "status");
  newDomain.after(answer);
  let asked = 0;
  newDomain.addEventListener("input", async () => {
    const mine = ++asked;
    const query = new URLSearchParams({ domain: newDomain.value });
    const response = await fetch(`/customers/new/domain?${query}`);
    const text = response.ok ? await response.text() : "";
    if (mine === asked) answer.textContent = text;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// Where navigation or tabs scroll, the current one is in sight.
for (const current of document.querySelectorAll(".side nav [aria-current], .tabs [aria-current]")) {
  current.scrollIntoView({ block: "nearest", inline: "center" });
}

document.getElementById("faults")?.focus();
