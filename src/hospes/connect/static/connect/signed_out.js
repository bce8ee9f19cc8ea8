// The applications' own frames end their sessions; then the browser goes on to where it was sent.
const link = document.querySelector("[data-goes-on]");
const frames = [...document.querySelectorAll("iframe[data-signs-out]")];
const LONGEST = 5000;

if (link) {
  const loaded = frames.map(
    (frame) => new Promise((done) => frame.addEventListener("load", done, { once: true })),
  );
  // Frames that had loaded before this ran say so no more: the time has to do then.
  const late = new Promise((done) => setTimeout(done, LONGEST));
  Promise.race([Promise.all(loaded), late]).then(() => location.replace(link.href));
}
