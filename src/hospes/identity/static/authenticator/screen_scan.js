// Reading the QR code that the computer shows: by camera, else from a photo, else typed.
import { button, el, notice } from "./dom.js";
import { Reader } from "./qr_find.js";
import { t } from "./texts.js";

const PAUSE = 200;

/** Return the browser's own reader of QR codes, else ours. */
async function reader() {
  try {
    const formats = await globalThis.BarcodeDetector?.getSupportedFormats();
    if (formats?.includes("qr_code")) return new BarcodeDetector({ formats: ["qr_code"] });
  } catch {
    // It is there by name only.
  }
  return new Reader();
}

/**
 * Return {token} of a code's content, or {wrong}: why it is none of ours. Only this very provider's
 * address counts: a code on some poster leads nowhere.
 */
export function understand(content) {
  let url;
  try {
    url = new URL(content);
  } catch {
    return { wrong: "scan_other" };
  }
  if (url.protocol === "otpauth:") return { wrong: "scan_otpauth" };
  const token = url.hash.match(/^#link=([A-Za-z0-9_~.-]{8,200})$/);
  if (!token || url.pathname !== "/authenticator/") return { wrong: "scan_other" };
  if (url.origin !== location.origin) return { wrong: "scan_elsewhere", host: url.host };
  return { token: token[1] };
}

export async function scanScreen(app, argument) {
  const detector = await reader();
  const told = el("div", { role: "alert" });
  const video = el("video", { class: "scan__video", muted: true, playsinline: true, "aria-label": t("scan_picture") });
  const view = el("div", { class: "scan", hidden: true }, video, el("span", { class: "scan__frame", "aria-hidden": "true" }));
  const open = button(t("scan_open"), () => start(), { kind: "primary", sign: "camera" });
  let stream = null;
  let over = false;

  const tell = (words, values) => told.replaceChildren(notice("warning", "alert", t(words, values)));

  function read(content) {
    const { token, wrong, host = "" } = understand(content);
    if (!token) {
      tell(wrong, { host });
      return false;
    }
    stop();
    app.secret = { token };
    app.go("link");
    return true;
  }

  async function start() {
    told.replaceChildren();
    open.hidden = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 1280 } },
        audio: false,
      });
    } catch (error) {
      open.hidden = false;
      tell(error.name === "NotAllowedError" ? "scan_denied" : "scan_no_camera");
      return;
    }
    if (over) {
      stop();
      return;
    }
    video.srcObject = stream;
    view.hidden = false;
    await video.play().catch(() => {});
    watch();
  }

  async function watch() {
    while (!over && stream) {
      let found = [];
      try {
        if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) found = await detector.detect(video);
      } catch {
        // A frame that is not there yet.
      }
      if (found.length && read(found[0].rawValue)) return;
      await new Promise((next) => setTimeout(next, PAUSE));
    }
  }

  function stop() {
    for (const track of stream?.getTracks() || []) track.stop();
    stream = null;
    view.hidden = true;
  }

  async function photo(event) {
    const [file] = event.target.files;
    if (!file) return;
    told.replaceChildren();
    try {
      const [found] = await detector.detect(await createImageBitmap(file));
      if (found) read(found.rawValue);
      else tell("scan_photo_empty");
    } catch {
      tell("scan_photo_bad");
    }
    event.target.value = "";
  }

  const node = el(
    "div",
    { class: "stack" },
    told,
    view,
    open,
    el(
      "div",
      { class: "field" },
      el("label", { class: "field__label", for: "photo" }, t("scan_photo")),
      el("input", { id: "photo", type: "file", accept: "image/*", on: { change: photo } }),
    ),
    button(t("type_instead"), () => app.go("type"), { kind: "quiet" }),
  );
  return {
    title: t("scan_heading"),
    lead: t("scan_lead"),
    to: "add",
    node,
    leave() {
      over = true;
      stop();
    },
    shown() {
      // Continue was pressed on the screen before: only then does the camera ask.
      if (argument === "now") {
        history.replaceState(null, "", "#/scan");
        start();
      }
    },
  };
}
