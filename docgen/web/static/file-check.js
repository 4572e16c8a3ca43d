// 核对电子版: the chosen file never leaves the browser; only its SHA-256 is asked about.
(function () {
  "use strict";

  const MOST_BYTES = 50 * 1024 * 1024;
  const section = document.getElementById("file");
  const chooser = document.getElementById("pdf");
  const answer = section.querySelector(".answer");

  function say(kind, title, detail) {
    answer.className = "answer " + kind;
    answer.querySelector("strong").textContent = title;
    answer.querySelector("span").textContent = detail;
    answer.hidden = false;
  }

  async function fingerprint(file) {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function ask(sha256) {
    const reply = await fetch(section.dataset.address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ sha256: sha256, code: section.dataset.code }),
      credentials: "omit",
    });
    if (!reply.ok) {
      throw new Error("HTTP " + reply.status);
    }
    return reply.json();
  }

  async function check(file) {
    if (file.size > MOST_BYTES) {
      say("not-original", "非原件", "这个文件超过 50 MB，不会是证书的电子版。");
      return;
    }
    say("", "正在核对…", "");
    let sha256;
    try {
      sha256 = await fingerprint(file);
    } catch (error) {
      say("unsure", "读不了这个文件", "请确认文件仍在原处、可以打开，然后重新选择。");
      return;
    }
    try {
      const told = await ask(sha256);
      say(told.answer, told.title, told.detail);
    } catch (error) {
      say("unsure", "暂时无法确认", "没有连上核验服务，请检查网络后重新选择文件。");
    }
  }

  const missing = section.querySelector(".without-script");
  if (!window.isSecureContext || !window.crypto || !crypto.subtle) {
    missing.textContent = "这一项需要通过加密连接（https://）打开本页，并使用较新的浏览器。其他各项不受影响。";
    return;
  }
  missing.hidden = true;
  section.querySelector(".with-script").hidden = false;
  chooser.addEventListener("change", function () {
    if (chooser.files.length === 1) {
      check(chooser.files[0]);
    }
  });
})();
