// 填表: live counters, marks at the fields, a preview that does not flicker. The page works without it.
"use strict";

// 字 as docgen/fields.py counts them (and Word does): each CJK character or full-width mark 1, each other run 1.
const CJK =
  "\\u2e80-\\u2fdf\\u3001-\\u303f\\u3040-\\u30ff\\u3100-\\u312f\\u3130-\\u318f\\u31a0-\\u31bf\\u31c0-\\u31ef\\u31f0-\\u31ff" +
  "\\u3200-\\u33ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97f\\uac00-\\ud7ff\\uf900-\\ufaff\\ufe10-\\ufe1f\\ufe30-\\ufe4f" +
  "\\uff00-\\uffef\\u{1b000}-\\u{1b16f}\\u{20000}-\\u{3ffff}" +
  "“”‘’—…·〇①-⑳Ⅰ-ⅿ×÷±℃■□●○◆◇★☆→←↑↓";
const SELECTORS = "\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}";
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const WORDS = new RegExp(`[${CJK}][${SELECTORS}]*|[^${SPACE}${CJK}]+`, "gu");
const ENDS = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");

const COUNT = {
  words: (text) => (text.normalize("NFC").match(WORDS) || []).length,
  characters: (text) => [...text.replace(ENDS, "").normalize("NFC")].length,
  lines: (text) => text.split("\n").filter((line) => line.replace(ENDS, "")).length,
};
const UNIT = { words: "字", characters: "个字符", lines: "项" };

function recount(counter) {
  const field = document.getElementById(counter.dataset.for);
  const { count: kind, limit } = counter.dataset;
  const count = COUNT[kind](field.value);
  const over = Boolean(limit) && count > Number(limit);
  counter.textContent = `${count}${limit ? ` / ${limit}` : ""} ${UNIT[kind]}${over ? `，多了 ${count - limit}` : ""}`;
  counter.classList.toggle("over", over);
  if (kind === "characters") {
    counter.hidden = count < limit * 0.8;
  }
}

const sheet = document.getElementById("sheet");
let touched = false;

if (sheet) {
  sheet.addEventListener("input", (event) => {
    touched = true;
    for (const counter of sheet.querySelectorAll("[data-count]")) {
      if (counter.dataset.for === event.target.id) {
        recount(counter);
      }
    }
  });
  sheet.addEventListener("submit", () => {
    touched = false;
  });
}

// What was typed a moment ago is saved a moment later: until then the browser asks before it leaves.
window.addEventListener("beforeunload", (event) => {
  if (touched) {
    event.preventDefault();
  }
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (sheet && event.detail.requestConfig.verb === "post") {
    touched = false;
  }
});
document.addEventListener("htmx:sendError", () => {
  touched = true;
});

// Faults stand beside their fields too.
function mark() {
  for (const place of document.querySelectorAll("#sheet .fault[id$='-fault']")) {
    place.hidden = true;
    place.textContent = "";
    const field = document.getElementById(place.id.slice(0, -"-fault".length));
    field?.removeAttribute("aria-invalid");
    place.parentElement.classList.remove("wrong");
  }
  for (const link of document.querySelectorAll("#look [data-fault]")) {
    const name = link.dataset.fault;
    const place = document.getElementById(`${name}-fault`);
    if (place) {
      const said = link.parentElement.querySelector("span").textContent;
      place.textContent += (place.textContent ? "；" : "") + said;
      place.hidden = false;
      place.parentElement.classList.add("wrong");
      const field = document.getElementById(name);
      if (field && field.matches("input, select, textarea")) {
        field.setAttribute("aria-invalid", "true");
      }
    }
  }
}

// The old picture stays until the new one is there. One is fetched at a time, and the last state is always fetched.
const page = document.getElementById("page");
const AGAIN_MS = 4000;
const MOST_TRIES = 5;
let shown = "";
let fetching = false;
let tries = 0;

function renew() {
  const address = document.querySelector("#look [data-preview]")?.dataset.preview;
  if (!address || address === shown || fetching) {
    return;
  }
  fetching = true;
  const next = new Image();
  next.addEventListener("load", () => {
    page.src = shown = address;
    fetching = false;
    tries = 0;
    document.getElementById("page-fault").hidden = true;
    renew();
  });
  next.addEventListener("error", () => {
    fetching = false;
    tries += 1;
    document.getElementById("page-fault").hidden = tries < 2;
    if (tries < MOST_TRIES) {
      setTimeout(renew, AGAIN_MS);
    }
  });
  next.src = address;
}

function settle(place) {
  for (const one of place.querySelectorAll("[data-plain]")) {
    one.hidden = true;
  }
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "look") {
    mark();
    tries = 0;
    renew();
  }
});

// Where a row was added the next thing is to fill it in; where one was removed its button is gone.
document.addEventListener("htmx:load", (event) => {
  const rows = event.target;
  if (rows.matches?.(".rows")) {
    settle(rows);
    const last = rows.querySelector(":scope tbody tr:last-child, :scope > .cards > li:last-child");
    const next = rows.dataset.fresh === undefined ? null : last?.querySelector("input, select, textarea");
    (next || rows).focus();
  }
});

page?.addEventListener("error", () => {
  document.getElementById("page-fault").hidden = false;
});
settle(document);
