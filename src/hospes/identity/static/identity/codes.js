// Backup codes as a file or on paper; what is downloaded never leaves the browser.

const box = document.querySelector("[data-codes]");

if (box) {
  const text = box.querySelector("[data-codes-text]").textContent;
  box.querySelector("[data-codes-download]").addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = box.dataset.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  });
  box.querySelector("[data-codes-print]").addEventListener("click", () => window.print());
}
