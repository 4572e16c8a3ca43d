// Makes the staff pages smoother; every page works without it.
"use strict";

// Every request of htmx carries the session's token.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.body.dataset.token;
  if (token) {
    event.detail.headers["X-CSRF-Token"] = token;
  }
});

// A server that cannot be reached says nothing: somebody must.
document.addEventListener("htmx:sendError", () => {
  const alerts = document.getElementById("alerts");
  const told = document.createElement("p");
  told.className = "alert ended";
  told.textContent = "连不上服务，刚才的操作可能没有完成。请检查网络，再试一次。";
  alerts.replaceChildren(told);
});

// A file may be dropped anywhere on its field: <div class="drop"><input type="file">…</div>
for (const drop of document.querySelectorAll(".drop")) {
  const input = drop.querySelector("input[type=file]");
  const name = drop.querySelector(".chosen");
  const show = () => {
    if (name) {
      name.textContent = [...input.files].map((file) => file.name).join("、");
    }
    drop.classList.toggle("full", input.files.length > 0);
  };
  input.addEventListener("change", show);
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    drop.addEventListener(kind, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}

// What cannot be undone, and what takes a while, is not sent twice by a double click.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button || button.dataset.again !== undefined) {
    return;
  }
  setTimeout(() => {
    button.disabled = true;
  });
  setTimeout(() => {
    button.disabled = false;
  }, 4000);
});

// Buttons that only make sense with JavaScript are written hidden.
for (const one of document.querySelectorAll("[data-script]")) {
  one.hidden = false;
}

// <button data-copy="#id">: puts a field's value or an element's text on the clipboard.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) {
    return;
  }
  const source = document.querySelector(button.dataset.copy);
  navigator.clipboard.writeText(source.value ?? source.textContent.trim()).then(() => {
    button.textContent = "已复制";
  });
});
